import Foundation
import Postgres

/// A campaign, or one edition of a series (domain.md, section 2).
package struct Campaign: Resource {
    package static let collection = "campaigns"
    package let id: String
    package var revision: Int? { currentRevision }
    package var phase: String? { state.rawValue }
    let content: CampaignInput
    let state: State
    /// Nil for a draft, which none but coordinators know of (decisions.md, 2).
    let announcedAt: Instant?
    let lockedAt: Instant?
    let createdAt: Instant
    let updatedAt: Instant
    let currentRevision: Int

    /// Told by the clock, but for the acts announce, lock and cancel.
    package enum State: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case draft, announced, running, reporting, closed, locked, cancelled
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        content.write(to: &json, as: representation)
        json.member("lockedAt", lockedAt)
        json.member("state", state.rawValue)
        json.member("createdAt", createdAt)
        json.member("updatedAt", updatedAt)
        json.member("revision", currentRevision)
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

/// Who pays.
struct Funding: Sendable, Hashable {
    let funder: String
    let amount: Decimal?
    let currency: String?
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

    var references: [Reference] {
        [
            Reference(.series, series, "/series"), Reference(.organisation, organiser, "/organiser"),
            Reference(.campaign, predecessor, "/predecessor"),
        ].compactMap(\.self) + Reference.all(.organisation, partners, "/partners")
    }

    /// The rules that need nothing but the campaign itself; `id` is its own.
    func ruleFaults(id: String) -> [Fault] {
        var faults = personalDataFaults(name.places("/name") + (description?.places("/description") ?? []))
        if startsOn > endsOn {
            faults.append(
                Fault("/endsOn", "periodReversed", "endsOn must not be before startsOn (\(startsOn))."))
        }
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

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("series", series)
        json.member("name", name, in: representation.language)
        json.member("description", description, in: representation.language)
        json.member("startsOn", startsOn)
        json.member("endsOn", endsOn)
        json.member("countries", countries.map(\.rawValue))
        json.member("organiser", organiser)
        json.member("partners", partners)
        json.name("funding")
        json.array(funding) { json, funding in funding.write(to: &json) }
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

extension Funding {
    init?(_ input: inout ObjectInput) {
        let funder = input.text("funder", limit: 200, required: true)
        amount = input.decimal("amount", in: 0...1_000_000_000_000)
        currency = input.value("currency", rule: "three capital letters such as SEK") { value in
            guard case .string(let text) = value, text.wholeMatch(of: /[A-Z]{3}/) != nil else { return nil }
            return text
        }
        guard let funder else { return nil }
        self.funder = funder
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("funder", funder)
            json.member("amount", amount)
            json.member("currency", currency)
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
