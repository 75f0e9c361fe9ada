package import Postgres

/// An outside series that stock goals follow, such as a survey's figure of people who do not use the internet
/// (domain.md, section 4).
package struct Indicator: Resource {
    package static let collection = "indicators"
    package let id: String
    package var revision: Int? { record.revision }
    let content: IndicatorInput
    let record: Record

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("name", content.name, in: representation.language)
        json.member("description", content.description, in: representation.language)
        json.member("source", content.source)
        json.member("unit", content.unit)
        json.members(record)
    }
}

/// What a client says of an indicator.
struct IndicatorInput: CheckedInput {
    let name: LocalisedText
    let description: LocalisedText?
    /// Who publishes it.
    let source: String
    /// What one of it is.
    let unit: String

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let name = input.localised("name", limit: 200, required: true)
        description = input.localised("description", limit: 4000)
        let source = input.text("source", limit: 500, required: true)
        let unit = input.text("unit", limit: 80, required: true)
        try input.finish()
        guard let name, let source, let unit else { throw .malformed(input.faults) }
        self.name = name
        self.source = source
        self.unit = unit
    }

    var texts: [PlacedText] {
        .at("/name", name) + .at("/description", description) + .at("/source", source) + .at("/unit", unit)
    }

    var stored: ColumnValues {
        ["name": name, "description": description, "source": source, "unit": unit]
    }
}

extension Indicator: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try IndicatorInput(row: row)
        record = try Record(row: row)
    }
}

extension IndicatorInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        name = try row.get("name")
        description = try row.get("description")
        source = try row.get("source")
        unit = try row.get("unit")
    }
}
