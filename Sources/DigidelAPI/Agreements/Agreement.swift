package import Postgres

/// What organisations have agreed on, and from when until when (domain.md, section 5).
package struct Agreement: Resource {
    package static let collection = "agreements"
    package let id: String
    package var revision: Int? { record.revision }
    package var phase: String? { state.rawValue }
    let content: AgreementInput
    let state: State
    let record: Record

    /// Told by the calendar.
    package enum State: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case signed, inForce, expired, terminated
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("parties", content.parties)
        json.member("subject", content.subject, in: representation.language)
        json.member("signedOn", content.signedOn)
        json.member("validFrom", content.validFrom)
        json.member("validTo", content.validTo)
        json.member("terminatedOn", content.terminatedOn)
        json.name("deliverables")
        json.array(content.deliverables) { json, text in json.write(text, in: representation.language) }
        json.member("state", state.rawValue)
        json.members(record)
    }
}

/// What a client says of an agreement.
struct AgreementInput: CheckedInput {
    let parties: [String]
    let subject: LocalisedText
    let signedOn: CalendarDate
    /// The day it was signed unless another is given.
    let validFrom: CalendarDate
    let validTo: CalendarDate?
    /// The first day on which it is not in force any more.
    let terminatedOn: CalendarDate?
    let deliverables: [LocalisedText]

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let parties = input.slugs("parties", of: "an organisation", required: true)
        let subject = input.localised("subject", limit: 300, required: true)
        let signedOn = input.date("signedOn", required: true)
        let validFrom = input.date("validFrom")
        validTo = input.date("validTo")
        terminatedOn = input.date("terminatedOn")
        deliverables = input.localisedTexts("deliverables", limit: 300)
        try input.finish()
        guard let parties, let subject, let signedOn else { throw .malformed(input.faults) }
        self.parties = parties
        self.subject = subject
        self.signedOn = signedOn
        self.validFrom = validFrom ?? signedOn
    }

    var references: [Reference?] { Reference.all(.organisation, parties, "/parties") }

    var texts: [PlacedText] { .at("/subject", subject) + .at("/deliverables", deliverables) }

    var ruleFaults: [Fault] {
        periodFaults(validFrom, "validFrom", validTo, "validTo")
            + periodFaults(signedOn, "signedOn", terminatedOn, "terminatedOn")
    }

    /// Whether other parties are bound, or at another time.
    func isOtherwiseInForce(than other: AgreementInput) -> Bool {
        parties != other.parties || validFrom != other.validFrom || validTo != other.validTo
            || terminatedOn != other.terminatedOn
    }

    var stored: ColumnValues {
        [
            "parties": parties, "subject": subject, "signed_on": signedOn, "valid_from": validFrom,
            "valid_to": validTo, "terminated_on": terminatedOn, "deliverables": JSONList(deliverables),
        ]
    }
}

extension Agreement: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try AgreementInput(row: row)
        state = try row.get("state")
        record = try Record(row: row)
    }
}

extension AgreementInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        parties = try row.get("parties")
        subject = try row.get("subject")
        signedOn = try row.get("signed_on")
        validFrom = try row.get("valid_from")
        validTo = try row.get("valid_to")
        terminatedOn = try row.get("terminated_on")
        deliverables = try row.list("deliverables")
    }
}
