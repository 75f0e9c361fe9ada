import Foundation
import Postgres

/// Where and when the guidance sessions were that are wanted, one by one or in a summary.
struct GuidanceScope {
    let organisations: [String]
    let servicePoints: [String]
    let from: CalendarDate?
    let to: CalendarDate?
    let areas: [String]

    init(_ query: inout QueryInput) {
        organisations = query.ids("organisation")
        servicePoints = query.ids("servicePoint")
        from = query.date("from")
        to = query.date("to")
        areas = query.ids("area")
    }

    var conditions: [SQL?] { [.isOne("organisation", of: organisations)] + others }

    /// Conditions on anything but the organisation.
    var others: [SQL?] {
        [
            .isOne("service_point", of: servicePoints), from.map { "date >= \($0)" },
            to.map { "date <= \($0)" }, .isWithin("area", areas),
        ]
    }
}

/// Which guidance sessions are wanted.
struct GuidanceSessionFilter: ListFilter {
    typealias Item = GuidanceSession
    let scope: GuidanceScope
    let topic: String?
    let outcomes: [GuidanceSession.Outcome]
    let channels: [ParticipantCount.Channel]
    /// Whose sessions may be seen; nil for all.
    let owner: String?

    init(_ query: inout QueryInput, _ call: Call) throws(APIError) {
        scope = GuidanceScope(&query)
        topic = query.text("topic", limit: 80)
        outcomes = query.choices("outcome")
        channels = query.choices("channel")
        let caller = try call.identified
        owner = caller.role >= .coordinator ? nil : caller.organisation ?? ""
    }

    let columns = ListColumns(
        [
            .init("id", "id", "uuid"), .init("organisation", "organisation"),
            .init("servicePoint", "coalesce(service_point, '')"), .init("date", "date", "date"),
            .unsorted("topics"), .init("channel", "channel"), .init("outcome", "outcome"),
            .unsorted("obstacles"), .init("learnedThrough", "coalesce(learned_through, '')"),
            .init("travelKm", "coalesce(travel_km, -1)", "numeric"),
            .init("durationMinutes", "coalesce(duration_minutes, -1)", "integer"),
            .init("language", "coalesce(language, '')"),
        ] + .record)
    let source: SQL = "guidance_sessions"

    var conditions: [SQL?] {
        [owner.map { "organisation = \($0)" }, .isOne("organisation", of: scope.organisations)] + others
    }

    private var others: [SQL?] {
        scope.others + [
            .has("topics", topic), .isOne("outcome", of: outcomes),
            .isOne("channel", of: channels),
        ]
    }

    var total: SQL? {
        guard others.allSatisfy({ $0 == nil }) else { return nil }
        let asked = scope.organisations.isEmpty ? owner.map { [$0] } : scope.organisations
        return .total(
            of: "guidance_sessions", within: asked?.filter { owner == nil || $0 == owner })
    }
}

extension Queryable {
    func guidanceSession(id: UUID) async throws(PostgresError) -> GuidanceSession? {
        try await first("select * from guidance_sessions where id = \(id)")
    }

    func createGuidanceSession(
        _ input: GuidanceSessionInput
    ) async throws(PostgresError) -> GuidanceSession? {
        try await first(
            """
            insert into guidance_sessions (id, area, \(input.stored.columns))
            values (
                \(UUID.version7()),
                coalesce(
                    (select area from service_points where id = \(input.servicePoint)),
                    (select area from organisations where id = \(input.organisation))),
                \(input.stored.values))
            returning *
            """)
    }

    /// What all sessions of a scope amount to.
    func guidanceSummary(_ scope: GuidanceScope) async throws(PostgresError) -> GuidanceSummary {
        let conditions = SQL.joined(["true"] + scope.conditions.compactMap(\.self), by: " and ")
        let rows = try await query(
            """
            with wanted as materialized (
                select topics, outcome, obstacles, learned_through, travel_km
                from guidance_sessions
                where \(conditions)
            )
            select 'total' as part, null as key, count(*) as count, count(travel_km) as journeys,
                (percentile_cont(array[0.25, 0.5, 0.75]) within group (order by travel_km))::numeric[] as quartiles
            from wanted
            union all
            select 'topics', topic, count(*), null, null from wanted cross join unnest(topics) as topic group by topic
            union all
            select 'outcomes', outcome, count(*), null, null from wanted group by outcome
            union all
            select 'obstacles', obstacle, count(*), null, null
            from wanted cross join unnest(obstacles) as obstacle
            group by obstacle
            union all
            select 'learnedThrough', learned_through, count(*), null, null
            from wanted
            where learned_through is not null
            group by learned_through
            """)
        return try GuidanceSummary(rows)
    }
}

extension GuidanceSummary {
    /// A row for each tally, and one for the total.
    fileprivate init(_ rows: Rows) throws(PostgresError) {
        for row in rows {
            let count: Int = try row.get("count")
            if let tally = Tally(rawValue: try row.get("part")) {
                tallies[tally, default: []].append((key: try row.get("key"), count: count))
            } else {
                total = count
                journeys = try row.get("journeys")
                quartiles = try row.get("quartiles")
            }
        }
    }
}
