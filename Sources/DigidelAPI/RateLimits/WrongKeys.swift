import Synchronization

/// Slows down who tries keys: an address from which many different keys came that are none may try no more for a while.
/// The same wrong key again, of a program whose key has expired, does not count.
final class WrongKeys: Sendable {
    /// So many different ones in a window.
    static let limit = 20
    /// The length of a window in seconds.
    static let seconds = 60

    private struct State {
        var window = 0
        var tried: [UInt64: Set<UInt64>] = [:]
    }

    private static let capacity = 100_000
    private let state = Mutex(State())

    /// A key that is none came from an address.
    func add(_ key: UInt64, from address: UInt64, at now: Instant) {
        let window = Self.window(at: now)
        state.withLock { state in
            if window > state.window || state.tried.count >= Self.capacity {
                state.window = window
                state.tried.removeAll(keepingCapacity: true)
            }
            guard state.tried[address, default: []].count < Self.limit else { return }
            state.tried[address, default: []].insert(key)
        }
    }

    /// In how many seconds keys from an address are looked at again; nil when they are now.
    func pause(of address: UInt64, at now: Instant) -> Int? {
        let window = Self.window(at: now)
        let isOver = state.withLock { state in
            state.window == window && (state.tried[address]?.count ?? 0) >= Self.limit
        }
        return isOver ? (window + 1) * Self.seconds - now.microseconds / 1_000_000 : nil
    }

    private static func window(at now: Instant) -> Int { now.microseconds / (seconds * 1_000_000) }
}
