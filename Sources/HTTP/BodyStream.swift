/// A body that goes on after its head, part by part, for as long as there is something to tell. It is used on the lane of
/// its connection.
package protocol BodyStream: AnyObject, Sendable {
    /// The head is about to be sent: returns what goes with it. What follows is sent to `client`.
    func begin(_ client: any StreamClient) -> [BodyPart]

    /// The client takes no more. It is told once, also after `StreamClient.finish`.
    func end()
}

/// Who takes a stream's parts: a connection. It is used on its lane.
package protocol StreamClient: AnyObject, Sendable {
    /// Sends a part to the client, which is cut off if it is too far behind.
    func send(_ part: BodyPart)

    /// The body is complete.
    func finish()
}

/// A part of a body that goes on, made once for all clients.
package struct BodyPart: Sendable {
    /// The part as a chunk of its own (RFC 9112, 7.1).
    package let chunk: [UInt8]
    private let sizeLine: Int

    /// A part that is not empty: an empty chunk would be the last.
    package init(_ content: [UInt8]) {
        precondition(!content.isEmpty, "an empty chunk ends the body")
        var chunk = Array("\(String(content.count, radix: 16))\r\n".utf8)
        sizeLine = chunk.count
        chunk.reserveCapacity(chunk.count + content.count + 2)
        chunk += content
        chunk += "\r\n".utf8
        self.chunk = chunk
    }

    /// The part itself, for a client that knows no chunks.
    package var content: ArraySlice<UInt8> { chunk[sizeLine..<(chunk.count - 2)] }

    /// What ends a body of chunks; there are no trailers.
    package static let lastChunk = Array("0\r\n\r\n".utf8)
}
