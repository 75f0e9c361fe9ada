import Synchronization

/// Slows down who tries keys: an address from which many different keys came that are none may try no more for a while.
/// The same wrong key again, of a program whose key has expired, does not count.
final class WrongKeys: Sendable {
    /// So many different ones in a window.
    static let quota = Quota(requests: 20, seconds: 60)

    private struct State {
        var window = 0
        var tried: [UInt64: Set<UInt64>] = [:]
    }

    private static let capacity = 100_000
    private let state = Mutex(State())

    /// A key that is none came from an address.
    func add(_ key: UInt64, from address: UInt64, at now: Instant) {
        let window = Self.quota.window(at: now)
        state.withLock { state in
            if window != state.window || (state.tried[address] == nil && state.tried.count >= Self.capacity) {
                state.window = window
                state.tried.removeAll(keepingCapacity: true)
            }
            guard state.tried[address, default: []].count < Self.quota.requests else { return }
            state.tried[address, default: []].insert(key)
        }
    }

    /// Whether that key came from an address in this window and was none: it has not become one since.
    func knows(_ key: UInt64, from address: UInt64, at now: Instant) -> Bool {
        let window = Self.quota.window(at: now)
        return state.withLock { $0.window == window && $0.tried[address]?.contains(key) == true }
    }

    /// In how many seconds keys from an address are looked at again; nil when they are now.
    func pause(of address: UInt64, at now: Instant) -> Int? {
        let window = Self.quota.window(at: now)
        let isOver = state.withLock { state in
            state.window == window && (state.tried[address]?.count ?? 0) >= Self.quota.requests
        }
        return isOver ? Self.quota.reset(at: now) : nil
    }
}
