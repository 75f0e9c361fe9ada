import Foundation
import Postgres

/// What a batch has recorded. Each instant of the ledger belongs to one statement, so that the instants tell which lines
/// are the batch's.
struct BatchEffect: Sendable {
    private(set) var campaigns: Set<String> = []
    private(set) var instants: Set<Instant> = []

    mutating func add(_ outcome: CountIntake.Outcome) {
        switch outcome {
        case .created(let count), .revised(let count):
            campaigns.insert(count.content.campaign)
            instants.insert(count.recordedAt)
        case .unchanged, .rejected: break
        }
    }
}

extension Queryable {
    /// The goals in whose scope something was recorded, and by how much it changes their value today; ordered by id.
    func goalChanges(
        by effect: BatchEffect, at now: Instant
    ) async throws(PostgresError) -> [(id: String, change: Decimal)] {
        guard !effect.instants.isEmpty else { return [] }
        let changes =
            try await sumChanges(by: effect, at: now) + (try await coverageChanges(by: effect, at: now))
        return changes.sorted { $0.id < $1.id }
    }

    /// Of goals that sum counts.
    private func sumChanges(
        by effect: BatchEffect, at now: Instant
    ) async throws(PostgresError) -> [(id: String, change: Decimal)] {
        let rows = try await query(
            """
            with lines as materialized (
                \(effect.lines)
            )
            select goals.id, sum(delta) as change
            from goals
            left join campaigns on campaigns.id = goals.campaign
            join lines
                on lines.measure = goals.measure and lines.campaign = coalesce(goals.campaign, lines.campaign)
            join areas on areas.id = lines.area
            where to_date between goals.starts_on and \(SQL.lastDay(at: now))
                and (scope_areas = '{}' or array[areas.id, areas.parent, areas.country] && scope_areas)
                and (scope_organisations = '{}' or organisation = any(scope_organisations))
                and (scope_kinds = '{}' or lines.kind = any(scope_kinds))
                and (scope_channels = '{}' or channel = any(scope_channels))
            group by goals.id
            """)
        return try changes(rows)
    }

    /// Of goals that count the municipalities that have reported: in the places of what was recorded, who has reported now
    /// and who would have without it.
    private func coverageChanges(
        by effect: BatchEffect, at now: Instant
    ) async throws(PostgresError) -> [(id: String, change: Decimal)] {
        func hasReported(known: SQL) -> SQL {
            """
            exists (
                select from participant_counts as counts
                where counts.campaign = any(touched.campaigns) and counts.area = touched.area
                    and counts.status = 'accepted' and counts.to_date <= touched.last_day and counts.\(known)
                    and not exists (
                        select from participant_counts as later
                        where later.id = counts.id and later.revision > counts.revision and later.revision > 1
                            and later.\(known))
            )::integer
            """
        }
        let rows = try await query(
            """
            with touched as materialized (
                select distinct goals.id, lines.area,
                    array(select id from campaigns where id = coalesce(goals.campaign, id)) as campaigns, \(SQL.lastDay(at: now)) as last_day
                from goals
                left join campaigns on campaigns.id = goals.campaign
                join (\(effect.lines)) as lines on lines.campaign = coalesce(goals.campaign, lines.campaign)
                where goals.predicate = '"hasReport"'
                    and lines.area in (select goal_municipalities(goals.scope_areas, goals.campaign))
                    and lines.to_date <= \(SQL.lastDay(at: now))
            )
            select id, sum(\(hasReported(known: "recorded_at <= 'infinity'"))
                - \(hasReported(known: "recorded_at <> all(\(effect.instants.sorted()))"))) as change
            from touched
            group by id
            """)
        return try changes(rows)
    }

    private func changes(_ rows: Rows) throws(PostgresError) -> [(id: String, change: Decimal)] {
        var changes: [(id: String, change: Decimal)] = []
        for row in rows { changes.append((try row.get("id"), try row.get("change"))) }
        return changes
    }
}

extension BatchEffect {
    /// The lines of the ledger that it is. Every column of the key is named, else all that the campaigns ever had would be
    /// looked through.
    fileprivate var lines: SQL {
        """
        select *
        from count_ledger
        where campaign = any(\(campaigns.sorted())) and measure = any(\(Measure.allCases))
            and recorded_at = any(\(instants.sorted()))
        """
    }
}

extension SQL {
    /// The last day that counts for a row of `goals`, with its `campaigns`, at an instant.
    fileprivate static func lastDay(at now: Instant) -> SQL {
        """
        least(
            goals.ends_on,
            (\(now)::timestamptz at time zone coalesce(campaigns.time_zone, \(TimeZone.standardName)))::date)
        """
    }
}
