package import EventLoop
package import Postgres

/// Records counts that arrive together in one transaction, each answered after its commit.
///
/// While one transaction is under way, on whichever lane, what arrives waits and makes the next; a lone count does not
/// wait. Should the database refuse them together, each is recorded alone, so that a bad one fails for itself.
package actor SharedCommits {
    package nonisolated let lane: Lane
    package nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    private struct Waiting {
        let revision: CountRevision
        let continuation: CheckedContinuation<Result<CountOutcome, PostgresError>, Never>
    }

    /// Enough for every client of a busy day, few enough for one statement.
    private static let limit = 256
    private let pool: Pool
    /// Whose turn it is among the lanes. The ledger is written by one transaction at a time anyway; who waits here, rather
    /// than in the database, takes along what arrives meanwhile.
    private let turn: Turn
    private let metrics: LaneMetrics
    private var waiting: [Waiting] = []
    private var isRecording = false

    /// Records over the pool's connections, on its lane, when it is its turn.
    package init(_ pool: Pool, _ turn: Turn, _ metrics: LaneMetrics) {
        self.pool = pool
        self.metrics = metrics
        self.turn = turn
        lane = pool.lane
    }

    /// Records a revision together with others; throws what went wrong with it.
    func record(_ revision: CountRevision) async throws(PostgresError) -> CountOutcome {
        try await withCheckedContinuation { add(Waiting(revision: revision, continuation: $0)) }.get()
    }

    private func add(_ item: Waiting) {
        waiting.append(item)
        guard !isRecording else { return }
        isRecording = true
        Task(executorPreference: lane) { await self.recordAll() }
    }

    private func recordAll() async {
        while !waiting.isEmpty {
            let loan: Pool.Loan
            do throws(PostgresError) {
                // Before the turn, so that no lane waits while another waits for a connection.
                loan = try await pool.lend()
            } catch {
                for item in waiting { item.continuation.resume(returning: .failure(error)) }
                waiting = []
                continue
            }
            await turn.take()
            await gather()
            let group = takeGroup()
            let recorded = await record(group, over: loan.connection)
            turn.pass()
            await pool.takeBack(loan)
            switch recorded {
            case .success(let outcomes):
                metrics.recordCommit(rows: outcomes.count { $0.recorded != nil })
                for (item, outcome) in zip(group, outcomes) {
                    item.continuation.resume(returning: .success(outcome))
                }
            case .failure(let error): await fail(group, with: error)
            }
        }
        isRecording = false
    }

    /// Those that one statement records, first revisions or later ones: together they are recorded or none of them.
    private func takeGroup() -> [Waiting] {
        let isFirst = waiting.first?.revision.revision == 1
        let group = Array(waiting.prefix { ($0.revision.revision == 1) == isFirst }.prefix(Self.limit))
        waiting.removeFirst(group.count)
        return group
    }

    private func record(
        _ group: [Waiting], over connection: Connection
    ) async -> Result<[CountOutcome], PostgresError> {
        do throws(PostgresError) {
            return .success(try await connection.record(group.map(\.revision)))
        } catch {
            return .failure(error)
        }
    }

    /// Lets those arrive whose requests the lane is just reading: as long as every turn of the lane brings more, and no
    /// longer. A lone count waits for one turn, in which nothing happens.
    private func gather() async {
        var count = 0
        while count < waiting.count, waiting.count < Self.limit {
            count = waiting.count
            await Task.yield()
        }
    }

    /// A refusal may be meant for one of them only. Nothing can be said of the others while the database is away: it may
    /// have committed before it went.
    private func fail(_ group: [Waiting], with error: PostgresError) async {
        for item in group {
            guard group.count > 1, error.kind == .refused else {
                item.continuation.resume(returning: .failure(error))
                continue
            }
            do throws(PostgresError) {
                for outcome in try await pool.record([item.revision]) {
                    metrics.recordCommit(rows: outcome.recorded == nil ? 0 : 1)
                    item.continuation.resume(returning: .success(outcome))
                }
            } catch {
                item.continuation.resume(returning: .failure(error))
            }
        }
    }
}
