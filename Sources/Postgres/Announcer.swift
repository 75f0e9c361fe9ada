package import EventLoop

/// Sends `NOTIFY`: the first announcement at once, those of the next moments together.
///
/// Not in the transaction of what it tells: PostgreSQL commits transactions that notify one at a time, so every write
/// would wait for the disk alone.
package actor Announcer {
    package nonisolated let lane: Lane
    package nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    private static let pause: Duration = .milliseconds(20)
    private let pool: Pool
    private let channel: String
    private let onFailure: @Sendable (PostgresError) -> Void
    private var waiting: Set<String> = []
    /// Nil when there is nothing to send.
    private var sending: Task<Void, Never>?

    /// Announces on `channel` over the pool's connections. An announcement that fails is told to `onFailure` and given up.
    package init(_ pool: Pool, channel: String, onFailure: @escaping @Sendable (PostgresError) -> Void) {
        self.pool = pool
        self.channel = channel
        self.onFailure = onFailure
        lane = pool.lane
    }

    /// Announces something that is committed; returns at once.
    package func announce(_ payload: String) {
        waiting.insert(payload)
        guard sending == nil else { return }
        sending = Task(executorPreference: lane) { await self.send() }
    }

    /// Returns when everything announced has been sent or given up.
    package func finish() async {
        while let sending { await sending.value }
    }

    private func send() async {
        while !waiting.isEmpty {
            let payloads = waiting.sorted()
            waiting.removeAll()
            do throws(PostgresError) {
                // Nobody needs to wait until a notice is on the disk.
                try await pool.execute(
                    """
                    select set_config('synchronous_commit', 'off', true), pg_notify(\(channel), payload)
                    from unnest(\(payloads)::text[]) as payload
                    """)
            } catch {
                onFailure(error)
            }
            try? await Task.sleep(for: Self.pause)
        }
        sending = nil
    }
}
