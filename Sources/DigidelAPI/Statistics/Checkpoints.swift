import EventLoop
package import Postgres
import Synchronization

/// Makes checkpoints of the ledger behind what is recorded, so that whoever asks reads some thousands of changes at most
/// (migration 0011). One for all lanes.
package final class Checkpoints: Sendable {
    /// So many changes make a checkpoint: making it takes as long as a thousand posts, reading so many changes 20 ms.
    private let changesNeeded: Int
    /// After so many changes that this instance has recorded it looks whether there are enough, others' included.
    private let changesBetweenLooks: Int

    private struct State {
        /// Changes of campaigns since they were looked at.
        var recorded: [String: Int] = [:]
        var waiting: Set<String> = []
        /// Nil when there is nothing to do.
        var work: Task<Void, Never>?
        var isFinished = false
    }

    private let pool: Pool
    private let log: Log
    private let state = Mutex(State())

    /// Works over the pool's connections, on its lane.
    package init(_ pool: Pool, changesNeeded: Int = 16_384, changesBetweenLooks: Int = 4096, log: Log) {
        self.pool = pool
        self.changesNeeded = changesNeeded
        self.changesBetweenLooks = changesBetweenLooks
        self.log = log
    }

    /// Looks at all campaigns: what was recorded while nobody looked.
    package func start() async {
        do throws(PostgresError) {
            for row in try await pool.query("select id from campaigns") { look(at: try row.get("id")) }
        } catch {
            log.error("checkpoints: \(error)")
        }
    }

    /// So many changes of a campaign were recorded.
    func recorded(_ number: Int, of campaign: String) {
        let isDue = state.withLock { state in
            state.recorded[campaign, default: 0] += number
            guard state.recorded[campaign, default: 0] >= changesBetweenLooks else { return false }
            state.recorded[campaign] = nil
            return true
        }
        if isDue { look(at: campaign) }
    }

    /// Returns when nothing is being made any more; nothing is begun after it.
    package func finish() async {
        let work = state.withLock { state in
            state.isFinished = true
            state.waiting.removeAll()
            return state.work
        }
        await work?.value
    }

    private func look(at campaign: String) {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.waiting.insert(campaign)
            if state.work == nil { state.work = Task(executorPreference: pool.lane) { await self.work() } }
        }
    }

    private func next() -> String? {
        state.withLock { state in
            let campaign = state.waiting.popFirst()
            if campaign == nil { state.work = nil }
            return campaign
        }
    }

    private func work() async {
        while let campaign = next() {
            do throws(PostgresError) {
                while try await pool.makeCheckpoint(of: campaign, changesNeeded: changesNeeded) {
                    if state.withLock({ $0.isFinished }) { break }
                }
            } catch {
                // Whoever asks reads more changes until it works.
                log.error("checkpoint of \(campaign): \(error)")
            }
        }
    }
}

extension Queryable {
    /// Makes the next checkpoint of a campaign if there are so many changes since the last; whether there were.
    func makeCheckpoint(of campaign: String, changesNeeded: Int) async throws(PostgresError) -> Bool {
        let row = try await query("select make_checkpoint(\(campaign), \(changesNeeded)) as was_made").first
        return try row?.get("was_made") ?? false
    }
}
