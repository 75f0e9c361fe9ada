import EventLoop
import HTTP

extension ConnectionState {
    /// When `timedOut` has to be called, unless something happens before.
    var deadline: ContinuousClock.Instant? {
        if let writeDeadline {
            // While the client does not take its answers, only they count.
            if phase == .idle || phase == .head { return writeDeadline }
            return min(writeDeadline, currentPhaseDeadline ?? writeDeadline)
        }
        return currentPhaseDeadline
    }

    private var currentPhaseDeadline: ContinuousClock.Instant? {
        switch phase {
        case .body, .dropping: intake?.deadline(limits)
        default: phaseDeadline
        }
    }

    /// The deadline has passed.
    mutating func timedOut(at now: ContinuousClock.Instant) {
        if let writeDeadline, writeDeadline <= now {
            decided = .reset
            return
        }
        switch phase {
        // Without a byte of a request there is nothing to answer (RFC 9110, 15.5.9).
        case .idle: decided = .close
        case .head: decided = parser.hasBegun ? refuse(.headTimeout) : .close
        case .body: decided = refuse(.bodyTimeout)
        // It has its answer already.
        case .dropping: end()
        case .lingering: decided = .close
        case .admitting, .answering, .ending, .closed: break
        }
    }

    /// What the socket is to be watched for.
    var interest: Interest {
        var interest: Interest = queued > 0 ? .write : []
        if wantsInput { interest.insert(.read) }
        return interest
    }

    private var wantsInput: Bool {
        if inputHasEnded { return false }
        switch phase {
        case .idle, .head: return queued < limits.outputBacklog
        case .answering, .admitting: return input.count < limits.inputBacklog
        case .body, .dropping, .ending, .lingering: return true
        case .closed: return false
        }
    }
}
