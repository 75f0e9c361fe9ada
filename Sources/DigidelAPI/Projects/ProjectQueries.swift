import Postgres

/// Which projects are wanted.
struct ProjectFilter: ListFilter {
    typealias Item = Project
    let campaigns: [String]
    let owners: [String]
    let partners: [String]
    let phases: [Project.Phase]
    let areas: [String]
    /// The first and the last of the days on one of which the project goes on.
    let from: CalendarDate?
    let to: CalendarDate?
    let text: String?

    init(_ query: inout QueryInput, _ call: Call) {
        campaigns = query.ids("campaign")
        owners = query.ids("owner")
        partners = query.ids("partner")
        phases = query.choices("phase")
        areas = query.ids("area")
        from = query.date("from")
        to = query.date("to")
        text = query.text("q", limit: 200)
    }

    let columns = ListColumns(
        [
            .init("id", "id"), .init("owner", "owner"), .unsorted("partners"),
            .init("campaign", "coalesce(campaign, '')"), .unsorted("areas"), .name, .description,
            .init("startsOn", "starts_on", "date"), .init("endsOn", "coalesce(ends_on, 'infinity')", "date"),
            .unsorted("funding"), .init("phase", "phase"), .unsorted("milestones"),
        ] + .record)
    let source: SQL = "projects"

    var search: SQL? { .all(.overlaps("partners", partners), .matches("name, description", text)) }
    var conditions: [SQL?] {
        [
            .isOne("campaign", of: campaigns), .isOne("owner", of: owners),
            .isOne("phase", of: phases), areas.isEmpty ? nil : "areas && array\(SQL.areas(below: areas))",
            .overlaps(from: "starts_on", to: "coalesce(ends_on, 'infinity')", from, to),
        ]
    }

    var total: SQL? { isEverything ? .total(of: "projects") : nil }
}

extension Queryable {
    func project(id: String) async throws(PostgresError) -> Project? {
        try await first("select * from projects where id = \(id)")
    }

    func createProject(id: String, _ input: ProjectInput) async throws(PostgresError) -> Project? {
        try await first(
            """
            insert into projects (id, \(input.stored.columns)) values (\(id), \(input.stored.values))
            returning *
            """)
    }

    /// Nil when the project has not that revision any more.
    func updateProject(_ project: Project, _ input: ProjectInput) async throws(PostgresError) -> Project? {
        try await first(
            """
            update projects
            set \(input.stored.assignments), updated_at = now(), revision = revision + 1
            where id = \(project.id) and revision = \(project.revision)
            returning *
            """)
    }
}
