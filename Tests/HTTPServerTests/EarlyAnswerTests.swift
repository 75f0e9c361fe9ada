import HTTP
import Testing

@testable import HTTPServer

@Suite struct EarlyAnswerTests {
    @Test func `a short body is dropped behind its early answer and the connection kept`() {
        let probe = StateProbe()
        #expect(probe.receive(post("/p", "Content-Length: 3", body: "a")) == "admit /p")
        #expect(probe.answer(.notFound)?.persistence == .implied)
        #expect(probe.next() == "wait")
        #expect(probe.receive("bc" + get) == "respond /a ")
    }

    @Test func `a long body closes the connection`() {
        let probe = StateProbe()
        #expect(probe.receive(post("/p", "Content-Length: 65537")) == "admit /p")
        #expect(probe.answer(.notFound)?.persistence == .close)
        #expect(probe.next() == "shutdown")
    }

    @Test func `64 KiB are dropped, however the body is delimited`() {
        let body = String(repeating: "a", count: 65536)
        let probe = StateProbe()
        #expect(probe.receive(post("/p", "Content-Length: 65536", body: body)) == "admit /p")
        #expect(probe.answer(.notFound)?.persistence == .implied)
        #expect(probe.receive(post("/p", "Transfer-Encoding: chunked")) == "admit /p")
        #expect(probe.answer(.notFound) == nil)
        #expect(probe.receive("10000\r\n\(body)\r\n0\r\n\r\n") == "answer 404")
        #expect(probe.answer(.notFound)?.persistence == .implied)
        #expect(probe.receive(get) == "respond /a ")
    }

    @Test func `the early answer to a chunked body waits for its end`() {
        let probe = StateProbe()
        #expect(probe.receive(post("/p", "Transfer-Encoding: chunked", body: "1\r\na\r\n")) == "admit /p")
        #expect(probe.answer(.notFound) == nil)
        #expect(probe.next() == "wait")
        #expect(probe.receive("0\r\n\r\n" + get) == "answer 404")
        #expect(probe.answer(.notFound)?.persistence == .implied)
        #expect(probe.next() == "respond /a ")
    }

    @Test func `a chunked body that is too long to drop gets the early answer and a close`() {
        let probe = StateProbe()
        _ = probe.receive(post("/p", "Transfer-Encoding: chunked"))
        #expect(probe.answer(.notFound) == nil)
        #expect(probe.receive("10001\r\n") == "answer 404")
        #expect(probe.answer(.notFound)?.persistence == .close)
    }

    @Test func `a dropped chunked body must be well-formed`() {
        let probe = StateProbe()
        _ = probe.receive(post("/p", "Transfer-Encoding: chunked"))
        #expect(probe.answer(.notFound) == nil)
        #expect(probe.receive("zz\r\n") == "refuse 400")
    }

    @Test func `100 is sent once when the body is wanted and has not come`() {
        let probe = StateProbe()
        #expect(probe.receive(post("/p", "Expect: 100-continue", "Content-Length: 1")) == "admit /p")
        #expect(probe.admit(limit: 1) == nil)
        #expect(probe.next() == "continue")
        #expect(probe.next() == "wait")
        #expect(probe.receive("a") == "respond /p a")
    }

    @Test func `100 is not sent when the body is there already`() {
        let probe = StateProbe()
        #expect(
            probe.receive(post("/p", "Expect: 100-continue", "Content-Length: 2", body: "a")) == "admit /p")
        #expect(probe.admit(limit: 2) == nil)
        #expect(probe.next() == "wait")
    }

    @Test func `a refused expectation closes, for the body may come or not`() {
        let probe = StateProbe()
        #expect(probe.receive(post("/p", "Expect: 100-continue", "Content-Length: 1")) == "admit /p")
        #expect(probe.answer(.unauthorized)?.persistence == .close)
        #expect(probe.next() == "shutdown")
    }

    @Test func `a client that leaves while its body is dropped is let go`() {
        let probe = StateProbe()
        _ = probe.receive(post("/p", "Content-Length: 3", body: "a"))
        _ = probe.answer(.notFound)
        #expect(probe.endInput() == "close")
    }
}
