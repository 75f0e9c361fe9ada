import Synchronization

/// What a transaction changes, to be told once it is committed.
final class CommittedChanges: Sendable {
    private struct State {
        var campaigns: [String?] = []
        var keys = false
        var outcomes: [LaneMetrics.CountOutcome: Int] = [:]
    }

    private let state = Mutex(State())

    /// Those whose figures it changes; nil stands for any.
    var campaigns: [String?] { state.withLock { $0.campaigns } }
    /// Whether it changes keys.
    var keys: Bool { state.withLock { $0.keys } }

    /// What has become of counts.
    var outcomes: [LaneMetrics.CountOutcome: Int] { state.withLock { $0.outcomes } }
    /// How many revisions of counts it records.
    var revisionCount: Int {
        let outcomes = outcomes
        let recorded: [LaneMetrics.CountOutcome] = [.created, .revised, .withdrawn]
        return recorded.reduce(0) { $0 + (outcomes[$1] ?? 0) }
    }

    func add(_ campaigns: [String?]) {
        state.withLock { state in
            state.campaigns += campaigns.filter { !state.campaigns.contains($0) }
        }
    }

    func add(_ outcomes: [LaneMetrics.CountOutcome: Int]) {
        state.withLock { $0.outcomes.merge(outcomes, uniquingKeysWith: +) }
    }

    func addKeys() {
        state.withLock { $0.keys = true }
    }
}
