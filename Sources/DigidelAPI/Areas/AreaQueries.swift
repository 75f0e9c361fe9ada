import Postgres

/// Which areas are wanted.
struct AreaFilter: ListFilter {
    typealias Item = Area
    let countries: [Country]
    let levels: [Area.Level]
    let parents: [String]
    let text: String?

    init(_ query: inout QueryInput, _ call: Call) {
        countries = query.choices("country")
        levels = query.choices("level")
        parents = query.ids("parent")
        text = query.text("q", limit: 200)
    }

    let columns = ListColumns(
        [
            .init("id", "id"), .init("country", "country"), .init("level", "level"), .init("code", "code"),
            .init("parent", "coalesce(parent, '')"), .name, .init("population", "population", "bigint"),
            .init("populationDate", "population_date", "date"),
        ], by: "id")
    let source: SQL = "areas"

    var search: SQL? { .matches("name", text) }
    var conditions: [SQL?] {
        [
            .isOne("country", of: countries), .isOne("level", of: levels), .isOne("parent", of: parents),
        ]
    }
}

extension Queryable {
    func area(id: String) async throws(PostgresError) -> Area? {
        try await first("select * from areas where id = \(id)")
    }
}
