package import Postgres
import Synchronization

/// What a scrape tells of the database. A scrape does not wait for the database: it tells what was found after the one
/// before, and has it read again.
package final class DatabaseFacts: Sendable {
    /// What was found.
    struct Facts: Sendable {
        let serverVersion: String
        /// Whether it is a standby.
        let isInRecovery: Bool
        /// The last migration; nil when its name cannot be read.
        let schema: String?
        /// When each campaign that runs was last reported to, or began.
        let campaigns: [(id: String, lastCount: Instant)]
    }

    private struct State {
        var facts: Facts?
        var isUp: Bool?
        var isReading = false
    }

    private let pool: Pool
    private let log: Log
    private let state = Mutex(State())
    /// How many campaigns are told of: each is a time series.
    private static let campaignLimit = 100

    /// Nothing is known yet.
    package init(_ pool: Pool, log: Log) {
        self.pool = pool
        self.log = log
    }

    /// What was found last, and whether the database answered the last time; nil when it was never asked.
    var latest: (facts: Facts?, isUp: Bool?) { state.withLock { ($0.facts, $0.isUp) } }

    /// PostgreSQL's version and the last migration, when they are known.
    package var versions: (server: String?, schema: String?) {
        let facts = latest.facts
        return (facts?.serverVersion, facts?.schema)
    }

    /// Has the database asked, unless it is being asked.
    func refresh() {
        let begins = state.withLock { state in
            defer { state.isReading = true }
            return !state.isReading
        }
        if begins { Task(executorPreference: pool.lane) { await self.read() } }
    }

    /// Asks the database; returns when it has answered, or does not.
    package func read() async {
        do throws(PostgresError) {
            let facts = try await pool.databaseFacts(campaigns: Self.campaignLimit)
            state.withLock { state in
                state.facts = facts
                state.isUp = true
                state.isReading = false
            }
        } catch {
            let wasUp = state.withLock { state in
                defer { state.isUp = false }
                state.isReading = false
                return state.isUp != false
            }
            if wasUp { log.error("the database cannot be asked for metrics: \(error)") }
        }
    }
}

extension Queryable {
    fileprivate func databaseFacts(campaigns limit: Int) async throws(PostgresError) -> DatabaseFacts.Facts {
        let server = try await query(
            "select current_setting('server_version') as version, pg_is_in_recovery() as standby")
        let schema = try await query("select max(name) as name from migrations")
        var campaigns: [(id: String, lastCount: Instant)] = []
        for row in try await query(
            """
            select campaigns.id,
                greatest(latest.recorded_at, campaigns.starts_on::timestamp at time zone campaigns.time_zone) as last
            from campaigns
            left join lateral (
                select recorded_at
                from participant_counts
                where participant_counts.campaign = campaigns.id
                order by recorded_at desc
                limit 1
            ) as latest on true
            where campaign_state(campaigns, now()) = 'running'
            order by campaigns.id
            limit \(limit)
            """)
        {
            campaigns.append((try row.get("id"), try row.get("last")))
        }
        guard let row = server.first else { throw .unavailable("no answer") }
        return DatabaseFacts.Facts(
            serverVersion: try row.get("version"), isInRecovery: try row.get("standby"),
            schema: try schema.first?.get("name"), campaigns: campaigns)
    }
}
