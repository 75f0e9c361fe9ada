import EventLoop
import HTTP
import Testing

@testable import HTTPServer

@Suite struct StreamStateTests {
    /// A connection whose answer goes on.
    private func streaming(
        _ text: String = get, _ change: (inout Limits) -> Void = { _ in }
    ) -> (probe: StateProbe, delivery: Delivery) {
        let probe = StateProbe(change)
        _ = probe.receive(text)
        return (probe, probe.state.streamBegan())
    }

    @Test func `a stream is the connection's last answer`() {
        let (probe, delivery) = streaming()
        #expect(delivery.persistence == .close && !delivery.isHead && !delivery.isVersion10)
        #expect(probe.next() == "wait" && probe.state.deadline == nil && probe.state.interest == .read)
        probe.state.streamEnded(at: probe.now)
        #expect(probe.next() == "close")
    }

    @Test func `a stream to HTTP 1_0 is known as such`() {
        #expect(streaming("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").delivery.isVersion10)
    }

    @Test func `what is sent meanwhile is dropped, and too much of it cuts the client off`() {
        let (probe, _) = streaming(get + get) { $0.inputBacklog = 100 }
        #expect(probe.state.input.isEmpty)
        #expect(probe.receive(String(repeating: "x", count: 100)) == "wait")
        #expect(probe.state.input.isEmpty)
        #expect(probe.receive("x") == "reset")
    }

    @Test func `a client that closes is gone`() {
        let (probe, _) = streaming()
        #expect(probe.endInput() == "close")
    }

    @Test func `a client that only asks and listens gets what is on its way`() {
        let (probe, _) = streaming()
        probe.queue(10)
        #expect(probe.endInput() == "wait" && probe.state.interest == .write)
        probe.queue(0)
        #expect(probe.next() == "close")
    }

    @Test func `a client that takes nothing is cut off`() throws {
        let (probe, _) = streaming()
        let since = probe.now
        probe.queue(10)
        probe.advance(.seconds(15))
        probe.queue(20)
        #expect(probe.next() == "wait")
        #expect(try probe.timeOut() == "reset")
        #expect(probe.now == since + .seconds(20))
    }

    @Test func `a client that takes a little is waited for`() {
        let (probe, _) = streaming()
        probe.queue(20)
        probe.advance(.seconds(15))
        probe.queue(10)
        #expect(probe.state.deadline == probe.now + .seconds(20))
        probe.queue(0)
        #expect(probe.state.deadline == nil)
    }

    @Test func `a client that is too far behind is cut off`() {
        let (probe, _) = streaming { $0.streamBacklog = 100 }
        probe.queue(100)
        #expect(probe.next() == "wait")
        probe.queue(101)
        #expect(probe.next() == "reset")
    }

    @Test func `draining ends a stream at once and does not linger`() {
        let (probe, _) = streaming()
        probe.state.drain()
        #expect(probe.next() == "endStream")
        probe.queue(5)
        probe.state.streamEnded(at: probe.now)
        #expect(probe.next() == "wait")
        probe.queue(0)
        #expect(probe.next() == "close")
    }

    @Test func `draining does not wait long for a client that is behind`() throws {
        let (probe, _) = streaming()
        probe.queue(10)
        probe.state.drain()
        #expect(probe.next() == "endStream")
        let ended = probe.now
        probe.state.streamEnded(at: ended)
        #expect(try probe.timeOut() == "reset")
        #expect(probe.now == ended + .seconds(2))
    }
}
