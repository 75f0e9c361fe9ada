import Foundation
import Postgres

/// Which activities are wanted.
struct ActivityFilter: ListFilter {
    typealias Item = Activity
    let campaigns: [String]
    let projects: [String]
    let organisers: [String]
    let types: [Activity.Kind]
    let areas: [String]
    let servicePoints: [String]
    /// Service points or organisations.
    let visited: [String]
    let targetGroup: String?
    let topic: String?
    let languages: [String]
    /// The first and the last of the days on one of which it may have been.
    let from: CalendarDate?
    let to: CalendarDate?
    let text: String?

    init(_ query: inout QueryInput, _ call: Call) {
        campaigns = query.ids("campaign")
        projects = query.ids("project")
        organisers = query.ids("organiser")
        types = query.choices("type")
        areas = query.ids("area")
        servicePoints = query.ids("servicePoint")
        visited = query.ids("visited")
        targetGroup = query.text("targetGroup", limit: 80)
        topic = query.text("topic", limit: 80)
        languages = query.languages("language")
        from = query.date("from")
        to = query.date("to")
        text = query.text("q", limit: 200)
    }

    let columns = ListColumns(
        [
            .init("id", "id", "uuid"), .init("campaign", "coalesce(campaign, '')"),
            .init("project", "coalesce(project, '')"), .init("organiser", "organiser"),
            .unsorted("coOrganisers"), .init("type", "type"), .localised("title", "title"),
            .init("area", "area"), .init("servicePoint", "coalesce(service_point, '')"),
            .unsorted("visited"), .init("from", "from_date", "date"), .init("to", "to_date", "date"),
            .init("precision", "precision"), .unsorted("periodText", isLocalised: true),
            .unsorted("languages"), .unsorted("targetGroups"), .unsorted("topics"),
            .init("freeOfCharge", "coalesce(free_of_charge, false)", "boolean"),
            .init("url", "coalesce(url, '')"),
        ] + .record)
    let source: SQL = "activities"
    let selection: SQL = .activityColumns

    var search: SQL? { .matches("title", text) }
    var conditions: [SQL?] {
        [
            .isOne("campaign", of: campaigns), .isOne("project", of: projects),
            .isOne("organiser", of: organisers), .isOne("type", of: types), .isWithin("area", areas),
            .isOne("service_point", of: servicePoints), wasVisited,
            .has("target_groups", targetGroup), .has("topics", topic),
            .overlaps("languages", languages), .overlaps(from: "from_date", to: "to_date", from, to),
        ]
    }

    private var wasVisited: SQL? {
        visited.isEmpty
            ? nil
            : "(visited_service_points && \(visited)::text[] or visited_organisations && \(visited)::text[])"
    }

    var total: SQL? { isEverything ? .total(of: "activities") : nil }
}

extension Queryable {
    func activity(id: UUID) async throws(PostgresError) -> Activity? {
        try await first("select \(SQL.activityColumns) from activities where id = \(id)")
    }

    func createActivity(_ input: ActivityInput) async throws(PostgresError) -> Activity? {
        try await first(
            """
            with created as (
                insert into activities (id, \(input.stored.columns), area)
                values (\(UUID.version7()), \(input.stored.values), \(input.storedArea))
                returning *
            )
            select \(SQL.activityColumns) from created as activities
            """)
    }

    /// Nil when the activity has not that revision any more.
    func updateActivity(
        _ activity: Activity, _ input: ActivityInput
    ) async throws(PostgresError) -> Activity? {
        try await first(
            """
            with updated as (
                update activities
                set \(input.stored.assignments), area = \(input.storedArea), updated_at = now(),
                    revision = revision + 1
                where id = \(activity.uuid) and revision = \(activity.revision)
                returning *
            )
            select \(SQL.activityColumns) from updated as activities
            """)
    }
}

extension ActivityInput {
    /// The organiser's area, unless another is given.
    fileprivate var storedArea: SQL {
        "coalesce(\(area), (select area from organisations where organisations.id = \(organiser)))"
    }
}

extension SQL {
    /// A row of `activities` with the names of what was visited, in their order.
    static let activityColumns: SQL = """
        activities.*, array(
            select service_points.name
            from unnest(visited_service_points) with ordinality as visited (id, number)
            join service_points on service_points.id = visited.id
            order by number
        ) || array(
            select organisations.name
            from unnest(visited_organisations) with ordinality as visited (id, number)
            join organisations on organisations.id = visited.id
            order by number
        ) as visited_names
        """
}
