package import Foundation
package import Postgres

/// What a key may do; each role may also do what those before it may (domain.md, section 6).
package enum Role: String, Sendable, CaseIterable, Comparable {
    case partner, coordinator, admin

    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Who asks: the key that was sent. Nobody's name is in it; a key belongs to an organisation.
package struct Caller: Sendable, Equatable {
    /// Nil for the set-up key `DIGIDEL_ADMIN_KEY`.
    package let key: UUID?
    package let role: Role
    package let organisation: String?

    /// The key's id, or the name of the setting that the set-up key comes from.
    var keyID: String { key?.uuidString.lowercased() ?? "DIGIDEL_ADMIN_KEY" }

    /// Whether the caller may write for that organisation.
    package func mayWrite(for organisation: String) -> Bool {
        role >= .coordinator || self.organisation == organisation
    }

    /// Throws `.forbidden` when the caller may not write for that organisation, which stands at `pointer` in the body.
    func checkMayWrite(for organisation: String, at pointer: String) throws(APIError) {
        guard !mayWrite(for: organisation) else { return }
        let detail = "Must be \(self.organisation ?? "your own organisation")."
        throw APIError(
            .forbidden, "Your key belongs to another organisation.",
            faults: [Fault(pointer, "foreignOrganisation", detail)])
    }
}

extension Caller: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        key = try row.get("id")
        role = try row.get("role")
        organisation = try row.get("organisation")
    }
}

extension ColumnDecodable where Self: RawRepresentable<String> {
    package init?(column text: String) { self.init(rawValue: text) }
}

extension ParameterConvertible where Self: RawRepresentable<String> {
    package var parameter: Parameter { rawValue }
}

extension Role: ColumnDecodable, ParameterConvertible {}
