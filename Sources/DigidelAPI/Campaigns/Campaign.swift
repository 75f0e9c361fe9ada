import Foundation
import Postgres

/// A campaign, or one edition of a series (domain.md, section 2).
package struct Campaign: Resource {
    package static let collection = "campaigns"
    package let id: String
    package var revision: Int? { record.revision }
    package var phase: String? {
        successors.isEmpty
            ? state.rawValue : "\(state.rawValue)-\(fingerprint(of: successors.joined(separator: " ").utf8))"
    }
    let content: CampaignInput
    let state: State
    /// The campaigns that name it as their predecessor.
    let successors: [String]
    /// Nil for a draft, which none but coordinators know of (decisions.md, 2).
    let announcedAt: Instant?
    let lockedAt: Instant?
    let record: Record

    /// Told by the clock, but for the acts announce, lock and cancel.
    package enum State: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case draft, announced, running, reporting, closed, locked, cancelled
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        content.write(to: &json, as: representation)
        json.member("successors", successors)
        json.member("lockedAt", lockedAt)
        json.member("state", state.rawValue)
        json.members(record)
    }
}

extension Campaign {
    /// The day by its calendar.
    func today(at now: Instant) -> CalendarDate {
        CalendarDate(now, in: .ofCampaign(content.timeZone))
    }
}

extension TimeZone {
    /// The one of campaigns that name none (decisions.md, 26).
    static let standardName = "Europe/Stockholm"

    /// By whose calendar a campaign's days are; nil for what belongs to no campaign.
    static func ofCampaign(_ name: String?) -> TimeZone { TimeZone(identifier: name ?? standardName) ?? .gmt }
}

/// What is counted. Measures are never converted into one another, and totals never mix them (domain.md, section 3).
package enum Measure: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
    case attendances, newlyIncluded, reached, activitiesHeld, supportersTrained

    /// What one of it is.
    var unit: String {
        switch self {
        case .attendances: "visits"
        case .newlyIncluded, .supportersTrained: "people"
        case .reached: "interactions"
        case .activitiesHeld: "activities"
        }
    }
}

/// What a client says of a campaign.
struct CampaignInput: Sendable {
    let series: String?
    let name: LocalisedText
    let description: LocalisedText?
    let startsOn: CalendarDate
    let endsOn: CalendarDate
    let countries: [Country]
    let organiser: String
    let partners: [String]
    let funding: [Funding]
    let timeZone: String
    let predecessor: String?
    let measures: [Measure]
    let opensAt: Instant?
    let dueAt: Instant?
    let closesAt: Instant?

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        series = input.slug("series")
        let name = input.localised("name", limit: 200, required: true)
        description = input.localised("description", limit: 4000)
        let startsOn = input.date("startsOn", required: true)
        let endsOn = input.date("endsOn", required: true)
        let countries: [Country]? = input.choices("countries", required: true)
        let organiser = input.slug("organiser", required: true)
        partners = input.list("partners", rule: "an organisation's id", \.slug) ?? []
        funding = input.objects("funding", Funding.init)
        timeZone =
            input.value("timeZone", rule: "a time zone such as Europe/Stockholm", \.timeZone)
            ?? TimeZone.standardName
        predecessor = input.slug("predecessor")
        let measures: [Measure]? = input.choices("measures", required: true)
        let reporting = input.object("reporting") { window in
            (
                opens: window.instant("opensAt"), due: window.instant("dueAt"),
                closes: window.instant("closesAt")
            )
        }
        opensAt = reporting?.opens
        dueAt = reporting?.due
        closesAt = reporting?.closes
        try input.finish()
        guard let name, let startsOn, let endsOn, let countries, let organiser, let measures else {
            throw .malformed(input.faults)
        }
        self.name = name
        self.startsOn = startsOn
        self.endsOn = endsOn
        self.countries = countries
        self.organiser = organiser
        self.measures = measures
    }

    var references: [Reference?] {
        [
            Reference(.series, series, "/series"), Reference(.organisation, organiser, "/organiser"),
            Reference(.campaign, predecessor, "/predecessor"),
        ] + Reference.all(.organisation, partners, "/partners")
    }

    /// The rules that need nothing but the campaign itself; `id` is its own.
    func ruleFaults(id: String) -> [Fault] {
        var faults = personalDataFaults(.at("/name", name) + .at("/description", description))
        faults += periodFaults(startsOn, "startsOn", endsOn, "endsOn")
        if predecessor == id {
            faults.append(
                Fault("/predecessor", "unknownCampaign", "A campaign cannot be its own predecessor."))
        }
        let instants = [("opensAt", opensAt), ("dueAt", dueAt), ("closesAt", closesAt)].filter { $0.1 != nil }
        for (earlier, later) in zip(instants, instants.dropFirst()) {
            guard let first = earlier.1, let second = later.1, first > second else { continue }
            faults.append(
                Fault(
                    "/reporting/\(later.0)", "periodReversed",
                    "\(later.0) must not be before \(earlier.0) (\(first))."))
        }
        return faults
    }

    var stored: ColumnValues {
        [
            "series": series, "name": name, "description": description, "starts_on": startsOn,
            "ends_on": endsOn, "countries": countries, "organiser": organiser, "partners": partners,
            "funding": JSONList(funding), "time_zone": timeZone, "predecessor": predecessor,
            "measures": measures, "opens_at": opensAt, "due_at": dueAt, "closes_at": closesAt,
        ]
    }

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("series", series)
        json.member("name", name, in: representation.language)
        json.member("description", description, in: representation.language)
        json.member("startsOn", startsOn)
        json.member("endsOn", endsOn)
        json.member("countries", countries.map(\.rawValue))
        json.member("organiser", organiser)
        json.member("partners", partners)
        json.member("funding", funding)
        json.member("timeZone", timeZone)
        json.member("predecessor", predecessor)
        json.member("measures", measures.map(\.rawValue))
        json.member("reporting") { json in
            json.member("opensAt", opensAt)
            json.member("dueAt", dueAt)
            json.member("closesAt", closesAt)
        }
    }
}

extension JSONValue {
    fileprivate var timeZone: String? {
        guard case .string(let text) = self, text.contains("/") || text == "UTC",
            TimeZone(identifier: text) != nil
        else { return nil }
        return text
    }
}
