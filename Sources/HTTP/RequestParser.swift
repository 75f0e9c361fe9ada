/// Reads a request's head (RFC 9112, 2 to 6). It resumes where it stopped: each byte is looked at when it comes and
/// once more when its line is complete, however the bytes are split.
package struct RequestParser: Sendable {
    private let limits: MessageLimits
    private var line: RequestLine?
    private var entries: [Fields.Entry] = []
    private var hasLine = false
    private var lineStart = 0
    private var scanned = 0

    /// A parser at the beginning of a message.
    package init(limits: MessageLimits = MessageLimits()) {
        self.limits = limits
    }

    /// The head's length once `parse` has returned it; what follows belongs to the body or the next request.
    package var length: Int { scanned }

    /// A byte of the request itself has come, not only the empty line that may precede it.
    package var hasBegun: Bool { scanned > lineStart || hasLine }

    /// Whether the message in `unread`, of which perhaps not even a line is complete, is a HEAD: an answer to one has no
    /// content, a refusal neither (RFC 9110, 9.3.2).
    package static func isHead(_ unread: ArraySlice<UInt8>) -> Bool {
        let emptyLine = unread.starts(with: "\r\n".utf8) ? 2 : 0
        return unread.dropFirst(emptyLine).starts(with: "HEAD ".utf8)
    }

    /// Reads on. `unread` begins with the same bytes at each call, more of them each time, until the head is
    /// complete; nil means that it is not yet.
    package mutating func parse(_ unread: ArraySlice<UInt8>) throws(Refusal) -> RequestHead? {
        let bytes = unread.span
        while let end = try findLineEnd(bytes) {
            let range = lineStart..<end
            lineStart = end + 2
            scanned = lineStart
            if hasLine {
                if range.isEmpty { return try finish(bytes) }
                try addField(bytes, range)
            } else if !(range.isEmpty && range.lowerBound == 0) {
                // One empty line before the request line is passed over (RFC 9112, 2.2); a second is a bad line.
                line = try RequestLine(bytes.extracting(range))
                hasLine = true
            }
        }
        return nil
    }

    /// The place of the CR that ends the current line, or nil when the line is not complete. Every line ends in CRLF
    /// and has no control character (RFC 9112, 2.2; RFC 9110, 5.5).
    private mutating func findLineEnd(_ bytes: Span<UInt8>) throws(Refusal) -> Int? {
        let inRequestLine = !hasLine
        var position = scanned
        while position < bytes.count {
            let byte = bytes[position]
            if byte &- 0x20 < 0x5f || (!inRequestLine && byte.isFieldText) {
                position += 1
                continue
            }
            // First, so that the answer does not depend on how the bytes are split.
            try checkSizes(upTo: position)
            guard byte == .carriageReturn else { throw .badByte(byte, inRequestLine: inRequestLine) }
            guard position + 1 < bytes.count else { break }
            guard bytes[position + 1] == .lineFeed else { throw .bareCarriageReturn }
            return position
        }
        scanned = position
        try checkSizes(upTo: position)
        return nil
    }

    /// The current line up to `position`, and the head up to there, are within their limits.
    private func checkSizes(upTo position: Int) throws(Refusal) {
        if !hasLine {
            if position - lineStart > limits.requestLine { throw .requestLineTooLong(limits.requestLine) }
        } else if position - lineStart > limits.fieldSize {
            throw .fieldsTooLarge("A header field is larger than \(limits.fieldSize) bytes.")
        } else if position > limits.head {
            throw .fieldsTooLarge("The request's head is larger than \(limits.head) bytes.")
        }
    }

    /// A field line is complete.
    private mutating func addField(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Refusal) {
        guard entries.count < limits.fieldCount else {
            throw .fieldsTooLarge("The request has more than \(limits.fieldCount) header fields.")
        }
        if entries.isEmpty { entries.reserveCapacity(16) }
        entries.append(try FieldLine.parse(bytes, range))
    }

    /// The empty line after the fields has come.
    private mutating func finish(_ bytes: Span<UInt8>) throws(Refusal) -> RequestHead? {
        guard let line = line.take() else { return nil }
        let head = bytes.extracting(0..<scanned).withUnsafeBufferPointer(Array.init)
        return try RequestHead(line, Fields(lines: head, entries: entries), bytes: head)
    }
}

extension Refusal {
    /// A byte that can stand in no line, or not in a request line (RFC 9112, 2.2 and 3; RFC 9110, 5.5).
    fileprivate static func badByte(_ byte: UInt8, inRequestLine: Bool) -> Refusal {
        if byte == .lineFeed {
            return .malformed("A line ends in LF alone; lines end in CR and LF.", "RFC 9112, 2.2")
        }
        let code = String(byte, radix: 16)
        return inRequestLine
            ? .malformed("The request line has the byte 0x\(code), which cannot stand there.", "RFC 9112, 3")
            : .malformed("A header field has the control character 0x\(code).", "RFC 9110, 5.5")
    }

    static let bareCarriageReturn = Refusal.malformed(
        "A CR stands without the LF that must follow it.", "RFC 9112, 2.2")

    /// Longer than the server reads (RFC 9110, 15.5.15; RFC 9112, 3).
    fileprivate static func requestLineTooLong(_ limit: Int) -> Refusal {
        Refusal(.uriTooLong, "The request line is longer than \(limit) bytes.", "RFC 9110, 15.5.15")
    }

    /// More or larger fields than the server reads (RFC 6585, 5).
    static func fieldsTooLarge(_ detail: String) -> Refusal {
        Refusal(.requestHeaderFieldsTooLarge, detail, "RFC 6585, 5")
    }
}
