import Foundation
import Postgres

/// Everything that a goal's progress is computed from, as one snapshot of the database has it.
struct GoalBasis: Sendable {
    let goal: Goal
    /// The one by whose calendar it is decided what day it is.
    let timeZone: TimeZone
    let isLocked: Bool
    /// By day, in order: what `GoalHistory` makes V of, whatever the kind of the goal.
    let changes: [GoalFormula.Change]
    /// What one of the value is.
    let unit: String
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

    /// V on any day (`GoalHistory.value(on:)`).
    var history: GoalHistory { GoalHistory(terms, changes: changes) }

    var terms: GoalFormula.Terms {
        GoalFormula.Terms(
            kind: goal.content.kind,
            direction: goal.content.direction, baseline: goal.content.baseline.value,
            baselineDate: goal.content.baseline.date, target: goal.target,
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

    /// Nil when the goal is not any more what `goal` says.
    func goalBasis(_ goal: Goal, asOf: Instant?) async throws(PostgresError) -> GoalBasis? {
        let changes: SQL = .changes(goal, asOf)
        let reports: SQL = .lastReport(goal, asOf)
        return try await first(
            """
            select \(SQL.goalColumns), campaigns.time_zone, indicators.unit as indicator_unit,
                coalesce(campaigns.locked_at <= coalesce(\(asOf)::timestamptz, 'infinity'), false) as is_locked,
                changes.days, changes.amounts, \(asOf)::timestamptz as as_of, versions.version, versions.changed_at, reports.last_report_at,
                completeness.expected, completeness.reported
            from goals
            left join campaigns on campaigns.id = goals.campaign
            left join indicators on indicators.id = goals.indicator
            cross join lateral (
                select array_agg(to_date order by to_date)::text[] as days, array_agg(value order by to_date)::text[] as amounts
                from (\(changes)) as daily
            ) as changes
            cross join lateral (
                select coalesce(sum(version), 0)::bigint as version, max(changed_at) as changed_at
                from campaign_versions
                where goals.campaign is null or campaign_versions.campaign = goals.campaign
            ) as versions
            cross join lateral (\(reports)) as reports
            cross join lateral (
                select count(*) as expected, count(\(SQL.firstReport(asOf: asOf))) as reported
                from enrolments
                where enrolments.campaign = goals.campaign and expected and exempt_reason is null
            ) as completeness
            where goals.id = \(goal.id) and goals.revision = \(goal.record.revision)
            """)
    }
}

extension GoalBasis: RowDecodable {
    init(row: Row) throws(PostgresError) {
        goal = try Goal(row: row)
        let zone: String? = try row.get("time_zone")
        timeZone = .ofCampaign(zone)
        isLocked = try row.get("is_locked")
        let days: [CalendarDate] = try row.get("days") ?? []
        let amounts: [Decimal] = try row.get("amounts") ?? []
        changes = zip(days, amounts).map(GoalFormula.Change.init)
        let indicatorUnit: String? = try row.get("indicator_unit")
        unit = goal.content.measure?.unit ?? indicatorUnit ?? "municipalities"
        let share = Share(try row.get("reported"), of: try row.get("expected"))
        reportingRate = goal.content.campaign == nil ? nil : share
        lastReportAt = try row.get("last_report_at")
        let counted: Int = try row.get("version")
        // A goal without a campaign has its own changes besides those of all campaigns.
        version = counted + goal.ownVersion
        let changes: [Instant?] = [
            goal.record.updatedAt, try row.get("changed_at"), try row.get("indicator_changed_at"),
        ]
        asOf = try row.get("as_of") ?? changes.compactMap(\.self).max() ?? goal.record.updatedAt
    }
}

extension SQL {
    /// By how much a goal's value differs by day from the day before, as `GoalHistory` wants it.
    fileprivate static func changes(_ goal: Goal, _ asOf: Instant?) -> SQL {
        switch goal.content.kind {
        case .contribution: goal.content.scope.isEverything ? totals(goal, asOf) : ledger(goal, asOf)
        case .stock: observations(goal, asOf)
        case .coverage: municipalities(goal, asOf)
        }
    }

    /// What was observed by day, each observation as the change from the one before, the first from the baseline.
    private static func observations(_ goal: Goal, _ asOf: Instant?) -> SQL {
        """
        select date as to_date, value - lag(value, 1, \(goal.content.baseline.value)::numeric) over (order by date) as value
        from (
            select distinct on (date) date, value
            from observation_versions
            where indicator = \(goal.content.indicator) and recorded_at <= coalesce(\(asOf)::timestamptz, 'infinity')
            order by date, recorded_at desc
        ) as known
        where value is not null and date <= \(goal.endsOn)
        """
    }

    /// By how much the number of municipalities that satisfy the goal's predicate differs by day: one adds 1 on the day from
    /// which it does and takes 1 away on the day from which it does not. What has no first day is true before any that can
    /// be asked about.
    private static func municipalities(_ goal: Goal, _ asOf: Instant?) -> SQL {
        """
        select day as to_date, sum(step) as value
        from (
            select unnest(range_agg(period)) as covered
            from (\(periods(goal, asOf))) as satisfied
            group by municipality
        ) as merged
        cross join lateral (
            values (coalesce(lower(covered), '0001-01-01'), 1), (upper(covered), -1)
        ) as steps (day, step)
        where day <= \(goal.endsOn)
        group by day
        """
    }

    /// When a `municipality` satisfies the goal's predicate, as a `period` of days, by something that was `updated_at`; there
    /// may be several of each. Only counts are asked for as they were known at an instant (decisions.md, 80).
    private static func periods(_ goal: Goal, _ asOf: Instant?) -> SQL {
        switch goal.content.predicate {
        case .hasReport: reports(goal, asOf)
        case .hasServicePoint:
            """
            select area as municipality, daterange(open_from, open_to, '[]') as period, updated_at
            from service_points
            where area in (select \(municipalities(of: goal)))
            """
        case .hasAgreement:
            """
            select area as municipality, daterange(valid_from, least(valid_to + 1, terminated_on)) as period,
                agreements.updated_at
            from agreements
            join organisations on organisations.id = any(parties)
            where area in (select \(municipalities(of: goal)))
                and valid_from < coalesce(terminated_on, 'infinity')
            """
        case .survey(let survey, _, _):
            """
            select area as municipality, daterange(null, null) as period, updated_at
            from (
                select answers, survey_responses.updated_at,
                    case when frame ? 'organisations' then organisations.area else respondent end as area
                from survey_responses
                join surveys on surveys.id = survey
                left join organisations on organisations.id = respondent
                where survey = \(survey) and state = 'submitted'
            ) as submitted
            where answers -> (goals.predicate ->> 'question') @> (goals.predicate -> 'equals')
                and area in (select \(municipalities(of: goal)))
            """
        case nil:
            "select null as municipality, null::daterange as period, null::timestamptz as updated_at where false"
        }
    }

    /// From when on municipalities have an accepted count: one look into `participant_counts_area_index` each.
    private static func reports(_ goal: Goal, _ asOf: Instant?) -> SQL {
        """
        select municipality, daterange(first.to_date, null) as period
        from \(municipalities(of: goal)) as municipality
        cross join campaigns
        cross join lateral (
            select to_date
            from participant_counts
            where participant_counts.campaign = campaigns.id and participant_counts.area = municipality
                and status = 'accepted' and recorded_at <= coalesce(\(asOf)::timestamptz, 'infinity')
                and not exists (
                    select from participant_counts as later
                    where later.id = participant_counts.id and later.revision = participant_counts.revision + 1
                        and later.revision > 1 and later.recorded_at <= coalesce(\(asOf)::timestamptz, 'infinity'))
            order by to_date
            limit 1
        ) as first
        where \(goal.campaigns)
        """
    }

    /// The ids of the municipalities that a coverage goal is about, as a source of rows.
    private static func municipalities(of goal: Goal) -> SQL {
        "goal_municipalities(\(goal.content.scope.areas)::text[], \(goal.content.campaign)::text)"
    }

    /// When something was last recorded that the goal's value is made of, as `last_report_at`.
    fileprivate static func lastReport(_ goal: Goal, _ asOf: Instant?) -> SQL {
        let known: SQL = asOf.map { "recorded_at <= \($0)" } ?? "true"
        return switch goal.content.kind {
        case .contribution:
            """
            select max(latest.recorded_at) as last_report_at
            from campaigns
            cross join lateral (
                select recorded_at
                from count_ledger as cells
                where cells.campaign = campaigns.id and cells.measure = \(goal.content.measure) and \(known)
                    and \(scope(goal))
                order by recorded_at desc
                limit 1
            ) as latest
            where \(goal.campaigns)
            """
        case .stock:
            """
            select max(recorded_at) as last_report_at
            from observation_versions
            where indicator = \(goal.content.indicator) and \(known)
            """
        case .coverage where goal.content.predicate != .hasReport:
            "select max(updated_at) as last_report_at from (\(periods(goal, asOf))) as satisfied"
        case .coverage:
            """
            select max(latest.recorded_at) as last_report_at
            from campaigns
            cross join unnest(\(Measure.allCases)::text[]) as reported
            cross join lateral (
                select recorded_at
                from count_ledger
                where count_ledger.campaign = campaigns.id and count_ledger.measure = reported and \(known)
                    and area in (select \(municipalities(of: goal)))
                order by recorded_at desc
                limit 1
            ) as latest
            where \(goal.campaigns)
            """
        }
    }

    /// What was counted by day, from the totals, or as of an instant from a checkpoint and what came after it: how much
    /// that is follows the calendar, not the counts.
    fileprivate static func totals(_ goal: Goal, _ asOf: Instant?) -> SQL {
        guard let asOf else {
            return """
                select to_date, sum(value) as value
                from count_totals
                where measure = \(goal.content.measure) and to_date between \(goal.startsOn) and \(goal.endsOn)
                    and \(campaign(goal))
                group by to_date
                """
        }
        return """
            select cells.starts_on as to_date, sum(amount) as value
            from campaigns
            cross join lateral count_cells(
                campaigns.id, array[\(goal.content.measure)]::text[], 'day', \(asOf), \(goal.startsOn), \(goal.endsOn)) as cells
            where \(goal.campaigns)
            group by cells.starts_on
            """
    }

    /// What was counted by day within the goal's scope, from the ledger.
    fileprivate static func ledger(_ goal: Goal, _ asOf: Instant?) -> SQL {
        let known: SQL = asOf.map { "recorded_at <= \($0)" } ?? "true"
        return """
            select to_date, sum(delta) as value
            from count_ledger as cells
            where measure = \(goal.content.measure)
                and to_date between \(goal.startsOn) and \(goal.endsOn) and \(campaign(goal)) and \(scope(goal)) and \(known)
            group by to_date
            """
    }

    /// That a line of the ledger, as a row of `cells`, is in the goal's scope.
    private static func scope(_ goal: Goal) -> SQL {
        joined(["true"] + goal.content.scope.conditions, by: " and ")
    }

    private static func campaign(_ goal: Goal) -> SQL {
        goal.content.campaign.map { "campaign = \($0)" } ?? "true"
    }
}
