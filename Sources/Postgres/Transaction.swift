package import EventLoop

/// A transaction that begins with its first statement, so that who turns out to need none costs nothing. End it with
/// `commit` or `rollback`.
package actor Transaction: Queryable {
    package nonisolated let lane: Lane
    package nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    /// What a transaction is for.
    package enum Purpose: String, Sendable {
        case writing = "begin"
        /// Everything that is read is read as it was at the first statement.
        case reading = "begin isolation level repeatable read read only"
    }

    private let pool: Pool
    private let purpose: Purpose
    private var loan: Pool.Loan?

    /// A transaction over one of the pool's connections.
    package init(_ pool: Pool, for purpose: Purpose = .writing) {
        self.pool = pool
        self.purpose = purpose
        lane = pool.lane
    }

    package func query(_ sql: SQL) async throws(PostgresError) -> Rows {
        try await begun().query(sql)
    }

    /// Makes it all last. Throws what goes wrong, in which case `rollback` is still to be called.
    package func commit() async throws(PostgresError) {
        guard let loan else { return }
        try await loan.connection.commit()
        await giveBack(loan)
    }

    /// Undoes it all.
    package func rollback() async {
        guard let loan else { return }
        // A rollback that fails ends with the connection, as the transaction does.
        try? await loan.connection.script("rollback")
        await giveBack(loan)
    }

    private func begun() async throws(PostgresError) -> Connection {
        if let loan { return loan.connection }
        let loan = try await pool.lend()
        self.loan = loan
        try await loan.connection.script(purpose.rawValue)
        return loan.connection
    }

    private func giveBack(_ loan: Pool.Loan) async {
        self.loan = nil
        await pool.takeBack(loan)
    }
}

extension Connection {
    /// Runs `body` in a transaction in which everything is read as it was at the first statement.
    package func reading<Value: Sendable>(
        _ body: @Sendable (Connection) async throws -> Value
    ) async throws -> Value {
        try await script(Transaction.Purpose.reading.rawValue)
        do {
            let value = try await body(self)
            try await commit()
            return value
        } catch {
            try? await script("rollback")
            throw error
        }
    }
}
