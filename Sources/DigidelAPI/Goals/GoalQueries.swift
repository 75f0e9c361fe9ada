import Postgres

/// Which goals are wanted.
struct GoalFilter: ListFilter {
    typealias Item = Goal
    let campaigns: [String]
    let kinds: [Goal.Kind]
    let measures: [Measure]
    let text: String?
    private let showsDrafts: Bool

    init(_ query: inout QueryInput, _ call: Call) {
        campaigns = query.ids("campaign")
        kinds = query.choices("kind")
        measures = query.choices("measure")
        text = query.text("q", limit: 200)
        showsDrafts = call.showsDrafts
    }

    let columns = ListColumns(
        [
            .init("id", "id"), .name, .description, .init("campaign", "coalesce(campaign, '')"),
            .init("kind", "kind"), .init("measure", "coalesce(measure, '')"), .unsorted("indicator"),
            .unsorted("predicate"), .unsorted("scope"), .init("direction", "direction"),
            .unsorted("baseline.value", at: ["baseline", "value"]),
            .init(
                "target", "coalesce(target, ceil(target_percent * goal_denominator((goals.*)::goals) / 100))",
                "numeric"),
            .unsorted("targetPercent"), .unsorted("denominator"), .init("startsOn", "starts_on", "date"),
            .init("endsOn", "ends_on", "date"), .unsorted("milestones"),
            .init("tolerance", "tolerance", "numeric"), .init("cancelled", "cancelled", "boolean"),
        ] + .record)
    let source: SQL = "goals"
    let selection: SQL = .goalColumns

    var search: SQL? { .matches("name, description", text) }
    var conditions: [SQL?] {
        [
            .isGoalVisible(showsDrafts: showsDrafts), .isOne("campaign", of: campaigns),
            .isOne("kind", of: kinds), .isOne("measure", of: measures),
        ]
    }

    var total: SQL? {
        showsDrafts && search == nil && conditions.dropFirst().allSatisfy { $0 == nil }
            ? .total(of: "goals") : nil
    }
}

extension Queryable {
    /// Nil when there is no such goal; without `showsDrafts` also when its campaign is a draft.
    func goal(id: String, showsDrafts: Bool) async throws(PostgresError) -> Goal? {
        try await first(
            "select \(SQL.goalColumns) from goals where id = \(id) and \(SQL.isGoalVisible(showsDrafts: showsDrafts))"
        )
    }

    /// How many municipalities a coverage goal would be about.
    func denominator(areas: [String], campaign: String?) async throws(PostgresError) -> Int? {
        try await query("select count(*) as number from goal_municipalities(\(areas), \(campaign))")
            .first?.get("number")
    }

    func hasQuestion(_ question: String, in survey: String) async throws(PostgresError) -> Bool {
        try await !query(
            """
            select from surveys, jsonb_array_elements(questions) as question
            where surveys.id = \(survey) and question ->> 'id' = \(question)
            """
        ).isEmpty
    }

    func createGoal(
        id: String, _ input: GoalInput, startsOn: CalendarDate, endsOn: CalendarDate
    ) async throws(PostgresError) -> Goal? {
        try await first(
            """
            with clock as materialized (
                select ledger_now() as recorded_at
            ), created as (
                insert into goals (
                    id, name, description, campaign, kind, measure, indicator, predicate, scope_areas,
                    scope_organisations, scope_kinds, scope_channels, direction, baseline_value, baseline_date,
                    baseline_source, target, target_percent, starts_on, ends_on, milestones, tolerance, cancelled)
                select
                    \(id), \(input.name)::jsonb, \(input.description)::jsonb, \(input.campaign), \(input.kind),
                    \(input.measure), \(input.indicator), \(input.predicate)::jsonb, \(input.scope.areas)::text[], \(input.scope.organisations)::text[],
                    \(input.scope.kinds)::text[], \(input.scope.channels)::text[], \(input.direction),
                    \(input.baseline.value)::numeric, \(input.baseline.date)::date, \(input.baseline.source),
                    \(input.storedTarget)::numeric, \(input.targetPercent)::numeric, \(startsOn)::date, \(endsOn)::date,
                    \(JSONList(input.milestones))::jsonb, \(input.tolerance)::numeric, \(input.cancelled)::boolean
                from clock
                returning *
            ), versioned as (
                update campaign_versions
                set version = version + 1, changed_at = recorded_at
                from created, clock
                where campaign_versions.campaign = created.campaign
            )
            select created.*, goal_denominator((created.*)::goals) as denominator from created
            """)
    }

    /// Nil when the goal has not that revision any more.
    func updateGoal(
        _ goal: Goal, _ input: GoalInput, startsOn: CalendarDate, endsOn: CalendarDate
    ) async throws(PostgresError) -> Goal? {
        try await first(
            """
            with clock as materialized (
                select ledger_now() as recorded_at
            ), updated as (
                update goals
                set name = \(input.name), description = \(input.description), campaign = \(input.campaign),
                    kind = \(input.kind), measure = \(input.measure), indicator = \(input.indicator),
                    predicate = \(input.predicate), scope_areas = \(input.scope.areas),
                    scope_organisations = \(input.scope.organisations), scope_kinds = \(input.scope.kinds),
                    scope_channels = \(input.scope.channels), direction = \(input.direction),
                    baseline_value = \(input.baseline.value), baseline_date = \(input.baseline.date),
                    baseline_source = \(input.baseline.source), target = \(input.storedTarget),
                    target_percent = \(input.targetPercent), starts_on = \(startsOn),
                    ends_on = \(endsOn), milestones = \(JSONList(input.milestones)), tolerance = \(input.tolerance),
                    cancelled = \(input.cancelled), updated_at = recorded_at, revision = revision + 1
                from clock
                where id = \(goal.id) and goals.revision = \(goal.revision)
                returning goals.*
            ), versioned as (
                update campaign_versions
                set version = version + \(SQL.step(from: goal, to: input.campaign)), changed_at = recorded_at
                from updated, clock
                where campaign_versions.campaign = updated.campaign
            )
            select updated.*, goal_denominator((updated.*)::goals) as denominator from updated
            """)
    }
}

extension SQL {
    /// A goal, and what its target depends on.
    static let goalColumns: SQL = "goals.*, goal_denominator((goals.*)::goals) as denominator"

    /// That a goal may be shown: a draft's goals are as invisible as the draft.
    fileprivate static func isGoalVisible(showsDrafts: Bool) -> SQL {
        """
        (
            \(showsDrafts)
            or not exists (select from campaigns where campaigns.id = goals.campaign and announced_at is null)
        )
        """
    }

    /// By how much the version grows of the campaign that a goal is in after a change: by one, and when the goal comes
    /// from elsewhere also by what its version there is ahead, for a goal's version never falls.
    fileprivate static func step(from goal: Goal, to campaign: String?) -> SQL {
        guard campaign != goal.content.campaign else { return "1" }
        return """
            (
                select 1 + greatest(0, \(goal.ownVersion)::bigint
                    + coalesce(sum(version) filter (where campaign = coalesce(\(goal.content.campaign), campaign)), 0)
                    - coalesce(sum(version) filter (where campaign = \(campaign)), 0))
                from campaign_versions
            )
            """
    }
}
