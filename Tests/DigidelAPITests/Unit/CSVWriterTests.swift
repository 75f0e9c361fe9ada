import Testing

@testable import DigidelAPI

@Suite struct CSVWriterTests {
    private func line(_ cells: [String]) -> String {
        var csv = CSVWriter()
        csv.row(cells)
        return String(decoding: csv.bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            (["a", "b"], "a,b\r\n"), ([""], "\r\n"), (["", ""], ",\r\n"),
            (["Åre, Jämtland"], "\"Åre, Jämtland\"\r\n"),
            (["say \"hi\""], "\"say \"\"hi\"\"\"\r\n"), (["\""], "\"\"\"\"\r\n"),
            (["two\r\nlines", "x"], "\"two\r\nlines\",x\r\n"), (["a\rb"], "\"a\rb\"\r\n"),
            (["a\nb"], "\"a\nb\"\r\n"),
            ([" a ", "b;c"], " a ,b;c\r\n"),
        ] as [([String], String)])
    func cellsAreQuotedWhereTheyMustBe(cells: [String], text: String) {
        #expect(line(cells) == text)
    }

    @Test(arguments: [
        ("=1+1", "'=1+1\r\n"), ("+46", "'+46\r\n"), ("-5", "'-5\r\n"), ("@sum", "'@sum\r\n"),
        ("\tx", "'\tx\r\n"),
        ("\rx", "\"'\rx\"\r\n"), ("=\"a\"", "\"'=\"\"a\"\"\"\r\n"), ("a=1", "a=1\r\n"), ("0-17", "0-17\r\n"),
    ])
    func textIsNeverAFormula(cell: String, text: String) {
        #expect(line([cell]) == text)
    }

    @Test func numbersStayNumbers() {
        var csv = CSVWriter()
        csv.cell(text: "-5")
        csv.cell("-5")
        csv.cell("0.02")
        csv.endRow()
        csv.cell("1")
        csv.endRow()
        #expect(String(decoding: csv.bytes, as: UTF8.self) == "'-5,-5,0.02\r\n1\r\n")
    }

    /// What is written is read again as it was; an accent after a quote is no part of it.
    @Test(arguments: 1...50) func whatIsWrittenIsRead(seed: UInt64) throws {
        var dice = Dice(state: seed)
        let scalars: [Unicode.Scalar] = ["a", "å", ",", "\"", "\u{301}", "\r", "\n", ";", " ", "'", "x"]
        let cells = (0..<3).map { _ in
            let text = (0..<Int.random(in: 1...6, using: &dice)).map { _ in
                scalars.randomElement(using: &dice) ?? "a"
            }
            var cell = String.UnicodeScalarView()
            cell.append(contentsOf: text)
            return String(cell)
        }
        var csv = CSVWriter()
        csv.row(["a", "b", "c"])
        for cell in cells { csv.cell(cell) }
        csv.endRow()
        let rows = try CSVReader(csv.bytes).map { try $0.get() }
        #expect(
            rows.map { row in ["a", "b", "c"].map { row[$0].map { Array($0.utf8) } } } == [
                cells.map { Array($0.utf8) }
            ])
    }
}
