import EventLoop
import HTTP

extension ConnectionState {
    /// Bytes have come.
    mutating func received(_ bytes: UnsafeRawBufferPointer, at now: MonotonicTime) {
        switch phase {
        case .streaming, .ending, .lingering, .closed:
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

    /// The request's body is wanted. Returns why it is not taken nevertheless, for `refused`: it is announced as too
    /// large.
    mutating func admitted(_ request: Request, limit: Int, at now: MonotonicTime) -> Refusal? {
        guard phase == .admitting, let exchange else { return nil }
        do {
            let reader = try BodyReader(exchange.framing, limit: limit, limits: limits.message)
            intake = Intake(request, reader, at: now)
        } catch {
            return error
        }
        intake?.received = input.count
        phase = .body
        if exchange.expectsContinue && input.isEmpty { decided = .sendContinue }
        return nil
    }

    /// The request is answered without its body, which is dropped if it is short. Returns how the answer is to be
    /// written; nil when it has to wait for the body's end.
    mutating func refused(
        _ request: Request, with response: Response, at now: MonotonicTime
    ) -> Delivery? {
        guard dropBody(of: request, at: now) else {
            mustClose = true
            return answered(at: now)
        }
        if exchange?.framing == .chunked {
            intake?.refusal = response
            phase = .body
            return nil
        }
        let delivery = delivery(closes: closesAfterAnswer)
        exchange = nil
        phase = delivery.persistence == .close ? .ending : .dropping
        if phase == .ending { end() }
        return delivery
    }

    /// The answer is there, whole. Returns how it is to be written.
    mutating func answered(at now: MonotonicTime) -> Delivery {
        let delivery = delivery(closes: closesAfterAnswer)
        exchange = nil
        if delivery.persistence == .close { end() } else { beginNext(at: now) }
        return delivery
    }

    /// The answer goes on from here; it is the connection's last. Returns how its head is to be written.
    mutating func streamBegan() -> Delivery {
        let delivery = delivery(closes: true)
        exchange = nil
        intake = nil
        input.removeAll()
        // A stream may last for days, and there will be no other head to compare with.
        lastHead = nil
        phase = .streaming
        phaseDeadline = nil
        return delivery
    }

    /// All of the answer that went on is queued. A client that is behind gets as long for the rest as others linger: a
    /// server that drains shall not wait for it.
    mutating func streamEnded(at now: MonotonicTime) {
        hasStreamed = true
        end()
        phaseDeadline = now + limits.lingerTime
    }

    /// Answers were queued or have gone out: so many bytes are waiting now.
    mutating func outputChanged(queued count: Int, at now: MonotonicTime) {
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
