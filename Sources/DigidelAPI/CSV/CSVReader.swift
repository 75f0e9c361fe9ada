/// Reads CSV that a client sent (RFC 4180), row by row, for a caller that sets the limits: a header, then its rows.
///
/// The text is UTF-8, with or without byte order mark. The separator is the header's: a comma, or the semicolon that
/// spreadsheets write where the comma is the decimal sign. Lines end in CRLF or LF; empty ones count for nothing.
package struct CSVReader: Sendable {
    /// What is wrong with a text as a whole or with one of its rows, for the person who sent it.
    package struct Fault: Error, Equatable {
        package let detail: String
    }

    /// The most columns that a text may have, so that a header is not a way to take up memory.
    package static let columnLimit = 1000

    /// The columns' names in their order: all different, none empty.
    package let header: [String]
    private var scanner: CSVScanner

    /// Reads the header. Throws `Fault` when no row can be read: the text is not UTF-8, or its header is none.
    package init(_ bytes: [UInt8]) throws(Fault) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Fault(detail: "The text is not UTF-8.")
        }
        scanner = CSVScanner(bytes)
        guard let record = scanner.record(limit: Self.columnLimit) else {
            throw Fault(detail: "The header line is missing.")
        }
        if let fault = record.fault { throw Fault(detail: "The header line is malformed. \(fault)") }
        guard record.count <= Self.columnLimit else {
            throw Fault(detail: "The header has \(record.count) columns; \(Self.columnLimit) are the most.")
        }
        try Self.checkNames(record.cells)
        header = record.cells
    }

    /// No name is empty, and none stands there twice.
    private static func checkNames(_ names: [String]) throws(Fault) {
        var known: Set<String> = []
        for (index, name) in names.enumerated() {
            if name.isEmpty { throw Fault(detail: "Column \(index + 1) has no name.") }
            guard known.insert(name).inserted else {
                throw Fault(detail: "Column \(index + 1) has the name of one before it.")
            }
        }
    }
}

extension CSVReader: Sequence, IteratorProtocol {
    /// The next row: its cells by the columns' names, without empty ones, or what is wrong with it alone. Nil at the
    /// end.
    package mutating func next() -> Result<[String: String], Fault>? {
        guard let record = scanner.record(limit: header.count) else { return nil }
        if let fault = record.fault { return .failure(Fault(detail: fault)) }
        guard record.count == header.count else {
            let cells = record.count == 1 ? "1 cell" : "\(record.count) cells"
            return .failure(Fault(detail: "Has \(cells); the header has \(header.count)."))
        }
        let named = zip(header, record.cells).filter { !$0.1.isEmpty }
        return .success(Dictionary(named) { first, _ in first })
    }

    /// Passes over the next row without making anything of it; false at the end.
    package mutating func skip() -> Bool { scanner.record(limit: 0) != nil }
}
