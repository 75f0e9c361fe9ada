import EventLoop
import Foundation
import Postgres
import TestDatabase
import Testing

@Suite struct ConnectionTests {
    @Test func readsTypedValues() async throws {
        let connection = try await Connection.toNewDatabase()
        let id = 7
        let names = ["å", "a \"quoted\" \\ name", ""]
        let row = try #require(
            try await connection.query(
                "select \(id)::int + 1 as number, \(names)::text[] as names, null::text as nothing, true as yes"
            ).first)
        let number: Int = try row.get("number")
        #expect(number == 8)
        #expect(try row.get("names") == names)
        #expect(try row.get("nothing") as String? == nil)
        #expect(try row.get("yes") == true)
        await connection.close()
    }

    @Test func aWrongColumnIsADecodingError() async throws {
        let connection = try await Connection.toNewDatabase()
        let row = try #require(try await connection.query("select null::int as empty, 'x' as word").first)
        let missing = try await failure { let _: Int = try row.get("other") }
        #expect(missing.kind == .decoding)
        #expect("\(missing)" == "decoding: column other is not in the answer")
        let null = try await failure { let _: Int = try row.get("empty") }
        #expect("\(null)" == "decoding: column empty is null")
        let mistyped = try await failure { let _: Int? = try row.get("word") }
        #expect("\(mistyped)" == "decoding: column word is not a Int")
        await connection.close()
    }

    @Test func aRefusalNamesItsStateAndConstraint() async throws {
        let connection = try await Connection.toNewDatabase()
        try await connection.script(
            "create table areas (id int constraint areas_pkey primary key, n int constraint n_positive check (n > 0))"
        )
        try await connection.execute("insert into areas values (1, 1)")
        let taken = try await failure {
            try await connection.execute("insert into areas values (\(1), \(77_777))")
        }
        #expect(taken.kind == .refused)
        #expect(taken.sqlState == "23505")
        #expect(taken.constraint == "areas_pkey")
        #expect(taken.statement == "insert into areas values ($1, $2)")
        let negative = try await failure {
            try await connection.execute("insert into areas values (2, \(-77_777))")
        }
        #expect(negative.sqlState == "23514")
        #expect(negative.constraint == "n_positive")
        #expect(!"\(negative)".contains("77777"), "the log must not hold values")
        let syntax = try await failure { try await connection.execute("selec 1") }
        #expect(syntax.sqlState == "42601")
        #expect(try await connection.value("select 1 as value") == 1)
        await connection.close()
    }

    @Test func tellsHowManyRowsWereTouched() async throws {
        let connection = try await Connection.toNewDatabase()
        #expect(try await connection.execute("create table t as select generate_series(1, 5) as n") == 5)
        #expect(try await connection.execute("update t set n = 0 where n > \(2)") == 3)
        #expect(try await connection.execute("delete from t where n = \(9)") == 0)
        #expect(try await connection.query("select n from t where n = \(9)").isEmpty)
        await connection.close()
    }

    @Test func readsAHundredThousandRows() async throws {
        let connection = try await Connection.toNewDatabase()
        let rows = try await connection.query(
            "select n, repeat('x', 50) as text from generate_series(1, \(100_000)::int) as n")
        #expect(rows.count == 100_000)
        #expect(try rows[99_999].get("n") == 100_000)
        #expect((try rows[99_999].get("text") as String).count == 50)
        await connection.close()
    }

    @Test func sendsAndReadsFiveMegabytes() async throws {
        let connection = try await Connection.toNewDatabase()
        let text = String(repeating: "åß🙂 ", count: 500_000)
        let row = try #require(
            try await connection.query("select \(text)::text as text, length(\(text)::text) as length").first)
        #expect(try row.get("text") == text)
        #expect(try row.get("length") == 2_000_000)
        await connection.close()
    }

    @Test func aValueWithAZeroIsRefused() async throws {
        let connection = try await Connection.toNewDatabase()
        let error = try await failure { try await connection.execute("select \("a\0b")::text") }
        #expect(error.kind == .refused)
        #expect(error.sqlState == "22021")
        #expect(try await connection.value("select 1 as value") == 1)
        await connection.close()
    }

    // MARK: Prepared statements

    @Test func keepsTwoHundredStatementsPrepared() async throws {
        let connection = try await Connection.toNewDatabase()
        for number in 1...450 {
            let columns = SQL.joined((0..<(number % 225 + 1)).map { "\($0)::int" }, by: ", ")
            #expect(try await connection.query("select \(columns)").count == 1)
        }
        let prepared: Int = try await connection.value("select count(*) as value from pg_prepared_statements")
        #expect(prepared == 200)
        await connection.close()
    }

    @Test func aFullCacheSurvivesAFailedTransaction() async throws {
        let pool = Pool(try await TestDatabase.make().settings, limit: 1, on: TestDatabase.lane)
        let statements: [SQL] = (1...200).map { n in
            "select \(SQL.joined((0..<n).map { "\($0)::int" }, by: ", "))"
        }
        for sql in statements { try await pool.execute(sql) }
        let backend: Int = try await pool.value("select pg_backend_pid() as value")
        let error = try await failure {
            _ = try await pool.transaction { try await $0.execute("select 1 / \(0)") }
        }
        #expect(error.sqlState == "22012")
        #expect(try await pool.value("select pg_backend_pid() as value") == backend)
        await pool.close()
    }

    @Test func followsAChangeOfTheSchema() async throws {
        let connection = try await Connection.toNewDatabase()
        let all: SQL = "select * from areas where id = \(1)"
        try await connection.script(
            "create table areas (id int, name text); insert into areas values (1, 'a')")
        #expect(try await connection.query(all).first?.get("name") == "a")
        try await connection.script("alter table areas add column size int default 5")
        #expect(try await connection.query(all).first?.get("size") == 5)
        try await connection.script("alter table areas alter column name type int using 7")
        #expect(try await connection.query(all).first?.get("name") == 7)
        #expect(try await connection.value("select count(*) as value from pg_prepared_statements") == 2)
        await connection.close()
    }

    @Test func aChangeOfTheSchemaFailsATransactionOnlyOnce() async throws {
        let database = try await TestDatabase.make()
        let pool = Pool(database.settings, limit: 1, on: TestDatabase.lane)
        try await pool.withConnection { try await $0.script("create table areas (id int)") }
        let all: SQL = "select * from areas"
        try await pool.execute(all)
        try await pool.withConnection { try await $0.script("alter table areas add column size int") }
        let error = try await failure { _ = try await pool.transaction { try await $0.execute(all) } }
        #expect(error.sqlState == "0A000")
        _ = try await pool.transaction { try await $0.execute(all) }
        await pool.close()
    }

    // MARK: Scripts

    @Test func aScriptRunsEveryStatement() async throws {
        let connection = try await Connection.toNewDatabase()
        try await connection.script(
            "create table t (n int); insert into t values (1); insert into t values (2);; ")
        #expect(try await connection.value("select sum(n) as value from t") == 3)
        try await connection.script("")
        await connection.close()
    }

    @Test func aScriptThatFailsInTheMiddleLeavesNothing() async throws {
        let connection = try await Connection.toNewDatabase()
        let error = try await failure {
            try await connection.script("create table t (n int); select 1 / 0; create table u (n int)")
        }
        #expect(error.sqlState == "22012")
        #expect(try await connection.value("select to_regclass('t') is null as value") == true)
        #expect(try await connection.value("select to_regclass('u') is null as value") == true)
        await connection.close()
    }

    @Test(arguments: ["copy t from stdin", "copy t to stdout"]) func copyIsRefused(text: String) async throws
    {
        let connection = try await Connection.toNewDatabase()
        try await connection.script("create table t (n int)")
        let error = try await failure { try await connection.script(text) }
        #expect(error.kind == .refused)
        #expect(error.message == "copy to or from the client")
        #expect(await !connection.isUsable)
    }

    // MARK: Time and loss

    @Test func aStatementEndsWithItsTime() async throws {
        let connection = try await Connection.toNewDatabase(queryTimeout: .milliseconds(100))
        let error = try await failure { try await connection.execute("select pg_sleep(20)") }
        #expect(error.kind == .refused)
        #expect(error.sqlState == "57014")
        #expect(try await connection.value("select 1 as value") == 1)
        await connection.close()
    }

    @Test func aServerThatDoesNotAnswerIsGivenUp() async throws {
        let connection = try await Connection.toNewDatabase(queryTimeout: .milliseconds(1))
        try await connection.script("set statement_timeout = 0")
        let backend = try await connection.backend()
        #expect(kill(backend, SIGSTOP) == 0)
        defer { kill(backend, SIGCONT) }
        let error = try await failure { try await connection.execute("select 1") }
        #expect(error.kind == .unavailable)
        #expect(error.message == "no answer in time")
        #expect(await !connection.isUsable)
    }

    @Test func aServerThatIsNotThereIsUnavailable() async throws {
        for url in ["host='/nowhere' dbname=x", "host=127.0.0.1 port=1 dbname=x", "host=/a,/b", "nonsense"] {
            let error = try await failure {
                _ = try await Connection.connect(ConnectionSettings(url: url), on: TestDatabase.lane)
            }
            #expect(error.kind == .unavailable)
            #expect(!error.message.isEmpty)
            #expect(!error.message.contains("\n"))
        }
    }

    @Test func aServerThatNeverSpeaksIsUnavailable() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "digidel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let listener = try silentListener(at: folder.appending(path: ".s.PGSQL.5432").path)
        defer { close(listener) }
        let settings = ConnectionSettings(url: "host='\(folder.path)'", connectTimeout: .milliseconds(100))
        let error = try await failure { _ = try await Connection.connect(settings, on: TestDatabase.lane) }
        #expect(error.message == "connecting took too long")
    }

    @Test func knowsWhenItIsTerminatedWhileIdle() async throws {
        let connection = try await Connection.toNewDatabase()
        let (closures, continuation) = AsyncStream<Void>.makeStream()
        await connection.whenClosed { continuation.yield() }
        try await terminate(try await connection.backend())
        var iterator = closures.makeAsyncIterator()
        await iterator.next()
        #expect(await !connection.isUsable)
        let error = try await failure { try await connection.execute("select 1") }
        #expect(error.kind == .unavailable)
    }

    @Test func aStatementFailsWhenItsServerProcessIsTerminated() async throws {
        let connection = try await Connection.toNewDatabase()
        let backend = try await connection.backend()
        async let sleeping = failure { try await connection.execute("select pg_sleep(20)") }
        try await terminate(backend)
        let error = try await sleeping
        #expect(error.kind == .unavailable)
        #expect(try await eventually { await !connection.isUsable })
    }

    @Test func closingAnswersTheStatementUnderWay() async throws {
        let connection = try await Connection.toNewDatabase()
        async let sleeping = failure { try await connection.execute("select pg_sleep(20)") }
        let watcher = try await Connection.connect(
            ConnectionSettings(url: TestCluster.shared.url, connectTimeout: .seconds(60)),
            on: TestDatabase.lane)
        let backend = Int(try await running("select pg_sleep(20)", in: watcher))
        await connection.close()
        await connection.close()
        #expect(try await sleeping.kind == .unavailable)
        _ = try await watcher.query("select pg_cancel_backend(\(backend))")
        await watcher.close()
    }

    @Test func tellsOnceThatItIsClosed() async throws {
        let connection = try await Connection.toNewDatabase()
        let (closures, continuation) = AsyncStream<Int>.makeStream()
        await connection.whenClosed { continuation.yield(1) }
        await connection.close()
        await connection.close()
        await connection.whenClosed {
            continuation.yield(2)
            continuation.finish()
        }
        #expect(await closures.reduce(into: []) { $0.append($1) } == [1, 2])
    }

    @Test func closingEndsTheSessionOnTheServer() async throws {
        let connection = try await Connection.toNewDatabase()
        let backend = Int(try await connection.backend())
        await connection.close()
        let watcher = try await Connection.connect(
            ConnectionSettings(url: TestCluster.shared.url, connectTimeout: .seconds(60)),
            on: TestDatabase.lane)
        #expect(
            try await eventually {
                try await watcher.value(
                    "select count(*) as value from pg_stat_activity where pid = \(backend)") == 0
            })
        withExtendedLifetime(connection) {}
        await watcher.close()
    }

    /// Waits until a statement that looks like `text` runs; the number of its server process.
    private func running(_ text: String, in watcher: Connection) async throws -> Int {
        var backend: Int?
        _ = try await eventually {
            backend = try await watcher.query(
                """
                select pid from pg_stat_activity
                where query = \(text) and state = 'active' and datname <> current_database()
                order by backend_start desc
                """
            ).first?.get("pid")
            return backend != nil
        }
        return try #require(backend)
    }

    private func silentListener(at path: String) throws -> Int32 {
        #if canImport(Glibc)
            let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let listener = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(listener, 5) == 0)
        return listener
    }
}
