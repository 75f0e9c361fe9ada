/// How large the parts of a request may be, in bytes but for counts.
package struct MessageLimits: Sendable {
    /// The request line without its CRLF; RFC 9112, 3 asks for 8,000 at least. Beyond: 414.
    package var requestLine = 8192
    /// Request line and fields together: room for the largest cookies and tokens in use. Beyond: 431.
    package var head = 64 << 10
    /// Field lines; browsers send about 20, proxies add 10. Beyond: 431.
    package var fieldCount = 100
    /// One field line. Beyond: 431.
    package var fieldSize = 16 << 10
    /// One chunk's size with its extensions, which nobody uses (RFC 9112, 7.1.1). Beyond: 413.
    package var chunkLine = 4 << 10
    /// All extensions of one body, so that a body of one-byte chunks is not a way to send without end. Beyond: 413.
    package var chunkExtensions = 16 << 10
    /// All trailer fields, which are dropped (RFC 9112, 7.1.2). Beyond: 431.
    package var trailers = 8 << 10

    /// The defaults.
    package init() {}
}
