import HTTP
import Testing

@testable import HTTPServer

@Suite struct ConnectionStateTests {
    @Test func `a request is answered and the next one awaited`() {
        let probe = StateProbe()
        #expect(probe.receive(get) == "respond /a ")
        #expect(probe.answer()?.persistence == .implied)
        #expect(probe.next() == "wait")
        #expect(probe.receive(get) == "respond /a ")
    }

    @Test func `pipelined requests are taken one at a time`() {
        let probe = StateProbe()
        #expect(probe.receive(get + get.replacing("/a", with: "/b")) == "respond /a ")
        #expect(probe.next() == "wait")
        _ = probe.answer()
        #expect(probe.next() == "respond /b ")
    }

    @Test func `a head that comes again is the same request, however it is split`() {
        for split in 0...get.utf8.count {
            let probe = StateProbe()
            #expect(probe.receive(get) == "respond /a ")
            _ = probe.answer()
            let again = Array((get + get).utf8)
            if split > 0 {
                #expect(probe.receive(again[..<split]).hasPrefix(split < get.utf8.count ? "wait" : "resp"))
            }
            _ = probe.receive(again[split...])
            if split < get.utf8.count { #expect(probe.state.phase == .answering) }
            _ = probe.answer()
            #expect(probe.next() == "respond /a ")
        }
    }

    @Test func `a head that begins like the last one is read anew`() {
        let probe = StateProbe()
        let other = get.replacing("/a", with: "/ab")
        for (text, path) in [(get, "/a"), (other, "/ab"), (get, "/a"), (get, "/a"), (other, "/ab")] {
            #expect(probe.receive(text) == "respond \(path) ")
            _ = probe.answer()
        }
        #expect(probe.receive(String(get.dropLast())) == "wait")
        #expect(probe.receive("Connection: close\r\n\r\n") == "respond /a ")
        #expect(probe.answer()?.persistence == .close)
    }

    @Test func `the same head has a body of its own each time`() {
        let probe = StateProbe()
        for body in ["abc", "def"] {
            #expect(probe.receive(post("/p", "Content-Length: 3", body: body)) == "admit /p")
            #expect(probe.admit(limit: 3) == nil)
            #expect(probe.next() == "respond /p \(body)")
            _ = probe.answer(.created)
        }
    }

    @Test func `a body is awaited once it is admitted`() {
        let probe = StateProbe()
        #expect(probe.receive(post("/p", "Content-Length: 3", body: "a")) == "admit /p")
        #expect(probe.admit(limit: 3) == nil)
        #expect(probe.next() == "wait")
        #expect(probe.receive("bc" + get) == "respond /p abc")
        #expect(probe.answer(.created)?.persistence == .implied)
        #expect(probe.next() == "respond /a ")
    }

    @Test func `a chunked body is decoded`() {
        let probe = StateProbe()
        #expect(probe.receive(post("/p", "Transfer-Encoding: chunked", body: "1\r\na\r\n")) == "admit /p")
        #expect(probe.admit(limit: 3) == nil)
        #expect(probe.next() == "wait")
        #expect(probe.receive("1\r\nb\r\n0\r\n\r\n") == "respond /p ab")
    }

    @Test func `a body above its limit is refused, by length at once and chunked by count`() {
        let probe = StateProbe()
        _ = probe.receive(post("/p", "Content-Length: 4"))
        #expect(probe.admit(limit: 3) == .bodyTooLarge(limit: 3))
        let chunked = StateProbe()
        _ = chunked.receive(post("/p", "Transfer-Encoding: chunked"))
        #expect(chunked.admit(limit: 3) == nil)
        #expect(chunked.receive("2\r\nab\r\n2\r\n") == "refuse 413")
        #expect(chunked.answer(.contentTooLarge)?.persistence == .close)
        #expect(chunked.next() == "shutdown")
    }

    @Test func `a malformed head is refused and nothing after it is read`() {
        let probe = StateProbe()
        #expect(probe.receive("GET /\r\n" + get) == "refuse 400")
        #expect(probe.answer(.badRequest)?.persistence == .close)
        #expect(probe.next() == "shutdown")
        #expect(probe.receive(get) == "wait")
        #expect(probe.endInput() == "close")
    }

    @Test(arguments: [
        "HEAD / HTTP/1.1\r\nBad Name: x\r\n", "HEAD /%zz HTTP/1.1\r\n", "HEAD / HTTP/2.0\r\n",
        "HEAD * HTTP/1.1\r\n",
        "\r\nHEAD /\u{1}", "HEAD /" + String(repeating: "a", count: 8200),
    ])
    func `a refusal of HEAD is written as an answer to HEAD`(text: String) {
        let probe = StateProbe()
        #expect(probe.receive(text).hasPrefix("refuse "))
        #expect(probe.answer(.badRequest)?.isHead == true)
    }

    @Test func `a HEAD that does not end in time is answered as HEAD`() throws {
        let probe = StateProbe()
        #expect(probe.receive("HEAD /") == "wait")
        #expect(try probe.timeOut() == "refuse 408")
        #expect(probe.answer(.requestTimeout)?.isHead == true)
    }

    @Test func `what the client says closes the connection`() {
        let asked = StateProbe()
        _ = asked.receive(get.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n") + get)
        #expect(asked.answer()?.persistence == .close)
        #expect(asked.next() == "shutdown")
    }

    @Test func `HTTP 1.0 is closed, or told that it is kept`() {
        let probe = StateProbe()
        _ = probe.receive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(probe.answer()?.persistence == .keepAlive)
        _ = probe.receive("GET / HTTP/1.0\r\n\r\n")
        #expect(probe.answer()?.persistence == .close)
    }

    @Test func `a half-closed client gets its answers, the last of which says close`() {
        let probe = StateProbe()
        _ = probe.receive(get + get)
        probe.state.inputEnded()
        #expect(probe.answer()?.persistence == .implied)
        #expect(probe.next() == "respond /a ")
        #expect(probe.answer()?.persistence == .close)
        probe.queue(10)
        #expect(probe.next() == "wait")
        probe.queue(0)
        #expect(probe.next() == "close")
    }

    @Test(arguments: [
        ("", "close"), ("\r", "close"), ("\r\n", "close"), ("G", "refuse 400"), ("\r\nG", "refuse 400"),
        ("GET / HTTP/1.1\r\n", "refuse 400"),
    ])
    func `a client that leaves early is answered when it has begun to ask`(text: String, then: String) {
        let probe = StateProbe()
        _ = text.isEmpty ? "" : probe.receive(text)
        #expect(probe.endInput() == then)
    }

    @Test func `an empty line after the last request asks for nothing`() {
        let probe = StateProbe()
        _ = probe.receive(get + "\r\n")
        #expect(probe.answer()?.persistence == .implied)
        #expect(probe.endInput() == "close")
    }

    @Test func `a body cut short is never handed on`() {
        let probe = StateProbe()
        _ = probe.receive(post("/p", "Content-Length: 3", body: "ab"))
        _ = probe.admit(limit: 3)
        #expect(probe.endInput() == "refuse 400")
    }
}
