import HTTP

extension ConnectionState {
    /// Bytes have come.
    mutating func received(_ bytes: UnsafeRawBufferPointer, at now: ContinuousClock.Instant) {
        switch phase {
        case .ending, .lingering, .closed:
            lingered += bytes.count
            return
        case .idle: beginHead(at: now)
        case .body, .dropping: intake?.received(bytes.count, at: now)
        case .head, .admitting, .answering: break
        }
        input.bytes.append(contentsOf: bytes)
    }

    /// The client has closed its sending side; answers that are due are still sent.
    mutating func inputEnded() {
        inputHasEnded = true
    }

    /// The body is wanted. Returns why it is not taken nevertheless, to be answered: it is announced as too large.
    mutating func admitted(limit: Int, at now: ContinuousClock.Instant) -> Refusal? {
        guard phase == .admitting, let head = exchange?.head else { return nil }
        do {
            intake = Intake(
                try BodyReader(head.framing, limit: limit, limits: limits.message), at: now)
        } catch {
            return error
        }
        intake?.received = input.count
        phase = .body
        if head.expectsContinue && input.isEmpty { decided = .sendContinue }
        return nil
    }

    /// The answer is there. Returns how it is to be written; nil when it has to wait for the end of a body.
    mutating func answered(_ response: Response, at now: ContinuousClock.Instant) -> Delivery? {
        var bodyFollows = false
        if phase == .admitting {
            bodyFollows = dropBody(at: now)
            if bodyFollows, exchange?.head.framing == .chunked {
                intake?.refusal = response
                phase = .body
                return nil
            }
        }
        let closes =
            mustClose || isDraining || response.closesConnection || !keepsAlive
            || (inputHasEnded && input.isEmpty)
        let delivery = delivery(closes: closes)
        exchange = nil
        if closes {
            end()
        } else if bodyFollows {
            phase = .dropping
        } else {
            beginNext(at: now)
        }
        return delivery
    }

    /// Answers were queued or have gone out: so many bytes are waiting now.
    mutating func outputChanged(queued count: Int, at now: ContinuousClock.Instant) {
        if count == 0 {
            writeDeadline = nil
            // The client's time runs from when it has its answers.
            if queued > 0, phase == .idle || phase == .head { beginNext(at: now) }
        } else if count < queued || queued == 0 {
            writeDeadline = now + limits.writeTimeout
        }
        queued = count
    }

    /// No further request is to be taken: an idle connection closes, another one after its answer.
    mutating func drain() {
        isDraining = true
    }

    /// The connection broke.
    mutating func broke() {
        decided = .close
    }
}
