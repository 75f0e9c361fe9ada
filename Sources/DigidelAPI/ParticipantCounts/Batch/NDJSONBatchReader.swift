/// Reads lines of JSON, ended by LF or CRLF. Lines of nothing but blanks are passed over.
struct NDJSONBatchReader: BatchReader {
    private let body: [UInt8]
    private var position: Int

    /// A reader at the beginning of UTF-8 text, behind its byte order mark if it has one.
    init(_ body: [UInt8]) {
        self.body = body
        position = body.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    mutating func skip() -> Bool { passLine() != nil }

    mutating func next() -> BatchRecord? {
        passLine().map { BatchRecord(json: body, at: $0) }
    }

    /// Where the next line stands, without blanks before it and without its LF; the CR is white space of JSON.
    private mutating func passLine() -> Range<Int>? {
        guard let start = body[position...].firstIndex(where: { !Self.isBlank($0) }) else { return nil }
        let end = body[start...].firstIndex(of: UInt8(ascii: "\n")) ?? body.count
        position = end
        return start..<end
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
    }
}
