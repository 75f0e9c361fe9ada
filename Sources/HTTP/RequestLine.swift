/// `method SP request-target SP HTTP-version` (RFC 9112, 3).
struct RequestLine: Sendable {
    var method: Method
    var target: RequestTarget
    var isVersion10: Bool

    /// Reads a line of printable ASCII and blanks, without its CRLF.
    init(_ line: Span<UInt8>) throws(Refusal) {
        guard let first = line.firstIndex(of: .space, in: 0..<line.count),
            let second = line.firstIndex(of: .space, in: (first + 1)..<line.count),
            line.extracting(0..<first).isToken, second > first + 1
        else { throw .badRequestLine }
        isVersion10 = try Self.readVersion(line.extracting((second + 1)..<line.count))
        guard let method = Method(line.extracting(0..<first)) else { throw .unknownMethod }
        if method == .connect { throw .connect }
        self.method = method
        target = try RequestTarget(line.extracting((first + 1)..<second), method)
    }

    /// Whether it is 1.0. `HTTP/` DIGIT `.` DIGIT; 1.2 to 1.9 are served as 1.1 (RFC 9110, 2.5).
    private static func readVersion(_ text: Span<UInt8>) throws(Refusal) -> Bool {
        guard text.count == 8, text.extracting(0..<5).spells("HTTP/"), text[5].isDigit,
            text[6] == UInt8(ascii: "."), text[7].isDigit
        else { throw .malformed("The request line does not end in HTTP/1.1 or HTTP/1.0.", "RFC 9112, 2.3") }
        guard text[5] == UInt8(ascii: "1") else {
            throw Refusal(.httpVersionNotSupported, "This server speaks HTTP/1.1.", "RFC 9110, 15.6.6")
        }
        return text[7] == UInt8(ascii: "0")
    }
}

extension Refusal {
    fileprivate static let badRequestLine = Refusal.malformed(
        "The request line is not a method, a target and a version with one blank between them.", "RFC 9112, 3"
    )

    fileprivate static let unknownMethod = Refusal(
        .notImplemented, "This server does not know that method; method names are in capitals.",
        "RFC 9110, 15.6.2")

    fileprivate static let connect = Refusal(
        .methodNotAllowed, "This server is no proxy: it opens no tunnels.", "RFC 9110, 9.3.6")
}
