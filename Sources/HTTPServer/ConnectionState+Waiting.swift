import EventLoop
import HTTP

extension ConnectionState {
    /// When `timedOut` has to be called, unless something happens before.
    var deadline: MonotonicTime? {
        if let writeDeadline {
            // While the client does not take its answers, only they count.
            if phase == .idle || phase == .head { return writeDeadline }
            return min(writeDeadline, currentPhaseDeadline ?? writeDeadline)
        }
        return currentPhaseDeadline
    }

    private var currentPhaseDeadline: MonotonicTime? {
        switch phase {
        case .body, .dropping: intake?.deadline(limits)
        default: phaseDeadline
        }
    }

    /// The deadline has passed.
    mutating func timedOut(at now: MonotonicTime) {
        if let writeDeadline, writeDeadline <= now {
            decided = .reset
            return
        }
        switch phase {
        // Without a byte of a request there is nothing to answer (RFC 9110, 15.5.9).
        case .idle: decided = .close
        case .head: decided = parser.hasBegun ? refuse(.headTimeout) : .close
        case .body: decided = bodyTimedOut()
        // It has its answer already.
        case .dropping: end()
        case .lingering: decided = .close
        // Only the end of a stream has a deadline.
        case .ending: decided = .reset
        case .admitting, .answering, .streaming, .closed: break
        }
    }

    /// What was refused before its body came is answered with that refusal.
    private mutating func bodyTimedOut() -> Action {
        guard let refusal = intake?.refusal else { return refuse(.bodyTimeout) }
        mustClose = true
        return finishBody(.answer(refusal))
    }

    /// What the socket is to be watched for.
    var interest: Interest {
        switch (wantsInput, queued > 0) {
        case (true, false): .read
        case (true, true): [.read, .write]
        case (false, true): .write
        case (false, false): []
        }
    }

    private var wantsInput: Bool {
        if inputHasEnded { return false }
        switch phase {
        case .idle, .head: return queued < limits.outputBacklog
        case .answering, .admitting: return input.count < limits.inputBacklog
        case .body, .streaming, .dropping, .ending, .lingering: return true
        case .closed: return false
        }
    }
}
