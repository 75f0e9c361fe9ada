import DigidelAPI

/// Rows that are read, written and read again are the same (RFC 4180).
func checkCSV(_ input: [UInt8]) {
    guard let reader = try? CSVReader(input) else { return }
    precondition(Set(reader.header).count == reader.header.count && !reader.header.contains(""))
    let results = Array(reader)
    precondition(results.count <= input.count { $0 == UInt8(ascii: "\n") }, "there are more rows than lines")
    let rows = results.compactMap { try? $0.get() }
    for row in rows {
        precondition(row.allSatisfy { reader.header.contains($0.key) && !$0.value.isEmpty })
    }
    for separator in [",", ";"] {
        let text = writeCSV(reader.header, rows, separator: reader.header.count > 1 ? separator : ",")
        guard let copy = try? CSVReader(text) else {
            preconditionFailure("what was read is refused")
        }
        precondition(copy.header == reader.header, "the header changes")
        precondition(copy.map { try? $0.get() } == rows, "a row changes")
    }
}

/// A table of these columns and rows, with every cell in quotes.
func writeCSV(_ header: [String], _ rows: [[String: String]], separator: String) -> [UInt8] {
    let records = [header] + rows.map { row in header.map { row[$0] ?? "" } }
    return records.flatMap { $0.map(quote).joined(separator: separator.utf8) + Array("\r\n".utf8) }
}

/// A cell in quotes. Byte by byte: a quote before a combining mark is a character of its own in a `String`.
private func quote(_ text: String) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    return [quote] + text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
}
