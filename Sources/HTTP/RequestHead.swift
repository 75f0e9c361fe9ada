/// A request's head, read and checked: what the server needs beside the request itself.
package struct RequestHead: Sendable {
    /// All of it, as it was received.
    package let bytes: [UInt8]
    /// The request, its body still empty.
    package var request: Request
    package var framing: BodyFraming
    /// HTTP/1.0 rather than 1.1 or later (RFC 9112, 2.3).
    package var isVersion10: Bool
    /// What the client wants for the connection (RFC 9112, 9.3).
    package var keepsAlive: Bool
    /// The client waits for 100 before it sends the body (RFC 9110, 10.1.1).
    package var expectsContinue: Bool
}

/// How a request's body is delimited (RFC 9112, 6.3).
package enum BodyFraming: Sendable, Equatable {
    /// No body: neither Content-Length nor Transfer-Encoding, or a length of 0.
    case none
    /// So many bytes, more than 0.
    case length(Int)
    case chunked
}
