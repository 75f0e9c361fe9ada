package import Postgres

/// A local effort, within a campaign or on its own (domain.md, section 5).
package struct Project: Resource {
    package static let collection = "projects"
    package let id: String
    package var revision: Int? { record.revision }
    let content: ProjectInput
    let record: Record

    package enum Phase: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case pilot, rollout, regular
    }

    /// What is to be reached by a day.
    struct Milestone: Sendable {
        let date: CalendarDate
        let title: LocalisedText
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("owner", content.owner)
        json.member("partners", content.partners)
        json.member("campaign", content.campaign)
        json.member("areas", content.areas)
        json.member("name", content.name, in: representation.language)
        json.member("description", content.description, in: representation.language)
        json.member("startsOn", content.startsOn)
        json.member("endsOn", content.endsOn)
        json.member("funding", content.funding)
        json.member("phase", content.phase.rawValue)
        json.name("milestones")
        json.array(content.milestones) { json, milestone in
            milestone.write(to: &json, in: representation.language)
        }
        json.members(record)
    }
}

/// What a client says of a project.
struct ProjectInput: CheckedInput {
    let owner: String
    let partners: [String]
    let campaign: String?
    let areas: [String]
    let name: LocalisedText
    let description: LocalisedText?
    let startsOn: CalendarDate
    let endsOn: CalendarDate?
    let funding: [Funding]
    let phase: Project.Phase
    let milestones: [Project.Milestone]

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let owner = input.slug("owner", required: true)
        partners = input.slugs("partners", of: "an organisation") ?? []
        campaign = input.slug("campaign")
        areas = input.list("areas", rule: "an area's id such as se-0583", \.areaID) ?? []
        let name = input.localised("name", limit: 200, required: true)
        description = input.localised("description", limit: 4000)
        let startsOn = input.date("startsOn", required: true)
        endsOn = input.date("endsOn")
        funding = input.objects("funding", Funding.init)
        phase = input.choice("phase") ?? .regular
        milestones = input.objects("milestones", Project.Milestone.init)
        try input.finish()
        guard let owner, let name, let startsOn else { throw .malformed(input.faults) }
        self.owner = owner
        self.name = name
        self.startsOn = startsOn
    }

    var references: [Reference?] {
        [Reference(.organisation, owner, "/owner"), Reference(.campaign, campaign, "/campaign")]
            + Reference.all(.organisation, partners, "/partners") + Reference.all(.area, areas, "/areas")
    }

    var texts: [PlacedText] {
        var texts: [PlacedText] = .at("/name", name) + .at("/description", description)
        for (index, funding) in funding.enumerated() {
            texts += .at("/funding/\(index)/funder", funding.funder)
        }
        for (index, milestone) in milestones.enumerated() {
            texts += .at("/milestones/\(index)/title", milestone.title)
        }
        return texts
    }

    var ruleFaults: [Fault] { periodFaults(startsOn, "startsOn", endsOn, "endsOn") }

    var stored: ColumnValues {
        [
            "owner": owner, "partners": partners, "campaign": campaign, "areas": areas, "name": name,
            "description": description, "starts_on": startsOn, "ends_on": endsOn,
            "funding": JSONList(funding), "phase": phase, "milestones": JSONList(milestones),
        ]
    }
}

extension Project.Milestone: JSONElement {
    init?(_ input: inout ObjectInput) {
        let date = input.date("date", required: true)
        let title = input.localised("title", limit: 200, required: true)
        guard let date, let title else { return nil }
        self.init(date: date, title: title)
    }

    func write(to json: inout JSONWriter) { write(to: &json, in: nil) }

    /// In one language, or in all when `language` is nil.
    func write(to json: inout JSONWriter, in language: Language?) {
        json.object { json in
            json.member("date", date)
            json.member("title", title, in: language)
        }
    }
}

extension Project: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try ProjectInput(row: row)
        record = try Record(row: row)
    }
}

extension ProjectInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        owner = try row.get("owner")
        partners = try row.get("partners")
        campaign = try row.get("campaign")
        areas = try row.get("areas")
        name = try row.get("name")
        description = try row.get("description")
        startsOn = try row.get("starts_on")
        endsOn = try row.get("ends_on")
        funding = try row.list("funding")
        phase = try row.get("phase")
        milestones = try row.list("milestones")
    }
}
