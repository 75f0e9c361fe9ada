import Dispatch

/// A serial queue with its own readiness set, jobs and timers, on which connections live.
///
/// A lane is an executor: actors that name it as theirs (HTTP connections, database connections, pools) run on one
/// queue, so a request is read, answered and written without changing queue, and a call from one such actor to
/// another costs no hop. Dispatch starts a lane's turn when there is something to do; for as long as more comes, the turn
/// goes on by itself, because each start costs Dispatch three changes of thread. See "Lanes" in docs/architecture.md for
/// the measurements behind this.
package final class Lane: SerialExecutor, TaskExecutor {
    /// The lane's number, 0 and up; names its queue.
    package let number: Int
    private let queue: DispatchQueue
    private let readiness: Readiness
    private let timers: Timers
    private let inbox = Inbox()

    /// A lane with an empty readiness set. Throws `SystemError` when the system has no descriptor left for it.
    package init(number: Int) throws {
        self.number = number
        queue = DispatchQueue(label: "lane.\(number)", qos: .userInitiated)
        readiness = try Readiness(queue: queue)
        timers = Timers(queue: queue)
        readiness.onReady = { [weak self] in self?.takeTurn() }
    }

    /// One lane per core the process may use.
    package static func perCore() throws -> [Lane] {
        try (0..<max(1, availableCores())).map(Lane.init(number:))
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        put(.task(UnownedJob(job)))
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    // MARK: Work, readiness, time

    /// Runs `work` on the lane, after what already waits there.
    package func async(_ work: @escaping @Sendable () -> Void) {
        put(.work(work))
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

    // MARK: Turns

    private func put(_ job: Inbox.Job) {
        switch inbox.put(job) {
        case .nothing: break
        case .wake: queue.async { self.takeTurn() }
        case .interrupt: readiness.interrupt()
        }
    }

    /// Runs jobs, fires timers and handles descriptors, a batch of each in turn, until nothing more comes.
    private func takeTurn() {
        inbox.awake()
        repeat {
            var handled = 0
            repeat {
                let jobs = runJobs()
                timers.fireDue()
                handled = jobs + readiness.handle()
            } while handled > 0
        } while waitForMore()
        if !inbox.fallAsleep() { queue.async { self.takeTurn() } }
    }

    /// Runs the jobs that are there; returns how many.
    private func runJobs() -> Int {
        let jobs = inbox.take()
        for job in jobs {
            switch job {
            case .task(let job):
                job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            case .work(let work): work()
            }
        }
        return jobs.count
    }

    /// Waits a moment for a descriptor or a job rather than leaving that to Dispatch; whether one came.
    private func waitForMore() -> Bool {
        guard inbox.beginWaiting() else { return true }
        defer { inbox.endWaiting() }
        return readiness.waitForEvent()
    }
}
