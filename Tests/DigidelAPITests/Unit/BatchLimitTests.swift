import Testing

@testable import DigidelAPI

@Suite struct BatchLimitTests {
    /// So many rows of a format; each of another value.
    private func body(_ format: BatchFormat, rows: Int) -> [UInt8] {
        let text =
            switch format {
            case .json:
                "[" + (0..<rows).map { countJSON("\"externalId\":\"a-\($0)\"") }.joined(separator: ",") + "]"
            case .ndjson: (0..<rows).map { countJSON("\"externalId\":\"a-\($0)\"") }.joined(separator: "\n")
            case .csv:
                headerCSV(",externalId,gender.woman,gender.man\n")
                    + (0..<rows).map { countCSV(",a-\($0),40,2") }.joined(separator: "\r\n")
            }
        return Array(text.utf8)
    }

    /// Some 40 µs a row in a release build, most of it the rules of a single count; five times that in a debug build.
    @Test(.timeLimit(.minutes(5)), arguments: BatchFormat.allCases)
    func `ten thousand rows are read in a moment`(format: BatchFormat) throws {
        let body = body(format, rows: 10_000)
        let rows = try BatchRows(body, format)
        #expect(rows.count == 10_000)
        var count = 0
        for row in rows where row.count?.externalID == "a-\(row.index)" { count += 1 }
        #expect(count == 10_000)
    }

    @Test(arguments: BatchFormat.allCases) func `one row more is too large`(format: BatchFormat) throws {
        let error = try refusal(body(format, rows: 10_001), format)
        #expect(error.type == .contentTooLarge)
        #expect(error.detail == "The batch has more than 10000 rows; send it in several.")
    }

    @Test(arguments: BatchFormat.allCases) func `rows are made when they are asked for`(format: BatchFormat)
        throws
    {
        let body = body(format, rows: 10_000)
        let rows = try BatchRows(body, format)
        let clock = ContinuousClock()
        let first = clock.measure { for _ in rows.prefix(10) {} }
        let all = clock.measure { for _ in rows {} }
        #expect(first * 20 < all)
        #expect(rows.prefix(2).map(\.index) == [0, 1])
    }

    /// A body of a megabyte that is a single row, or none, in each format.
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            (BatchFormat.json, "[", "[1],", "1]"), (.json, "[\"", "a", "\"]"), (.json, "[[", "[],", "1]]"),
            (.json, "", " ", "[]"), (.ndjson, "", "[", ""), (.ndjson, "", "\n", ""),
            (.ndjson, "", " \r\n", "1"),
            (.csv, headerCSV() + "\n", "\n", ""), (.csv, headerCSV() + "\n", ",", ""),
            (.csv, headerCSV() + "\n\"", "a", ""),
            (.csv, headerCSV(",note") + "\n,,,,,,,,\"", " ", "\""), (.csv, "", ",a", ""),
            (.csv, "", "\"", ""),
        ])
    func `odd bodies are read in linear time`(
        format: BatchFormat, start: String, middle: String, end: String
    ) throws {
        let body = start + String(repeating: middle, count: 1_000_000 / middle.utf8.count) + end
        do {
            let rows = Array(try BatchRows(Array(body.utf8), format))
            #expect(rows.allSatisfy { $0.faults.count == 1 } && rows.count <= 1)
        } catch {
            #expect(error.type == .malformed || error.type == .contentTooLarge)
            #expect(error.faults.allSatisfy { $0.detail.utf8.count < 2000 })
        }
    }
}
