/// One row of a batch: a count, or everything that is wrong with it.
package struct BatchRow: Sendable, Equatable {
    /// What is made of the row.
    enum Content: Sendable, Equatable {
        case count(ParticipantCountInput)
        case rejected([Fault])
    }

    /// Its place among the rows, from 0.
    package let index: Int
    let content: Content

    /// How many faults of one row are told: an answer must not be much larger than what it answers.
    package static let faultLimit = 20

    /// Reads a row by the same rules as a single count.
    init(index: Int, _ record: BatchRecord) {
        self.index = index
        switch record {
        case .broken(let detail): content = .rejected([Fault("", "malformed", detail)])
        case .value(let value, let hints):
            var input = ObjectInput(value)
            do throws(APIError) {
                content = .count(try ParticipantCountInput(&input))
            } catch {
                let faults = error.faults.prefix(Self.faultLimit)
                content = .rejected(
                    faults.map { Fault($0.pointer, $0.code, hints[$0.pointer] ?? $0.detail) })
            }
        }
    }

    /// The count as a client writes it in JSON; nil when the row is rejected.
    package var json: [UInt8]? {
        guard case .count(let count) = content else { return nil }
        var json = JSONWriter()
        json.object { json in count.write(to: &json) }
        return json.bytes
    }

    /// What is wrong with the row; nothing when it is a count.
    package var faults: [Fault] {
        if case .rejected(let faults) = content { faults } else { [] }
    }
}

/// The rows of a batch's body, one at a time: beside the body's bytes only the current row is in memory.
///
/// Each row that there is has an index, from 0: an array's element, a line of NDJSON that is not blank, a row of CSV
/// below the header that is not an empty line.
package struct BatchRows: Sequence, IteratorProtocol {
    /// How many rows there are, read or not.
    package let count: Int
    private var reader: any BatchReader
    private var index = 0

    /// How many rows a batch may have (decisions.md, 38).
    package static let limit = 10_000

    /// Passes over the whole body once, so that nothing is written before all that concerns the whole body is known.
    /// Throws `.malformed` when it is not UTF-8, no JSON array, or CSV without a header of known columns, and
    /// `.contentTooLarge` when it has more than `limit` rows.
    package init(_ body: [UInt8], _ format: BatchFormat, limit: Int = Self.limit) throws(APIError) {
        try BatchEncoding.check(body, format)
        switch format {
        case .json: reader = JSONBatchReader(body)
        case .csv: reader = try CSVBatchReader(body)
        case .ndjson: reader = NDJSONBatchReader(body)
        }
        var (count, ahead) = (0, reader)
        while try ahead.skip() {
            count += 1
            guard count <= limit else {
                throw APIError(.contentTooLarge, "The batch has more than \(limit) rows; send it in several.")
            }
        }
        self.count = count
    }

    /// The next row; nil behind the last.
    package mutating func next() -> BatchRow? {
        guard let record = reader.next() else { return nil }
        defer { index += 1 }
        return BatchRow(index: index, record)
    }
}
