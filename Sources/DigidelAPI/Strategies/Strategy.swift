package import Postgres

/// A plan of the public sector, such as the Danish digitisation strategy of 2011 to 2015 (domain.md, section 5).
package struct Strategy: Resource {
    package static let collection = "strategies"
    package let id: String
    package var revision: Int? { record.revision }
    let content: StrategyInput
    let record: Record

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("name", content.name, in: representation.language)
        json.member("description", content.description, in: representation.language)
        json.members(record)
    }
}

/// What a client says of a strategy.
struct StrategyInput: CheckedInput {
    let name: LocalisedText
    let description: LocalisedText?

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let name = input.localised("name", limit: 200, required: true)
        description = input.localised("description", limit: 4000)
        try input.finish()
        guard let name else { throw .malformed(input.faults) }
        self.name = name
    }

    var texts: [PlacedText] { .at("/name", name) + .at("/description", description) }

    var stored: ColumnValues { ["name": name, "description": description] }
}

extension Strategy: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try StrategyInput(row: row)
        record = try Record(row: row)
    }
}

extension StrategyInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        name = try row.get("name")
        description = try row.get("description")
    }
}
