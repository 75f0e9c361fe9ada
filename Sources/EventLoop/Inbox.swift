import Synchronization

/// The jobs that wait for a lane, put there by any thread, and whether the lane will look for them.
final class Inbox: Sendable {
    /// Something to run on the lane.
    enum Job: Sendable {
        case task(UnownedJob)
        case work(@Sendable () -> Void)
    }

    /// What whoever has put a job there has to do.
    enum Call {
        /// The lane will find it.
        case nothing
        /// The lane is asleep: start a turn.
        case wake
        /// The lane waits for descriptors: end that wait.
        case interrupt
    }

    private struct State {
        var jobs: [Job] = []
        var isAwake = false
        var isWaiting = false
    }

    private let state = Mutex(State())

    /// Puts a job at the end.
    func put(_ job: Job) -> Call {
        state.withLock { state in
            state.jobs.append(job)
            if !state.isAwake {
                state.isAwake = true
                return .wake
            }
            guard state.isWaiting else { return .nothing }
            state.isWaiting = false
            return .interrupt
        }
    }

    /// A turn begins.
    func awake() {
        state.withLock { $0.isAwake = true }
    }

    /// Takes all jobs that wait, in their order.
    func take() -> [Job] {
        state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
    }

    /// The lane is about to wait for descriptors; false when there is a job to be run first.
    func beginWaiting() -> Bool {
        state.withLock { state in
            state.isWaiting = state.jobs.isEmpty
            return state.isWaiting
        }
    }

    /// The wait is over.
    func endWaiting() {
        state.withLock { $0.isWaiting = false }
    }

    /// The turn ends; false when there is a job, for which another has to follow.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isAwake = !state.jobs.isEmpty
            return !state.isAwake
        }
    }
}
