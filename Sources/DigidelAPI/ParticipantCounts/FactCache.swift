import Postgres
import Synchronization

/// What the rules ask about, read in the last second: most counts come from the same few campaigns and reporters.
final class FactCache: Sendable {
    let campaigns = ShortCache<CountFacts.Campaign>()
    let organisations = ShortCache<CountFacts.Organisation>()
    let countries = ShortCache<Country>()

    /// Forgets everything, but for the areas, which only a migration changes.
    func clear() {
        campaigns.clear()
        organisations.clear()
    }
}

/// Values by their ids, each kept for a second. What there is not is asked for every time.
final class ShortCache<Value: Sendable>: Sendable {
    private struct Entry {
        let value: Value
        let until: ContinuousClock.Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// How often it was cleared: what was read before is not kept after.
        var clearings = 0
    }

    private static var capacity: Int { 10_000 }
    private let state = Mutex(State())

    /// The values that there are for these ids; those that are not kept are fetched together.
    func values(
        for ids: [String],
        fetch: ([String]) async throws(PostgresError) -> [(String, Value)]
    ) async throws(PostgresError) -> [String: Value] {
        let wanted = Set(ids)
        var (values, clearings) = kept(wanted)
        let missing = wanted.filter { values[$0] == nil }
        if missing.isEmpty { return values }
        let fetched = try await fetch(missing.sorted())
        for (id, value) in fetched { values[id] = value }
        keep(fetched, ifClearedOnly: clearings)
        return values
    }

    /// Forgets everything.
    func clear() {
        state.withLock { state in
            state.entries.removeAll()
            state.clearings += 1
        }
    }

    private func kept(_ ids: Set<String>) -> (values: [String: Value], clearings: Int) {
        let now = ContinuousClock.now
        return state.withLock { state in
            var values: [String: Value] = [:]
            for id in ids {
                if let entry = state.entries[id], now < entry.until { values[id] = entry.value }
            }
            return (values, state.clearings)
        }
    }

    private func keep(_ values: [(String, Value)], ifClearedOnly clearings: Int) {
        let until = ContinuousClock.now + .seconds(1)
        state.withLock { state in
            guard state.clearings == clearings else { return }
            if state.entries.count >= Self.capacity { state.entries.removeAll() }
            for (id, value) in values { state.entries[id] = Entry(value: value, until: until) }
        }
    }
}
