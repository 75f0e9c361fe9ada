import DigidelAPI

/// Whatever a batch's format is, each of its rows gets its number and is a count or has faults; counts that are read,
/// written in any format and read again are the same.
func checkBatch(_ input: [UInt8]) {
    for format in BatchFormat.allCases { checkBatch(input, format) }
}

/// The same for one format.
private func checkBatch(_ input: [UInt8], _ format: BatchFormat) {
    guard let batch = try? BatchRows(input, format) else { return }
    let rows = Array(batch)
    precondition(rows.map(\.index) == Array(0..<batch.count), "a row has not its number")
    if batch.count > 0 {
        precondition(
            (try? BatchRows(input, format, limit: batch.count - 1)) == nil, "too many rows are taken")
    }
    for row in rows {
        let isCount = row.json != nil
        precondition(isCount == row.faults.isEmpty, "a row is neither a count nor rejected, or both")
        precondition(row.faults.count <= BatchRow.faultLimit, "too many faults are told")
    }
    let counts = rows.compactMap(\.json)
    if counts.isEmpty { return }
    for format in BatchFormat.allCases {
        let copy = try? BatchRows(write(counts, format), format)
        precondition(copy?.compactMap(\.json) == counts, "a count changes")
    }
}

/// A batch of these counts.
private func write(_ counts: [[UInt8]], _ format: BatchFormat) -> [UInt8] {
    switch format {
    case .json: Array("[".utf8) + counts.joined(separator: ",".utf8) + Array("]".utf8)
    case .ndjson: Array(counts.joined(separator: "\n".utf8))
    case .csv:
        writeCSV(Set(counts.flatMap { cells(of: $0).keys }).sorted(), counts.map(cells), separator: ",")
    }
}

/// The cells that write a count, by the names of their columns.
private func cells(of count: [UInt8]) -> [String: String] {
    guard case .object(let members)? = try? JSONValue(parsing: count) else {
        preconditionFailure("a count that was written cannot be read")
    }
    var cells: [String: String] = [:]
    for (name, value) in members {
        guard case .object(let dimensions) = value else {
            cells[name] = text(of: value)
            continue
        }
        for case (let dimension, .object(let parts)) in dimensions {
            // A dimension of nothing but zeros has no parts, and needs a cell to be one.
            cells["\(dimension).unknown"] = "0"
            for (part, value) in parts { cells["\(dimension).\(part)"] = text(of: value) }
        }
    }
    return cells
}

private func text(of value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .number(let number): "\(number)"
    default: preconditionFailure("a count has a member that is neither a text nor a number")
    }
}
