import Postgres

/// An id in a body that must belong to something.
struct Reference: Sendable {
    enum Kind: String, Sendable, ColumnDecodable, ParameterConvertible {
        case area, organisation, campaign, series, indicator, project, servicePoint, activity, survey

        /// `unknownServicePoint`
        var code: String { "unknown\(rawValue.prefix(1).uppercased())\(rawValue.dropFirst())" }

        /// In words.
        var name: String { self == .servicePoint ? "service point" : rawValue }
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
    static func all(_ kind: Kind, _ ids: [String], _ pointer: String) -> [Reference?] {
        ids.enumerated().map { Reference(kind, $1, "\(pointer)/\($0)") }
    }
}

extension Queryable {
    /// A fault for each reference that leads nowhere; without `showsDrafts` a draft is nowhere.
    func faults(
        in references: [Reference?], showsDrafts: Bool = true
    ) async throws(PostgresError) -> [Fault] {
        let references = references.compactMap(\.self)
        guard !references.isEmpty else { return [] }
        let rows = try await query(
            """
            select number
            from unnest(\(references.map(\.kind))::text[], \(references.map(\.id))::text[]) with ordinality
                as reference (kind, id, number)
            where not case kind
                when 'area' then exists (select from areas where areas.id = reference.id)
                when 'organisation' then exists (select from organisations where organisations.id = reference.id)
                when 'campaign' then exists (
                    select from campaigns
                    where campaigns.id = reference.id and (\(showsDrafts) or announced_at is not null))
                when 'series' then exists (select from campaign_series where campaign_series.id = reference.id)
                when 'indicator' then exists (select from indicators where indicators.id = reference.id)
                when 'project' then exists (select from projects where projects.id = reference.id)
                when 'servicePoint' then exists (select from service_points where service_points.id = reference.id)
                when 'activity' then exists (select from activities where activities.id = reference.id::uuid)
                when 'survey' then exists (select from surveys where surveys.id = reference.id)
            end
            order by number
            """)
        var faults: [Fault] = []
        for row in rows {
            let reference = references[try row.get("number") - 1]
            faults.append(
                Fault(
                    reference.pointer, reference.kind.code,
                    "There is no such \(reference.kind.name)."))
        }
        return faults
    }
}

/// The id of a new thing: given, or derived from its name (domain.md). Throws `.ruleBroken` when neither works.
func newID(_ given: String?, from name: LocalisedText) throws(APIError) -> String {
    if let given { return given }
    guard let id = Slug.derived(from: name.text(in: .sv)) else {
        throw .ruleBroken([
            Fault("/id", "malformed", "No id can be made of what it is called; give one: \(Slug.rule).")
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
