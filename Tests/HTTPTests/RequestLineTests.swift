import HTTP
import Testing

@Suite struct RequestLineTests {
    static func line(_ line: String, _ status: Status, _ section: String) -> RefusedMessage {
        RefusedMessage(line + "\r\nHost: a\r\n\r\n", status, section)
    }

    static let refused = [
        line("GET  / HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET /  HTTP/1.1", .badRequest, "RFC 9112, 2.3"),
        line("GET\t/\tHTTP/1.1", .badRequest, "RFC 9112, 3"),
        line(" GET / HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET / HTTP/1.1 x", .badRequest, "RFC 9112, 2.3"),
        line("GET / x HTTP/1.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/1.1 ", .badRequest, "RFC 9112, 2.3"),
        line("GET /", .badRequest, "RFC 9112, 3"),
        line("GET HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET", .badRequest, "RFC 9112, 3"),
        line("GET  HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line(" / HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET/ HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET: / HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("(GET) / HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET /\t HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET /\u{b} HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET / HTTP/1.1\u{c}", .badRequest, "RFC 9112, 3"),
        line("GET / HTTP/1.1\0", .badRequest, "RFC 9112, 3"),
        line("G=T / HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("G\u{e9}T / HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("G\0T / HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET /\u{7f} HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET /\u{e9} HTTP/1.1", .badRequest, "RFC 9112, 3"),
        line("GET / http/1.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/1.", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/1.10", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/ 1.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / ICE/1.0", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTPS/1.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / Http/1.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP 1.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/11", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/1,1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/01.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/1.1.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/1.x", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/x.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/-1.1", .badRequest, "RFC 9112, 2.3"),
        line("GET / HTTP/0.9", .httpVersionNotSupported, "RFC 9110, 15.6.6"),
        line("GET / HTTP/2.0", .httpVersionNotSupported, "RFC 9110, 15.6.6"),
        line("GET / HTTP/9.9", .httpVersionNotSupported, "RFC 9110, 15.6.6"),
        line("get /%zz HTTP/3.1", .httpVersionNotSupported, "RFC 9110, 15.6.6"),
        line("PRI * HTTP/2.0", .httpVersionNotSupported, "RFC 9110, 15.6.6"),
        line("FROB / HTTP/1.1", .notImplemented, "RFC 9110, 15.6.2"),
        line("get / HTTP/1.1", .notImplemented, "RFC 9110, 15.6.2"),
        line("Get / HTTP/1.1", .notImplemented, "RFC 9110, 15.6.2"),
        line("GETS / HTTP/1.1", .notImplemented, "RFC 9110, 15.6.2"),
        line("PROPFIND %zz HTTP/1.0", .notImplemented, "RFC 9110, 15.6.2"),
        line("!#$%&'*+-.^_`|~ / HTTP/1.1", .notImplemented, "RFC 9110, 15.6.2"),
        line("connect a:443 HTTP/1.1", .notImplemented, "RFC 9110, 15.6.2"),
        line("CONNECT a:443 HTTP/1.1", .methodNotAllowed, "RFC 9110, 9.3.6"),
        line("CONNECT / HTTP/1.0", .methodNotAllowed, "RFC 9110, 9.3.6"),
        line("CONNECT http://a/ HTTP/1.1", .methodNotAllowed, "RFC 9110, 9.3.6"),
        line("\r\n\r\nGET / HTTP/1.1", .badRequest, "RFC 9112, 3"),
        RefusedMessage("GET / HTTP/1.1\nHost: a\r\n\r\n", .badRequest, "RFC 9112, 2.2"),
        RefusedMessage("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest, "RFC 9112, 2.2"),
        RefusedMessage("GET / HTTP/1.1\rHost: a\r\n\r\n", .badRequest, "RFC 9112, 2.2"),
        RefusedMessage("GET / HTTP/\r1.1\r\nHost: a\r\n\r\n", .badRequest, "RFC 9112, 2.2"),
        RefusedMessage("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .badRequest, "RFC 9112, 2.2"),
        RefusedMessage("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest, "RFC 9112, 2.2"),
        RefusedMessage("\u{16}\u{3}\u{1}", .badRequest, "RFC 9112, 3"),
    ]

    @Test(arguments: refused) func `a bad request line is refused`(message: RefusedMessage) {
        #expect(message.isRefused, "\(String(describing: refusal(message.text)))")
    }

    static let targets = [
        line("GET /a#b HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /a\\b HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /{a} HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /?a=[b] HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /a?b#c HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /\"a\" HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /<a> HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /a|b HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /a^b HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /a`b HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET /%zz HTTP/1.1", .badRequest, "RFC 3986, 2.1"),
        line("GET /%4 HTTP/1.1", .badRequest, "RFC 3986, 2.1"),
        line("GET /?% HTTP/1.1", .badRequest, "RFC 3986, 2.1"),
        line("GET /?a=%g0 HTTP/1.1", .badRequest, "RFC 3986, 2.1"),
        line("GET /%4/b HTTP/1.1", .badRequest, "RFC 3986, 2.1"),
        line("GET /a%?b HTTP/1.1", .badRequest, "RFC 3986, 2.1"),
        line("GET http://a/%zz HTTP/1.1", .badRequest, "RFC 3986, 2.1"),
        line("GET http://a?%zz HTTP/1.1", .badRequest, "RFC 3986, 2.1"),
        line("GET /%00 HTTP/1.1", .badRequest, "RFC 3986, 7.3"),
        line("GET /%0d%0a HTTP/1.1", .badRequest, "RFC 3986, 7.3"),
        line("GET /a%09 HTTP/1.1", .badRequest, "RFC 3986, 7.3"),
        line("GET /%1F HTTP/1.1", .badRequest, "RFC 3986, 7.3"),
        line("GET http://a/%7f HTTP/1.1", .badRequest, "RFC 3986, 7.3"),
        line("GET /%ff HTTP/1.1", .badRequest, "RFC 3986, 2.5"),
        line("GET /%c3/%a9 HTTP/1.1", .badRequest, "RFC 3986, 2.5"),
        line("GET /%c0%af HTTP/1.1", .badRequest, "RFC 3986, 2.5"),
        line("GET /%ed%a0%80 HTTP/1.1", .badRequest, "RFC 3986, 2.5"),
        line("GET /%f4%90%80%80 HTTP/1.1", .badRequest, "RFC 3986, 2.5"),
        line("GET a/b HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET example.org:80 HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET https://a/ HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET ws://a/ HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET http:/a HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET http:// HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET ../a HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET ?a HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET %2Fa HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET http://a/b#c HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("GET http://u@a/ HTTP/1.1", .badRequest, "RFC 9110, 4.2.1"),
        line("GET http:///a HTTP/1.1", .badRequest, "RFC 9110, 4.2.1"),
        line("GET http://a:65536/ HTTP/1.1", .badRequest, "RFC 9110, 4.2.1"),
        line("GET http://a:8o/ HTTP/1.1", .badRequest, "RFC 9110, 4.2.1"),
        line("GET http://?a HTTP/1.1", .badRequest, "RFC 9110, 4.2.1"),
        line("GET http://:80/ HTTP/1.1", .badRequest, "RFC 9110, 4.2.1"),
        line("GET http://[::1/ HTTP/1.1", .badRequest, "RFC 9110, 4.2.1"),
        line("GET http://a#b HTTP/1.1", .badRequest, "RFC 9110, 4.2.1"),
        line("GET * HTTP/1.1", .badRequest, "RFC 9112, 3.2.4"),
        line("HEAD * HTTP/1.1", .badRequest, "RFC 9112, 3.2.4"),
        line("OPTIONS *?a HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
        line("OPTIONS ** HTTP/1.1", .badRequest, "RFC 9112, 3.2"),
    ]

    @Test(arguments: targets) func `a bad target is refused`(message: RefusedMessage) {
        #expect(message.isRefused, "\(String(describing: refusal(message.text)))")
    }

    @Test(arguments: [
        ("GET /", "/", nil), ("GET //x/../y", "//x/../y", nil), ("GET /%C3%A9", "/%C3%A9", nil),
        ("GET /a?b/c?d", "/a", "b/c?d"), ("GET /?", "/", ""), ("OPTIONS *", "*", nil),
        ("GET http://b", "/", nil), ("OPTIONS http://b", "*", nil), ("GET HTTP://b?c", "/", "c"),
        ("GET http://b:8080/c?d", "/c", "d"), ("GET /a:@!$&'()*+,;=-._~", "/a:@!$&'()*+,;=-._~", nil),
        ("GET /*", "/*", nil), ("OPTIONS /", "/", nil), ("OPTIONS http://b/", "/", nil),
        ("OPTIONS http://b?", "/", ""), ("GET /%2e%2e/%2F", "/%2e%2e/%2F", nil),
        ("GET /?%00%ff", "/", "%00%ff"),
        ("GET http://[::1]:", "/", nil), ("TRACE /", "/", nil),
    ])
    func `a good target is taken as it is`(start: String, path: String, query: String?) throws {
        let head = try #require(try parse(start + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        #expect(head.request.path == path)
        #expect(head.request.query == query)
    }

    @Test func `the host of an absolute target stands above the Host field`() throws {
        let head = try parse("GET http://b:81/c HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(head?.request.fields["host"] == "b:81")
    }

    @Test(arguments: ["HTTP/1.2", "HTTP/1.9"]) func `a later minor version is served as 1.1`(version: String)
        throws
    {
        let head = try #require(try parse("GET / \(version)\r\nHost: a\r\n\r\n"))
        #expect(!head.isVersion10 && head.keepsAlive)
    }
}
