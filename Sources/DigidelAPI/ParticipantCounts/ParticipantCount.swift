import Foundation
package import Postgres

/// A report of how many were helped, in its current revision (domain.md, section 3).
package struct ParticipantCount: Resource {
    package static let collection = "participant-counts"
    package var id: String { uuid.text }
    package var revision: Int? { currentRevision }
    let uuid: UUID
    let content: ParticipantCountInput
    let status: Status
    let late: Bool
    let recordedAt: Instant
    let currentRevision: Int

    package enum Status: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case accepted
        /// Its value no longer counts.
        case withdrawn
    }

    package enum Channel: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case onSite, remote, phone, mixed
    }

    /// How it is known that somebody is newly included.
    package enum Evidence: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case selfAssessed, guideAssessed, estimated
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", uuid)
        content.write(to: &json)
        json.member("revision", currentRevision)
        json.member("status", status.rawValue)
        json.member("late", late)
        json.member("recordedAt", recordedAt)
    }
}

/// What a reporter says.
struct ParticipantCountInput: Sendable, Equatable {
    let organisation: String
    let campaign: String
    let measure: Measure
    let value: Int
    let from: CalendarDate
    let to: CalendarDate
    let area: String
    let channel: ParticipantCount.Channel
    let evidence: ParticipantCount.Evidence?
    let activity: UUID?
    let servicePoint: String?
    let breakdowns: Breakdowns?
    let note: String?
    let externalID: String?

    static let valueRange = 0...10_000_000

    /// What the reporter calls it, if it calls it anything: unique within the organisation.
    var reporterKey: ReporterKey? {
        externalID.map { ReporterKey(organisation: organisation, externalID: $0) }
    }

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let organisation = input.slug("organisation", required: true)
        let campaign = input.slug("campaign", required: true)
        let measure: Measure? = input.choice("measure", required: true)
        let value = input.integer("value", in: Self.valueRange, required: true)
        let period = input.period()
        let area = input.areaID("area", required: true)
        let channel: ParticipantCount.Channel? = input.choice("channel", required: true)
        evidence = input.choice("evidence")
        activity = input.uuid("activity")
        servicePoint = input.slug("servicePoint")
        let breakdowns = input.object("breakdowns", Breakdowns.init)
        note = input.text("note", limit: 2000)
        externalID = input.text("externalId", limit: 200)
        try input.finish()
        guard let organisation, let campaign, let measure, let value, let period, let area, let channel else {
            throw .malformed(input.faults)
        }
        self.organisation = organisation
        self.campaign = campaign
        self.measure = measure
        self.value = value
        (from, to) = period
        self.area = area
        self.channel = channel
        self.breakdowns = breakdowns?.normalised(value: value)
    }

    func write(to json: inout JSONWriter) {
        json.member("organisation", organisation)
        json.member("campaign", campaign)
        json.member("measure", measure.rawValue)
        json.member("value", value)
        json.member("from", from)
        json.member("to", to)
        json.member("area", area)
        json.member("channel", channel.rawValue)
        json.member("evidence", evidence?.rawValue)
        json.member("activity", activity)
        json.member("servicePoint", servicePoint)
        if let breakdowns {
            json.name("breakdowns")
            breakdowns.write(to: &json)
        }
        json.member("note", note)
        json.member("externalId", externalID)
    }
}

extension ParticipantCountInput {
    /// A fault for each member that a correction cannot change (decisions.md, 34).
    func fixedFaults(in correction: ParticipantCountInput) -> [Fault] {
        var faults: [Fault] = []
        func check(_ name: String, _ stored: String?, _ given: String?) {
            guard stored != given else { return }
            let detail =
                "Cannot be changed; it is \(stored ?? "absent"). Withdraw the count and report a new one."
            faults.append(Fault("/\(name)", "fixedMember", detail))
        }
        check("organisation", organisation, correction.organisation)
        check("campaign", campaign, correction.campaign)
        check("externalId", externalID, correction.externalID)
        return faults
    }
}

/// An organisation's own key for a count.
struct ReporterKey: Hashable {
    let organisation: String
    let externalID: String
}

extension ObjectInput {
    /// `from` and `to`, or `period` in their place.
    fileprivate mutating func period() -> (CalendarDate, CalendarDate)? {
        let period: Period? = value("period", rule: "a period such as 2016, 2016-Q3, 2016-10 or 2016-W40") {
            value in
            guard case .string(let text) = value else { return nil }
            return Period(text)
        }
        guard has("period") else {
            let (from, to) = (date("from", required: true), date("to", required: true))
            guard let from, let to else { return nil }
            return (from, to)
        }
        if has("from") || has("to") { fault("period", "Give either period, or from and to.") }
        _ = (date("from"), date("to"))
        return period.map { ($0.from, $0.to) }
    }
}

extension ParticipantCount: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        uuid = try row.get("id")
        content = try ParticipantCountInput(row: row)
        status = try row.get("status")
        late = try row.get("late")
        recordedAt = try row.get("recorded_at")
        currentRevision = try row.get("revision")
    }
}

extension ParticipantCountInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        organisation = try row.get("organisation")
        campaign = try row.get("campaign")
        measure = try row.get("measure")
        value = try row.get("value")
        from = try row.get("from_date")
        to = try row.get("to_date")
        area = try row.get("area")
        channel = try row.get("channel")
        evidence = try row.get("evidence")
        activity = try row.get("activity")
        servicePoint = try row.get("service_point")
        breakdowns = try row.get("breakdowns")
        note = try row.get("note")
        externalID = try row.get("external_id")
    }
}
