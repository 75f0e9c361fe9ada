import HTTP
import Testing

@Suite struct RequestParserTests {
    static let valid = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET /a/b?c=%20d HTTP/1.0\r\n\r\n",
        "POST /things HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 3\r\nX-Empty:\r\n\r\n",
        "PUT http://example.org:80/x?y HTTP/1.9\r\nhOsT:example.org \t\r\nTransfer-Encoding:\tChunked \r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\nX!#$%&'*+-.^_`|~09az: \u{e9}\tb\r\n\r\n",
    ]

    @Test(arguments: valid) func `every truncation needs more and every split gives the same request`(
        text: String
    ) throws {
        let bytes = Array(text.utf8)
        let whole = try #require(try parse(bytes))
        for cut in 0..<bytes.count {
            var parser = RequestParser()
            #expect(try parser.parse(bytes[..<cut]) == nil)
            let head = try #require(try parser.parse(bytes[...]))
            #expect(head.request.path == whole.request.path)
            #expect(head.request.fields == whole.request.fields)
            #expect(head.framing == whole.framing)
            #expect(parser.length == bytes.count)
        }
    }

    @Test(arguments: valid) func `a request is read byte by byte`(text: String) throws {
        let bytes = Array(text.utf8)
        var parser = RequestParser()
        for end in 1..<bytes.count { #expect(try parser.parse(bytes[..<end]) == nil) }
        #expect(try parser.parse(bytes[...]) != nil)
    }

    @Test func `what follows the head is left for the body or the next request`() throws {
        let text = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
        var parser = RequestParser()
        _ = try parser.parse(Array((text + text).utf8)[...])
        #expect(parser.length == text.utf8.count)
    }

    @Test func `method, path, query and fields are told`() throws {
        let head = try #require(
            try parse("GET /a%20b?c=d?e HTTP/1.1\r\nHost: x\r\nX-A:  b c \r\nx-a: d\r\n\r\n"))
        #expect(head.request.method == .get)
        #expect(head.request.path == "/a%20b")
        #expect(head.request.query == "c=d?e")
        #expect(head.request.fields["X-a"] == "b c, d")
        #expect(head.framing == .none && head.keepsAlive && !head.expectsContinue && !head.isVersion10)
    }

    @Test func `obs-text that is not UTF-8 becomes U+FFFD`() throws {
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX: caf".utf8) + [0xe9] + Array("\r\n\r\n".utf8)
        #expect(try parse(bytes)?.request.fields["X"] == "caf\u{fffd}")
    }

    @Test func `a request begins with its first byte, not with the empty line before it`() throws {
        var parser = RequestParser()
        _ = try parser.parse(Array("\r\n".utf8)[...])
        #expect(!parser.hasBegun)
        _ = try parser.parse(Array("\r\nG".utf8)[...])
        #expect(parser.hasBegun)
    }

    @Test(arguments: [
        ("HEAD / HTTP/1.1\r\nHo", true), ("HEAD ", true), ("\r\nHEAD /", true), ("HEAD", false),
        ("HEADS /", false),
        ("head /", false), ("GET /HEAD ", false), ("\r\n\r\nHEAD /", false), ("", false),
    ])
    func `a HEAD is known by its first bytes`(text: String, isHead: Bool) {
        #expect(RequestParser.isHead(Array(text.utf8)[...]) == isHead)
    }
}
