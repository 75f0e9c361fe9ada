import Testing

/// What a client sends: well-formed messages, and perhaps one behind them that is refused.
struct ClientStream: Sendable, CustomTestStringConvertible {
    var messages: [String]
    /// What is refused, and the status.
    var refused: (text: String, status: Int)?

    init(_ messages: String...) {
        self.messages = messages
    }

    init(_ messages: String..., refused text: String, _ status: Int) {
        self.messages = messages
        refused = (text, status)
    }

    var bytes: [UInt8] { Array((messages.joined() + (refused?.text ?? "")).utf8) }
    var testDescription: String { String(decoding: bytes.prefix(90), as: UTF8.self).debugDescription }

    /// How many messages are whole among the first bytes, and how many of the bytes are behind them.
    func messages(among count: Int) -> (whole: Int, rest: Int) {
        var (whole, rest) = (0, count)
        for message in messages {
            guard rest >= message.utf8.count else { break }
            rest -= message.utf8.count
            whole += 1
        }
        return (whole, rest)
    }

    static let all = single + pipelined + bad
}

/// A POST whose body is chunked.
private func chunked(_ body: String) -> String {
    post("/p", "Transfer-Encoding: chunked", body: body)
}

/// A GET with these lines.
private func get(_ lines: String...) -> String {
    "GET /a HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
}

