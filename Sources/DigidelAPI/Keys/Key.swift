import Foundation
package import Postgres

/// A bearer key, without its secret (domain.md, section 6).
package struct Key: Resource {
    package static let collection = "keys"
    package var id: String { uuid.text }
    /// A key changes by being used, so it has no revision to compare.
    package var revision: Int? { nil }
    private let uuid: UUID
    let content: KeyInput
    let revokedAt: Instant?
    let lastUsedAt: Instant?
    let createdAt: Instant

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("role", content.role.rawValue)
        json.member("organisation", content.organisation)
        json.member("label", content.label)
        json.member("expiresAt", content.expiresAt)
        json.member("revokedAt", revokedAt)
        json.member("lastUsedAt", lastUsedAt)
        json.member("createdAt", createdAt)
    }

    /// The key in one line, for the command line.
    package var line: String {
        let state = revokedAt.map { "revoked \($0)" } ?? content.expiresAt.map { "expires \($0)" } ?? "valid"
        return [id, content.role.rawValue, content.organisation ?? "-", state, content.label].joined(
            separator: "  ")
    }

    /// A new secret: 256 random bits that a person can tell from other secrets by their beginning.
    package static func newSecret() -> String {
        let bytes = (0..<4).flatMap { _ in
            withUnsafeBytes(of: UInt64.random(in: 0...UInt64.max)) { Array($0) }
        }
        let base64 = Data(bytes).base64EncodedString()
        return "digidel_"
            + base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// What an admin says of a new key.
package struct KeyInput: Sendable {
    package let role: Role
    package let organisation: String?
    package let label: String
    package let expiresAt: Instant?

    package init(role: Role, organisation: String?, label: String, expiresAt: Instant?) {
        self.role = role
        self.organisation = organisation
        self.label = label
        self.expiresAt = expiresAt
    }

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let role: Role? = input.choice("role", required: true)
        organisation = input.slug("organisation")
        let label = input.text("label", limit: 120, required: true)
        expiresAt = input.instant("expiresAt")
        try input.finish()
        guard let role, let label else { throw .malformed(input.faults) }
        self.role = role
        self.label = label
    }

    /// The rules that need nothing but the key itself.
    package func ruleFaults(at now: Instant) -> [Fault] {
        var faults = personalDataFaults(.at("/label", label))
        if role == .partner, organisation == nil {
            faults.append(
                Fault(
                    "/organisation", "unknownOrganisation",
                    "A partner's key needs the organisation it belongs to."))
        }
        if let expiresAt, expiresAt <= now {
            faults.append(Fault("/expiresAt", "periodReversed", "Must be later than now (\(now))."))
        }
        return faults
    }
}

extension Key: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        uuid = try row.get("id")
        content = KeyInput(
            role: try row.get("role"), organisation: try row.get("organisation"), label: try row.get("label"),
            expiresAt: try row.get("expires_at"))
        revokedAt = try row.get("revoked_at")
        lastUsedAt = try row.get("last_used_at")
        createdAt = try row.get("created_at")
    }
}
