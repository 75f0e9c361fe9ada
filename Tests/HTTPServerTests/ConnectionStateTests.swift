import HTTP
import Testing

@testable import HTTPServer

@Suite struct ConnectionStateTests {
    @Test func `a request is answered and the next one awaited`() {
        var probe = StateProbe()
        #expect(probe.receive(get) == "respond /a ")
        #expect(probe.answer()?.persistence == .implied)
        #expect(probe.next() == "wait")
        #expect(probe.receive(get) == "respond /a ")
    }

    @Test func `pipelined requests are taken one at a time`() {
        var probe = StateProbe()
        #expect(probe.receive(get + get.replacing("/a", with: "/b")) == "respond /a ")
        #expect(probe.next() == "wait")
        _ = probe.answer()
        #expect(probe.next() == "respond /b ")
    }

    @Test func `a body is awaited once it is admitted`() {
        var probe = StateProbe()
        #expect(probe.receive(post("/p", "Content-Length: 3", body: "a")) == "admit /p")
        #expect(probe.state.admitted(limit: 3, at: probe.now) == nil)
        #expect(probe.next() == "wait")
        #expect(probe.receive("bc" + get) == "respond /p abc")
        #expect(probe.answer(.created)?.request?.body == [])
        #expect(probe.next() == "respond /a ")
    }

    @Test func `a chunked body is decoded`() {
        var probe = StateProbe()
        #expect(probe.receive(post("/p", "Transfer-Encoding: chunked", body: "1\r\na\r\n")) == "admit /p")
        #expect(probe.state.admitted(limit: 3, at: probe.now) == nil)
        #expect(probe.next() == "wait")
        #expect(probe.receive("1\r\nb\r\n0\r\n\r\n") == "respond /p ab")
    }

    @Test func `a body above its limit is refused, by length at once and chunked by count`() {
        var probe = StateProbe()
        _ = probe.receive(post("/p", "Content-Length: 4"))
        #expect(probe.state.admitted(limit: 3, at: probe.now) == .bodyTooLarge(limit: 3))
        var chunked = StateProbe()
        _ = chunked.receive(post("/p", "Transfer-Encoding: chunked"))
        #expect(chunked.state.admitted(limit: 3, at: chunked.now) == nil)
        #expect(chunked.receive("2\r\nab\r\n2\r\n") == "refuse 413")
        #expect(chunked.answer(.contentTooLarge)?.persistence == .close)
        #expect(chunked.next() == "shutdown")
    }

    @Test func `a malformed head is refused and nothing after it is read`() {
        var probe = StateProbe()
        #expect(probe.receive("GET /\r\n" + get) == "refuse 400")
        #expect(probe.answer(.badRequest)?.persistence == .close)
        #expect(probe.next() == "shutdown")
        #expect(probe.receive(get) == "wait")
        #expect(probe.endInput() == "close")
    }

    @Test func `a refusal of HEAD is written as an answer to HEAD`() {
        var probe = StateProbe()
        #expect(probe.receive("HEAD / HTTP/1.1\r\nBad Name: x\r\n") == "refuse 400")
        #expect(probe.answer(.badRequest)?.isHead == true)
    }

    @Test func `OPTIONS for the server is answered without asking`() {
        var probe = StateProbe()
        #expect(probe.receive("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n") == "answer 204")
    }

    @Test func `what the client or the answer says closes the connection`() {
        var asked = StateProbe()
        _ = asked.receive(get.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n") + get)
        #expect(asked.answer()?.persistence == .close)
        #expect(asked.next() == "shutdown")
        var told = StateProbe()
        _ = told.receive(get)
        var response = Response(.ok)
        response.closesConnection = true
        #expect(told.state.answered(response, at: told.now)?.persistence == .close)
    }

    @Test func `HTTP 1.0 is closed, or told that it is kept`() {
        var probe = StateProbe()
        _ = probe.receive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(probe.answer()?.persistence == .keepAlive)
        _ = probe.receive("GET / HTTP/1.0\r\n\r\n")
        #expect(probe.answer()?.persistence == .close)
    }

    @Test func `a half-closed client gets its answers, the last of which says close`() {
        var probe = StateProbe()
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

    @Test(arguments: ["", "GET", "\r\n"])
    func `a client that leaves early is not answered as if it had asked`(text: String) {
        var probe = StateProbe()
        _ = text.isEmpty ? "" : probe.receive(text)
        #expect(probe.endInput() == (text.isEmpty ? "close" : "refuse 400"))
    }

    @Test func `a body cut short is never handed on`() {
        var probe = StateProbe()
        _ = probe.receive(post("/p", "Content-Length: 3", body: "ab"))
        _ = probe.state.admitted(limit: 3, at: probe.now)
        #expect(probe.endInput() == "refuse 400")
    }
}
