package import Postgres

extension Queryable {
    /// The role that statements run as, if it can act as the owner of the tables, as superusers can; nil when it can do no
    /// more than it was granted.
    package func tooPowerfulRole() async throws(PostgresError) -> String? {
        try await query(
            """
            select current_user as role
            from pg_class
            where oid = to_regclass('participant_counts') and pg_has_role(current_user, relowner, 'member')
            """
        ).first?.get("role")
    }
}
