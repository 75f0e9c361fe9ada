import EventLoop
import HTTP
import Postgres
import Synchronization
import TestDatabase
import Testing

@testable import DigidelAPI

/// Which reads a hot standby answers, and what happens when it cannot. The standby's replay is held, so that what it
/// answers shows where it comes from.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StandbyReadTests {
    private struct Service {
        let pair: ClusterPair
        let standby: StandbyReads
        let service: TestApp

        /// Lets the standby replay no more.
        func hold() async throws {
            try await pair.catchUp()
            try await pair.onStandby("select pg_wal_replay_pause()")
            await standby.look()
        }

        func release() async throws {
            try await pair.onStandby("select pg_wal_replay_resume()")
            try await pair.catchUp()
        }

        /// The name that an organisation has for a reader with that key.
        func name(_ id: String, key: String? = nil) async -> String? {
            await service.get("organisations/\(id)", key: key)["name"]?.string
        }

        func rename(_ id: String, to name: String) async throws {
            let answer = await service.ask(
                .patch, "organisations/\(id)", ["name": .string(name)], fields: ["If-Match": "*"])
            try #require(answer.status == .ok, "\(answer.text)")
        }

        func progress() async -> Int? {
            await service.get("goals/digidel2013/progress")["value"]?.integer
        }

        func total(_ target: String, key: String? = nil) async -> Int? {
            await service.get(target, key: key)["_meta", "totalRecords"]?.integer
        }
    }

    /// A service with Digidel2013 on a pair of its own, whose standby has everything.
    private func withService(_ body: (Service) async throws -> Void) async throws {
        try await ClusterPair.with { pair in
            let settings = ConnectionSettings(url: pair.url, connectTimeout: .seconds(60))
            let connection = try await Connection.connect(settings, on: TestDatabase.lane)
            _ = try await Migrator(EmbeddedFiles.migrations).migrate(connection)
            await connection.close()
            let clock = TestClock(TestApp.now)
            let pool = Pool(settings, limit: 4, on: TestDatabase.lane)
            let log = Log(level: .error) { _ in }
            let standby = StandbyReads(
                url: pair.url, limit: 2, primary: pool, log: log, queryTimeout: .seconds(60))
            let config = try Config(environment: [
                "PUBLIC_URL": TestApp.baseURL, "DIGIDEL_ADMIN_KEY": TestApp.adminKey,
            ])
            let app = App(
                database: pool, config: config, caches: Caches(), standbyReads: standby, log: log,
                clock: { clock.now })
            let service = TestApp(app: app, clock: clock, url: pair.url, ownerURL: pair.url)
            try await service.makeOrganisation()
            try await service.makeDigidel2013()
            try await pair.catchUp()
            await standby.look()
            try await body(Service(pair: pair, standby: standby, service: service))
            await standby.finish()
            await app.finish()
            await pool.close()
        }
    }

    @Test func whoeverHasNoKeyReadsTheStandby() async throws {
        try await withService { test in
            let partner = try await test.service.makeKey(.partner, organisation: "motala-bibliotek")
            try await test.hold()
            try await test.rename("motala-bibliotek", to: "Motala stadsbibliotek")
            #expect(await test.name("motala-bibliotek") == "motala-bibliotek")
            // A key reads what was written, at once.
            for key in [partner, TestApp.adminKey] {
                #expect(await test.name("motala-bibliotek", key: key) == "Motala stadsbibliotek")
            }
            try await test.service.makeOrganisation("linkoping-bibliotek")
            #expect(await test.total("organisations") == 1)
            #expect(await test.total("organisations", key: partner) == 2)
            // What the standby does not have yet is looked for on the primary: a link works when it is passed on.
            #expect(await test.name("linkoping-bibliotek") == "linkoping-bibliotek")
            try await test.release()
            #expect(await test.name("motala-bibliotek") == "Motala stadsbibliotek")
            #expect(await test.total("organisations") == 2)
        }
    }

    @Test func figuresAreExactHoweverFarBehindTheStandbyIs() async throws {
        try await withService { test in
            #expect(await test.progress() == 0)
            try await test.hold()
            let posted = await test.service.post("participant-counts", TestApp.count())
            #expect(posted.status == .created)
            for target in [
                "goals/digidel2013/progress", "goals/digidel2013/series", "goals/digidel2013/breakdown",
                "statistics?campaign=digidel2013",
            ] {
                #expect(await test.service.get(target).text.contains("42"), "\(target)")
            }
            // A list that was read late leaves nothing behind that a figure is made of.
            #expect(await test.service.get("goals/digidel2013").status == .ok)
            #expect(await test.progress() == 42)
            try await test.release()
        }
    }

    /// Several statements of one answer come from one snapshot of the standby.
    @Test func overviewsAreReadFromTheStandby() async throws {
        try await withService { test in
            try await test.hold()
            try await test.rename("motala-bibliotek", to: "Motala stadsbibliotek")
            let overview = await test.service.get("organisations/motala-bibliotek/overview")
            #expect(overview.status == .ok)
            #expect(!overview.text.contains("Motala stadsbibliotek"))
            try await test.release()
        }
    }

    @Test func aStandbyThatHasFallenBehindIsNotRead() async throws {
        try await withService { test in
            try await test.hold()
            for number in 1..<StandbyReads.positionsKept - 1 {
                try await test.rename("motala-bibliotek", to: "Motala \(number)")
                await test.standby.look()
            }
            #expect(await test.name("motala-bibliotek") == "motala-bibliotek")
            try await test.rename("motala-bibliotek", to: "Motala stadsbibliotek")
            await test.standby.look()
            await test.standby.look()
            #expect(await test.name("motala-bibliotek") == "Motala stadsbibliotek")
            // It is taken up again when it has caught up.
            try await test.release()
            await test.standby.look()
            try await test.hold()
            try await test.rename("motala-bibliotek", to: "Motala")
            #expect(await test.name("motala-bibliotek") == "Motala stadsbibliotek")
        }
    }

    @Test func withoutAStandbyThePrimaryIsRead() async throws {
        try await withService { test in
            try await test.rename("motala-bibliotek", to: "Motala stadsbibliotek")
            try test.pair.standby.stop(immediately: true)
            // At once, and before anybody has noticed.
            #expect(await test.name("motala-bibliotek") == "Motala stadsbibliotek")
            await test.standby.look()
            #expect(await test.total("organisations") == 1)
            try test.pair.standby.start()
            try await test.hold()
            try await test.rename("motala-bibliotek", to: "Motala")
            #expect(await test.name("motala-bibliotek") == "Motala stadsbibliotek")
        }
    }

    @Test func theStandbyAnswersReadersWhileThePrimaryIsAwayAndWritersOnceItIsPromoted() async throws {
        try await withService { test in
            await test.standby.look()
            try test.pair.primary.stop(immediately: true)
            for _ in 0...StandbyReads.positionsKept { await test.standby.look() }
            #expect(await test.name("motala-bibliotek") == "motala-bibliotek")
            #expect(await test.total("organisations") == 1)
            let refused = await test.service.post("participant-counts", TestApp.count())
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.response.fields["Retry-After"] == "1")

            try test.pair.standby.promote()
            #expect(
                try await eventually {
                    await test.service.post("participant-counts", TestApp.count()).status == .created
                })
            #expect(await test.progress() == 42)
            // There is no standby any more, and nobody notices.
            try await test.rename("motala-bibliotek", to: "Motala stadsbibliotek")
            #expect(await test.name("motala-bibliotek") == "Motala stadsbibliotek")
            await test.standby.look()
            #expect(await test.name("motala-bibliotek") == "Motala stadsbibliotek")
        }
    }

    /// A wrong address or password is told, once.
    @Test func whyNoStandbyIsReadIsLogged() async throws {
        let service = try await TestApp.make()
        let lines = Mutex<[String]>([])
        let log = Log(level: .info) { line in lines.withLock { $0.append(line) } }
        let pool = Pool(
            ConnectionSettings(url: service.url, connectTimeout: .seconds(60)), limit: 1,
            acquireTimeout: .seconds(60), on: TestDatabase.lane)
        let standby = StandbyReads(url: "host=/nonexistent user=x", limit: 1, primary: pool, log: log)
        for _ in 1...3 { await standby.look() }
        await standby.finish()
        await pool.close()
        let told = lines.withLock { $0 }
        #expect(told.count == 1)
        #expect(told.first?.contains("\"level\":\"warning\"") == true)
        #expect(told.first?.contains("read from the primary: ") == true)
    }

    @Test func onlyListsAndThingsMayLag() {
        let lagging = Routes.all.filter(\.mayLag)
        #expect(!lagging.isEmpty)
        for route in lagging {
            #expect(route.method == .get && route.access == .open, "\(route.template)")
        }
        let exact = [
            "/progress", "/stream", "/series", "/editions", "/breakdown", "/statistics", "/completeness",
            "/summary",
            "/badge.svg", "/ready",
        ]
        for route in Routes.all where exact.contains(where: { route.template.hasSuffix($0) }) {
            #expect(!route.mayLag, "\(route.template)")
        }
    }
}
