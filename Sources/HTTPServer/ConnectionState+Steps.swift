import HTTP

/// What events have in common: the ways from one phase to another.
extension ConnectionState {
    /// Whether the client wants to go on; not when its request could not be read.
    var keepsAlive: Bool { exchange?.head.keepsAlive ?? false }

    /// How the answer to the current request is written.
    func delivery(closes: Bool) -> Delivery {
        let method = exchange?.head.request.method ?? parser.method
        let keptFor10 = exchange?.head.isVersion10 == true
        return Delivery(
            request: exchange?.head.request, isHead: method == .head,
            persistence: closes ? .close : keptFor10 ? .keepAlive : .implied,
            began: exchange?.began ?? requestBegan)
    }

    /// Whether a body that is not wanted will be read and dropped: a short one, which no client withholds.
    mutating func dropBody(at now: ContinuousClock.Instant) -> Bool {
        guard let head = exchange?.head, !head.expectsContinue, keepsAlive,
            let reader = try? BodyReader(
                head.framing, limit: limits.droppedBody, limits: limits.message)
        else {
            mustClose = true
            return false
        }
        intake = Intake(reader, at: now)
        intake?.received = input.count
        return true
    }

    /// The first byte of a request is here: its time begins.
    mutating func beginHead(at now: ContinuousClock.Instant) {
        phase = .head
        requestBegan = now
        if !isFirst { phaseDeadline = now + limits.headerTimeout }
        isFirst = false
    }

    /// The connection is free for the next request.
    mutating func beginNext(at now: ContinuousClock.Instant) {
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
