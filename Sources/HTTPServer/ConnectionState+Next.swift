import EventLoop
import HTTP

extension ConnectionState {
    /// The next thing to do. Ask again after doing it, until the answer is `wait`.
    mutating func next(at now: MonotonicTime) -> Action {
        if let decided {
            self.decided = nil
            return leave(with: decided)
        }
        switch phase {
        case .idle, .head: return nextHead(at: now)
        case .body: return nextBody()
        case .dropping: return drop(at: now)
        case .streaming: return nextPart()
        case .ending: return nextEnd(at: now)
        case .lingering: return lingered > limits.lingerBytes || inputHasEnded ? leave(with: .close) : .wait
        case .admitting, .answering, .closed: return .wait
        }
    }

    /// The action, which may be the last.
    private mutating func leave(with action: Action) -> Action {
        switch action {
        case .close, .reset: phase = .closed
        default: break
        }
        return action
    }

    /// Reads on at the head, if there is room for its answer.
    private mutating func nextHead(at now: MonotonicTime) -> Action {
        if queued >= limits.outputBacklog { return .wait }
        if input.isEmpty {
            guard inputHasEnded || isDraining else { return .wait }
            end()
            return nextEnd(at: now)
        }
        do {
            guard let head = try readHead() else {
                return inputHasEnded ? incomplete(at: now) : .wait
            }
            exchange = Exchange(head, began: requestBegan)
            phaseDeadline = nil
            phase = head.framing == .none ? .answering : .admitting
            return phase == .answering ? .respond(head.request) : .admit(head.request)
        } catch {
            return refuse(error)
        }
    }

    /// Takes the head that the input begins with; nil when it is not complete.
    private mutating func readHead() throws(Refusal) -> RequestHead? {
        if let lastHead, input.begins(with: lastHead.bytes) {
            input.drop(lastHead.bytes.count)
            parser = RequestParser(limits: limits.message)
            return lastHead
        }
        guard var head = try parser.parse(input.unread) else { return nil }
        head.request.remoteAddress = peer.client(head.request.fields)
        input.drop(parser.length)
        parser = RequestParser(limits: limits.message)
        if head.framing == .none { lastHead = head }
        return head
    }

    /// The client has ended in the middle of a head. An empty line alone, which may precede a request, asks for nothing.
    private mutating func incomplete(at now: MonotonicTime) -> Action {
        if parser.hasBegun { return refuse(.incomplete) }
        end()
        return nextEnd(at: now)
    }

    /// The message is not taken, nor anything after it.
    mutating func refuse(_ refusal: Refusal) -> Action {
        mustClose = true
        phase = .answering
        phaseDeadline = nil
        intake = nil
        return .refuse(refusal)
    }

    /// Reads on at the body; hands the request on at its end.
    private mutating func nextBody() -> Action {
        do {
            try intake?.read(&input)
        } catch {
            // An unwanted body that is too long to be dropped: its refusal was waiting for the body's end.
            guard let refusal = intake?.refusal, error.status == .contentTooLarge else {
                return refuse(error)
            }
            mustClose = true
            return finishBody(.answer(refusal))
        }
        guard intake?.reader.isComplete == true else { return inputHasEnded ? refuse(.incomplete) : .wait }
        if let refusal = intake?.refusal { return finishBody(.answer(refusal)) }
        guard let request = intake?.request else { return .wait }
        return finishBody(.respond(request))
    }

    /// The body is no longer needed.
    mutating func finishBody(_ action: Action) -> Action {
        phase = .answering
        intake = nil
        return action
    }

    /// Drops the body of a request that has been answered.
    private mutating func drop(at now: MonotonicTime) -> Action {
        // A body with a length has no syntax that could be wrong.
        try? intake?.read(&input)
        intake?.request.body.removeAll()
        if intake?.reader.isComplete == true {
            beginNext(at: now)
            return nextHead(at: now)
        }
        if inputHasEnded { end() }
        return inputHasEnded ? nextEnd(at: now) : .wait
    }

    /// The stream ends with the server. It is cut off when the client is too far behind, or keeps sending.
    private mutating func nextPart() -> Action {
        if queued > limits.streamBacklog || lingered > limits.inputBacklog { return leave(with: .reset) }
        if isDraining { return .endStream }
        // Who closes the sending side of a stream has most likely closed both, and no one is left to ask.
        return inputHasEnded && queued == 0 ? leave(with: .close) : .wait
    }

    /// After the last answer: close our side and linger, or close when the client is done as well.
    private mutating func nextEnd(at now: MonotonicTime) -> Action {
        guard queued == 0 else { return .wait }
        if inputHasEnded || hasStreamed { return leave(with: .close) }
        phase = .lingering
        phaseDeadline = now + limits.lingerTime
        return .shutdown
    }
}
