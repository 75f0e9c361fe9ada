import Foundation
package import Postgres

/// Something that is done: a course, a study visit, a mapping (domain.md, section 5).
package struct Activity: Resource {
    package static let collection = "activities"
    package var id: String { uuid.text }
    package var revision: Int? { record.revision }
    /// What was visited may be renamed.
    package var phase: String? {
        visitedNames.isEmpty
            ? nil
            : "\(fingerprint(of: visitedNames.flatMap { $0.ordered.map(\.1).joined(separator: "\n").utf8 }))"
    }
    let uuid: UUID
    let content: ActivityInput
    /// The organiser's, unless another was given.
    let area: String
    /// The names of what `content` says was visited, in that order.
    let visitedNames: [LocalisedText]
    let record: Record

    package enum Kind: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case course, dropIn, workshop, lecture, conference, studyVisit, survey, mapping, interview, fair,
            other
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", uuid)
        json.member("campaign", content.campaign)
        json.member("project", content.project)
        json.member("organiser", content.organiser)
        json.member("coOrganisers", content.coOrganisers)
        json.member("type", content.type.rawValue)
        json.member("title", content.title, in: representation.language)
        json.member("area", area)
        json.member("servicePoint", content.servicePoint)
        json.name("visited")
        json.array(zip(content.visited, visitedNames)) { json, visited in
            json.object { json in
                json.member(visited.0.member, visited.0.id)
                json.member("name", visited.1, in: representation.language)
            }
        }
        json.member("from", content.period.from)
        json.member("to", content.period.to)
        json.member("precision", content.period.precision.rawValue)
        json.member("periodText", content.period.text, in: representation.language)
        json.member("languages", content.languages)
        json.member("targetGroups", content.targetGroups)
        json.member("topics", content.topics)
        json.member("freeOfCharge", content.freeOfCharge)
        json.member("url", content.url)
        json.members(record)
    }
}

/// What a client says of an activity.
struct ActivityInput: CheckedInput {
    /// Who was visited.
    enum Visited: Sendable {
        case servicePoint(String)
        case organisation(String)

        /// The member that holds the id.
        var member: String {
            switch self {
            case .servicePoint: "servicePoint"
            case .organisation: "organisation"
            }
        }

        var id: String {
            switch self {
            case .servicePoint(let id), .organisation(let id): id
            }
        }
    }

    let campaign: String?
    let project: String?
    let organiser: String
    let coOrganisers: [String]
    let type: Activity.Kind
    let title: LocalisedText
    /// Nil for the organiser's.
    let area: String?
    let servicePoint: String?
    /// Service points first.
    let visited: [Visited]
    let period: FuzzyPeriod
    let languages: [String]
    let targetGroups: [String]
    let topics: [String]
    let freeOfCharge: Bool?
    let url: String?

    /// Throws `.malformed` with everything that is wrong. What `replaces` an activity may name what was visited, as
    /// answers do.
    init(_ input: inout ObjectInput, replaces: Bool = false) throws(APIError) {
        campaign = input.slug("campaign")
        project = input.slug("project")
        let organiser = input.slug("organiser", required: true)
        coOrganisers = input.slugs("coOrganisers", of: "an organisation") ?? []
        let type: Activity.Kind? = input.choice("type", required: true)
        let title = input.localised("title", limit: 200, required: true)
        area = input.areaID("area")
        servicePoint = input.slug("servicePoint")
        let visited = input.objects("visited") { place in
            if replaces { place.ignore("name") }
            return Visited(&place)
        }
        let period = input.fuzzyPeriod()
        languages = input.languages("languages")
        targetGroups = input.texts("targetGroups") ?? []
        topics = input.texts("topics") ?? []
        freeOfCharge = input.bool("freeOfCharge")
        url = input.webAddress("url")
        try input.finish()
        guard let organiser, let type, let title, let period else { throw .malformed(input.faults) }
        self.organiser = organiser
        self.type = type
        self.title = title
        self.visited = visited
        self.period = period
    }

