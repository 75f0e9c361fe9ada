import EventLoop
import Foundation
import Postgres
import Synchronization
import TestDatabase
import Testing

/// Several servers in one address: what is connected to, and what a promotion does to those who are.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FailoverTests {
    private func isStandby(_ database: some Queryable) async throws -> Bool {
        try await database.value("select pg_is_in_recovery() as value")
    }

    @Test func connectsToTheServerThatIsAskedFor() async throws {
        try await ClusterPair.with { pair in
            let servers = [pair.standby, pair.primary]
            let url = LocalCluster.url(of: servers)
            // Of several servers the one that takes writes, unless another is asked for.
            for (settings, wantsStandby) in [
                (ConnectionSettings(url: url), false),
                (ConnectionSettings(url: "\(url) target_session_attrs=any"), true),
                (ConnectionSettings(url: url, target: .standby), true),
                (
                    ConnectionSettings(
                        url: LocalCluster.url(of: servers.reversed()) + " target_session_attrs=read-write",
                        target: .standby), true
                ),
            ] {
                let connection = try await Connection.connect(settings, on: TestDatabase.lane)
                #expect(try await isStandby(connection) == wantsStandby, "\(settings)")
                await connection.close()
            }
            let primaryOnly = ConnectionSettings(url: pair.primary.url, target: .standby)
            let refusal = try await failure {
                _ = try await Connection.connect(primaryOnly, on: TestDatabase.lane)
            }
            #expect(refusal.kind == .unavailable)
        }
    }

    @Test func findsTheStandbyThatWasPromoted() async throws {
        try await ClusterPair.with(synchronous: true) { pair in
            let pool = Pool(ConnectionSettings(url: pair.url), limit: 3, on: TestDatabase.lane)
            let listenings = Mutex(0)
            let notifications = Notifications(
                ConnectionSettings(url: pair.url), channels: ["news"], on: TestDatabase.lane
            ) { event in
                if event == .listening { listenings.withLock { $0 += 1 } }
            }
            await notifications.start()
            try await pool.execute("create table t (n int primary key)")
            try await pool.execute("insert into t values (1)")
            #expect(try await eventually { listenings.withLock { $0 } == 1 })

            try pair.primary.stop(immediately: true)
            let meanwhile = try await failure { try await pool.execute("insert into t values (2)") }
            #expect(meanwhile.kind == .unavailable)
            // Reads find no server that takes writes either.
            #expect(try await failure { try await pool.execute("select n from t") }.kind == .unavailable)

            // Nobody is left to wait for.
            try await pair.onStandby("alter system reset synchronous_standby_names")
            try pair.standby.promote()
            let promoted = ContinuousClock.now
            #expect(try await eventually { (try? await pool.execute("insert into t values (3)")) != nil })
            #expect(ContinuousClock.now - promoted < .seconds(2))
            #expect(try await pool.value("select array_agg(n order by n)::text as value from t") == "{1,3}")
            #expect(try await eventually { listenings.withLock { $0 } == 2 })
            await notifications.stop()
            await pool.close()
        }
    }

    @Test func leavesAServerThatTakesNoWritesAnyMore() async throws {
        try await ClusterPair.with { pair in
            let pool = Pool(ConnectionSettings(url: pair.url), limit: 1, on: TestDatabase.lane)
            try await pool.execute("create table t (n int)")
            // As the first step of a switch-over by an operator: sessions go on, and may not write.
            try await pair.onPrimary(
                "alter system set default_transaction_read_only = on", "select pg_reload_conf()")
            var refusal: PostgresError?
            let isRefused = try await eventually {
                do throws(PostgresError) {
                    try await pool.execute("insert into t values (1)")
                } catch {
                    refusal = error
                }
                return refusal != nil
            }
            #expect(isRefused)
            #expect(refusal?.kind == .unavailable && refusal?.sqlState == "25006")
            try await pair.catchUp()
            try pair.primary.stop()
            try pair.standby.promote()
            try await pair.onStandby(
                "alter system reset default_transaction_read_only", "select pg_reload_conf()")
            #expect(try await eventually { (try? await pool.execute("insert into t values (2)")) != nil })
            #expect(try await !isStandby(pool))
            await pool.close()
        }
    }

    @Test(.timeLimit(.minutes(5))) func passesByAServerThatDoesNotAnswer() async throws {
        // Takes connections, as a stopped process or a full queue does, and says nothing.
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "silent-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let silent = try silentSocket(folder.appending(path: ".s.PGSQL.5432").path)
        defer { close(silent) }
        let real = TestCluster.shared.url.split(separator: "'")[1]
        let url = "host='\(folder.path),\(real)' user=digidel dbname=postgres"
        let start = ContinuousClock.now
        let connection = try await Connection.connect(
            ConnectionSettings(url: "\(url) connect_timeout=5"), on: TestDatabase.lane)
        #expect(ContinuousClock.now - start >= .seconds(5))
        #expect(try await connection.value("select 7 as value") == 7)
        await connection.close()

        let alone = try await failure {
            _ = try await Connection.connect(
                ConnectionSettings(
                    url: "host='\(folder.path)' user=digidel dbname=postgres",
                    connectTimeout: .milliseconds(200)), on: TestDatabase.lane)
        }
        #expect(alone.kind == .unavailable)
        #expect(alone.message == "connecting took too long")
    }

    private func silentSocket(_ path: String) throws -> Int32 {
        #if os(Linux)
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(isBound == 0 && listen(descriptor, 5) == 0)
        return descriptor
    }
}
