/// Reads CSV with a header (RFC 4180) whose columns are named as a count's members are; see `CountColumn`.
struct CSVBatchReader: BatchReader {
    private var rows: CSVReader
    private let columns: [String: CountColumn]

    /// Reads the header of UTF-8 text. Throws `.malformed` when it is none, or when a column is unknown or there twice.
    init(_ body: [UInt8]) throws(APIError) {
        do throws(CSVReader.Fault) {
            rows = try CSVReader(body)
        } catch {
            throw .malformed([Fault("", "malformed", error.detail)])
        }
        columns = try CountColumn.columns(rows.header)
    }

    mutating func skip() -> Bool { rows.skip() }

    mutating func next() -> BatchRecord? {
        switch rows.next() {
        case nil: nil
        case .failure(let fault): .broken(fault.detail)
        case .success(let cells): record(cells)
        }
    }

    /// The count that the cells of a row write, without the members whose cells are empty.
    private func record(_ cells: [String: String]) -> BatchRecord {
        let size = cells.values.reduce(0) { $0 + $1.utf8.count }
        if size > BatchRecord.byteLimit { return .tooLong(size) }
        var members: [String: JSONValue] = [:]
        var breakdowns: [String: [String: JSONValue]] = [:]
        var hints: [String: String] = [:]
        for (name, cell) in cells {
            guard let column = columns[name], let (value, hint) = column.read(cell) else { continue }
            if let dimension = column.dimension {
                breakdowns[dimension, default: [:]][column.member] = value
            } else {
                members[column.member] = value
            }
            if let hint { hints[column.pointer] = hint }
        }
        if !breakdowns.isEmpty { members["breakdowns"] = .object(breakdowns.mapValues(JSONValue.object)) }
        return members.isEmpty ? .broken("All its cells are empty.") : .value(.object(members), hints: hints)
    }
}
