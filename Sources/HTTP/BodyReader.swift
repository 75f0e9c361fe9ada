/// Reads a request's body off the stream, whichever way it is delimited. Memory follows the bytes that come, never an
/// announced length.
package struct BodyReader: Sendable {
    private var missing: Int
    private var chunked: ChunkedBody?

    /// A body of at most `limit` bytes. Throws 413 at once when its announced length is beyond that.
    package init(_ framing: BodyFraming, limit: Int, limits: MessageLimits) throws(Refusal) {
        switch framing {
        case .none: missing = 0
        case .length(let length):
            guard length <= limit else { throw .bodyTooLarge(limit: limit) }
            missing = length
        case .chunked:
            missing = 0
            chunked = ChunkedBody(bodyLimit: limit, limits: limits)
        }
    }

    package var isComplete: Bool { chunked?.isComplete ?? (missing == 0) }

    /// Appends what belongs to the body; returns how many of the bytes were used up.
    package mutating func read(
        _ bytes: ArraySlice<UInt8>, into body: inout [UInt8]
    ) throws(Refusal) -> Int {
        if chunked != nil { return try chunked?.read(bytes, into: &body) ?? 0 }
        let part = bytes.prefix(missing)
        body.append(contentsOf: part)
        missing -= part.count
        return part.count
    }
}
