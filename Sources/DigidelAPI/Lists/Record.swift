import Postgres

/// When a thing that can be changed was created and changed, and how often (api.md, Object).
struct Record: Sendable {
    let createdAt: Instant
    let updatedAt: Instant
    let revision: Int
}

extension Record: RowDecodable {
    init(row: Row) throws(PostgresError) {
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
        revision = try row.get("revision")
    }
}

extension JSONWriter {
    /// The record's members.
    mutating func members(_ record: Record) {
        member("createdAt", record.createdAt)
        member("updatedAt", record.updatedAt)
        member("revision", record.revision)
    }
}
