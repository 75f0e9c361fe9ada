import EventLoop
import HTTP

/// What a connection is at, and what it does next: keep-alive, pipelining, bodies, early answers, closing. It does no
/// input or output and has no clock: it is fed events with their time, and `next` says what to do.
struct ConnectionState: ~Copyable {
    /// Where the connection stands.
    enum Phase {
        /// Nothing of the next request has come.
        case idle
        /// A part of a head has come.
        case head
        /// The responder is being asked about a body.
        case admitting
        /// A body is being read, to be answered after its end.
        case body
        /// The responder has the request.
        case answering
        /// The answer goes on; what the client still sends is dropped.
        case streaming
        /// The request is answered; the rest of its body is read and dropped.
        case dropping
        /// The last answer is on its way out.
        case ending
        /// Our side is closed; what the client still sends is dropped (RFC 9112, 9.6).
        case lingering
        case closed
    }

    /// What to do next.
    enum Action {
        /// Nothing, until there is an event.
        case wait
        /// Ask whether the body is wanted; then `admitted` or `refused`.
        case admit(Request)
        /// Ask for the answer; then `answered`.
        case respond(Request)
        /// Ask for the answer to a refusal; then `answered`. It closes the connection.
        case refuse(Refusal)
        /// Give the answer that `refused` had: the body that it had to wait for has ended.
        indirect case answer(Response)
        /// End the answer that goes on; then `streamEnded`.
        case endStream
        /// Send 100 (Continue).
        case sendContinue
        /// Close the sending side.
        case shutdown
        case close
        /// Close so that the client sees a reset.
        case reset
    }

    let limits: Limits
    let peer: Peer
    var phase = Phase.idle
    var parser: RequestParser
    /// The last head without a body: a client that polls sends the same bytes again and again, which need not be parsed
    /// again.
    var lastHead: RequestHead?
    /// What has come and has not been parsed.
    var input = ByteQueue()
    var exchange: Exchange?
    var intake: Intake?
    /// An action that an event has decided on.
    var decided: Action?
    /// The client has closed its sending side (RFC 9112, 9.6).
    var inputHasEnded = false
    /// No further request is to be taken.
    var isDraining = false
    /// The connection cannot be used after the next answer.
    var mustClose = false
    /// Bytes of answers that the socket has not taken yet.
    var queued = 0
    /// Bytes that the client has sent after its last request.
    var lingered = 0
    /// The last answer went on, so that all that the client has sent until now was read.
    var hasStreamed = false
    /// When the phase has lasted too long; a body's is reckoned from its intake.
    var phaseDeadline: MonotonicTime?
    /// When the client has taken nothing of its answers for too long.
    var writeDeadline: MonotonicTime?
    /// When the current request's first byte came.
    var requestBegan: MonotonicTime

    /// A connection that has just been accepted.
    init(limits: Limits, peer: Peer = Peer(nil), at now: MonotonicTime) {
        self.limits = limits
        self.peer = peer
        parser = RequestParser(limits: limits.message)
        phaseDeadline = now + limits.headerTimeout
        requestBegan = now
        isFirst = true
    }

    /// No request has begun yet: the head's time runs from the accept.
    var isFirst: Bool

    var isClosed: Bool { phase == .closed }
}
