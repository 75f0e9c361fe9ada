import Postgres

/// Which goals are wanted.
struct GoalFilter {
    let campaigns: [String]
    let kinds: [Goal.Kind]
    let measures: [Measure]
    let text: String?

    static let sorting = Sorting(
        [
            .name, .init("description", "coalesce(description::text, '')"),
            .init("campaign", "coalesce(campaign, '')"),
            .init("kind", "kind"), .init("measure", "coalesce(measure, '')"), .init("direction", "direction"),
            .init("target", "target", "numeric"), .init("startsOn", "starts_on", "date"),
            .init("endsOn", "ends_on", "date"), .init("tolerance", "tolerance", "numeric"),
            .init("cancelled", "cancelled", "boolean"), .init("createdAt", "created_at", "timestamptz"),
            .init("updatedAt", "updated_at", "timestamptz"), .init("revision", "revision", "integer"),
            .init("id", "id"),
        ], by: "createdAt")

    init(_ query: inout QueryInput) {
        campaigns = query.ids("campaign")
        kinds = query.choices("kind")
        measures = query.choices("measure")
        text = query.text("q", limit: 200)
    }

    var conditions: [SQL] {
        var conditions: [SQL] = []
        if !campaigns.isEmpty { conditions.append("campaign = any(\(campaigns))") }
        if !kinds.isEmpty { conditions.append("kind = any(\(kinds))") }
        if !measures.isEmpty { conditions.append("measure = any(\(measures))") }
        if let text { conditions.append(.names("name", contain: text)) }
        return conditions
    }
}

extension Queryable {
    func goal(id: String) async throws(PostgresError) -> Goal? {
        try await first("select * from goals where id = \(id)")
    }

    func goals(_ filter: GoalFilter, _ list: ListInput) async throws(PostgresError) -> Page<Goal> {
        try await page(list, "*", from: "goals", where: filter.conditions)
    }

    func createGoal(
        id: String, _ input: GoalInput, startsOn: CalendarDate, endsOn: CalendarDate
    ) async throws(PostgresError) -> Goal? {
        try await first(
            """
            with created as (
                insert into goals (
                    id, name, description, campaign, kind, measure, scope_areas, scope_organisations, scope_kinds,
                    scope_channels, direction, baseline_value, baseline_date, baseline_source, target, starts_on,
                    ends_on, milestones, tolerance, cancelled)
                values (
                    \(id), \(input.name), \(input.description), \(input.campaign), \(input.kind), \(input.measure),
                    \(input.scope.areas), \(input.scope.organisations), \(input.scope.kinds), \(input.scope.channels),
                    \(input.direction), \(input.baseline.value), \(input.baseline.date), \(input.baseline.source),
                    \(input.target), \(startsOn), \(endsOn), \(Milestones(input.milestones)), \(input.tolerance),
                    \(input.cancelled))
                returning *
            ), versioned as (
                insert into campaign_versions as versions (campaign, shard, version, changed_at)
                select campaign, connection_shard(), 1, now() from created where campaign is not null
                on conflict (campaign, shard) do update set version = versions.version + 1, changed_at = now()
            )
            select * from created
            """)
    }

    /// Nil when the goal has not that revision any more.
    func updateGoal(
        _ goal: Goal, _ input: GoalInput, startsOn: CalendarDate, endsOn: CalendarDate
    ) async throws(PostgresError) -> Goal? {
        try await first(
            """
            with updated as (
                update goals
                set name = \(input.name), description = \(input.description), campaign = \(input.campaign),
                    kind = \(input.kind), measure = \(input.measure), scope_areas = \(input.scope.areas),
                    scope_organisations = \(input.scope.organisations), scope_kinds = \(input.scope.kinds),
                    scope_channels = \(input.scope.channels), direction = \(input.direction),
                    baseline_value = \(input.baseline.value), baseline_date = \(input.baseline.date),
                    baseline_source = \(input.baseline.source), target = \(input.target), starts_on = \(startsOn),
                    ends_on = \(endsOn), milestones = \(Milestones(input.milestones)), tolerance = \(input.tolerance),
                    cancelled = \(input.cancelled), updated_at = now(), revision = revision + 1
                where id = \(goal.id) and revision = \(goal.revision)
                returning *
            ), versioned as (
                insert into campaign_versions as versions (campaign, shard, version, changed_at)
                select campaign, connection_shard(), \(SQL.step(from: goal, to: input.campaign)), now()
                from updated
                where campaign is not null
                on conflict (campaign, shard)
                do update set version = versions.version + excluded.version, changed_at = now()
            )
            select * from updated
            """)
    }
}

extension SQL {
    /// By how much the version grows of the campaign that a goal is in after a change: by one, and when the goal comes
    /// from elsewhere also by what its version there is ahead, for a goal's version never falls.
    fileprivate static func step(from goal: Goal, to campaign: String?) -> SQL {
        guard campaign != goal.content.campaign else { return "1" }
        let own = goal.content.campaign == nil ? goal.currentRevision : 0
        return """
            (
                select 1 + greatest(0, \(own)::bigint
                    + coalesce(sum(version) filter (where campaign = coalesce(\(goal.content.campaign), campaign)), 0)
                    - coalesce(sum(version) filter (where campaign = \(campaign)), 0))
                from campaign_versions
            )
            """
    }
}
