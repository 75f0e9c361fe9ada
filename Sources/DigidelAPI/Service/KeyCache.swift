import Synchronization

/// Keys seen in the last second, so that not every request asks the database who it is. A revoked key is forgotten at
/// once, on every instance, when the database tells of it (`notify keys`).
final class KeyCache: Sendable {
    private struct Entry {
        let caller: Caller
        let until: ContinuousClock.Instant
    }

    private static let capacity = 10_000
    private let entries = Mutex<[String: Entry]>([:])

    func caller(for secret: String) -> Caller? {
        entries.withLock { entries in
            guard let entry = entries[secret], .now < entry.until else { return nil }
            return entry.caller
        }
    }

    func remember(_ caller: Caller, for secret: String) {
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll() }
            entries[secret] = Entry(caller: caller, until: .now + .seconds(1))
        }
    }

    /// Forgets all keys.
    func clear() {
        entries.withLock { $0.removeAll() }
    }
}
