import EventLoop
import HTTP

/// One client's stream. It is used on its connection's lane only, which is why it may call itself sendable; its place is
/// free again when it is gone.
final class ProgressSubscription: BodyStream, @unchecked Sendable {
    /// What is needed until the stream begins.
    struct Start {
        let key: ProgressFeed.Key
        let lane: Lane
        /// What the client would have got from a poll.
        let answer: ProgressAnswer
        let lastEventID: String?
        let read: ProgressFeed.Read
        let log: Log
    }

    private let streams: ProgressStreams
    private let caller: Caller?
    private var start: Start?
    private var client: (any StreamClient)?
    private var audience: ProgressAudience?
    /// Its place in the audience, and what it has been sent.
    var index = 0
    var event = 0
    var heartbeat = 0

    /// Takes a place for the caller; throws `.tooManyRequests` when he has none left.
    init(_ start: Start, for caller: Caller?, in streams: ProgressStreams) throws(APIError) {
        try streams.enter(caller)
        self.streams = streams
        self.caller = caller
        self.start = start
    }

    deinit { streams.leave(caller) }

    func begin(_ client: any StreamClient) -> [BodyPart] {
        guard let start = start.take() else { return [] }
        let audience = streams.audience(for: start)
        self.client = client
        self.audience = audience
        return audience.add(self, knowing: start.answer, lastEventID: start.lastEventID)
    }

    func end() {
        audience.take()?.remove(self)
        client = nil
    }

    /// Sends a part to the client.
    func send(_ part: BodyPart) {
        client?.send(part)
    }

    /// Ends the stream from this side.
    func finish() {
        client?.finish()
    }
}
