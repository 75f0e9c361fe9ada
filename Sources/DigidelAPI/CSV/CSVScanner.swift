/// Takes CSV apart into records and cells (RFC 4180, 2) in one pass. It knows no columns.
struct CSVScanner: Sendable {
    /// The cells of one record.
    struct Record {
        /// The first cells: no more than were asked for, so that a line of nothing but separators takes no memory.
        var cells: [String] = []
        /// How many cells there are.
        var count = 0
        /// What is wrong with the record first.
        var fault: String?
    }

    private let bytes: [UInt8]
    private let separator: UInt8
    private var position: Int

    /// A scanner at the beginning of UTF-8 text, behind its byte order mark if it has one.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        separator = Self.separator(in: bytes[position...])
    }

    /// The first comma or semicolon outside of quotes in the first line that is not empty; a comma if there is none.
    private static func separator(in bytes: ArraySlice<UInt8>) -> UInt8 {
        var isQuoted = false
        for byte in bytes.drop(while: { $0 == .carriageReturn || $0 == .lineFeed }) {
            if byte == .quote { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == .comma || byte == .semicolon { return byte }
            if byte == .lineFeed { return .comma }
        }
        return .comma
    }

    /// The next record, with `limit` of its cells at most; nil at the end. Empty lines are passed over.
    mutating func record(limit: Int) -> Record? {
        while skipLineBreak() {}
        guard position < bytes.count else { return nil }
        var record = Record()
        repeat {
            let text = cell(&record.fault)
            if record.count < limit { record.cells.append(String(decoding: text, as: UTF8.self)) }
            record.count += 1
        } while skip(separator)
        _ = skipLineBreak()
        return record
    }

    /// The next cell. Whatever is wrong with it is told, and its end is found nevertheless.
    private mutating func cell(_ fault: inout String?) -> [UInt8] {
        var text: [UInt8] = []
        if skip(.quote) {
            if !takeQuoted(&text) { fault = fault ?? "A quote is not closed." }
            if !isAtCellEnd { fault = fault ?? "Text follows a closing quote." }
        }
        takePlain(&text, &fault)
        return text
    }

    /// What stands up to the closing quote, two quotes being one; false when nothing closes it.
    private mutating func takeQuoted(_ text: inout [UInt8]) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == .quote, !skip(.quote) { return true }
            text.append(byte)
        }
        return false
    }

    /// What stands up to the cell's end without quotes around it.
    private mutating func takePlain(_ text: inout [UInt8], _ fault: inout String?) {
        while !isAtCellEnd {
            let byte = bytes[position]
            if byte == .quote {
                fault = fault ?? "A quote stands within a cell that does not begin with one."
            }
            if byte == .carriageReturn { fault = fault ?? "A CR stands without the LF that must follow it." }
            text.append(byte)
            position += 1
        }
    }

    private var isAtCellEnd: Bool {
        position == bytes.count || bytes[position] == separator || lineBreakLength > 0
    }

    /// How long the line break is that stands here: CRLF, or LF alone as most programs write it.
    private var lineBreakLength: Int {
        guard position < bytes.count else { return 0 }
        if bytes[position] == .lineFeed { return 1 }
        let isPair = bytes[position] == .carriageReturn && bytes[position...].dropFirst().first == .lineFeed
        return isPair ? 2 : 0
    }

    /// Skips a line break; false when none stands here.
    private mutating func skipLineBreak() -> Bool {
        let length = lineBreakLength
        position += length
        return length > 0
    }

    /// Skips this byte; false when another stands here.
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }
}

extension UInt8 {
    fileprivate static let lineFeed = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let comma = UInt8(ascii: ",")
    fileprivate static let semicolon = UInt8(ascii: ";")
}
