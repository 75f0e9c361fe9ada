package import Postgres

/// A member or partner of the network (domain.md, section 1).
package struct Organisation: Resource {
    package static let collection = "organisations"
    package let id: String
    package var revision: Int? { record.revision }
    let content: OrganisationInput
    let record: Record

    package enum Kind: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case municipality, region, library, regionalLibrary, studyAssociation, folkHighSchool
        case agency, association, company, other
    }

    package enum Membership: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case applied, active, suspended, left
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("kind", content.kind.rawValue)
        json.member("area", content.area)
        json.member("parent", content.parent)
        json.member("name", content.name, in: representation.language)
        json.member("website", content.website)
        // A role address; shown to keys only.
        if representation.hasKey { json.member("contactMailbox", content.contactMailbox) }
        json.member("membership", content.membership.rawValue)
        json.member("memberSince", content.memberSince)
        json.members(record)
    }
}

/// What a client says of an organisation.
struct OrganisationInput: CheckedInput {
    let kind: Organisation.Kind
    let area: String
    let parent: String?
    let name: LocalisedText
    let website: String?
    let contactMailbox: String?
    let membership: Organisation.Membership
    let memberSince: CalendarDate?

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let kind: Organisation.Kind? = input.choice("kind", required: true)
        let area = input.areaID("area", required: true)
        let name = input.localised("name", limit: 200, required: true)
        parent = input.slug("parent")
        website = input.webAddress("website")
        contactMailbox = input.value(
            "contactMailbox", rule: "a mailbox such as info@library.example", \.mailbox)
        membership = input.choice("membership") ?? .active
        memberSince = input.date("memberSince")
        try input.finish()
        guard let kind, let area, let name else { throw .malformed(input.faults) }
        self.kind = kind
        self.area = area
        self.name = name
    }

    var references: [Reference?] {
        [Reference(.area, area, "/area"), Reference(.organisation, parent, "/parent")]
    }

    var texts: [PlacedText] { .at("/name", name) }

    var stored: ColumnValues {
        [
            "kind": kind, "area": area, "parent": parent, "name": name, "website": website,
            "contact_mailbox": contactMailbox, "membership": membership, "member_since": memberSince,
        ]
    }
}

extension JSONValue {
    fileprivate var mailbox: String? {
        guard case .string(let text) = self, text.unicodeScalars.count <= 254,
            text.wholeMatch(of: /[^@\s\x00-\x1F\x7F-\x9F]+@[^@\s\x00-\x1F\x7F-\x9F]+/) != nil
        else { return nil }
        return text
    }
}

extension Organisation: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try OrganisationInput(row: row)
        record = try Record(row: row)
    }
}

extension OrganisationInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        kind = try row.get("kind")
        area = try row.get("area")
        parent = try row.get("parent")
        name = try row.get("name")
        website = try row.get("website")
        contactMailbox = try row.get("contact_mailbox")
        membership = try row.get("membership")
        memberSince = try row.get("member_since")
    }
}
