import HTTP
import Testing

@Suite struct ChunkedBodyTests {
    /// The body, and how many bytes it took.
    private func read(_ text: String, limit: Int = 1 << 20) throws(Refusal) -> (body: String, used: Int)? {
        var chunked = ChunkedBody(bodyLimit: limit)
        var body: [UInt8] = []
        let used = try chunked.read(Array(text.utf8)[...], into: &body)
        return chunked.isComplete ? (String(decoding: body, as: UTF8.self), used) : nil
    }

    static let valid = [
        ("3\r\nabc\r\n0\r\n\r\n", "abc"), ("0\r\n\r\n", ""), ("000\r\n\r\n", ""),
        ("1\r\na\r\n002\r\nbc\r\n0\r\n\r\n", "abc"), ("A\r\n0123456789\r\n0;x\r\n\r\n", "0123456789"),
        ("3;a=b;c\r\nabc\r\n0\r\n\r\n", "abc"), ("3;a=\"b;c, \\\" d\"\r\nabc\r\n0\r\n\r\n", "abc"),
        ("3 ; a = b\r\nabc\r\n0\r\n\r\n", "abc"), ("4\r\n\r\n\r\n\r\n0\r\nX-T: v\r\nY:\r\n\r\n", "\r\n\r\n"),
    ]

    @Test(arguments: valid) func `a body is decoded wherever it is split`(text: String, decoded: String)
        throws
    {
        let bytes = Array(text.utf8)
        for cut in 0..<bytes.count {
            var chunked = ChunkedBody(bodyLimit: 100)
            var body: [UInt8] = []
            #expect(try chunked.read(bytes[..<cut], into: &body) == cut)
            #expect(!chunked.isComplete)
            _ = try chunked.read(bytes[cut...], into: &body)
            #expect(chunked.isComplete)
            #expect(body == Array(decoded.utf8))
        }
    }

    @Test func `what follows the body is left`() throws {
        #expect(try read("1\r\na\r\n0\r\n\r\nGET /")?.used == 11)
    }

    static let refused: [(String, Status)] = [
        ("\r\n", .badRequest), ("-3\r\n", .badRequest), ("+3\r\n", .badRequest), ("0x3\r\n", .badRequest),
        ("3Z\r\n", .badRequest), ("0_3\r\n", .badRequest), ("3 \r\n", .badRequest), (" 3\r\n", .badRequest),
        ("3\n", .badRequest), ("3\rabc", .badRequest), ("3;\r\n", .badRequest), ("3;a=\r\n", .badRequest),
        ("3;a b\r\n", .badRequest), ("3;a=\"b\r\n", .badRequest), ("3;a\n", .badRequest),
        ("3;a=\rb", .badRequest),
        ("3;a\0\r\n", .badRequest), ("10000000000000003\r\n", .badRequest), ("3\r\nabc0\r\n", .badRequest),
        ("3\r\nabcd\r\n", .badRequest), ("3\r\nabcXX", .badRequest), ("0\r\nXX\r\n", .badRequest),
        ("0\r\n\n", .badRequest), ("0\r\n X: y\r\n", .badRequest), ("0\r\nX : y\r\n", .badRequest),
        ("0\r\n: y\r\n", .badRequest), ("ffffffffffffffff\r\n", .contentTooLarge),
        ("101\r\n", .contentTooLarge),
        ("80\r\n" + String(repeating: "a", count: 128) + "\r\n81\r\n", .contentTooLarge),
        ("1;a=" + String(repeating: "b", count: 4096), .contentTooLarge),
        ("0\r\nX: " + String(repeating: "b", count: 8192), .requestHeaderFieldsTooLarge),
        ("0\r\n" + String(repeating: "X: y\r\n", count: 101), .requestHeaderFieldsTooLarge),
    ]

    @Test(arguments: refused) func `a bad body is refused`(text: String, status: Status) {
        #expect(
            performing: { _ = try read(text, limit: 256) }, throws: { ($0 as? Refusal)?.status == status })
    }

    @Test func `the extensions of all chunks together are limited`() {
        let chunk = "1;" + String(repeating: "e", count: 1000) + "\r\na\r\n"
        let text = String(repeating: chunk, count: 17)
        #expect(
            performing: { _ = try read(text) }, throws: { ($0 as? Refusal)?.section == "RFC 9112, 7.1.1" })
    }

    @Test func `a body is limited by its count and not by its announced size`() throws {
        let chunks = String(repeating: "1\r\na\r\n", count: 11)
        #expect(try read(chunks + "0\r\n\r\n", limit: 11)?.body.count == 11)
        #expect(
            performing: { _ = try read(chunks, limit: 10) },
            throws: { $0 as? Refusal == .bodyTooLarge(limit: 10) })
    }

    @Test func `a body with a length ends there, and too long a one is refused at once`() throws {
        var reader = try BodyReader(.length(3), limit: 3, limits: MessageLimits())
        var body: [UInt8] = []
        #expect(try reader.read(Array("ab".utf8)[...], into: &body) == 2)
        #expect(!reader.isComplete)
        #expect(try reader.read(Array("cGET".utf8)[...], into: &body) == 1)
        #expect(reader.isComplete && body == Array("abc".utf8))
        #expect(throws: Refusal.bodyTooLarge(limit: 2)) {
            try BodyReader(.length(3), limit: 2, limits: MessageLimits())
        }
    }
}
