import Dispatch

/// A serial queue with its own readiness set and timers, on which connections live.
///
/// A lane is an executor: actors that name it as theirs (HTTP connections, database connections, pools) run on one
/// queue, so a request is read, answered and written without changing queue, and a call from one such actor to
/// another costs no hop. See "Lanes" in docs/architecture.md for the measurement behind this.
package final class Lane: SerialExecutor, TaskExecutor {
    /// The lane's number, 0 and up; names its queue.
    package let number: Int
    let queue: DispatchQueue
    private let readiness: Readiness
    private let timers: Timers

    /// A lane with an empty readiness set. Throws `SystemError` when the system has no descriptor left for it.
    package init(number: Int) throws {
        self.number = number
        queue = DispatchQueue(label: "lane.\(number)", qos: .userInitiated)
        readiness = try Readiness(queue: queue)
        timers = Timers(queue: queue)
    }

    /// One lane per core the process may use.
    package static func perCore() throws -> [Lane] {
        try (0..<max(1, availableCores())).map(Lane.init(number:))
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            job.runSynchronously(
                isolatedTo: self.asUnownedSerialExecutor(), taskExecutor: self.asUnownedTaskExecutor())
        }
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    // MARK: Work, readiness, time

    /// Runs `work` on the lane, after what is already queued there.
    package func async(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }

    /// Tells `handler`, on the lane, whenever `descriptor` is ready for what `interest` names (level-triggered),
    /// until the watch is cancelled. Call on the lane.
    package func watch(
        _ descriptor: Int32, for interest: Interest, handler: @escaping @Sendable (Ready) -> Void
    ) throws(SystemError) -> Watch {
        checkIsolated()
        return try readiness.add(descriptor, interest: interest, handler: handler)
    }

    /// Runs `work` on the lane once, `delay` from now, unless the timer is cancelled first. Call on the lane.
    package func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) -> Timer {
        checkIsolated()
        return Timer(timers: timers, id: timers.add(after: delay, work))
    }
}
