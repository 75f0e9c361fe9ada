import EventLoop
import HTTP

/// What events have in common: the ways from one phase to another.
extension ConnectionState {
    /// Whether the connection is closed after the current answer. A request that could not be read ends it.
    var closesAfterAnswer: Bool {
        mustClose || isDraining || exchange?.keepsAlive != true || (inputHasEnded && input.isEmpty)
    }

    /// How the answer to the current request is written.
    func delivery(closes: Bool) -> Delivery {
        let persistence: ResponseWriter.Persistence =
            closes ? .close : exchange?.isVersion10 == true ? .keepAlive : .implied
        return Delivery(
            isHead: exchange?.isHead ?? RequestParser.isHead(input.unread), persistence: persistence,
            isVersion10: exchange?.isVersion10 == true, began: exchange?.began ?? requestBegan)
    }

    /// Whether a body that is not wanted will be read and dropped: a short one, which no client withholds.
    mutating func dropBody(of request: Request, at now: MonotonicTime) -> Bool {
        guard let exchange, !exchange.expectsContinue, exchange.keepsAlive,
            let reader = try? BodyReader(
                exchange.framing, limit: limits.droppedBody, limits: limits.message)
        else { return false }
        intake = Intake(request, reader, at: now)
        intake?.received = input.count
        return true
    }

    /// The first byte of a request is here: its time begins.
    mutating func beginHead(at now: MonotonicTime) {
        phase = .head
        requestBegan = now
        if !isFirst { phaseDeadline = now + limits.headerTimeout }
        isFirst = false
    }

    /// The connection is free for the next request.
    mutating func beginNext(at now: MonotonicTime) {
        intake = nil
        if input.isEmpty {
            phase = .idle
            phaseDeadline = now + limits.idleTimeout
        } else {
            beginHead(at: now)
        }
    }

    /// Nothing more is taken as a request.
    mutating func end() {
        phase = .ending
        phaseDeadline = nil
        intake = nil
        input.removeAll()
    }
}
