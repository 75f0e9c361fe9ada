import Testing

@testable import DigidelAPI

@Suite struct BatchColumnTests {
    /// The only row of a table with this header and these cells.
    private func row(_ header: String, _ cells: String) throws -> BatchRow {
        try #require(try batchRows("\(header)\n\(cells)", .csv).first)
    }

    @Test func `every member of a count is a column`() throws {
        let list = try #require(try faults { _ = try singleCount(countJSON(#""x":1"#)) }.first).detail
        let members = list.dropLast().split(separator: "members are ")[1].split(separator: ", ").map(
            String.init)
        let columns = CountColumn.all.filter { $0.dimension == nil }.map(\.name)
        #expect(columns.sorted() == members.filter { $0 != "breakdowns" })
        let cells = CountColumn.all.filter { $0.dimension != nil }.map(\.name)
        #expect(cells.count == 14 && cells.contains("age.0-17") && cells.contains("priorUse.never"))
    }

    @Test func `every column is read into its member`() throws {
        let row = try row(
            headerCSV(
                ",evidence,note,externalId,gender.woman,gender.unknown,age.0-17,age.71+,priorUse.never"),
            countCSV(",estimated, två ord ,w40,40,2,20,22,42"))
        let members =
            #""evidence":"estimated","note":" två ord ","externalId":"w40","#
            + #""breakdowns":{"gender":{"woman":40,"unknown":2},"age":{"0-17":20,"71+":22},"priorUse":{"never":42}}"#
        #expect(row.count == (try singleCount(countJSON(members))))
    }

    @Test(arguments: [("2016-W40"), ("2016-10"), ("2016")])
    func `a period stands in the place of from and to`(period: String) throws {
        let header = headerCSV(",period")
        let row = try row(header, countCSV(",\(period)", from: "").replacing("2016-10-09", with: ""))
        let count = try #require(row.count)
        #expect(Period(period).map { $0.from == count.from && $0.to == count.to } == true)
        let both = try self.row(header, countCSV(",\(period)"))
        #expect(both.faults.map(\.detail) == ["Give either period, or from and to."])
    }

    @Test(arguments: [
        ("42", 42), (" 42 ", 42), ("\u{a0}42\t", 42), ("0", 0), ("007", 7), ("10000000", 10_000_000),
        ("1 234", 1234), ("1\u{a0}234", 1234), ("1\u{202f}234\u{202f}567", 1_234_567), ("\"42,0\"", 42),
        ("42.0", 42),
        ("\"42,00\"", 42), ("1 234.0", 1234), ("12 345", 12345), ("000 000 042", 42),
    ])
    func `a number is read where it can be meant in one way`(cell: String, value: Int) throws {
        #expect(try row(headerCSV(), countCSV(value: cell)).count?.value == value)
        let column = try row(headerCSV(",gender.woman"), countCSV(",\(cell)", value: String(value)))
        #expect(column.count?.breakdowns?.faults(value: value) == (value == 0 ? nil : []))
    }

