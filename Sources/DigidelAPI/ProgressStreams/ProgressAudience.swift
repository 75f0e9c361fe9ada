import EventLoop
import HTTP

/// The clients that one lane has of a feed. It is used on that lane only, which is why it may call itself sendable.
final class ProgressAudience: @unchecked Sendable {
    /// So many clients are served before the lane's other connections have their turn.
    private static let batch = 100

    let feed: ProgressFeed
    let lane: Lane
    private let streams: ProgressStreams
    private var clients: [ProgressSubscription] = []
    private var event: ProgressEvent
    /// Numbers of the last event and the last heartbeat; a client knows which it was sent.
    private var events = 1
    private var heartbeats = 1
    /// The next client to be served, and how many from there on may have to be.
    private var next = 0
    private var remaining = 0
    private var isServing = false
    private var timer: Timer?

    /// An audience without clients that is told `event` first.
    init(of feed: ProgressFeed, in streams: ProgressStreams, on lane: Lane, event: ProgressEvent) {
        self.feed = feed
        self.streams = streams
        self.lane = lane
        self.event = event
    }

    // MARK: Clients

    /// Adds a client; returns what it is sent first.
    func add(_ client: ProgressSubscription, knowing answer: ProgressAnswer, lastEventID: String?)
        -> [BodyPart]
    {
        if answer.isNewer(than: event.answer) { tell(ProgressEvent(answer)) }
        client.index = clients.count
        client.event = events
        client.heartbeat = heartbeats
        clients.append(client)
        streams.count(clients: 1)
        if timer == nil { awaitHeartbeat() }
        guard !event.answer.isKnown(to: lastEventID) else { return [ProgressEvent.retry()] }
        streams.count(events: 1)
        return [ProgressEvent.retry(), event.part]
    }

    /// A client is gone.
    func remove(_ client: ProgressSubscription) {
        guard let last = clients.popLast() else { return }
        if last !== client {
            clients[client.index] = last
            last.index = client.index
            // It may have been moved to where everybody has been served.
            remaining = isServing ? clients.count : 0
        }
        streams.count(clients: -1)
        if clients.isEmpty {
            timer?.cancel()
            timer = nil
            streams.close(self)
        }
    }

    /// Ends all streams.
    func end() {
        for client in clients { client.finish() }
    }

    // MARK: Serving

    /// Has all clients told, unless they have been.
    func tell(_ event: ProgressEvent) {
        guard event.answer.isNewer(than: self.event.answer) else { return }
        self.event = event
        events += 1
        serveAll()
    }

    private func awaitHeartbeat() {
        timer = lane.schedule(after: streams.pace.heartbeat) { [weak self] in self?.beat() }
    }

    private func beat() {
        heartbeats += 1
        serveAll()
        if !clients.isEmpty { awaitHeartbeat() }
    }

    private func serveAll() {
        remaining = clients.count
        guard !isServing else { return }
        isServing = true
        serve()
    }

    /// Serves a batch. A client that has not been reached when the next event comes is sent that one only.
    private func serve() {
        var (served, told) = (0, 0)
        while remaining > 0, served < Self.batch, !clients.isEmpty {
            if next >= clients.count { next = 0 }
            let client = clients[next]
            next += 1
            remaining -= 1
            if client.event != events {
                client.event = events
                client.heartbeat = heartbeats
                client.send(event.part)
                told += 1
            } else if client.heartbeat != heartbeats {
                client.heartbeat = heartbeats
                client.send(ProgressEvent.heartbeat)
            } else {
                continue
            }
            served += 1
        }
        streams.count(events: told)
        isServing = remaining > 0 && !clients.isEmpty
        if isServing { lane.async { self.serve() } }
    }
}
