package import Postgres

/// Something to read or to learn from (domain.md, section 5).
package struct Publication: Resource {
    package static let collection = "publications"
    package let id: String
    package var revision: Int? { record.revision }
    let content: PublicationInput
    let record: Record

    package enum Kind: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case learningMaterial, report, recommendation, guide
    }

    /// Where it can be read in a format.
    struct Format: Hashable {
        let mediaType: String
        let url: String
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("title", content.title, in: representation.language)
        json.member("description", content.description, in: representation.language)
        json.member("kind", content.kind.rawValue)
        json.member("publisher", content.publisher)
        json.member("campaign", content.campaign)
        json.member("project", content.project)
        json.member("languages", content.languages)
        json.member("topics", content.topics)
        json.member("targetGroups", content.targetGroups)
        json.member("licence", content.licence)
        json.member("formats", content.formats)
        json.member("publishedOn", content.publishedOn)
        json.members(record)
    }
}

/// What a client says of a publication.
struct PublicationInput: CheckedInput {
    let title: LocalisedText
    let description: LocalisedText?
    let kind: Publication.Kind
    let publisher: String
    let campaign: String?
    let project: String?
    let languages: [String]
    let topics: [String]
    let targetGroups: [String]
    let licence: String?
    let formats: [Publication.Format]
    let publishedOn: CalendarDate

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let title = input.localised("title", limit: 300, required: true)
        description = input.localised("description", limit: 4000)
        let kind: Publication.Kind? = input.choice("kind", required: true)
        let publisher = input.slug("publisher", required: true)
        campaign = input.slug("campaign")
        project = input.slug("project")
        languages = input.languages("languages")
        topics = input.texts("topics") ?? []
        targetGroups = input.texts("targetGroups") ?? []
        licence = input.text("licence", limit: 200)
        formats = input.objects("formats", Publication.Format.init)
        let publishedOn = input.date("publishedOn", required: true)
        try input.finish()
        guard let title, let kind, let publisher, let publishedOn else { throw .malformed(input.faults) }
        self.title = title
        self.kind = kind
        self.publisher = publisher
        self.publishedOn = publishedOn
    }

    var references: [Reference?] {
        [
            Reference(.organisation, publisher, "/publisher"), Reference(.campaign, campaign, "/campaign"),
            Reference(.project, project, "/project"),
        ]
    }

    var texts: [PlacedText] {
        .at("/title", title) + .at("/description", description) + .at("/topics", topics)
            + .at("/targetGroups", targetGroups) + .at("/licence", licence)
    }

    var stored: ColumnValues {
        [
            "title": title, "description": description, "kind": kind, "publisher": publisher,
            "campaign": campaign, "project": project, "languages": languages, "topics": topics,
            "target_groups": targetGroups, "licence": licence, "formats": JSONList(formats),
            "published_on": publishedOn,
        ]
    }
}

extension Publication.Format: JSONElement {
    init?(_ input: inout ObjectInput) {
        let mediaType = input.value(
            "mediaType", required: true, rule: "a media type such as application/pdf", \.mediaType)
        let url = input.webAddress("url", required: true)
        guard let mediaType, let url else { return nil }
        self.init(mediaType: mediaType, url: url)
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("mediaType", mediaType)
            json.member("url", url)
        }
    }
}

extension JSONValue {
    /// A type and a subtype, as such are named when they are registered (RFC 6838, 4.2), without parameters.
    fileprivate var mediaType: String? {
        guard case .string(let text) = self, text.utf8.count <= 127,
            text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/) != nil
        else { return nil }
        return text
    }
}

extension Publication: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try PublicationInput(row: row)
        record = try Record(row: row)
    }
}

extension PublicationInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        title = try row.get("title")
        description = try row.get("description")
        kind = try row.get("kind")
        publisher = try row.get("publisher")
        campaign = try row.get("campaign")
        project = try row.get("project")
        languages = try row.get("languages")
        topics = try row.get("topics")
        targetGroups = try row.get("target_groups")
        licence = try row.get("licence")
        formats = try row.list("formats")
        publishedOn = try row.get("published_on")
    }
}
