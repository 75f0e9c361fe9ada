import Foundation
import HTTP
import Postgres
import TestDatabase
import Testing

@testable import DigidelAPI

/// What the role of the service may do to the database (migration 0025): what its statements need, and nothing else.
/// Every other test of this target works as that role too, which shows that it suffices.
@Suite struct ServiceRoleTests {
    private static let shared = Task { try await withARevision() }

    /// Has a row in the ledger and in the audit trail.
    private static func withARevision() async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("participant-counts", TestApp.count())
        guard created.status == .created else { throw TestApp.Unexpected(created) }
        return service
    }

    /// What may be done with each table and view, as it was decided. Who makes a table decides it, in the migration and here.
    private static let grants: [String: Set<String>] = {
        let kinds: [(Set<String>, String)] = [
            (["SELECT"], "migrations areas list_totals ledger_checkpoints"),
            (["SELECT"], "current_participant_counts count_changes audit_trail observations news"),
            (
                ["SELECT", "INSERT"],
                "participant_counts count_ledger observation_versions audit_events guidance_sessions"
            ),
            (
                ["SELECT", "INSERT", "UPDATE"],
                """
                organisations campaign_series campaigns goals indicators projects service_points activities agreements \
                publications strategies strategy_items surveys survey_responses campaign_versions count_totals
                """
            ),
            (["SELECT", "INSERT", "UPDATE", "DELETE"], "enrolments idempotent_answers"),
            (["SELECT", "INSERT"], "keys"),
            (["SELECT"], "ledger_clock"),
        ]
        var grants: [String: Set<String>] = [:]
        for (privileges, tables) in kinds {
            for table in tables.split(separator: " ") { grants[String(table)] = privileges }
        }
        return grants
    }()

    /// Columns that may be updated where the table as a whole may not.
    private static let columns: Set<String> = [
        "keys.last_used_at", "keys.revoked_at", "ledger_clock.recorded_at",
    ]

    @Test func whatMayBeDoneWithEveryTableWasDecided() async throws {
        let service = try await Self.shared.value
        let rows = try await service.app.database.query(
            """
            select relname as name, coalesce(
                (
                    select string_agg(privilege, ' ')
                    from unnest(string_to_array(
                        'SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER', ' ')) as privilege
                    where has_table_privilege(pg_class.oid, privilege)
                ), '') as privileges
            from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
            """)
        var found: [String: Set<String>] = [:]
        for row in rows {
            let (name, privileges): (String, String) = (try row.get("name"), try row.get("privileges"))
            found[name] = Set(privileges.split(separator: " ").map(String.init))
        }
        for (table, privileges) in found {
            #expect(Self.grants[table] == privileges, "\(table): decide in its migration and here")
        }
        #expect(Set(found.keys) == Set(Self.grants.keys))
        let columns = try await service.app.database.query(
            """
            select relname || '.' || attname as name
            from pg_class
            join pg_attribute on attrelid = pg_class.oid
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') and attnum > 0
                and not attisdropped and has_column_privilege(pg_class.oid, attnum, 'UPDATE')
                and not has_table_privilege(pg_class.oid, 'UPDATE')
            """)
        #expect(try Set(columns.map { try $0.get("name") }) == Self.columns)
    }

    @Test func theServicesFunctionsMayBeCalledAndThoseOfTheOwnerHaveAFixedPath() async throws {
        let service = try await Self.shared.value
        let refused = try await service.app.database.query(
            """
            select oid::regprocedure::text as name
            from pg_proc
            where pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype
                and not has_function_privilege(oid, 'EXECUTE')
            """)
        #expect(try refused.map { try $0.get("name") as String } == [])
        let definers = try await service.app.database.query(
            """
            select proname as name, array_to_string(proconfig, ' ') as settings,
                has_function_privilege('public', oid, 'EXECUTE') as is_public
            from pg_proc
            where pronamespace = 'public'::regnamespace and prosecdef
            order by proname
            """)
        #expect(
            try definers.map { try $0.get("name") as String } == ["keep_list_total", "make_checkpoint"])
        for row in definers {
            #expect(try row.get("settings") == "search_path=pg_catalog, public, pg_temp")
            #expect(try row.get("is_public") == false)
        }
    }

    @Test func itIsAMemberOfTheGroupAndOfNothingElse() async throws {
        let service = try await Self.shared.value
        let row = try #require(
            await service.app.database.query(
                """
                select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as is_more,
                    (
                        select string_agg(roleid::regrole::text, ' ')
                        from pg_auth_members
                        where member = pg_roles.oid
                    ) as groups
                from pg_roles
                where rolname = current_user
                """
            ).first)
        #expect(try row.get("is_more") == false)
        #expect(try row.get("groups") == "digidel_service")
        #expect(try await service.app.database.tooPowerfulRole() == nil)
    }

    private static let forbidden: [SQL] = [
        // The schema.
        "create table t (n int)", "create view v as select 1", "create schema s", "create extension pgcrypto",
        "create function f() returns int language sql return 1",
        "create or replace function ledger_now() returns timestamptz language sql return now()",
        "alter table participant_counts add column n int", "alter table goals rename to aims",
        "alter table goals drop constraint goals_target_given", "alter table goals owner to current_user",
        "alter view audit_trail rename to trail", "alter function refuse_change() rename to allow_change",
        "drop table goals", "drop view news", "drop function refuse_change() cascade", "drop schema public",
        "drop index goals_campaign_index", "create index on goals (name)",
        "create trigger t before insert on goals for each row execute function refuse_change()",
        "create rule r as on insert to audit_events do instead nothing",
        "alter table goals enable row level security", "comment on table goals is 'x'",
        "grant digidel_service to digidel", "reindex table goals", "truncate goals",
        // The ledger and the audit trail.
        "update participant_counts set value = 0", "delete from participant_counts",
        "truncate participant_counts", "update count_ledger set delta = 0", "delete from count_ledger",
        "truncate count_ledger", "update observation_versions set value = 0",
        "delete from observation_versions", "truncate observation_versions",
        "update audit_events set role = 'partner'", "delete from audit_events", "truncate audit_events",
        "update current_participant_counts set value = 0", "delete from current_participant_counts",
        "select from participant_counts for update", "lock table participant_counts in exclusive mode",
        // What is made from them by the owner.
        "insert into ledger_checkpoints select * from ledger_checkpoints",
        "update ledger_checkpoints set amounts = '{}'", "delete from ledger_checkpoints",
        "insert into list_totals values ('goals', '', 9, 1)", "update list_totals set records = 0",
        "delete from list_totals", "delete from count_totals", "delete from campaign_versions",
        "insert into ledger_clock values (false, now())", "delete from ledger_clock",
        // What migrations write.
        "insert into migrations (name, checksum) values ('0099_none', '')",
        "update migrations set checksum = ''", "delete from migrations", "truncate migrations",
        "insert into areas select * from areas", "update areas set population = 0", "delete from areas",
        // Keys and things that stay.
        "update keys set role = 'admin'", "update keys set digest = ''",
        "update keys set organisation = null",
        "update keys set expires_at = 'infinity'", "delete from keys", "delete from organisations",
        "delete from goals", "delete from campaigns", "update guidance_sessions set topics = '{}'",
        "delete from guidance_sessions",
        // Being somebody else, and switching guards off.
        "set role digidel", "set session authorization digidel", "set session_replication_role = replica",
        "alter table participant_counts disable trigger all",
        "alter table audit_events disable trigger audit_events_append_only",
        "drop trigger participant_counts_append_only on participant_counts", "select pg_reload_conf()",
        "alter role current_user superuser", "create role other", "alter role digidel password 'x'",
        "grant digidel to current_user", "select pg_read_file('PG_VERSION')",
        "copy goals to program 'cat'", "copy goals to '/tmp/goals'",
        "select lo_import('/etc/passwd')",
        "select pg_terminate_backend(pid) from pg_stat_activity where usesysid = 10",
    ]

    @Test(arguments: forbidden.indices)
    func nothingElseMayBeDone(index: Int) async throws {
        let service = try await Self.shared.value
        let statement = Self.forbidden[index]
        // Undone, should it be allowed after all: other tests need what is there.
        let error = await #expect(throws: PostgresError.self, "\(statement)") {
            try await service.app.transaction { app in
                try await app.database.execute(statement)
                throw Undo()
            }
        }
        #expect(error?.sqlState == "42501", "\(statement): \(error?.message ?? "allowed")")
    }

    private struct Undo: Error {}

    /// What no transaction may contain.
    @Test(arguments: ["create database other", "alter system set fsync = off", "drop database postgres"])
    func theClusterIsLeftAlone(statement: String) async throws {
        let service = try await Self.shared.value
        let connection = try await Connection.connect(
            ConnectionSettings(url: service.url, connectTimeout: .seconds(60)), on: TestDatabase.lane)
        let error = await #expect(throws: PostgresError.self) { try await connection.script(statement) }
        #expect(error?.sqlState == "42501", "\(statement)")
        await connection.close()
    }

    @Test func aTemporaryTableHidesNothingFromTheOwnersFunctions() async throws {
        let service = try await Self.withARevision()
        try await service.app.transaction { app in
            try await app.database.execute("create temporary table list_totals (like public.list_totals)")
            try await app.database.execute(
                "insert into strategies (id, name) values ('strategi', '{\"sv\": \"Strategi\"}')")
            let hidden: Int? = try await app.database.query(
                "select count(*) as number from pg_temp.list_totals"
            )
            .first?.get("number")
            #expect(hidden == 0)
            try await app.database.execute("drop table pg_temp.list_totals")
        }
        #expect(await service.get("strategies")["_meta", "totalRecords"]?.integer == 1)
    }

    @Test func theOwnerIsToldToMakeARole() async throws {
        let service = try await Self.shared.value
        let owner = try await Connection.connect(
            ConnectionSettings(url: service.ownerURL, connectTimeout: .seconds(60)), on: TestDatabase.lane)
        #expect(try await owner.tooPowerfulRole() == "digidel")
        await owner.close()
    }
}
