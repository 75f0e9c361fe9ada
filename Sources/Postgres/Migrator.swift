/// One file of `migrations/`.
package struct Migration: Sendable {
    /// The file's name without `.sql`; the number in front orders them.
    package let name: String
    package let sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

/// Brings a database to the schema that the code expects. Migrations are only ever added: a checksum (SHA-256, by
/// PostgreSQL) tells when one that has been applied was changed afterwards.
package struct Migrator: Sendable {
    /// A migration and whether the database has it.
    package struct Status: Sendable, Equatable {
        package enum State: String, Sendable {
            case pending, applied
            /// Applied, but its text is another now.
            case changed
            /// Applied by a newer version of the program.
            case unknown
        }
        package let name: String
        package let state: State
        package let appliedAt: String?
    }

    /// Any number that no other program locks; several instances may start at once.
    private static let lock = 7_301_384_027

    private let migrations: [Migration]

    package init(_ migrations: [Migration]) {
        self.migrations = migrations.sorted { $0.name < $1.name }
    }

    /// Applies what is pending, each migration in its own transaction; returns their names. Throws `.migration` when
    /// an applied one was changed, or one cannot be applied. The connection's `queryTimeout` bounds each migration,
    /// and the wait for another instance's.
    package func migrate(_ connection: Connection) async throws(PostgresError) -> [String] {
        _ = try await connection.query("select pg_advisory_lock(\(Self.lock))::text as locked")
        let outcome = await migrateLocked(connection)
        // Should this fail, the lock ends with the connection.
        _ = try? await connection.query("select pg_advisory_unlock(\(Self.lock)) as unlocked")
        return try outcome.get()
    }

    /// All migrations, in order, those of a newer program last.
    package func status(_ connection: Connection) async throws(PostgresError) -> [Status] {
        let applied = try await hasTable(connection) ? appliedMigrations(connection) : []
        var statuses: [Status] = []
        for migration in migrations {
            let row = applied.first { $0.name == migration.name }
            let state: Status.State = row.map { $0.sql == migration.sql ? .applied : .changed } ?? .pending
            statuses.append(Status(name: migration.name, state: state, appliedAt: row?.appliedAt))
        }
        let names = Set(migrations.map(\.name))
        for row in applied where !names.contains(row.name) {
            statuses.append(Status(name: row.name, state: .unknown, appliedAt: row.appliedAt))
        }
        return statuses
    }

    private struct Applied {
        let name: String
        let sql: String?
        let appliedAt: String
    }

    private func migrateLocked(_ connection: Connection) async -> Result<[String], PostgresError> {
        do throws(PostgresError) {
            // Only then: where nothing is pending a role that may make no tables will do.
            if try await !hasTable(connection) { try await makeTable(connection) }
            var names: [String] = []
            for status in try await status(connection) {
                if status.state == .changed {
                    throw PostgresError(
                        .migration,
                        "\(status.name) was changed after it had been applied; put it back and add a new one")
                }
                guard status.state == .pending,
                    let migration = migrations.first(where: { $0.name == status.name })
                else { continue }
                try await apply(migration, connection)
                names.append(migration.name)
            }
            return .success(names)
        } catch {
            return .failure(error)
        }
    }

    private func hasTable(_ connection: Connection) async throws(PostgresError) -> Bool {
        try await connection.query("select to_regclass('migrations') is not null as known").first?.get(
            "known")
            ?? false
    }

    private func makeTable(_ connection: Connection) async throws(PostgresError) {
        try await connection.script(
            """
            create table migrations (
                name text not null,
                checksum bytea not null,
                applied_at timestamptz not null default now(),
                constraint migrations_pkey primary key (name)
            )
            """)
    }

    private func apply(_ migration: Migration, _ connection: Connection) async throws(PostgresError) {
        do throws(PostgresError) {
            try await connection.script("begin")
            try await connection.script(migration.sql)
            try await connection.execute(
                """
                insert into migrations (name, checksum)
                values (\(migration.name), sha256(convert_to(\(migration.sql), 'UTF8')))
                """)
            try await connection.script("commit")
        } catch {
            try? await connection.script("rollback")
            throw PostgresError(
                error.kind == .unavailable ? .unavailable : .migration, "\(migration.name): \(error.message)",
                sqlState: error.sqlState, constraint: error.constraint)
        }
    }

    /// What has been applied; `sql` is the text of ours when the checksums agree.
    private func appliedMigrations(_ connection: Connection) async throws(PostgresError) -> [Applied] {
        let rows = try await connection.query(
            """
            select migrations.name, applied_at, ours.sql
            from migrations
            left join unnest(\(migrations.map(\.name))::text[], \(migrations.map(\.sql))::text[]) as ours (name, sql)
                on ours.name = migrations.name and sha256(convert_to(ours.sql, 'UTF8')) = checksum
            order by migrations.name
            """)
        var applied: [Applied] = []
        for row in rows {
            applied.append(
                Applied(
                    name: try row.get("name"), sql: try row.get("sql"), appliedAt: try row.get("applied_at")))
        }
        return applied
    }
}
