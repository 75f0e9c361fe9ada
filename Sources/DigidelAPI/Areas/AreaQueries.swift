import Postgres

/// Which areas are wanted.
struct AreaFilter {
    let countries: [Country]
    let levels: [Area.Level]
    let parents: [String]
    let text: String?

    static let sorting = Sorting(
        [
            .init("country", "country"), .init("level", "level"), .init("code", "code"),
            .init("parent", "coalesce(parent, '')"), .name,
            .init("population", "population", "bigint"), .init("populationDate", "population_date", "date"),
            .init("id", "id"),
        ], by: "id")

    init(_ query: inout QueryInput) {
        countries = query.choices("country")
        levels = query.choices("level")
        parents = query.ids("parent")
        text = query.text("q", limit: 200)
    }

    var conditions: [SQL] {
        var conditions: [SQL] = []
        if !countries.isEmpty { conditions.append("country = any(\(countries))") }
        if !levels.isEmpty { conditions.append("level = any(\(levels))") }
        if !parents.isEmpty { conditions.append("parent = any(\(parents))") }
        if let text { conditions.append(.names("name", contain: text)) }
        return conditions
    }
}

extension SQL {
    /// That a localised name has, in one of its languages, for each word of `text` a word that begins so; case does not
    /// matter. The collation is named because that of a database may know no letters but a to z.
    static func names(_ column: SQL, contain text: String) -> SQL {
        let words = text.split(whereSeparator: \.isWhitespace).map { word in
            let literal = String(word).replacing("\\", with: "\\\\").replacing("%", with: "\\%")
                .replacing("_", with: "\\_")
            return "% \(literal)%"
        }
        return """
            exists (
                select from jsonb_each_text(\(column)) as localised (language, text)
                where lower(' ' || localised.text collate "und-x-icu") like all (
                    select lower(pattern collate "und-x-icu") from unnest(\(words)::text[]) as pattern)
            )
            """
    }
}

extension Queryable {
    func area(id: String) async throws(PostgresError) -> Area? {
        try await first("select * from areas where id = \(id)")
    }

    func areas(_ filter: AreaFilter, _ list: ListInput) async throws(PostgresError) -> Page<Area> {
        try await page(list, "*", from: "areas", where: filter.conditions)
    }
}
