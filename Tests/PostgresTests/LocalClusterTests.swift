import EventLoop
import Foundation
import Postgres
import TestDatabase
import Testing

/// Clusters of their own, one at a time: they are started, stopped and killed.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LocalClusterTests {
    private static let options = ["fsync=off"]
    private let programs: PostgresPrograms

    init() throws {
        programs = try PostgresPrograms(binaries: ProcessInfo.processInfo.environment["PG_BIN"])
    }

    /// Starts a cluster in a folder of the temporary one and removes both afterwards.
    private func withCluster(
        in name: String = "digidel-test-\(getpid())-\(UUID().uuidString.prefix(8))", mode: Int = 0o711,
        _ body: (_ folder: URL, _ cluster: LocalCluster) async throws -> Void
    ) async throws {
        let parent = FileManager.default.temporaryDirectory.appending(
            path: "digidel-test-\(getpid())-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
        defer { try? FileManager.default.removeItem(at: parent) }
        let folder = parent.appending(path: name)
        let cluster = try LocalCluster.start(in: folder, programs: programs, options: Self.options)
        let home = folder.appending(path: "postgres").resolvingSymlinksInPath()
        defer {
            try? cluster.stop(immediately: true)
            try? FileManager.default.removeItem(at: home)
        }
        try await body(folder, cluster)
    }

    private func connect(_ cluster: LocalCluster) async throws -> Connection {
        try await Connection.connect(
            ConnectionSettings(url: cluster.url, connectTimeout: .seconds(60)), on: TestDatabase.lane)
    }

    private func isLink(_ folder: URL) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: folder.appending(path: "postgres").path))
            != nil
    }

    @Test func keepsItsDataFromStartToStart() async throws {
        try await withCluster { folder, cluster in
            let before = try await connect(cluster)
            try await before.script("create table t as select 7 as value")
            await before.close()
            let first = try #require(cluster.processID)
            try cluster.stop()
            #expect(cluster.processID == nil)
            #expect(try await failure { _ = try await connect(cluster) }.kind == .unavailable)
            let again = try LocalCluster.start(in: folder, programs: programs, options: Self.options)
            #expect(again.url == cluster.url)
            #expect(again.processID != first)
            let after = try await connect(again)
            #expect(try await after.value("select value from t") == 7)
            await after.close()
        }
    }

    /// As in a cluster of an earlier version, which was stopped or runs still.
    @Test(arguments: [true, false]) func theServicesRoleIsMadeWhereItIsMissing(isStopped: Bool) async throws {
        try await withCluster { folder, cluster in
            let owner = try await connect(cluster)
            try await owner.script("drop role digidel_api; drop role digidel_service")
            await owner.close()
            if isStopped { try cluster.stop() }
            let again = try LocalCluster.start(in: folder, programs: programs, options: Self.options)
            #expect(again.wasRunning == !isStopped)
            let service = try await Connection.connect(
                ConnectionSettings(url: again.serviceURL, connectTimeout: .seconds(60)), on: TestDatabase.lane
            )
            #expect(try await service.value("select current_user = 'digidel_api' as value") == true)
            #expect(
                try await service.value("select pg_has_role('digidel_service', 'member') as value") == true)
            #expect(try await service.value("select pg_has_role('digidel', 'member') as value") == false)
            await service.close()
        }
    }

    @Test func startingWhatRunsIsHarmless() async throws {
        try await withCluster { folder, cluster in
            let number = try #require(cluster.processID)
            #expect(kill(number, 0) == 0 || errno == EPERM)
            try cluster.start()
            let second = try LocalCluster.start(in: folder, programs: programs)
            #expect(second.processID == number)
        }
    }

    @Test func onlyASocketIsOpenAndOnlyToItsOwner() async throws {
        try await withCluster { _, cluster in
            let connection = try await connect(cluster)
            #expect(try await connection.value("select current_setting('listen_addresses') as value") == "")
            let folder: String = try await connection.value(
                "select current_setting('unix_socket_directories') as value")
            let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
            #expect(mode == 0o700)
            await connection.close()
        }
    }

    @Test func worksWhereThePostgresUserMayNotGo() async throws {
        try await withCluster(mode: 0o700) { folder, cluster in
            #expect(isLink(folder) == (getuid() == 0))
            try await checkThatItComesBack(folder, cluster)
        }
    }

    @Test(arguments: [String(repeating: "long/", count: 30) + "path", "a, b's \"folder\" å"])
    func worksWhereASocketCannotBe(name: String) async throws {
        try await withCluster(in: name) { folder, cluster in
            #expect(isLink(folder))
            try await checkThatItComesBack(folder, cluster)
        }
    }

    @Test func worksInAFolderWithABlank() async throws {
        try await withCluster(in: "my folder") { folder, cluster in
            #expect(!isLink(folder))
            try await checkThatItComesBack(folder, cluster)
        }
    }

    private func checkThatItComesBack(_ folder: URL, _ cluster: LocalCluster) async throws {
        let before = try await connect(cluster)
        try await before.script("create table t as select 7 as value")
        await before.close()
        try cluster.stop()
        let again = try LocalCluster.start(in: folder, programs: programs, options: Self.options)
        let after = try await connect(again)
        #expect(try await after.value("select value from t") == 7)
        await after.close()
    }

    @Test func neverRemovesAClusterThatItCannotReach() async throws {
        guard getuid() == 0 else { return }
        try await withCluster { folder, cluster in
            try cluster.stop()
            let files = FileManager.default
            try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
            let failure = #expect(throws: LocalCluster.Failure.self) {
                try LocalCluster.start(in: folder, programs: programs)
            }
            #expect(failure?.description.contains("cannot reach the database in") == true)
            #expect(files.fileExists(atPath: folder.appending(path: "postgres/data/PG_VERSION").path))
        }
    }

    @Test func missingProgramsAreToldInOneLine() throws {
        let failure = #expect(throws: LocalCluster.Failure.self) {
            try PostgresPrograms(binaries: "/nowhere/bin")
        }
        let text = try #require(failure?.description)
        #expect(text.contains("PG_BIN (/nowhere/bin)"))
        #expect(!text.contains("\n"))
    }

    @Test func aFolderThatCannotBeMadeIsToldInOneLine() throws {
        let failure = #expect(throws: LocalCluster.Failure.self) {
            try LocalCluster.start(in: URL(filePath: "/dev/null/data"), programs: programs)
        }
        let text = try #require(failure?.description)
        #expect(text.contains("/dev/null/data"))
        #expect(!text.contains("\n"))
    }

    @Test func settingsThatPostgresRefusesAreTold() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "digidel-test-\(getpid())-\(UUID().uuidString.prefix(8))")
        defer { try? FileManager.default.removeItem(at: folder) }
        let failure = #expect(throws: LocalCluster.Failure.self) {
            try LocalCluster.start(in: folder, programs: programs, options: ["no_such_setting=1"])
        }
        #expect(failure?.description.hasPrefix("pg_ctl failed") == true)
    }

    @Test func aPoolOutlivesItsDatabase() async throws {
        try await withCluster { _, cluster in
            let pool = Pool(
                ConnectionSettings(url: cluster.url, connectTimeout: .seconds(60)), limit: 8,
                on: try Lane(number: 9))
            try await pool.execute("create table t (n int)")
            let tally = Tally()
            let callers = (0..<32).map { _ in
                Task {
                    while await !tally.isOver {
                        do {
                            try await pool.transaction { try await insertTwo($0) }
                            await tally.served()
                        } catch {
                            await tally.failed((error as? PostgresError)?.kind)
                        }
                    }
                }
            }
            #expect(try await eventually { await tally.servedCount > 50 })
            #expect(kill(try #require(cluster.processID), SIGKILL) == 0)
            #expect(try await eventually { await tally.failures > 50 })
            try cluster.start()
            let served = await tally.servedCount
            #expect(try await eventually { await tally.servedCount > served + 50 })
            await tally.end()
            for caller in callers { await caller.value }
            #expect(await tally.kinds == [.unavailable])
            #expect(try await pool.value("select count(*) % 2 as value from t") == 0)
            await pool.close()
        }
    }

    private func insertTwo(_ connection: some Queryable) async throws(PostgresError) {
        try await connection.execute("insert into t values (1)")
        try await connection.execute("insert into t values (2)")
    }
}

/// What became of the callers.
private actor Tally {
    private(set) var servedCount = 0
    private(set) var failures = 0
    private(set) var kinds: Set<PostgresError.Kind?> = []
    private(set) var isOver = false

    func served() { servedCount += 1 }
    func failed(_ kind: PostgresError.Kind?) {
        failures += 1
        kinds.insert(kind)
    }
    func end() { isOver = true }
}
