import Postgres

/// Which publications are wanted.
struct PublicationFilter: ListFilter {
    typealias Item = Publication
    let kinds: [Publication.Kind]
    let publishers: [String]
    let campaigns: [String]
    let projects: [String]
    let languages: [String]
    let topic: String?
    let targetGroup: String?
    let from: CalendarDate?
    let to: CalendarDate?
    let text: String?

    init(_ query: inout QueryInput, _ call: Call) {
        kinds = query.choices("kind")
        publishers = query.ids("publisher")
        campaigns = query.ids("campaign")
        projects = query.ids("project")
        languages = query.languages("language")
        topic = query.text("topic", limit: 80)
        targetGroup = query.text("targetGroup", limit: 80)
        from = query.date("from")
        to = query.date("to")
        text = query.text("q", limit: 200)
    }

    let columns = ListColumns(
        [
            .init("id", "id"), .localised("title", "title"), .description, .init("kind", "kind"),
            .init("publisher", "publisher"), .init("campaign", "coalesce(campaign, '')"),
            .init("project", "coalesce(project, '')"), .unsorted("languages"), .unsorted("topics"),
            .unsorted("targetGroups"), .init("licence", "coalesce(licence, '')"), .unsorted("formats"),
            .init("publishedOn", "published_on", "date"),
        ] + .record)
    let source: SQL = "publications"
    var search: SQL? { .matches("title, description", text) }

    var conditions: [SQL?] {
        [
            .isOne("kind", of: kinds), .isOne("publisher", of: publishers),
            .isOne("campaign", of: campaigns), .isOne("project", of: projects),
            .overlaps("languages", languages), .has("topics", topic),
            .has("target_groups", targetGroup), from.map { "published_on >= \($0)" },
            to.map { "published_on <= \($0)" },
        ]
    }

    var total: SQL? { isEverything ? .total(of: "publications") : nil }
}

extension Queryable {
    func publication(id: String) async throws(PostgresError) -> Publication? {
        try await first("select * from publications where id = \(id)")
    }

    func createPublication(id: String, _ input: PublicationInput) async throws(PostgresError) -> Publication?
    {
        try await first(
            """
            insert into publications (id, \(input.stored.columns)) values (\(id), \(input.stored.values))
            returning *
            """)
    }

    /// Nil when the publication has not that revision any more.
    func updatePublication(
        _ publication: Publication, _ input: PublicationInput
    ) async throws(PostgresError) -> Publication? {
        try await first(
            """
            update publications
            set \(input.stored.assignments), updated_at = now(), revision = revision + 1
            where id = \(publication.id) and revision = \(publication.revision)
            returning *
            """)
    }
}
