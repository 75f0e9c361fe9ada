package import Postgres

/// A country, county or municipality by its official code; a Danish region is a county here (domain.md, section 1).
package struct Area: Resource {
    package static let collection = "areas"
    package let id: String
    package var revision: Int? { nil }
    let country: Country
    let level: Level
    let code: String
    let parent: String?
    let name: LocalisedText
    let population: Int
    let populationDate: CalendarDate

    package enum Level: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case country, county, municipality
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("country", country.rawValue)
        json.member("level", level.rawValue)
        json.member("code", code)
        json.member("parent", parent)
        json.member("name", name, in: representation.language)
        json.member("population", population)
        json.member("populationDate", populationDate)
    }
}

/// The countries of the network.
package enum Country: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
    case se, no, dk
}

extension Area: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        country = try row.get("country")
        level = try row.get("level")
        code = try row.get("code")
        parent = try row.get("parent")
        name = try row.get("name")
        population = try row.get("population")
        populationDate = try row.get("population_date")
    }
}
