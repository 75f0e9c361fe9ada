import Foundation
import Postgres

extension Queryable {
    /// What was counted towards a goal by groups; nil when the goal is not any more what `goal` says.
    func goalSums(_ goal: Goal, by grouping: Grouping, to: CalendarDate, asOf: Instant?)
        async throws(PostgresError) -> CountSums?
    {
        let sums = try await countSums(goal.selection(to: to, asOf: asOf), by: [grouping])
        return try await isCurrent(goal) ? sums : nil
    }

    /// What was counted towards a goal in time; nil when the goal is not any more what `goal` says.
    func goalSeries(_ goal: Goal, by interval: GoalSeries.Interval, to: CalendarDate, asOf: Instant?)
        async throws(PostgresError) -> GoalSeries?
    {
        guard goal.content.kind == .contribution else {
            return try await historySeries(goal, by: interval, to: to, asOf: asOf)
        }
        let selection = goal.selection(to: to, asOf: asOf)
        let source: CountSelection.Source = goal.content.scope.isEverything ? .days : .changes
        let rows = try await query(
            """
            with selected as materialized (
                \(selection.selected)
            ), summary as (
                select coalesce(sum(version), 0)::bigint as version, max(changed_at) as changed_at
                from selected
                left join campaign_versions on campaign_versions.campaign = selected.id
            ), cells as (
                \(selection.cells(from: source))
            ), reports as (
                select to_date, from_date, sum(amount) as amount
                from cells
                where \(selection.condition(for: source))
                group by to_date, from_date
                having sum(reports) <> 0
            ), buckets as (
                \(SQL.buckets(interval, from: goal.startsOn, to: to))
            )
            select version, changed_at, buckets.from_date, buckets.to_date, label, coalesce(sum(amount), 0) as value,
                coalesce(bool_or(reports.from_date < buckets.from_date), false) as spans
            from summary
            left join buckets on true
            left join reports on date_trunc(\(interval.rawValue), reports.to_date::timestamp) = buckets.starts_at
            group by version, changed_at, buckets.from_date, buckets.to_date, label
            order by buckets.from_date
            """)
        guard let first = rows.first, try await isCurrent(goal) else { return nil }
        var buckets: [GoalSeries.Bucket] = []
        for row in rows {
            guard let from: CalendarDate = try row.get("from_date") else { continue }
            buckets.append(
                GoalSeries.Bucket(
                    from: from, to: try row.get("to_date"), label: try row.get("label"),
                    value: try row.get("value"), spans: try row.get("spans")))
        }
        let version: Int = try first.get("version")
        let changedAt: Instant? = try first.get("changed_at")
        return GoalSeries(
            goal: goal, interval: interval, start: goal.content.baseline.value, buckets: buckets,
            version: version + goal.ownVersion,
            asOf: asOf ?? max(changedAt ?? goal.record.updatedAt, goal.record.updatedAt))
    }

    /// How the value of a goal that sums no counts has changed in time; nil when the goal is not any more what `goal` says.
    private func historySeries(
        _ goal: Goal, by interval: GoalSeries.Interval, to: CalendarDate, asOf: Instant?
    )
        async throws(PostgresError) -> GoalSeries?
    {
        guard let basis = try await goalBasis(goal, asOf: asOf) else { return nil }
        let history = basis.history
        let rows = try await query(
            "select * from (\(SQL.buckets(interval, from: goal.startsOn, to: to))) as buckets order by from_date"
        )
        var buckets: [GoalSeries.Bucket] = []
        for row in rows {
            let (from, to): (CalendarDate, CalendarDate) = (try row.get("from_date"), try row.get("to_date"))
            let change = history.value(on: to) - history.value(on: from - 1)
            buckets.append(
                GoalSeries.Bucket(
                    from: from, to: to, label: try row.get("label"), value: change, spans: false))
        }
        return GoalSeries(
            goal: goal, interval: interval, start: history.value(on: goal.startsOn - 1), buckets: buckets,
            version: basis.version, asOf: basis.asOf)
    }

    /// By whose calendar a goal's days are.
    func timeZone(of goal: Goal) async throws(PostgresError) -> TimeZone {
        let row = try await query("select time_zone from campaigns where id = \(goal.content.campaign)").first
        let name: String? = try row?.get("time_zone")
        return .ofCampaign(name)
    }

    private func isCurrent(_ goal: Goal) async throws(PostgresError) -> Bool {
        try await !query("select from goals where id = \(goal.id) and revision = \(goal.record.revision)")
            .isEmpty
    }
}

extension Goal {
    /// That a row of `campaigns` is one whose reports may count: its own, or any.
    var campaigns: SQL { content.campaign.map { "campaigns.id = \($0)" } ?? "true" }

    /// The counts that make its value on a day, as known at an instant.
    fileprivate func selection(to: CalendarDate, asOf: Instant?) -> CountSelection {
        CountSelection(
            campaigns: campaigns,
            measures: content.measure.map { [$0] } ?? [],
            scope: content.scope, from: startsOn, to: to, asOf: asOf)
    }
}

extension SQL {
    /// The whole calendar units that two days and those between them are in, less what is outside of these days.
    fileprivate static func buckets(
        _ interval: GoalSeries.Interval, from: CalendarDate, to: CalendarDate
    ) -> SQL {
        """
        select starts_at, to_char(starts_at, \(interval.label)) as label, greatest(starts_at::date, \(from)) as from_date,
            least((starts_at + \(interval.length)::interval - interval '1 day')::date, \(to)) as to_date
        from generate_series(
            date_trunc(\(interval.rawValue), \(from)::date::timestamp), \(to)::date::timestamp,
            \(interval.length)::interval) as starts_at
        where \(from)::date <= \(to)::date
        """
    }
}
