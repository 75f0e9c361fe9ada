import Testing

@testable import DigidelAPI

@Suite struct CSVReaderTests {
    typealias Row = [String: String]

    /// The rows in short: what is wrong with one stands in the place of its cells.
    private func rows(_ text: String) throws -> [Result<Row, CSVReader.Fault>] {
        Array(try CSVReader(Array(text.utf8)))
    }

    @Test(
        arguments: [
            ("a,b\r\n1,2\r\n", [["a": "1", "b": "2"]]),
            ("a,b\n1,2\n3,4", [["a": "1", "b": "2"], ["a": "3", "b": "4"]]),
            ("a;b\n1;2,5\n", [["a": "1", "b": "2,5"]]), ("\u{FEFF}a;b\r\n1;2", [["a": "1", "b": "2"]]),
            ("\"a;b\",c\n1,2", [["a;b": "1", "c": "2"]]), ("\"a,b\";\"c\"\n1;2", [["a,b": "1", "c": "2"]]),
            ("a\n1;2", [["a": "1;2"]]), ("a", []), ("a,b\n", []),
            ("gender.woman\n22", [["gender.woman": "22"]]),
            ("a,b\n,2\n", [["b": "2"]]), ("a,b\n1,\n", [["a": "1"]]), ("a,b\n,", [[:]]),
            ("a\n\"\"\n1", [[:], ["a": "1"]]),
            ("\r\n\na,b\n\n1,2\r\n\r\n3,4\n\n", [["a": "1", "b": "2"], ["a": "3", "b": "4"]]),
            ("\u{FEFF}\na;b\n1;2", [["a": "1", "b": "2"]]),
            ("a,b\n\"1\"\"2\",\"\"\"\"", [["a": "1\"2", "b": "\""]]),
            ("a,b\n\"1,2;3\r\n4\n\",5", [["a": "1,2;3\r\n4\n", "b": "5"]]),
            ("a,b\n 1 , 2", [["a": " 1 ", "b": " 2"]]),
            ("å,名\nö,😀", [["å": "ö", "名": "😀"]]),
        ] as [(String, [Row])])
    func `rows are read by the names in the header`(text: String, expected: [Row]) throws {
        #expect(try rows(text).map { try $0.get() } == expected)
    }

    static let faults = [
        ("1", "Has 1 cell; the header has 2."), ("1,2,3", "Has 3 cells; the header has 2."),
        (",,,", "Has 4 cells; the header has 2."),
        ("1,2\"3", "A quote stands within a cell that does not begin with one."),
        ("1\"2,3\"", "A quote stands within a cell that does not begin with one."),
        ("\"1\"2,3", "Text follows a closing quote."), ("\"1\" ,3", "Text follows a closing quote."),
        ("\"1\"\r,2", "Text follows a closing quote."),
        ("1\r2,3", "A CR stands without the LF that must follow it."),
    ]

    @Test(arguments: faults)
    func `a bad row is that row's fault`(row: String, detail: String) throws {
        let rows = try rows("a,b\n1,2\n\(row)\n3,4\n")
        let expected: [Result<Row, CSVReader.Fault>] = [
            .success(["a": "1", "b": "2"]), .failure(CSVReader.Fault(detail: detail)),
            .success(["a": "3", "b": "4"]),
        ]
        #expect(rows == expected)
    }

    @Test(arguments: ["1,\"2", "\"1,2\n3,4\n", "1,\"2\"\"", "1,\""])
    func `a quote that is not closed is the last row's fault`(row: String) throws {
        let rows = try rows("a,b\n1,2\n\(row)")
        #expect(
            rows == [
                .success(["a": "1", "b": "2"]), .failure(CSVReader.Fault(detail: "A quote is not closed.")),
            ])
    }

    @Test(arguments: [
        ("", "The header line is missing."), ("\u{FEFF}\r\n\n", "The header line is missing."),
        ("a,,b\n", "Column 2 has no name."), ("a,b,\n", "Column 3 has no name."),
        ("\"\"\n", "Column 1 has no name."),
        ("a,b,a\n", "Column 3 has the name of one before it."),
        ("a;\"a\"\n", "Column 2 has the name of one before it."),
        ("a,\"b\n1,2", "The header line is malformed. A quote is not closed."),
        ("a,b\r1,2\r", "The header line is malformed. A CR stands without the LF that must follow it."),
    ])
    func `without a header no row is read`(text: String, detail: String) {
        #expect(throws: CSVReader.Fault(detail: detail)) { try CSVReader(Array(text.utf8)) }
    }

    @Test(arguments: [[0x61, 0x0a, 0xff], [0xff, 0xfe, 0x61, 0], [0x61, 0x0a, 0xc3]] as [[UInt8]])
    func `what is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: CSVReader.Fault(detail: "The text is not UTF-8.")) { try CSVReader(bytes) }
    }

    @Test(arguments: [(",", "Has 1000002 cells; the header has 1."), ("\"", "A quote is not closed.")])
    func `a row of a million separators or quotes is read`(character: String, detail: String) throws {
        let row = String(repeating: character, count: 1_000_001)
        #expect(try rows("a\n\(row)") == [.failure(CSVReader.Fault(detail: detail))])
    }

    @Test func `a header has a thousand columns at most`() throws {
        func header(_ count: Int) -> String { (1...count).map(String.init).joined(separator: ",") }
        #expect(try rows(header(1000) + "\n") == [])
        let fault = CSVReader.Fault(detail: "The header has 1001 columns; 1000 are the most.")
        #expect(throws: fault) { try CSVReader(Array(header(1001).utf8)) }
    }

    @Test(arguments: ["", "1,2", "1\n\n\"2\n,3\"\n4,5,6\n", "\n\"", "1\"2,3\r\n4,5"])
    func `as many rows are passed over as there are`(text: String) throws {
        let reader = try CSVReader(Array("a,b\n\(text)".utf8))
        var (passed, ahead) = (0, reader)
        while ahead.skip() { passed += 1 }
        #expect(passed == Array(reader).count)
    }
}
