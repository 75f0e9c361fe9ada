import Foundation
import HTTP
import Postgres

/// Who did what and when (domain.md, section 6).
struct AuditEvent: Resource {
    static let collection = "audit-events"
    let id: String
    private let recordedAt: Instant
    /// The key; nil for the set-up key.
    private let actor: UUID?
    private let role: Role
    private let method: String
    /// The path below the API's base of what was written.
    private let object: String
    private let traceID: String

    var revision: Int? { nil }

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("recordedAt", recordedAt)
        json.member("actor", actor)
        json.member("role", role.rawValue)
        json.member("method", method)
        json.member("object", object)
        json.member("traceId", traceID)
    }

    /// Links to its object too.
    func writeObject(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            write(to: &json, as: representation)
            json.links([
                "self": representation.baseURL + path, "about": "\(representation.baseURL)/\(object)",
            ])
        }
    }
}

extension AuditEvent: RowDecodable {
    init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        recordedAt = try row.get("recorded_at")
        actor = try row.get("actor")
        role = try row.get("role")
        method = try row.get("method")
        object = try row.get("object")
        traceID = try row.get("trace_id")
    }
}