    @Test(
        arguments: [
            "1.234", "\"1,234\"", "42.5", "\"42,5\"", "42.", "\".0\"", "-1", "+1", "1e3", "1 23", "1  234",
            "1234 567",
            "1 2345", "1 234 56", "\"1,234.0\"", "42.000", "x", "٤٢", "0x10", "1'234", "=42",
            "12345678901234567890",
            "\"1,0,0\"", "1.0.0", "42.0 0",
        ])
    func `any other number is rejected with what would pass`(cell: String) throws {
        let detail =
            "Must be a whole number from 0 to 10000000 in digits such as 1234, without points and commas."
        #expect(
            try row(headerCSV(), countCSV(value: cell)).faults == [Fault("/value", "malformed", detail)])
        #expect(
            try row(headerCSV(",age.0-17"), countCSV(",\(cell)")).faults == [
                Fault("/breakdowns/age/0-17", "malformed", detail)
            ])
    }

    @Test func `a number out of range is rejected as a single count's is`() throws {
        let expected = Fault("/value", "malformed", "Must be a whole number from 0 to 10000000.")
        #expect(try row(headerCSV(), countCSV(value: "10000001")).faults == [expected])
        #expect(
            try row(headerCSV(), countCSV(value: " ")).faults == [
                Fault("/value", "malformed", "Is required.")
            ])
    }

    @Test(arguments: [
        "2016-10-03", " 2016-10-03 ", "2016-10-03 00:00", "2016-10-03 00:00:00", "2016-10-03T00:00:00",
        "2016-10-03T00:00",
    ])
    func `a date may have midnight behind it`(cell: String) throws {
        #expect(try row(headerCSV(), countCSV(from: cell)).count?.from == day("2016-10-03"))
    }

    @Test(arguments: [
        "3/10/2016", "03/10/2016", "10/3/2016", "3.10.2016", "2016/10/03", "20161003", "2016-10-3",
        "2016-10-03 12:00",
        "2016-02-30", "03-okt-16", "42646", "2016-10-03Z",
    ])
    func `any other date is rejected with what would pass`(cell: String) throws {
        let detail = "Must be a date written year-month-day such as 2016-10-03."
        #expect(try row(headerCSV(), countCSV(from: cell)).faults == [Fault("/from", "malformed", detail)])
    }

    @Test func `all that is wrong with a row is told`() throws {
        let row = try row(
            "organisation,value,from,to,area,gender.woman,gender.man", "Motala,1.5,3/10/2016,,se-0583,1,x")
        #expect(
            row.faults.map(\.pointer) == [
                "/organisation", "/campaign", "/measure", "/value", "/from", "/to", "/channel",
                "/breakdowns/gender/man",
            ])
    }

    @Test func `blanks around ids count for nothing`() throws {
        let row = try row(
            headerCSV(separator: " , "), countCSV(value: "42").split(separator: ",").joined(separator: "\t, ")
        )
        #expect(row.count == (try singleCount(countJSON())))
    }

    @Test(arguments: [
        ("1", "Has 1 cell; the header has 8."), ("\(countCSV()),", "Has 9 cells; the header has 8."),
        (",,,,,,,", "All its cells are empty."), (" ,,,,,,, ", "All its cells are empty."),
        ("\"", "A quote is not closed."),
        (countCSV(value: "4\"2"), "A quote stands within a cell that does not begin with one."),
    ])
    func `a row that does not fit is rejected`(row: String, detail: String) throws {
        let rows = try batchRows("\(headerCSV())\n\(countCSV())\n\(row)", .csv)
        #expect(rows.map(\.faults) == [[], [Fault("", "malformed", detail)]])
    }

    @Test func `a row of too many bytes is rejected`() throws {
        let note = String(repeating: "a", count: 65_536)
        let faults = try row(headerCSV(",note"), countCSV(",\(note)")).faults
        #expect(faults.map(\.detail) == ["The row has 65608 bytes; a count may have 65536."])
    }

    private static let known = CountColumn.all.map(\.name).joined(separator: ", ")

    @Test(arguments: [
        ("value,colour", ["There is no column \"colour\"."]), ("Value", ["There is no column \"Value\"."]),
        (
            "breakdowns,gender,gender.girl",
            ["There is no column \"breakdowns\", \"gender\", \"gender.girl\"."]
        ),
        ("value\tarea", ["There is no column \"value\tarea\"."]),
        ("id,value", ["There is no column \"id\"."]),
        ("value, value", ["There is more than one column \"value\"."]),
        ("x,area, area ", ["There is no column \"x\".", "There is more than one column \"area\"."]),
        (
            (10...20).map { "x\($0)" }.joined(separator: ","),
            ["There is no column " + (10...19).map { "\"x\($0)\"" }.joined(separator: ", ") + " and others."]
        ),
    ])
    func `columns that are not known are refused and the known ones listed`(header: String, found: [String])
        throws
    {
        let error = try refusal(Array("\(header)\n".utf8), .csv)
        #expect(error.type == .malformed)
        let list = "The first row names the columns: any of \(Self.known)."
        #expect(error.faults == found.map { Fault("", "malformed", "\($0) \(list)") })
    }

    @Test(arguments: [
        ("", "The header line is missing."), ("\n\r\n", "The header line is missing."),
        (countCSV(value: ""), "Column 4 has no name."),
        ("value,\n", "Column 2 has no name."), ("value,value", "Column 2 has the name of one before it."),
    ])
    func `without a header nothing is read`(body: String, detail: String) throws {
        #expect(try refusal(Array(body.utf8), .csv).faults == [Fault("", "malformed", detail)])
    }
}
