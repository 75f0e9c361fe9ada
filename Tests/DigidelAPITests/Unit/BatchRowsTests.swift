import Testing

@testable import DigidelAPI

@Suite struct BatchRowsTests {
    @Test(
        arguments: [
            ("application/json", BatchFormat.json), ("text/csv", .csv), ("application/x-ndjson", .ndjson),
            ("Application/JSON; charset=utf-8", .json), (" text/CSV ;header=present", .csv),
            ("text/plain", nil), ("application/ndjson", nil), ("application/merge-patch+json", nil),
            ("", nil),
            (nil, nil),
        ] as [(String?, BatchFormat?)])
    func `the media type says the format`(contentType: String?, format: BatchFormat?) {
        #expect(BatchFormat(contentType: contentType) == format)
        #expect(BatchFormat.mediaTypes == ["application/json", "text/csv", "application/x-ndjson"])
    }

    private static let breakdowns = #""breakdowns":{"gender":{"woman":22,"man":20}},"externalId":"a-1""#
    private static let csv = headerCSV(",gender.woman,gender.man,gender.other,externalId")

    @Test(arguments: [
        (BatchFormat.json, "[\(countJSON(breakdowns))]"),
        (.json, "\u{FEFF} [\r\n\t\(countJSON(breakdowns)) \n]\n"),
        (.ndjson, countJSON(breakdowns)), (.ndjson, "\u{FEFF}\(countJSON(breakdowns))\r\n"),
        (.ndjson, "\n \t\r\n\(countJSON(breakdowns)) \n\n"),
        (.csv, "\(csv)\n\(countCSV(",22,20,,a-1"))"),
        (.csv, "\u{FEFF}\(csv)\r\n\(countCSV(",22,20,0,a-1"))\r\n"),
        (.csv, "\(csv)\n\(countCSV(",22,20,,a-1"))".replacing(",", with: ";")),
        (.csv, "\n\(csv)\n\n\(countCSV(",\"22\",20,,\"a-1\""))\n\n"),
    ])
    func `a row is the count that a single body is`(format: BatchFormat, body: String) throws {
        let expected = BatchRow(index: 0, count: try singleCount(countJSON(Self.breakdowns)))
        #expect(try batchRows(body, format) == [expected])
    }

    @Test(arguments: [
        (BatchFormat.json, "[]"), (.json, "\u{FEFF} [ ] "), (.csv, headerCSV()),
        (.csv, headerCSV() + "\r\n\n"),
        (.ndjson, ""), (.ndjson, "\u{FEFF}"), (.ndjson, "\n \r\n"),
    ])
    func `a batch of no rows is one`(format: BatchFormat, body: String) throws {
        #expect(try batchRows(body, format) == [])
    }

    @Test(arguments: [
        (BatchFormat.json, "[\(countJSON()),1,\(countJSON())]"),
        (.ndjson, "\(countJSON())\n1\n\n\(countJSON())"),
        (.csv, "\(headerCSV())\n\(countCSV())\n1\n\n\(countCSV())"),
    ])
    func `rows are numbered in their order`(format: BatchFormat, body: String) throws {
        let rows = try BatchRows(Array(body.utf8), format)
        #expect(rows.count == 3)
        #expect(rows.map(\.index) == [0, 1, 2])
        #expect(rows.map { $0.count != nil } == [true, false, true])
    }

    /// As a single POST says it, for each row.
    @Test(arguments: [
        "{}", "[]", "1", "null", "\"a\"", #"{"value":-1,"colour":"red"}"#, countJSON(#""value":"42""#),
    ])
    func `what is no count is rejected as a single one is`(json: String) throws {
        let expected = try faults { _ = try singleCount(json) }
        #expect(try batchRows("[\(json)]", .json).map(\.faults) == [expected])
        #expect(try batchRows(json, .ndjson).map(\.faults) == [expected])
    }

    @Test(arguments: [
        ("{", "The text is not JSON. It ends too early."),
        ("{}}", "The text is not JSON. Byte 3 cannot stand where it does."),
        ("a", "The text is not JSON. Byte 1 cannot stand where it does."),
        ("[1e400]", "The text has a number that is too large."),
        (String(repeating: "[", count: 129), "The text is nested deeper than 128 levels."),
    ])
    func `a line that is no JSON is that row's fault`(line: String, detail: String) throws {
        let rows = try batchRows("\(countJSON())\n\(line)\r\n\(countJSON())", .ndjson)
        #expect(rows.map(\.faults) == [[], [Fault("", "malformed", detail)], []])
    }

    @Test(arguments: [
        ("", "The text is not JSON. It ends too early."), ("{}", "The text is no JSON array."),
        ("1", "The text is no JSON array."), ("[", "The text is not JSON. It ends too early."),
        ("[{},]", "The text is not JSON. Byte 5 cannot stand where it does."),
        ("[{} {}]", "The text is not JSON. Byte 5 cannot stand where it does."),
        ("[{},{]", "The text is not JSON. Byte 6 cannot stand where it does."),
        ("[{}]]", "The text is not JSON. Byte 5 cannot stand where it does."),
        ("[,{}]", "The text is not JSON. Byte 2 cannot stand where it does."),
        ("[{}", "The text is not JSON. It ends too early."),
    ])
    func `what is no JSON array is refused as a whole`(body: String, detail: String) throws {
        let error = try refusal(Array(body.utf8), .json)
        let expected = "The body must be a JSON array of participant counts. \(detail)"
        #expect(error.type == .malformed && error.faults == [Fault("", "malformed", expected)])
    }

    @Test func `an element beyond the range of numbers or of a row's size is that row's fault`() throws {
        let long = "[\(String(repeating: "1,", count: 40_000))1]"
        let details = try batchRows("[1e400,\(long),\(countJSON())]", .json).map { $0.faults.first?.detail }
        #expect(
            details == [
                "The text has a number that is too large.",
                "The row has 80003 bytes; a count may have 65536.", nil,
            ])
    }

    @Test func `the largest count that there can be is read`() throws {
        let note = String(repeating: #"\ud83d\ude00"#, count: 2000)
        let row = try batchRows("[\(countJSON(#""note":"\#(note)""#))]", .json).first
        #expect(row?.count?.note?.unicodeScalars.count == 2000)
    }

    @Test func `of many faults the first are told`() throws {
        let members = (100..<200).map { "\"a\($0)\":1" }.joined(separator: ",")
        #expect(try batchRows("[\(countJSON(members))]", .json).first?.faults.count == 20)
    }

    /// No part of an array is a whole body; of lines, what is cut off is at most the last row.
    @Test func `every truncation is read or refused`() throws {
        let json = Array("[\(countJSON()), \(countJSON(Self.breakdowns))]".utf8)
        for end in 0..<json.count {
            #expect(try refusal(Array(json[..<end]), .json).type == .malformed)
        }
        let lines = "\(countJSON())\n\(countJSON(Self.breakdowns))\n"
        for end in 0...lines.utf8.count {
            let rows = Array(try BatchRows(Array(lines.utf8.prefix(end)), .ndjson))
            #expect(rows.dropLast().allSatisfy { $0.count != nil } && rows.count <= 2)
        }
        let table = "\(Self.csv)\n\(countCSV(",22,20,,\"a,1\""))\n\(countCSV(",22,20,,a-1"))\n"
        for end in Self.csv.utf8.count...table.utf8.count {
            let rows = Array(try BatchRows(Array(table.utf8.prefix(end)), .csv))
            #expect(rows.dropLast().allSatisfy { $0.count != nil } && rows.count <= 2)
        }
    }
}

extension BatchRow {
    fileprivate init(index: Int, count: ParticipantCountInput) {
        var json = JSONWriter()
        json.object { json in count.write(to: &json) }
        self.init(index: index, BatchRecord(json: json.bytes, at: 0..<json.bytes.count))
    }
}
