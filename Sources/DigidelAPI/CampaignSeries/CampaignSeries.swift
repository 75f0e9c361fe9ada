package import Postgres

/// A series whose editions are campaigns, such as eMedborgarveckan (domain.md, section 2).
package struct CampaignSeries: Resource {
    package static let collection = "campaign-series"
    package let id: String
    package var revision: Int? { currentRevision }
    let content: CampaignSeriesInput
    let createdAt: Instant
    let updatedAt: Instant
    let currentRevision: Int

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("name", content.name, in: representation.language)
        json.member("description", content.description, in: representation.language)
        json.member("createdAt", createdAt)
        json.member("updatedAt", updatedAt)
        json.member("revision", currentRevision)
    }
}

/// What a client says of a campaign series.
struct CampaignSeriesInput: Sendable {
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

    var personalDataFaults: [Fault] {
        DigidelAPI.personalDataFaults(name.places("/name") + (description?.places("/description") ?? []))
    }
}

extension CampaignSeries: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try CampaignSeriesInput(row: row)
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
        currentRevision = try row.get("revision")
    }
}

extension CampaignSeriesInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        name = try row.get("name")
        description = try row.get("description")
    }
}
