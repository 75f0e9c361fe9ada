import Synchronization

/// The campaigns whose figures a transaction changes, to be told once it is committed; nil stands for any.
final class CommittedChanges: Sendable {
    private let state = Mutex<[String?]>([])

    var campaigns: [String?] { state.withLock { $0 } }

    func add(_ campaigns: [String?]) {
        state.withLock { state in state += campaigns.filter { !state.contains($0) } }
    }
}