    var references: [Reference?] {
        let visits = visited.enumerated().map { index, place -> Reference? in
            switch place {
            case .servicePoint(let id): Reference(.servicePoint, id, "/visited/\(index)/servicePoint")
            case .organisation(let id): Reference(.organisation, id, "/visited/\(index)/organisation")
            }
        }
        return [
            Reference(.campaign, campaign, "/campaign"), Reference(.project, project, "/project"),
            Reference(.organisation, organiser, "/organiser"), Reference(.area, area, "/area"),
            Reference(.servicePoint, servicePoint, "/servicePoint"),
        ] + Reference.all(.organisation, coOrganisers, "/coOrganisers") + visits
    }

    var texts: [PlacedText] {
        .at("/title", title) + .at("/targetGroups", targetGroups) + .at("/topics", topics)
    }

    var ruleFaults: [Fault] { period.faults }

    /// All but the area, which may be the organiser's.
    var stored: ColumnValues {
        [
            "campaign": campaign, "project": project, "organiser": organiser, "co_organisers": coOrganisers,
            "type": type, "title": title, "service_point": servicePoint,
            "visited_service_points": visitedServicePoints, "visited_organisations": visitedOrganisations,
            "from_date": period.from, "to_date": period.to, "precision": period.precision,
            "languages": languages, "target_groups": targetGroups, "topics": topics,
            "free_of_charge": freeOfCharge, "url": url,
        ]
    }

    private var visitedServicePoints: [String] {
        visited.compactMap { if case .servicePoint(let id) = $0 { id } else { nil } }
    }

    private var visitedOrganisations: [String] {
        visited.compactMap { if case .organisation(let id) = $0 { id } else { nil } }
    }
}

extension ActivityInput.Visited {
    /// Exactly one of the two members.
    init?(_ input: inout ObjectInput) {
        let servicePoint = input.slug("servicePoint")
        let organisation = input.slug("organisation")
        guard input.has("servicePoint") != input.has("organisation") else {
            input.fault("servicePoint", "Give either servicePoint or organisation.")
            return nil
        }
        if let servicePoint {
            self = .servicePoint(servicePoint)
        } else if let organisation {
            self = .organisation(organisation)
        } else {
            return nil
        }
    }
}

extension ObjectInput {
    /// `from`, `to` and `precision`; a day may be without `to`.
    fileprivate mutating func fuzzyPeriod() -> FuzzyPeriod? {
        let precision: FuzzyPeriod.Precision = choice("precision") ?? .day
        let from = date("from", required: true)
        let to = date("to", required: precision != .day)
        guard let from, let to = to ?? (precision == .day ? from : nil) else { return nil }
        return FuzzyPeriod(from: from, to: to, precision: precision)
    }
}

extension Activity: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        uuid = try row.get("id")
        content = try ActivityInput(row: row)
        area = try row.get("area")
        visitedNames = try row.get("visited_names")
        record = try Record(row: row)
    }
}

extension ActivityInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        campaign = try row.get("campaign")
        project = try row.get("project")
        organiser = try row.get("organiser")
        coOrganisers = try row.get("co_organisers")
        type = try row.get("type")
        title = try row.get("title")
        area = try row.get("area")
        servicePoint = try row.get("service_point")
        let servicePoints: [String] = try row.get("visited_service_points")
        let organisations: [String] = try row.get("visited_organisations")
        visited = servicePoints.map(Visited.servicePoint) + organisations.map(Visited.organisation)
        period = FuzzyPeriod(
            from: try row.get("from_date"), to: try row.get("to_date"), precision: try row.get("precision"))
        languages = try row.get("languages")
        targetGroups = try row.get("target_groups")
        topics = try row.get("topics")
        freeOfCharge = try row.get("free_of_charge")
        url = try row.get("url")
    }
}
