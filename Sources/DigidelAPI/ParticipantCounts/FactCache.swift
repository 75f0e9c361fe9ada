import Postgres
import Synchronization

/// What the rules ask about, read in the last second: most counts come from the same few campaigns and reporters.
final class FactCache: Sendable {
    let campaigns = ShortCache<String, CountFacts.Campaign>()
    let organisations = ShortCache<String, CountFacts.Organisation>()
    let countries = ShortCache<String, Country>()
    let enrolments = ShortCache<CountFacts.Enrolment, CountFacts.Enrolment>()

    /// The facts for each of the counts, in their order; nil unless all of them are kept.
    func facts(for counts: [ParticipantCountInput]) -> [CountFacts]? {
        let now = ContinuousClock.now
        var facts: [CountFacts] = []
        facts.reserveCapacity(counts.count)
        for count in counts {
            guard let campaign = campaigns.value(for: count.campaign, at: now),
                let organisation = organisations.value(for: count.organisation, at: now),
                let country = countries.value(for: count.area, at: now),
                enrolments.value(for: count.enrolment, at: now) != nil
            else { return nil }
            facts.append(
                CountFacts(campaign: campaign, organisation: organisation, country: country, isEnrolled: true)
            )
        }
        return facts
    }

    /// Forgets everything, but for the areas, which only a migration changes.
    func clear() {
        campaigns.clear()
        organisations.clear()
        enrolments.clear()
    }
}

/// Values, none of them older than a second. What there is not is asked for every time.
final class ShortCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private static var capacity: Int { 10_000 }
    private let state = Mutex(ShortCacheState<Key, Value>())

    /// The values that there are for these keys. Those that are missing are fetched together, and with them what has grown
    /// old and is in use: one query for what would be one for each of many reporters.
    func values(
        for keys: [Key], at now: ContinuousClock.Instant = .now,
        fetch: ([Key]) async throws(PostgresError) -> [(Key, Value)]
    ) async throws(PostgresError) -> [Key: Value] {
        var (values, missing, clearings) = kept(keys, at: now)
        if missing.isEmpty { return values }
        let fetched = try await fetch(Array(missing))
        for (key, value) in fetched { values[key] = value }
        keep(fetched, at: now, ifClearedOnly: clearings)
        return values
    }

    /// The value, if it is kept.
    func value(for key: Key, at now: ContinuousClock.Instant) -> Value? {
        state.withLock { $0.entries[key]?.use(at: now) }
    }

    /// Forgets everything.
    func clear() {
        state.withLock { state in
            state.entries.removeAll()
            state.clearings += 1
        }
    }

    private func kept(
        _ keys: [Key], at now: ContinuousClock.Instant
    ) -> (values: [Key: Value], missing: Set<Key>, clearings: Int) {
        state.withLock { state in
            var values: [Key: Value] = [:]
            var missing: Set<Key> = []
            for key in keys where values[key] == nil {
                if let value = state.entries[key]?.use(at: now) {
                    values[key] = value
                } else {
                    missing.insert(key)
                }
            }
            if !missing.isEmpty { missing.formUnion(state.takeOld(at: now)) }
            return (values, missing, state.clearings)
        }
    }

    private func keep(_ values: [(Key, Value)], at now: ContinuousClock.Instant, ifClearedOnly clearings: Int)
    {
        state.withLock { state in
            guard state.clearings == clearings else { return }
            if state.entries.count >= Self.capacity { state.entries.removeAll() }
            for (key, value) in values { state.entries[key] = ShortCacheEntry(value: value, fetchedAt: now) }
        }
    }
}

private struct ShortCacheEntry<Value> {
    let value: Value
    let fetchedAt: ContinuousClock.Instant
    private var isUsed = false
    private var isFetchedAgain = false

    init(value: Value, fetchedAt: ContinuousClock.Instant) {
        self.value = value
        self.fetchedAt = fetchedAt
    }

    func isOld(at now: ContinuousClock.Instant) -> Bool { now >= fetchedAt + .milliseconds(500) }

    /// The value, for half a second, and for another one while it is fetched again.
    mutating func use(at now: ContinuousClock.Instant) -> Value? {
        if isOld(at: now) && !(isFetchedAgain && now < fetchedAt + .seconds(1)) { return nil }
        isUsed = true
        return value
    }

    /// Whether it is worth fetching again; whoever asks does so.
    mutating func takeForFetching(at now: ContinuousClock.Instant) -> Bool {
        if isFetchedAgain || !isUsed { return false }
        isFetchedAgain = true
        return now < fetchedAt + .seconds(1)
    }
}

private struct ShortCacheState<Key: Hashable, Value> {
    var entries: [Key: ShortCacheEntry<Value>] = [:]
    /// How often it was cleared: what was read before is not kept after.
    var clearings = 0
    /// When it was last looked through for what has grown old.
    private var searchedAt = ContinuousClock.now

    /// What has grown old: that which is in use is returned, to be fetched again, and the rest forgotten.
    mutating func takeOld(at now: ContinuousClock.Instant) -> [Key] {
        // Else a stranger's requests, which miss each time, would have it looked through each time.
        if now < searchedAt + .milliseconds(250) { return [] }
        searchedAt = now
        let old = entries.filter { $0.value.isOld(at: now) }.keys
        return old.filter { key in
            if entries[key]?.takeForFetching(at: now) == true { return true }
            entries[key] = nil
            return false
        }
    }
}