extension ClientStream {
    /// One well-formed message each.
    static let single = [
        ClientStream(get()),
        ClientStream("GET /a/b%20c?d=e?f&g=%00 HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"),
        ClientStream("HEAD /a HTTP/1.1\r\nhOsT:a \t\r\n\r\n"),
        ClientStream("DELETE /a HTTP/1.1\r\nHost: a\r\n\r\n"),
        ClientStream("TRACE /a HTTP/1.1\r\nHost: a\r\n\r\n"),
        ClientStream("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
        ClientStream("OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ClientStream("GET http://b:80/c?d HTTP/1.1\r\nHost: a\r\n\r\n"),
        ClientStream("GET HTTP://b?c HTTP/1.1\r\nHost: a\r\n\r\n"),
        ClientStream("GET /a HTTP/1.0\r\n\r\n"),
        ClientStream("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
        ClientStream("GET /a HTTP/1.9\r\nHost: a\r\n\r\n"),
        ClientStream("\r\n" + get()),
        ClientStream(get("Connection: close")),
        ClientStream(get("Connection: upgrade", "Upgrade: websocket")),
        ClientStream(get("X: caf\u{e9}\tb", "Y:", "!#$%&'*+-.^_`|~09: z")),
        ClientStream(post("/p", "Content-Length: 3", body: "abc")),
        ClientStream(post("/p", "Content-Length: 003", body: "\r\n\0")),
        ClientStream(post("/p", "Content-Length: 0")),
        ClientStream(post("/p")),
        ClientStream(post("/p", "Content-Length: \(get().utf8.count)", body: get())),
        ClientStream(get("Content-Length: 2") + "ab"),
        ClientStream("HEAD /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"),
        ClientStream("OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"),
        ClientStream("POST /p HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"),
        ClientStream(post("/p", "Expect: 100-continue", "Content-Length: 3", body: "abc")),
        ClientStream(
            post("/p", "Expect: 100-continue", "Transfer-Encoding: chunked", body: "1\r\na\r\n0\r\n\r\n")),
        ClientStream(chunked("3\r\nabc\r\n0\r\n\r\n")),
        ClientStream(chunked("0\r\n\r\n")),
        ClientStream(chunked("00\r\n\r\n")),
        ClientStream(post("/p", "tRANSFER-eNCODING:\tCHUNKED ", body: "0a\r\n0123456789\r\n0\r\n\r\n")),
        ClientStream(chunked("1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n")),
        ClientStream(chunked("5\r\n0\r\n\r\n\r\n0\r\n\r\n")),
        ClientStream(chunked("2;a=b;c\r\nab\r\n0;d\r\n\r\n")),
        ClientStream(chunked("2 ;\ta = \"b;\\\"c, d\"\r\nab\r\n0\r\n\r\n")),
        ClientStream(chunked("2\r\nab\r\n0\r\nX-T: v\r\nY:\r\nContent-Length: 9\r\n\r\n")),
    ]

    /// Messages one behind the other.
    static let pipelined = [
        ClientStream(get(), get()),
        ClientStream(get(), "\r\n" + get()),
        ClientStream(post("/p", "Content-Length: 3", body: "abc"), get()),
        ClientStream(chunked("1;x\r\na\r\n0\r\nX: y\r\n\r\n"), get(), chunked("0\r\n\r\n")),
        ClientStream(
            "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n", post("/p", "Content-Length: 1", body: "a"), get()),
        ClientStream("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /b HTTP/1.0\r\n\r\n"),
    ]

    /// Messages that are refused, alone or behind others.
    static let bad = [
        ClientStream(refused: "\r\n\r\n", 400),
        ClientStream(refused: "\u{16}\u{3}\u{1}", 400),
        ClientStream(refused: "GET /a\r\n\r\n", 400),
        ClientStream(refused: "GET  /a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ClientStream(refused: "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ClientStream(refused: "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ClientStream(refused: "GET /a HTTP/1.1\nHost: a\n\n", 400),
        ClientStream(refused: "GET /a HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ClientStream(refused: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ClientStream(refused: "get /a HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ClientStream(refused: "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        ClientStream(refused: "HEAD /a HTTP/1.1\r\n\r\n", 400),
        ClientStream(refused: "GET http://b/ HTTP/1.1\r\n\r\n", 400),
        ClientStream(refused: get("Host: a"), 400),
        ClientStream(refused: get("X : a"), 400),
        ClientStream(refused: get("X: a", " b"), 400),
        ClientStream(refused: get("X"), 400),
        ClientStream(refused: get("X: a\0b"), 400),
        ClientStream(refused: get("X: a\rb"), 400),
        ClientStream(refused: get("X: a\nY: b"), 400),
        ClientStream(refused: get(String(repeating: "X: y\r\n", count: 100)), 431),
        ClientStream(refused: get("Expect: a"), 417),
        ClientStream(refused: post("/p", "Content-Length: 1, 1", body: "a"), 400),
        ClientStream(refused: post("/p", "Content-Length: +1", body: "a"), 400),
        ClientStream(refused: post("/p", "Content-Length: 1", "Content-Length: 1", body: "a"), 400),
        ClientStream(refused: post("/p", "Content-Length: 18446744073709551616", body: "a"), 413),
        ClientStream(refused: post("/p", "Content-Length: 9223372036854775807", body: "a"), 413),
        ClientStream(
            refused: post("/p", "Content-Length: 5", "Transfer-Encoding: chunked", body: "0\r\n\r\n"), 400),
        ClientStream(refused: post("/p", "Transfer-Encoding: gzip, chunked", body: "0\r\n\r\n"), 501),
        ClientStream(refused: "POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ClientStream(refused: chunked("zz\r\n"), 400),
        ClientStream(refused: chunked("3 \r\nabc\r\n0\r\n\r\n"), 400),
        ClientStream(refused: chunked("3;\r\nabc\r\n0\r\n\r\n"), 400),
        ClientStream(refused: chunked("3\nabc\n0\n\n"), 400),
        ClientStream(refused: chunked("3\r\nabcd\r\n0\r\n\r\n"), 400),
        ClientStream(refused: chunked("3\r\nabc\r0\r\n\r\n"), 400),
        ClientStream(refused: chunked("0\r\nX : y\r\n\r\n"), 400),
        ClientStream(refused: chunked("0\r\nGET /a HTTP/1.1\r\n\r\n"), 400),
        ClientStream(refused: chunked("ffffffffffffffff\r\n"), 413),
        ClientStream(refused: chunked("10000000000000000\r\n"), 400),
        ClientStream(get(), refused: "GET /a\r\n" + get(), 400),
        ClientStream(
            post("/p", "Content-Length: 1", body: "a"), chunked("0\r\n\r\n"), refused: get("Host: b"), 400),
    ]
}
