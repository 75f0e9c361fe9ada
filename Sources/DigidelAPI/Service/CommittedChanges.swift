import Synchronization

/// What a transaction changes, to be told once it is committed.
final class CommittedChanges: Sendable {
    private struct State {
        var campaigns: [String?] = []
        var keys = false
    }

    private let state = Mutex(State())

    /// Those whose figures it changes; nil stands for any.
    var campaigns: [String?] { state.withLock { $0.campaigns } }
    /// Whether it changes keys.
    var keys: Bool { state.withLock { $0.keys } }

    func add(_ campaigns: [String?]) {
        state.withLock { state in
            state.campaigns += campaigns.filter { !state.campaigns.contains($0) }
        }
    }

    func addKeys() {
        state.withLock { $0.keys = true }
    }
}
