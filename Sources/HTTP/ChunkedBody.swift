/// Takes the chunked coding off a body (RFC 9112, 7.1), however the bytes are split.
package struct ChunkedBody: Sendable {
    /// What the next byte belongs to.
    private enum Part {
        /// A chunk's size and extensions.
        case size
        /// So many bytes of a chunk's data are still to come.
        case data(Int)
        /// The CRLF after a chunk's data.
        case dataEnd
        case trailers
        case done
    }

    private let limits: MessageLimits
    private let bodyLimit: Int
    private var part = Part.size
    /// What has come of the current line.
    private var line: [UInt8] = []
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailerCount = 0

    /// A body of `bodyLimit` bytes at most, once decoded.
    package init(bodyLimit: Int, limits: MessageLimits = MessageLimits()) {
        self.bodyLimit = bodyLimit
        self.limits = limits
    }

    /// The last chunk and the trailer section have been read.
    package var isComplete: Bool {
        if case .done = part { true } else { false }
    }

    /// Appends the data among `bytes` to `body`; returns how many bytes belonged to the body, all but what follows
    /// its end.
    package mutating func read(
        _ bytes: ArraySlice<UInt8>, into body: inout [UInt8]
    ) throws(Refusal) -> Int {
        var rest = bytes
        while !rest.isEmpty && !isComplete {
            if case .data(let missing) = part {
                let data = rest.prefix(missing)
                body.append(contentsOf: data)
                rest = rest.dropFirst(data.count)
                part = data.count == missing ? .dataEnd : .data(missing - data.count)
            } else if try takeLine(&rest) {
                try endLine(bodyCount: body.count)
                line.removeAll(keepingCapacity: true)
            }
        }
        return bytes.count - rest.count
    }

    /// Moves bytes to `line` up to a CRLF; true when the line is complete, `line` being without the CRLF then.
    private mutating func takeLine(_ rest: inout ArraySlice<UInt8>) throws(Refusal) -> Bool {
        while let byte = rest.popFirst() {
            if line.last == .carriageReturn {
                guard byte == .lineFeed else { throw .bareCarriageReturn }
                line.removeLast()
                return true
            }
            guard byte.isFieldText || byte == .carriageReturn else {
                throw .malformed(
                    "A line of the chunked coding has a bare LF or a control character.", "RFC 9112, 2.2")
            }
            line.append(byte)
            try checkLineLength()
        }
        return false
    }

    /// A line is refused as soon as it is too long, not when it ends. The CR at its end is not counted.
    private func checkLineLength() throws(Refusal) {
        let count = line.last == .carriageReturn ? line.count - 1 : line.count
        switch part {
        case .trailers: if count > 0, trailerBytes + count > limits.trailers { throw .trailersTooLarge }
        case .dataEnd: if count > 0 { throw .dataTooLong }
        default: if count > limits.chunkLine { throw .extensionsTooLarge }
        }
    }

    /// A line is complete, in `line`.
    private mutating func endLine(bodyCount: Int) throws(Refusal) {
        switch part {
        case .size: try endSize(bodyCount: bodyCount)
        case .dataEnd: part = .size
        case .trailers: try endTrailer()
        case .data, .done: break
        }
    }

    /// A chunk, or the last one, begins (RFC 9112, 7.1).
    private mutating func endSize(bodyCount: Int) throws(Refusal) {
        let (size, digits) = try ChunkLine.parse(line)
        extensionBytes += line.count - digits
        if extensionBytes > limits.chunkExtensions { throw .extensionsTooLarge }
        if size > bodyLimit - bodyCount { throw .bodyTooLarge(limit: bodyLimit) }
        part = size == 0 ? .trailers : .data(size)
    }

    /// Trailer fields are read as strictly as header fields, and dropped (RFC 9112, 7.1.2).
    private mutating func endTrailer() throws(Refusal) {
        if line.isEmpty {
            part = .done
            return
        }
        _ = try FieldLine.parse(line.span, 0..<line.count)
        trailerBytes += line.count + 2
        trailerCount += 1
        if trailerCount > limits.fieldCount { throw .trailersTooLarge }
    }
}

extension Refusal {
    fileprivate static let trailersTooLarge = Refusal.fieldsTooLarge("The trailer fields are too large.")

    fileprivate static let extensionsTooLarge = Refusal(
        .contentTooLarge, "The extensions of the chunked coding are too large.", "RFC 9112, 7.1.1")

    fileprivate static let dataTooLong = Refusal.malformed(
        "A chunk's data does not end where its size says.", "RFC 9112, 7.1")
}
