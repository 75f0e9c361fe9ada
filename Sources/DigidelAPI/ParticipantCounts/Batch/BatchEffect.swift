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
        let rows = try await query(
            """
            with lines as materialized (
                -- Every column of the key is named, else all that the campaigns ever had would be looked through.
                select *
                from count_ledger
                where campaign = any(\(effect.campaigns.sorted())) and measure = any(\(Measure.allCases))
                    and recorded_at = any(\(effect.instants.sorted()))
            )
            select goals.id, sum(delta) as change
            from goals
            left join campaigns on campaigns.id = goals.campaign
            join lines
                on lines.measure = goals.measure and lines.campaign = coalesce(goals.campaign, lines.campaign)
            join areas on areas.id = lines.area
            where to_date between goals.starts_on and least(
                    goals.ends_on,
                    (\(now)::timestamptz at time zone coalesce(campaigns.time_zone, 'Europe/Stockholm'))::date)
                and (scope_areas = '{}' or array[areas.id, areas.parent, areas.country] && scope_areas)
                and (scope_organisations = '{}' or organisation = any(scope_organisations))
                and (scope_kinds = '{}' or lines.kind = any(scope_kinds))
                and (scope_channels = '{}' or channel = any(scope_channels))
            group by goals.id
            order by goals.id
            """)
        var changes: [(id: String, change: Decimal)] = []
        for row in rows { changes.append((try row.get("id"), try row.get("change"))) }
        return changes
    }
}
