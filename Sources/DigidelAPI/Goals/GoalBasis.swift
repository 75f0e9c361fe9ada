import Foundation
import Postgres

/// Everything that a goal's progress is computed from, as one snapshot of the database has it.
struct GoalBasis: Sendable {
    let goal: Goal
    /// The one by whose calendar it is decided what day it is.
    let timeZone: TimeZone
    let isLocked: Bool
    /// By day, in order.
    let changes: [GoalFormula.Change]
    /// How many of the organisations that the campaign expects reports from have reported; nil without a campaign.
    let reportingRate: Share?
    let lastReportAt: Instant?
    /// Grows with every change that can alter the answer.
    let version: Int
    /// When the change that made this version happened (decisions.md, 77).
    let asOf: Instant

    /// The day by its calendar.
    func today(at now: Instant) -> CalendarDate { CalendarDate(now, in: timeZone) }

    /// Whether the day does not end within so many microseconds: what is said of today holds as long.
    func isSameDay(_ now: Instant, lasting microseconds: Int) -> Bool {
        today(at: now) == today(at: now.advanced(microseconds: microseconds))
    }

    var terms: GoalFormula.Terms {
        GoalFormula.Terms(
            direction: goal.content.direction, baseline: goal.content.baseline.value,
            target: goal.content.target,
            startsOn: goal.startsOn, endsOn: goal.endsOn, milestones: goal.content.milestones,
            tolerance: goal.content.tolerance, isCancelled: goal.content.cancelled,
            awaitsReports: goal.content.campaign != nil && !isLocked)
    }
}

extension Queryable {
    /// Nil when there is no such goal that may be shown. The figures come from one statement, so from one snapshot: they
    /// belong to the version beside them. Should the goal change between that statement and the one that reads its scope,
    /// both are done again.
    ///
    /// With `asOf` the figures are those that were known at that instant, which must have been settled (`settle`).
    func goalBasis(id: String, asOf: Instant? = nil, showsDrafts: Bool) async throws(PostgresError)
        -> GoalBasis?
    {
        while let goal = try await goal(id: id, showsDrafts: showsDrafts) {
            if let basis = try await goalBasis(goal, asOf: asOf) { return basis }
        }
        return nil
    }

    private func goalBasis(_ goal: Goal, asOf: Instant?) async throws(PostgresError) -> GoalBasis? {
        let changes: SQL = goal.content.scope.isEverything ? .totals(goal, asOf) : .ledger(goal, asOf)
        let known: SQL = asOf.map { "count_ledger.recorded_at <= \($0)" } ?? "true"
        return try await first(
            """
            select goals.*, campaigns.time_zone,
                coalesce(campaigns.locked_at <= coalesce(\(asOf)::timestamptz, 'infinity'), false) as is_locked,
                changes.days, changes.amounts, \(asOf)::timestamptz as as_of, versions.version, versions.changed_at, reports.last_report_at,
                completeness.expected, completeness.reported
            from goals
            left join campaigns on campaigns.id = goals.campaign
            cross join lateral (
                select array_agg(to_date order by to_date)::text[] as days, array_agg(value order by to_date)::text[] as amounts
                from (\(changes)) as daily
            ) as changes
            cross join lateral (
                select coalesce(sum(version), 0)::bigint as version, max(changed_at) as changed_at
                from campaign_versions
                where goals.campaign is null or campaign_versions.campaign = goals.campaign
            ) as versions
            cross join lateral (
                select max(recorded_at) as last_report_at
                from count_ledger
                where count_ledger.measure = \(goal.content.measure) and \(SQL.scope(goal)) and \(known)
            ) as reports
            cross join lateral (
                select count(*) as expected, count(\(SQL.firstReport(asOf: asOf))) as reported
                from enrolments
                where enrolments.campaign = goals.campaign and expected and exempt_reason is null
            ) as completeness
            where goals.id = \(goal.id) and goals.revision = \(goal.currentRevision)
            """)
    }
}

extension GoalBasis: RowDecodable {
    init(row: Row) throws(PostgresError) {
        goal = try Goal(row: row)
        let zone: String? = try row.get("time_zone")
        timeZone = TimeZone(identifier: zone ?? "Europe/Stockholm") ?? .gmt
        isLocked = try row.get("is_locked")
        let days: [CalendarDate] = try row.get("days") ?? []
        let amounts: [Decimal] = try row.get("amounts") ?? []
        changes = zip(days, amounts).map(GoalFormula.Change.init)
        let share = Share(try row.get("reported"), of: try row.get("expected"))
        reportingRate = goal.content.campaign == nil ? nil : share
        lastReportAt = try row.get("last_report_at")
        let counted: Int = try row.get("version")
        // A goal without a campaign has its own changes besides those of all campaigns.
        version = goal.content.campaign == nil ? counted + goal.currentRevision : counted
        let changedAt: Instant? = try row.get("changed_at")
        asOf = try row.get("as_of") ?? max(changedAt ?? goal.updatedAt, goal.updatedAt)
    }
}

extension SQL {
    /// What was counted by day, from the totals: their number follows the calendar, not the counts.
    /// Those of an instant are today's without what has come since.
    fileprivate static func totals(_ goal: Goal, _ asOf: Instant?) -> SQL {
        let since: SQL =
            asOf.map {
                """
                union all
                select to_date, -delta
                from count_ledger
                where measure = \(goal.content.measure) and to_date between \(goal.startsOn) and \(goal.endsOn)
                    and \(campaign(goal)) and recorded_at > \($0)
                """
            } ?? ""
        return """
            select to_date, sum(value) as value
            from (
                select to_date, value
                from count_totals
                where measure = \(goal.content.measure) and to_date between \(goal.startsOn) and \(goal.endsOn)
                    and \(campaign(goal))
                \(since)
            ) as totals
            group by to_date
            """
    }

    /// What was counted by day within the goal's scope, from the ledger.
    fileprivate static func ledger(_ goal: Goal, _ asOf: Instant?) -> SQL {
        let known: SQL = asOf.map { "recorded_at <= \($0)" } ?? "true"
        return """
            select to_date, sum(delta) as value
            from count_ledger
            where count_ledger.measure = \(goal.content.measure)
                and to_date between \(goal.startsOn) and \(goal.endsOn) and \(scope(goal)) and \(known)
            group by to_date
            """
    }

    /// That a line of the ledger is in the goal's campaign and scope.
    fileprivate static func scope(_ goal: Goal) -> SQL {
        let scope = goal.content.scope
        var conditions: [SQL] = [campaign(goal)]
        if !scope.areas.isEmpty { conditions.append("area in \(areas(below: scope.areas))") }
        if !scope.organisations.isEmpty { conditions.append("organisation = any(\(scope.organisations))") }
        if !scope.kinds.isEmpty { conditions.append("count_ledger.kind = any(\(scope.kinds))") }
        if !scope.channels.isEmpty { conditions.append("channel = any(\(scope.channels))") }
        return joined(conditions, by: " and ")
    }

    private static func campaign(_ goal: Goal) -> SQL {
        goal.content.campaign.map { "campaign = \($0)" } ?? "true"
    }
}
