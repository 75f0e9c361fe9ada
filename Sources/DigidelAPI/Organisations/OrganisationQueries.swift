import Postgres

/// Which organisations are wanted.
struct OrganisationFilter {
    let kinds: [Organisation.Kind]
    let areas: [String]
    let memberships: [Organisation.Membership]
    let text: String?

    static let sorting = Sorting(
        [
            .init("kind", "kind"), .init("area", "area"), .init("parent", "coalesce(parent, '')"),
            .name, .init("website", "coalesce(website, '')"),
            .init("membership", "membership"),
            .init("memberSince", "coalesce(member_since, 'infinity')", "date"),
            .init("createdAt", "created_at", "timestamptz"), .init("updatedAt", "updated_at", "timestamptz"),
            .init("revision", "revision", "integer"), .init("id", "id"),
        ], by: "createdAt")

    init(_ query: inout QueryInput) {
        kinds = query.choices("kind")
        areas = query.ids("area")
        memberships = query.choices("membership")
        text = query.text("q", limit: 200)
    }

    var conditions: [SQL] {
        var conditions: [SQL] = []
        if !kinds.isEmpty { conditions.append("kind = any(\(kinds))") }
        if !areas.isEmpty { conditions.append("area in \(SQL.areas(below: areas))") }
        if !memberships.isEmpty { conditions.append("membership = any(\(memberships))") }
        if let text { conditions.append(.names("name", contain: text)) }
        return conditions
    }
}

extension SQL {
    /// The ids of areas and of everything below them, as a subquery.
    static func areas(below ids: [String]) -> SQL {
        """
        (
            select areas.id from areas
            where areas.id = any(\(ids)) or areas.parent = any(\(ids)) or areas.country = any(\(ids))
        )
        """
    }
}

extension Queryable {
    func organisation(id: String) async throws(PostgresError) -> Organisation? {
        try await first("select * from organisations where id = \(id)")
    }

    func organisations(_ filter: OrganisationFilter, _ list: ListInput) async throws(PostgresError) -> Page<
        Organisation
    > {
        try await page(list, "*", from: "organisations", where: filter.conditions)
    }

    func createOrganisation(id: String, _ input: OrganisationInput) async throws(PostgresError)
        -> Organisation?
    {
        try await first(
            """
            insert into organisations (
                id, kind, area, parent, name, website, contact_mailbox, membership, member_since)
            values (
                \(id), \(input.kind), \(input.area), \(input.parent), \(input.name), \(input.website),
                \(input.contactMailbox), \(input.membership), \(input.memberSince))
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
            set kind = \(input.kind), area = \(input.area), parent = \(input.parent), name = \(input.name),
                website = \(input.website), contact_mailbox = \(input.contactMailbox),
                membership = \(input.membership), member_since = \(input.memberSince),
                updated_at = now(), revision = revision + 1
            where id = \(organisation.id) and revision = \(organisation.revision)
            returning *
            """)
    }
}
