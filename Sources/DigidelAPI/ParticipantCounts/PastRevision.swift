import Foundation
import Postgres

/// One revision in the history of a count: the whole content, and who changed it why.
struct PastRevision: Resource {
    static let collection = "participant-counts"
    let count: ParticipantCount
    private let reason: RevisionReason?
    /// The key; nil for the set-up key.
    private let actor: UUID?

    var id: String { count.id }
    var revision: Int? { count.revision }

    func write(to json: inout JSONWriter, as representation: Representation) {
        count.write(to: &json, as: representation)
        json.member("reason", reason?.rawValue)
        json.member("actor", actor)
    }
}

extension PastRevision: RowDecodable {
    init(row: Row) throws(PostgresError) {
        count = try ParticipantCount(row: row)
        reason = try row.get("reason")
        actor = try row.get("actor")
    }
}
