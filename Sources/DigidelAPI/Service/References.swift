import Postgres

/// An id in a body that must belong to something.
struct Reference: Sendable {
    enum Kind: String, Sendable, ColumnDecodable, ParameterConvertible {
        case area, organisation, campaign, series, indicator

        var code: String {
            switch self {
            case .area: "unknownArea"
            case .organisation: "unknownOrganisation"
            case .campaign: "unknownCampaign"
            case .series: "unknownSeries"
            case .indicator: "unknownIndicator"
            }
        }
    }

    let kind: Kind
    let id: String
    let pointer: String

    /// Nil, for absent members, is no reference.
    init?(_ kind: Kind, _ id: String?, _ pointer: String) {
        guard let id else { return nil }
        self.kind = kind
        self.id = id
        self.pointer = pointer
    }

    /// The ids of a list, each at its place.
    static func all(_ kind: Kind, _ ids: [String], _ pointer: String) -> [Reference] {
        ids.enumerated().compactMap { Reference(kind, $1, "\(pointer)/\($0)") }
    }
}

extension Queryable {
    /// A fault for each reference that leads nowhere.
    func faults(in references: [Reference]) async throws(PostgresError) -> [Fault] {
        guard !references.isEmpty else { return [] }
        let rows = try await query(
            """
            select number
            from unnest(\(references.map(\.kind))::text[], \(references.map(\.id))::text[]) with ordinality
                as reference (kind, id, number)
            where not case kind
                when 'area' then exists (select from areas where areas.id = reference.id)
                when 'organisation' then exists (select from organisations where organisations.id = reference.id)
                when 'campaign' then exists (select from campaigns where campaigns.id = reference.id)
                when 'series' then exists (select from campaign_series where campaign_series.id = reference.id)
                when 'indicator' then exists (select from indicators where indicators.id = reference.id)
            end
            order by number
            """)
        var faults: [Fault] = []
        for row in rows {
            let reference = references[try row.get("number") - 1]
            faults.append(
                Fault(
                    reference.pointer, reference.kind.code,
                    "There is no \(reference.kind.rawValue) \(reference.id)."))
        }
        return faults
    }
}

/// A fault for each text in which data about a person is recognised.
func personalDataFaults(_ texts: [(pointer: String, text: String?)]) -> [Fault] {
    texts.compactMap { pointer, text in
        text.flatMap(PersonalData.found).map {
            Fault(pointer, "personalData", "Looks like it holds \($0); the service takes no personal data.")
        }
    }
}

extension LocalisedText {
    /// Each text with its place below `pointer`.
    func places(_ pointer: String) -> [(pointer: String, text: String?)] {
        ordered.map { ("\(pointer)/\($0.0.rawValue)", $0.1) }
    }
}

/// The id of a new thing: given, or derived from its name (domain.md). Throws `.ruleBroken` when neither works.
func newID(_ given: String?, from name: LocalisedText) throws(APIError) -> String {
    if let given { return given }
    guard let id = Slug.derived(from: name.text(in: .sv)) else {
        throw .ruleBroken([
            Fault("/id", "malformed", "No id can be made of the name; give one: \(Slug.rule).")
        ])
    }
    return id
}

extension Array where Element == Fault {
    /// Throws `.ruleBroken` with these faults, if there are any.
    func check() throws(APIError) {
        if !isEmpty { throw .ruleBroken(self) }
    }
}
