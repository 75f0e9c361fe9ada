import Postgres
import TestDatabase
import Testing

@Suite struct MigratorTests {
    private let areas = Migration(name: "0001_areas", sql: "create table areas (id int primary key); -- å")
    private let goals = Migration(
        name: "0002_goals",
        sql: "create table goals (id int); insert into goals values (1); insert into goals values (2)")

    @Test func bringsAnEmptyDatabaseUpToDateInOrder() async throws {
        let connection = try await Connection.toNewDatabase()
        #expect(try await Migrator([goals, areas]).migrate(connection) == ["0001_areas", "0002_goals"])
        #expect(try await connection.value("select count(*) as value from goals") == 2)
        await connection.close()
    }

    @Test func hasNothingToDoTheSecondTime() async throws {
        let connection = try await Connection.toNewDatabase()
        _ = try await Migrator([areas]).migrate(connection)
        #expect(try await Migrator([areas]).migrate(connection) == [])
        #expect(try await Migrator([areas, goals]).migrate(connection) == ["0002_goals"])
        await connection.close()
    }

    @Test func aChangedMigrationIsRefusedByName() async throws {
        let connection = try await Connection.toNewDatabase()
        _ = try await Migrator([areas]).migrate(connection)
        let changed = Migration(name: areas.name, sql: areas.sql + " ")
        let error = try await failure { _ = try await Migrator([changed, goals]).migrate(connection) }
        #expect(error.kind == .migration)
        #expect(error.message.contains("0001_areas was changed"))
        #expect(try await connection.value("select to_regclass('goals') is null as value") == true)
        #expect(try await Migrator([areas, goals]).migrate(connection) == ["0002_goals"])
        await connection.close()
    }

    @Test func aFailingMigrationIsUndoneAndEarlierOnesStay() async throws {
        let connection = try await Connection.toNewDatabase()
        let broken = Migration(
            name: "0003_broken", sql: "create table half (n int); insert into areas values (1), (1)")
        let error = try await failure { _ = try await Migrator([areas, goals, broken]).migrate(connection) }
        #expect(error.kind == .migration)
        #expect(error.message.hasPrefix("0003_broken: "))
        #expect(error.sqlState == "23505")
        #expect(error.constraint == "areas_pkey")
        #expect(try await connection.value("select to_regclass('half') is null as value") == true)
        #expect(try await connection.value("select count(*) as value from migrations") == 2)
        let mended = Migration(name: "0003_broken", sql: "create table half (n int)")
        #expect(try await Migrator([areas, goals, mended]).migrate(connection) == ["0003_broken"])
        await connection.close()
    }

    @Test func whatANewerProgramAppliedIsTolerated() async throws {
        let connection = try await Connection.toNewDatabase()
        _ = try await Migrator([areas, goals]).migrate(connection)
        #expect(try await Migrator([areas]).migrate(connection) == [])
        let statuses = try await Migrator([areas]).status(connection)
        #expect(statuses.map(\.name) == ["0001_areas", "0002_goals"])
        #expect(statuses.map(\.state) == [.applied, .unknown])
        await connection.close()
    }

    @Test func tellsTheStatusOfEachMigration() async throws {
        let connection = try await Connection.toNewDatabase()
        let migrator = Migrator([areas, goals])
        #expect(try await migrator.status(connection).map(\.state) == [.pending, .pending])
        #expect(try await connection.value("select to_regclass('migrations') is null as value") == true)
        _ = try await Migrator([areas]).migrate(connection)
        let changed = Migrator([Migration(name: areas.name, sql: "select 1"), goals])
        #expect(try await changed.status(connection).map(\.state) == [.changed, .pending])
        let statuses = try await migrator.status(connection)
        #expect(statuses.map(\.state) == [.applied, .pending])
        #expect(statuses[0].appliedAt?.hasSuffix("+00") == true)
        #expect(statuses[1].appliedAt == nil)
        await connection.close()
    }

    @Test func fiveAtOnceApplyEachMigrationOnce() async throws {
        let database = try await TestDatabase.make()
        let migrator = Migrator([areas, goals])
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<5 {
                group.addTask {
                    let connection = try await Connection.connect(database.settings, on: TestDatabase.lane)
                    let applied = try await migrator.migrate(connection)
                    await connection.close()
                    return applied
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied == ["0001_areas", "0002_goals"])
    }

    @Test func aLostConnectionIsNoFaultOfTheMigration() async throws {
        let connection = try await Connection.toNewDatabase()
        let suicidal = Migration(name: "0001_lost", sql: "select pg_terminate_backend(pg_backend_pid())")
        let error = try await failure { _ = try await Migrator([suicidal]).migrate(connection) }
        #expect(error.kind == .unavailable)
    }

    @Test func aRoleThatOwnsNothingWillDoWhereNothingIsPending() async throws {
        let database = try await TestDatabase.make()
        let owner = try await Connection.connect(database.settings, on: TestDatabase.lane)
        _ = try await Migrator([areas]).migrate(owner)
        try await owner.script(
            "revoke create on schema public from public; grant select on migrations to digidel_service")
        await owner.close()
        let service = try await Connection.connect(database.serviceSettings, on: TestDatabase.lane)
        #expect(try await Migrator([areas]).migrate(service) == [])
        #expect(try await Migrator([areas, goals]).status(service).map(\.state) == [.applied, .pending])
        let error = try await failure { _ = try await Migrator([areas, goals]).migrate(service) }
        #expect(error.kind == .migration)
        #expect(error.sqlState == PostgresError.insufficientPrivilege)
        await service.close()
    }

    @Test func theLockIsGivenBack() async throws {
        let connection = try await Connection.toNewDatabase()
        _ = try await Migrator([areas]).migrate(connection)
        #expect(
            try await connection.value(
                "select count(*) as value from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
            ) == 0)
        await connection.close()
    }
}
