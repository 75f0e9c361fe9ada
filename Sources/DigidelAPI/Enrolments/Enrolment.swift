package import Postgres

/// That an organisation takes part in a campaign (domain.md, section 2).
package struct Enrolment: Resource {
    package static let collection = "enrolments"
    /// An organisation is enrolled once, so its id tells a campaign's enrolments apart.
    package var id: String { organisation }
    package var revision: Int? { nil }
    package var path: String { "/\(Campaign.collection)/\(campaign)/\(Self.collection)/\(organisation)" }
    let campaign: String
    let organisation: String
    /// The organisation's, as it is now.
    let name: LocalisedText
    let area: String
    /// Whether completeness waits for its reports.
    let isExpected: Bool
    /// Why completeness does not wait for it all the same.
    let exemptReason: String?
    /// By the campaign's calendar.
    let enrolledOn: CalendarDate

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("campaign", campaign)
        json.member("organisation", organisation)
        json.member("name", name, in: representation.language)
        json.member("area", area)
        json.member("expected", isExpected)
        json.member("exemptReason", exemptReason)
        json.member("enrolledOn", enrolledOn)
    }
}

/// What a coordinator says of an enrolment.
struct EnrolmentInput: Sendable {
    let isExpected: Bool
    let exemptReason: String?
    /// Nil leaves the day of an enrolment as it is, and makes a new one today's.
    let enrolledOn: CalendarDate?

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        input.ignore("campaign", "organisation", "name", "area", "_links")
        isExpected = input.bool("expected") ?? true
        exemptReason = input.text("exemptReason", limit: 500)
        enrolledOn = input.date("enrolledOn")
        try input.finish()
    }

    /// Whether the enrolment says the same already.
    func isSame(as enrolment: Enrolment) -> Bool {
        isExpected == enrolment.isExpected && exemptReason == enrolment.exemptReason
            && enrolledOn ?? enrolment.enrolledOn == enrolment.enrolledOn
    }
}

extension Enrolment: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        campaign = try row.get("campaign")
        organisation = try row.get("organisation")
        name = try row.get("name")
        area = try row.get("area")
        isExpected = try row.get("expected")
        exemptReason = try row.get("exempt_reason")
        enrolledOn = try row.get("enrolled_on")
    }
}
