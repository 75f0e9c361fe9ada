package import EventLoop
package import HTTP
import Synchronization

/// The HTTP/1.1 server: listens at one address and serves its connections on its lanes.
package final class Server: Sendable {
    /// Where to listen. Port 0 has the system choose one; the host is a name or a numeric IPv4 or IPv6 address, "*" for
    /// every address of the machine.
    package struct Address: Sendable {
        package var host: String
        package var port: Int

        /// An address; see the properties.
        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    private let address: Address
    private let limits: Limits
    private let counts: ConnectionCounts
    private let contexts: [ConnectionContext]
    private let listener: ListenerReference

    /// A server that does not listen yet. `responders` has one for each lane.
    package init(lanes: [Lane], responders: [any Responder], address: Address, limits: Limits = Limits()) {
        precondition(!lanes.isEmpty && lanes.count == responders.count, "one responder per lane")
        let counts = ConnectionCounts(lanes: lanes.count, limit: limits.connections)
        let listener = ListenerReference()
        self.address = address
        self.limits = limits
        self.counts = counts
        self.listener = listener
        contexts = zip(lanes, responders).enumerated().map { index, pair in
            ConnectionContext(lane: pair.0, responder: pair.1, limits: limits) {
                if counts.closed(lane: index) { listener.resume() }
            }
        }
    }

    /// Listens; returns the port. Throws `SystemError` when the address cannot be had.
    package func start() async throws -> Int {
        let socket = try ListeningSocket(host: address.host, port: address.port)
        let accepting = Listener(
            socket, lane: contexts[0].lane, contexts: contexts, counts: counts, pause: limits.acceptPause)
        try await accepting.start()
        listener.set(accepting)
        return socket.port
    }

    /// Stops accepting, closes idle connections and has the others close after what they are answering. Returns when
    /// all are closed; those that are not after `time` are cut off.
    package func drain(within time: Duration) async {
        let deadline = MonotonicTime.now + time
        await listener.close()
        // Behind the hand-over of the connections that were accepted last.
        for context in contexts { context.lane.async { context.drain() } }
        await waitUntilClosed(by: deadline)
        for context in contexts { context.lane.async { context.closeAll() } }
        await waitUntilClosed(by: .now + .seconds(1))
    }

    /// Returns when no connection is left, or at the deadline. Looks every 5 ms: a server drains once.
    private func waitUntilClosed(by deadline: MonotonicTime) async {
        while counts.total > 0, MonotonicTime.now < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Connections that are open now, for metrics.
    package var connectionCount: Int { counts.total }
}

/// The listener, which there is from the start on.
private final class ListenerReference: Sendable {
    private let listener = Mutex<Listener?>(nil)

    /// The listener has been started.
    func set(_ listener: Listener) {
        self.listener.withLock { $0 = listener }
    }

    /// Accepts again, on the listener's lane.
    func resume() {
        guard let listener = listener.withLock({ $0 }) else { return }
        listener.lane.async { listener.assumeIsolated { $0.resume() } }
    }

    /// Stops accepting, for good.
    func close() async {
        let last = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        await last?.close()
    }
}
