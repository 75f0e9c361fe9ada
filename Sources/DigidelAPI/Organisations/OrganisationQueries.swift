import Postgres

/// Which organisations are wanted.
struct OrganisationFilter: ListFilter {
    typealias Item = Organisation
    let kinds: [Organisation.Kind]
    let areas: [String]
    let memberships: [Organisation.Membership]
    let text: String?
    private let showsMailbox: Bool

    init(_ query: inout QueryInput, _ call: Call) {
        kinds = query.choices("kind")
        areas = query.ids("area")
        memberships = query.choices("membership")
        text = query.text("q", limit: 200)
        showsMailbox = call.representation.hasKey
    }

    var columns: ListColumns {
        ListColumns(
            [
                .init("id", "id"), .init("kind", "kind"), .init("area", "area"),
                .init("parent", "coalesce(parent, '')"), .name, .init("website", "coalesce(website, '')"),
            ] + (showsMailbox ? [.unsorted("contactMailbox")] : []) + [
                .init("membership", "membership"),
                .init("memberSince", "coalesce(member_since, 'infinity')", "date"),
            ] + .record)
    }

    let source: SQL = "organisations"

    var search: SQL? { .matches("name", text) }
    var conditions: [SQL?] {
        [
            .isOne("kind", of: kinds), .isWithin("area", areas), .isOne("membership", of: memberships),
        ]
    }

    var total: SQL? { isEverything ? .total(of: "organisations") : nil }
}

extension Queryable {
    func organisation(id: String) async throws(PostgresError) -> Organisation? {
        try await first("select * from organisations where id = \(id)")
    }

    func createOrganisation(
        id: String, _ input: OrganisationInput
    ) async throws(PostgresError) -> Organisation? {
        try await first(
            """
            insert into organisations (id, \(input.stored.columns)) values (\(id), \(input.stored.values))
            returning *
            """)
    }

    /// Nil when the organisation has not that revision any more.
    func updateOrganisation(
        _ organisation: Organisation, _ input: OrganisationInput
    ) async throws(PostgresError) -> Organisation? {
        try await first(
            """
            update organisations
            set \(input.stored.assignments), updated_at = now(), revision = revision + 1
            where id = \(organisation.id) and revision = \(organisation.revision)
            returning *
            """)
    }
}
