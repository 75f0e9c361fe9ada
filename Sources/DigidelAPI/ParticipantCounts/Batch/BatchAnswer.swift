import Foundation

/// What has become of one row of a batch.
struct BatchOutcome: Sendable, Equatable {
    /// The kinds, in the order of the tallies.
    enum Kind: String, Sendable, CaseIterable {
        case created, revised, unchanged
        /// Waits for a review; no rule holds anything yet.
        case held
        case rejected
    }

    let kind: Kind
    /// The stored count's.
    var id: UUID?
    var revision: Int?
    var issues: [BatchIssue] = []

    /// A row that is not taken, and why.
    static func rejected(_ faults: [Fault]) -> BatchOutcome {
        BatchOutcome(kind: .rejected, issues: faults.map(BatchIssue.init))
    }
}

/// What a batch does to a goal: its value today, before and after.
struct BatchGoal: Sendable, Equatable {
    let goal: String
    let before: Decimal
    let after: Decimal
}

/// The answer to a batch (api.md).
struct BatchAnswer: Sendable {
    let options: BatchOptions
    /// Those that the batch touches.
    var goals: [BatchGoal] = []
    /// By the row's index.
    private(set) var outcomes: [Int: BatchOutcome] = [:]

    init(_ options: BatchOptions) {
        self.options = options
    }

    /// Notes what has become of a row. Rows come in any order; of two outcomes of one row the later counts.
    mutating func add(_ outcome: BatchOutcome, at index: Int) {
        outcomes[index] = outcome
    }

    var hasRejected: Bool { outcomes.values.contains { $0.kind == .rejected } }

    /// Rejects every row that is not rejected, as an atomic batch with a rejected one is (decisions.md, 38).
    mutating func rollBack() {
        goals = []
        outcomes = outcomes.mapValues { outcome in
            outcome.kind == .rejected ? outcome : BatchOutcome(kind: .rejected, issues: [.rolledBack])
        }
    }

    /// What has become of how many counts, for metrics; nothing in a dry run.
    var tallies: [LaneMetrics.CountOutcome: Int] {
        if options.isDryRun { return [:] }
        return outcomes.values.reduce(into: [:]) { tallies, outcome in
            tallies[LaneMetrics.CountOutcome(outcome.kind), default: 0] += 1
        }
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("dryRun", options.isDryRun)
            json.member("mode", options.mode.rawValue)
            json.member("tallies") { json in
                for kind in BatchOutcome.Kind.allCases {
                    json.member(kind.rawValue, outcomes.values.count { $0.kind == kind })
                }
            }
            json.name("outcomes")
            json.array(outcomes.sorted { $0.key < $1.key }) { json, row in
                json.object { json in write(row.value, at: row.key, to: &json) }
            }
            json.name("goals")
            json.array(goals) { json, goal in
                json.object { json in
                    json.member("goal", goal.goal)
                    json.member("before", goal.before)
                    json.member("after", goal.after)
                }
            }
        }
    }

    /// Without an id in a dry run: what has been rolled back is nowhere to be found (decisions.md, 38).
    private func write(_ outcome: BatchOutcome, at index: Int, to json: inout JSONWriter) {
        json.member("index", index)
        json.member("outcome", outcome.kind.rawValue)
        json.member("id", options.isDryRun ? nil : outcome.id)
        json.member("revision", outcome.revision)
        guard !outcome.issues.isEmpty else { return }
        json.name("issues")
        json.array(outcome.issues) { json, issue in issue.write(to: &json) }
    }
}

extension LaneMetrics.CountOutcome {
    fileprivate init(_ kind: BatchOutcome.Kind) {
        switch kind {
        case .created: self = .created
        case .revised: self = .revised
        case .unchanged: self = .unchanged
        case .held: self = .held
        case .rejected: self = .rejected
        }
    }
}
