import HTTP
import Testing

@Suite struct FieldLineTests {
    static func field(_ line: String, _ section: String) -> RefusedMessage {
        RefusedMessage(get(line), .badRequest, section)
    }

    static let refused = [
        field("X-A : b", "RFC 9112, 5.1"),
        field("X-A\t: b", "RFC 9112, 5.1"),
        field("X-A: b\r\n c", "RFC 9112, 5.2"),
        field("X-A: b\r\n\tc", "RFC 9112, 5.2"),
        field("Foo", "RFC 9112, 5"),
        field("X Y", "RFC 9112, 5"),
        field(": v", "RFC 9112, 5"),
        field(":", "RFC 9112, 5"),
        field(" : v", "RFC 9112, 5.2"),
        field(" ", "RFC 9112, 5.2"),
        field("X Y: v", "RFC 9110, 5.1"),
        field("X[a]: v", "RFC 9110, 5.1"),
        field("X/Y: v", "RFC 9110, 5.1"),
        field("\"X\": v", "RFC 9110, 5.1"),
        field("X,Y: v", "RFC 9110, 5.1"),
        field("X=Y: v", "RFC 9110, 5.1"),
        field("\u{212A}eep-Alive: v", "RFC 9110, 5.1"),
        field("X-\u{e9}: v", "RFC 9110, 5.1"),
        field("X\u{1}Y: v", "RFC 9110, 5.5"),
        field("X\0Y: v", "RFC 9110, 5.5"),
        field("X: a\u{1}b", "RFC 9110, 5.5"),
        field("X: a\0b", "RFC 9110, 5.5"),
        field("X:\u{b}a", "RFC 9110, 5.5"),
        field("X: a\u{c}", "RFC 9110, 5.5"),
        field("X: \u{1b}[1m", "RFC 9110, 5.5"),
        field("X: a\u{7f}b", "RFC 9110, 5.5"),
        field("X: a\rb", "RFC 9112, 2.2"),
        field("X: a\r", "RFC 9112, 2.2"),
        field("X: a\nY: b", "RFC 9112, 2.2"),
        field("Te\nst: x", "RFC 9112, 2.2"),
        RefusedMessage("GET / HTTP/1.1\r\n X: b\r\nHost: a\r\n\r\n", .badRequest, "RFC 9112, 5.2"),
        RefusedMessage("GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n", .badRequest, "RFC 9112, 5.2"),
        RefusedMessage("GET / HTTP/1.1\r\nHost: a\r\n\rZ", .badRequest, "RFC 9112, 2.2"),
    ]

    @Test(arguments: refused) func `a bad field line is refused`(message: RefusedMessage) {
        #expect(message.isRefused, "\(String(describing: refusal(message.text)))")
    }

    static let hosts = [
        "", "a b", "u@a", "<a>", "a/b", "a:80a", "a:65536", ":80", "[::1", "[::1]x", "[::g]",
        "[1:2]", "[1::2::3]", "[:::]", "[1:2:3:4:5:6:7:8:9]", "[::300.1.1.1]", "[v.a]", "a%2", "a, b",
        "[]", "[", "[:]", "[::1:]", "[:1::]", "[12345::]", "[1::2:3:4:5:6:7:8]", "[::1.2.3.4:5]", "[::1.2.3]",
        "[::01.2.3.4]", "[1.2.3.4]", "[::1%25eth0]", "[v1.]", "[vg.a]", "[::1]80", "[::1]:65536", "a:-1",
        "a:1:2",
        "a:99999999999999999999", "%zz", "a\u{e9}", "a\u{2003}", "a\\b", "a?b", "a#b", "http://a",
    ]

    @Test(arguments: hosts) func `a host that cannot be one is refused`(host: String) {
        #expect(
            RefusedMessage("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", .badRequest, "RFC 9112, 3.2").isRefused)
        #expect(
            RefusedMessage("GET / HTTP/1.0\r\nHost: \(host)\r\n\r\n", .badRequest, "RFC 9112, 3.2").isRefused)
    }

    @Test(arguments: [
        "a", "a:", "a:0", "a:65535", "127.0.0.1:8080", "[::]", "[::1]", "[1::]", "[1:2:3:4:5:6:7:8]:1",
        "[1:2:3:4:5:6:1.2.3.4]", "[::ffff:1.2.3.4]", "[v1.a:b]", "a_b%20!", "ex-ample.org.",
        "a:00080", "[1:2:3:4:5:6:7::]", "[1::8]", "[V1F.!a]", "[::1]:", "a,b", "1.2.3.400", "A.EXAMPLE",
    ])
    func `a host that can be one is taken`(host: String) throws {
        #expect(try parse("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")?.request.fields["Host"] == host)
    }

    @Test func `HTTP 1.1 needs one Host and HTTP 1.0 at most one`() throws {
        #expect(refusal("GET / HTTP/1.1\r\n\r\n")?.section == "RFC 9112, 3.2")
        #expect(refusal(get("hOST: example.org"))?.section == "RFC 9112, 3.2")
        #expect(refusal("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n")?.section == "RFC 9112, 3.2")
        #expect(try parse("GET / HTTP/1.0\r\n\r\n") != nil)
        #expect(refusal("GET http://b/ HTTP/1.1\r\n\r\n")?.section == "RFC 9112, 3.2")
        #expect(refusal("GET http://b/ HTTP/1.1\r\nHost: a b\r\n\r\n")?.section == "RFC 9112, 3.2")
    }

    @Test(arguments: [
        ("X:", ""), ("X: \t ", ""), ("X:\t a \t b\t", "a \t b"), ("X: :", ":"),
        ("X:\u{a0}a\u{a0}", "\u{a0}a\u{a0}"),
        ("X: \u{2003}a\u{85} ", "\u{2003}a\u{85}"), ("X: \u{212A}\u{e9}\u{1F4DA}", "\u{212A}\u{e9}\u{1F4DA}"),
        ("X: \"a", "\"a"), ("X: ~!", "~!"),
    ])
    func `a value is without the blanks and tabs around it, and nothing else`(line: String, value: String)
        throws
    {
        #expect(try parse(get(line))?.request.fields["X"].map { Array($0.utf8) } == Array(value.utf8))
    }
}
