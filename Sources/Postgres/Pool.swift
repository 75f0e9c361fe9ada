package import EventLoop

/// A lane's share of connections. Opened as they are needed, replaced when the server has gone away and come back.
package actor Pool: Queryable {
    package nonisolated let lane: Lane
    package nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    private let settings: ConnectionSettings
    private let acquireTimeout: Duration
    private let limit: Int
    private var state: PoolState
    private var connections: [Int: Connection] = [:]
    private var waiters: [Int: Waiter] = [:]
    private var numbers = 0
    private var closed = false
    private var waits = Histogram(.durations)
    private var timeouts = 0
    private var failures = 0

    private struct Waiter {
        let since = MonotonicTime.now
        let continuation: CheckedContinuation<Result<Int, PostgresError>, Never>
        let timer: EventLoop.Timer
    }

    /// A pool of at most `limit` connections; a caller waits at most `acquireTimeout` for one.
    package init(
        _ settings: ConnectionSettings, limit: Int, acquireTimeout: Duration = .seconds(5), on lane: Lane
    ) {
        self.settings = settings
        self.lane = lane
        self.acquireTimeout = acquireTimeout
        self.limit = limit
        state = PoolState(limit: limit)
    }

    /// What a pool does and has done, for metrics.
    package struct Figures: Sendable {
        /// How many connections there may be.
        package let limit: Int
        /// Connections that are open and not lent, and that are lent.
        package let idle: Int, inUse: Int
        /// Callers who wait for a connection now.
        package let waiting: Int
        /// Callers who have waited in vain because all connections were in use, and because none could be made.
        package let timeouts: Int, failures: Int
        /// How long those who got a connection had waited.
        package let waits: Histogram
    }

    /// The figures now.
    package var figures: Figures {
        let (idle, leased, waiting) = state.figures
        return Figures(
            limit: limit, idle: idle, inUse: leased, waiting: waiting, timeouts: timeouts,
            failures: failures, waits: waits)
    }

    // MARK: Use

    package func query(_ sql: SQL) async throws(PostgresError) -> Rows {
        let (number, connection) = try await acquire()
        defer { release(number) }
        return try await connection.query(sql)
    }

    /// Runs `body` in one transaction: committed when it returns, rolled back when it throws.
    package func transaction<Value: Sendable>(
        for purpose: Transaction.Purpose = .writing, _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        let transaction = Transaction(self, for: purpose)
        do {
            let value = try await body(transaction)
            try await transaction.commit()
            return value
        } catch {
            await transaction.rollback()
            throw error
        }
    }

    /// A connection that is lent.
    package struct Loan: Sendable {
        fileprivate let number: Int
        package let connection: Connection
    }

    /// Lends a connection, which must be taken back.
    package func lend() async throws(PostgresError) -> Loan {
        let (number, connection) = try await acquire()
        return Loan(number: number, connection: connection)
    }

    /// Takes back a connection. One that comes back in a transaction is not used again.
    package func takeBack(_ loan: Loan) {
        loan.connection.assumeIsolated { $0.closeUnlessIdle() }
        release(loan.number)
    }

    /// Closes all connections; callers, those who wait included, get `.unavailable` from now on.
    package func close() async {
        closed = true
        for waiter in state.close() { serve(waiter, .failure(.unavailable("the pool is closed"))) }
        for connection in connections.values { await connection.close() }
    }

    // MARK: Lending

    private func acquire() async throws(PostgresError) -> (Int, Connection) {
        let number = try await acquireNumber()
        // It may have ended between being handed out and the waiter's turn.
        guard let connection = connections[number] else {
            release(number)
            throw .unavailable("the connection was lost")
        }
        return (number, connection)
    }

    private func acquireNumber() async throws(PostgresError) -> Int {
        if !closed, let connection = state.takeIdle() {
            waits.record(0)
            return connection
        }
        // Others may run on the lane before the closure does, so the state is asked in there.
        return try await withCheckedContinuation { acquire(for: $0) }.get()
    }

    private func acquire(for continuation: CheckedContinuation<Result<Int, PostgresError>, Never>) {
        guard !closed else {
            return continuation.resume(returning: .failure(.unavailable("the pool is closed")))
        }
        numbers += 1
        let number = numbers
        switch state.acquire(waiter: number, at: .now) {
        case .use(let connection):
            waits.record(0)
            return continuation.resume(returning: .success(connection))
        case .fail:
            failures += 1
            return continuation.resume(returning: .failure(.unavailable("the database does not answer")))
        case .openAndWait: open()
        case .wait: break
        }
        let timer = lane.schedule(after: acquireTimeout) { [weak self] in
            self?.assumeIsolated { $0.expire(number) }
        }
        waiters[number] = Waiter(continuation: continuation, timer: timer)
    }

    private func release(_ number: Int) {
        if connections[number] == nil {
            if state.discardLeased() { open() }
        } else if let waiter = state.release(number) {
            serve(waiter, .success(number))
        }
    }

    private func serve(_ waiter: Int, _ outcome: Result<Int, PostgresError>) {
        guard let waiter = waiters.removeValue(forKey: waiter) else { return }
        waiter.timer.cancel()
        if case .success = outcome { waits.record(MonotonicTime.now - waiter.since) }
        waiter.continuation.resume(returning: outcome)
    }

    private func expire(_ waiter: Int) {
        if state.expire(waiter: waiter) {
            timeouts += 1
            serve(waiter, .failure(.unavailable("no connection became free in time")))
        }
    }

    // MARK: Opening

    private func open() {
        numbers += 1
        let number = numbers
        Task(executorPreference: lane) { await self.connect(number) }
    }

    private func connect(_ number: Int) async {
        do throws(PostgresError) {
            let connection = try await Connection.connect(settings, on: lane)
            guard !closed else { return await connection.close() }
            opened(number, connection)
            await connection.whenClosed { [weak self] in
                self?.assumeIsolated { $0.connectionClosed(number) }
            }
        } catch {
            let told = state.openFailed(retryAt: .now + .milliseconds(100))
            failures += told.count
            told.forEach { serve($0, .failure(error)) }
        }
    }

    private func opened(_ number: Int, _ connection: Connection) {
        connections[number] = connection
        if let waiter = state.opened(number) { serve(waiter, .success(number)) }
    }

    /// The server or the network ended it; if it was lent, the borrower's `release` does the rest.
    private func connectionClosed(_ number: Int) {
        connections[number] = nil
        state.discardIdle(number)
    }
}
