package import EventLoop
package import HTTP
import Synchronization

/// The HTTP/1.1 server: listens at its endpoints and serves the connections on its lanes.
package final class Server: Sendable {
    private let endpoints: [Endpoint]
    private let limits: Limits
    private let counts: ConnectionCounts
    private let streams: StreamCounts
    private let contexts: [ConnectionContext]
    private let listeners: Listeners

    /// A server that does not listen yet. `responders` has one for each lane.
    package init(
        lanes: [Lane], responders: [any Responder], endpoints: [Endpoint], limits: Limits = Limits()
    ) {
        precondition(!lanes.isEmpty && lanes.count == responders.count, "one responder per lane")
        let counts = ConnectionCounts(lanes: lanes.count, limits: limits)
        let streams = StreamCounts(limits: limits)
        let listeners = Listeners()
        self.endpoints = endpoints
        self.limits = limits
        self.counts = counts
        self.streams = streams
        self.listeners = listeners
        contexts = zip(lanes, responders).enumerated().map { index, pair in
            ConnectionContext(lane: pair.0, responder: pair.1, limits: limits, streams: streams) { client in
                if counts.closed(lane: index, from: client) { listeners.resume() }
            }
        }
    }

    /// Listens; returns where. Throws `SystemError` when an endpoint cannot be had: then it listens nowhere.
    package func start() async throws -> [ListeningAddress] {
        var addresses: [ListeningAddress] = []
        do {
            for endpoint in endpoints {
                let sockets = try ListeningSocket.open(endpoint, lanes: contexts.count)
                addresses.append(
                    contentsOf: Set(sockets.map(\.address)).sorted { $0.description < $1.description })
                for (index, socket) in sockets.enumerated() {
                    try await listen(socket, onLane: index % contexts.count)
                }
            }
        } catch {
            await listeners.close()
            throw error
        }
        return addresses
    }

    private func listen(_ socket: ListeningSocket, onLane number: Int) async throws {
        let listener = Listener(
            socket, onLane: number, contexts: contexts, counts: counts, pause: limits.acceptPause)
        listeners.add(listener)
        try await listener.start()
    }

    /// Stops accepting, closes idle connections and has the others close after what they are answering. Returns when
    /// all are closed; those that are not after `time` are cut off.
    package func drain(within time: Duration) async {
        let deadline = ContinuousClock.now + time
        await listeners.close()
        // Behind the hand-over of the connections that were accepted last.
        for context in contexts { context.lane.async { context.drain() } }
        await waitUntilClosed(by: deadline)
        for context in contexts { context.lane.async { context.closeAll() } }
        await waitUntilClosed(by: .now + .seconds(1))
    }

    /// Returns when no connection is left, or at the deadline. Looks every 5 ms: a server drains once.
    private func waitUntilClosed(by deadline: ContinuousClock.Instant) async {
        while connectionCount > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Connections that are open now.
    package var connectionCount: Int { connectionsPerLane.reduce(0, +) }

    /// Connections that are open now on each lane, for metrics.
    package var connectionsPerLane: [Int] { counts.perLane }

    /// Connections that there have been, for metrics.
    package var acceptedCount: Int { counts.accepted }

    /// Streams whose clients were cut off for being too slow, for metrics.
    package var streamsCutOffCount: Int { streams.cutOffCount }
}

/// The listeners of a server, which there are from the start on.
private final class Listeners: Sendable {
    private let all = Mutex<[Listener]>([])

    /// Another one.
    func add(_ listener: Listener) {
        all.withLock { $0.append(listener) }
    }

    /// Has them accept again, each on its lane.
    func resume() {
        for listener in all.withLock({ $0 }) {
            listener.lane.async { listener.assumeIsolated { $0.resume() } }
        }
    }

    /// Has them stop accepting, for good.
    func close() async {
        let last = all.withLock { all in
            defer { all = [] }
            return all
        }
        for listener in last { await listener.close() }
    }
}
