import EventLoop
import HTTP
import Testing

@testable import HTTPServer

@Suite struct TimeoutStateTests {
    @Test func `a connection that never sends is closed silently after the header timeout`() throws {
        let probe = StateProbe()
        let accepted = probe.now
        #expect(try probe.timeOut() == "close")
        #expect(probe.now == accepted + .seconds(10))
    }

    @Test func `the first head's time runs from the accept`() throws {
        let probe = StateProbe()
        let accepted = probe.now
        probe.advance(.seconds(9))
        #expect(probe.receive("GET") == "wait")
        #expect(try probe.timeOut() == "refuse 408")
        #expect(probe.now == accepted + .seconds(10))
    }

    @Test func `a later head's time runs from its first byte, and more bytes do not stretch it`() throws {
        let probe = StateProbe()
        _ = probe.receive(get)
        _ = probe.answer()
        probe.advance(.seconds(30))
        let began = probe.now
        #expect(probe.receive("GET") == "wait")
        probe.advance(.seconds(9))
        #expect(probe.receive(" /") == "wait")
        #expect(try probe.timeOut() == "refuse 408")
        #expect(probe.now == began + .seconds(10))
    }

    @Test func `an empty line alone is no request to be answered`() throws {
        let probe = StateProbe()
        #expect(probe.receive("\r\n") == "wait")
        #expect(try probe.timeOut() == "close")
    }

    @Test func `an idle connection is closed silently`() throws {
        let probe = StateProbe()
        _ = probe.receive(get)
        _ = probe.answer()
        let answered = probe.now
        #expect(try probe.timeOut() == "close")
        #expect(probe.now == answered + .seconds(60))
    }

    @Test func `the idle timeout is never below 2 s`() {
        var limits = Limits()
        limits.idleTimeout = .zero
        #expect(limits.idleTimeout == .seconds(2))
    }

    @Test func `there is no deadline while a request is being answered`() {
        let probe = StateProbe()
        _ = probe.receive(get)
        #expect(probe.state.deadline == nil)
    }

    @Test func `a body that pauses is refused`() throws {
        let probe = StateProbe()
        _ = probe.receive(post("/p", "Content-Length: 100", body: "a"))
        _ = probe.admit(limit: 100)
        #expect(probe.next() == "wait")
        probe.advance(.seconds(4))
        _ = probe.receive("a")
        let last = probe.now
        #expect(try probe.timeOut() == "refuse 408")
        #expect(probe.now == last + .seconds(10))
        #expect(probe.answer(.requestTimeout)?.persistence == .close)
    }

    @Test func `a body that drips is refused after 1.5 times the timeout and a second per 16 KiB`() throws {
        let probe = StateProbe()
        let began = probe.now
        _ = probe.receive(post("/p", "Content-Length: 100000"))
        _ = probe.admit(limit: 100_000)
        #expect(probe.receive(String(repeating: "a", count: 32 << 10)) == "wait")
        for _ in 0..<2 {
            probe.advance(.seconds(8))
            _ = probe.receive("a")
        }
        #expect(try probe.timeOut() == "refuse 408")
        let taken = probe.now - began
        #expect(taken > .seconds(17) && taken < .seconds(17.01))
    }

    @Test func `a dropped body that pauses ends the connection`() throws {
        let probe = StateProbe()
        _ = probe.receive(post("/p", "Content-Length: 3"))
        _ = probe.answer(.notFound)
        #expect(try probe.timeOut() == "shutdown")
    }

    @Test func `a refusal that waits for a chunked body is sent when the body stops`() throws {
        let probe = StateProbe()
        _ = probe.receive(post("/p", "Transfer-Encoding: chunked", body: "3\r\na"))
        #expect(probe.answer(.notFound) == nil)
        #expect(probe.next() == "wait")
        #expect(try probe.timeOut() == "answer 404")
        #expect(probe.answer(.notFound)?.persistence == .close)
    }

    @Test func `lingering ends after 2 s`() throws {
        let probe = StateProbe()
        try linger(probe)
        #expect(try probe.timeOut() == "close")
    }

    @Test func `lingering ends after 32 MiB`() throws {
        let probe = StateProbe { $0.lingerBytes = 100 }
        try linger(probe)
        #expect(probe.receive(String(repeating: "a", count: 100)) == "wait")
        #expect(probe.receive("a") == "close")
    }

    private func linger(_ probe: StateProbe) throws {
        _ = probe.receive("bad\r\n")
        _ = probe.answer(.badRequest)
        try #require(probe.next() == "shutdown")
    }

    @Test func `answers that nobody takes stop the reading and then reset`() throws {
        let probe = StateProbe()
        _ = probe.receive(get)
        _ = probe.answer()
        probe.queue(256 << 10)
        #expect(probe.state.interest == .write)
        #expect(probe.receive(get) == "wait")
        probe.advance(.seconds(15))
        probe.queue(200 << 10)
        #expect(probe.state.interest == [.read, .write])
        let progress = probe.now
        #expect(try probe.timeOut() == "reset")
        #expect(probe.now == progress + .seconds(20))
    }

    @Test func `requests that pile up behind an answer stop the reading`() {
        let probe = StateProbe { $0.inputBacklog = 50 }
        _ = probe.receive(get)
        #expect(probe.state.interest == .read)
        _ = probe.receive(get + get)
        #expect(probe.state.interest == [])
    }

    @Test func `a draining connection closes when idle, or after its answer`() {
        let idle = StateProbe()
        idle.state.drain()
        #expect(idle.next() == "shutdown")
        let busy = StateProbe()
        _ = busy.receive(get)
        busy.state.drain()
        #expect(busy.next() == "wait")
        #expect(busy.answer()?.persistence == .close)
    }
}
