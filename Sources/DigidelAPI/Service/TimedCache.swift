import Postgres
import Synchronization

/// Values, none of them older than a lifetime. What there is not is asked for every time.
final class TimedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var entries: [Key: (value: Value, fetchedAt: ContinuousClock.Instant)] = [:]
        /// How often it was cleared: what was read before is not kept after.
        var clearings = 0
    }

    private static var capacity: Int { 10_000 }
    private let lifetime: Duration
    private let state = Mutex(State())

    init(lifetime: Duration) {
        self.lifetime = lifetime
    }

    /// The values that there are for these keys; those that are not kept are fetched together.
    func values(
        for keys: [Key], at now: ContinuousClock.Instant = .now,
        fetch: ([Key]) async throws(PostgresError) -> [(Key, Value)]
    ) async throws(PostgresError) -> [Key: Value] {
        let clearings = state.withLock { $0.clearings }
        var values: [Key: Value] = [:]
        var missing: Set<Key> = []
        for key in keys where values[key] == nil {
            if let value = value(for: key, at: now) { values[key] = value } else { missing.insert(key) }
        }
        if missing.isEmpty { return values }
        let fetched = try await fetch(Array(missing))
        for (key, value) in fetched { values[key] = value }
        keep(fetched, at: now, ifClearedOnly: clearings)
        return values
    }

    /// The value, if it is kept.
    func value(for key: Key, at now: ContinuousClock.Instant) -> Value? {
        state.withLock { state in
            guard let entry = state.entries[key], now < entry.fetchedAt + lifetime else { return nil }
            return entry.value
        }
    }

    /// Forgets everything.
    func clear() {
        state.withLock { state in
            state.entries.removeAll()
            state.clearings += 1
        }
    }

    private func keep(_ values: [(Key, Value)], at now: ContinuousClock.Instant, ifClearedOnly clearings: Int)
    {
        state.withLock { state in
            guard state.clearings == clearings else { return }
            if state.entries.count >= Self.capacity { state.entries.removeAll() }
            for (key, value) in values { state.entries[key] = (value, now) }
        }
    }
}
