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
        ("3 ; a = b\r\nabc\r\n0\r\n\r\n", "abc"), ("3;a ;b\t;\tc=\"\u{e9}\\\\\"\r\nabc\r\n0\r\n\r\n", "abc"),
        ("0000000000000003\r\nabc\r\n0000000000000000\r\n\r\n", "abc"),
        ("4\r\n\r\n\r\n\r\n0\r\nX-T: v\r\nY:\r\n\r\n", "\r\n\r\n"),
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

    /// What is refused behind a well-formed head, by the section that it breaks.
    static let malformed = [
        "RFC 9112, 7.1": [
            "\r\n", "-3\r\n", "+3\r\n", "g\r\n", " 3\r\n", ";a\r\n", "\u{ff13}\r\n", "10000000000000003\r\n",
            "00000000000000000\r\n", "3\r\nabc0\r\n", "3\r\nabcd\r\n", "3\r\nabcXX", "1\r\na0\r\n\r\n",
        ],
        "RFC 9112, 7.1.1": [
            "0x3\r\n", "3Z\r\n", "0_3\r\n", "3 \r\n", "3\t\r\n", "3 4\r\n", "3,a\r\n", "3;\r\n", "3; \r\n",
            "3;;a\r\n",
            "3;a;\r\n", "3;=a\r\n", "3;a=\r\n", "3;a =\r\n", "3;a b\r\n", "3;a=b \r\n", "3;a=\"b\r\n",
            "3;a=\"b\\\"\r\n",
            "3;a=\"b\"c\r\n", "3;a=(b)\r\n", "3;\u{e9}\r\n", "3\u{a0};a\r\n",
        ],
        "RFC 9112, 2.2": [
            "3\n", "3\rabc", "3;a\n", "3;a=\rb", "3;a\0\r\n", "3;a=\"\u{7f}\"\r\n", "3\r\nabc\n",
            "3\r\nabc\rX",
            "0\r\n\n", "0\r\nX: y\n", "0\r\nX: \0\r\n", "0\r\n\rX",
        ],
        "RFC 9112, 5": ["0\r\nXX\r\n", "0\r\n: y\r\n"],
        "RFC 9112, 5.1": ["0\r\nX : y\r\n"],
        "RFC 9112, 5.2": ["0\r\n X: y\r\n", "0\r\nX: y\r\n z\r\n", "0\r\n \r\n"],
        "RFC 9110, 5.1": ["0\r\nGET /a HTTP/1.1: y\r\n"],
    ]

    @Test(arguments: malformed) func `a bad body is refused`(section: String, texts: [String]) {
        for text in texts {
            #expect(refusal(text)?.status == .badRequest, "\(text.debugDescription)")
            #expect(refusal(text)?.section == section, "\(text.debugDescription)")
        }
    }

    /// Why a body is not taken; nil when it is, or more of it is waited for.
    private func refusal(_ text: String) -> Refusal? {
        do {
            _ = try read(text, limit: 256)
            return nil
        } catch {
            return error
        }
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
