package import Foundation
package import Postgres

/// The list of keys, which takes no filters.
struct KeyFilter: ListFilter {
    typealias Item = Key

    init(_ query: inout QueryInput, _ call: Call) {}

    let columns = ListColumns([
        .init("id", "id", "uuid"), .init("role", "role"), .init("organisation", "coalesce(organisation, '')"),
        .init("label", "label"), .init("expiresAt", "coalesce(expires_at, 'infinity')", "timestamptz"),
        .init("revokedAt", "coalesce(revoked_at, 'infinity')", "timestamptz"),
        .init("lastUsedAt", "coalesce(last_used_at, '-infinity')", "timestamptz"),
        .init("createdAt", "created_at", "timestamptz"),
    ])
    let source: SQL = "keys"
    let conditions: [SQL?] = []
    var total: SQL? { .total(of: "keys") }
}

extension Queryable {
    /// Whose secret that is; nil when the key is unknown, has expired or has been revoked. Notes that it was used, at
    /// most once a minute.
    func caller(secret: String) async throws(PostgresError) -> Caller? {
        try await first(
            """
            with found as (
                select id, role, organisation, last_used_at
                from keys
                where digest = sha256(convert_to(\(secret), 'UTF8'))
                    and revoked_at is null and coalesce(expires_at, 'infinity') > now()
            ), used as (
                update keys set last_used_at = now()
                from found
                where keys.id = found.id and coalesce(found.last_used_at, '-infinity') < now() - interval '1 minute'
            )
            select id, role, organisation from found
            """)
    }

    /// All keys, revoked ones too.
    package func keys() async throws(PostgresError) -> [Key] {
        try await all("select * from keys order by created_at, id")
    }

    func key(id: UUID) async throws(PostgresError) -> Key? {
        try await first("select * from keys where id = \(id)")
    }

    /// Stores the digest of `secret`, never the secret.
    package func createKey(_ input: KeyInput, secret: String) async throws(PostgresError) -> Key? {
        try await first(
            """
            insert into keys (id, role, organisation, label, digest, expires_at)
            values (
                \(UUID.version7()), \(input.role), \(input.organisation), \(input.label),
                sha256(convert_to(\(secret), 'UTF8')), \(input.expiresAt))
            returning *
            """)
    }

    /// Revokes a key, tells every instance, and returns it; nil when there is no such key. Once revoked it stays so.
    package func revokeKey(id: UUID) async throws(PostgresError) -> Key? {
        let key: Key? = try await first(
            "update keys set revoked_at = coalesce(revoked_at, now()) where id = \(id) returning *")
        if key != nil { try await execute("select pg_notify('keys', '')") }
        return key
    }
}
