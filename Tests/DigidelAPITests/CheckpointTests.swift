import Foundation
import HTTP
import Postgres
import Synchronization
import TestDatabase
import Testing

@testable import DigidelAPI

/// How checkpoints of the ledger are made beside what is recorded.
@Suite struct CheckpointTests {
    private static let campaign = "digidel2013"

    /// What checkpoints are made by, as another instance has it; what it logs fails the test.
    private func checkpoints(_ service: TestApp, changesNeeded: Int, changesBetweenLooks: Int = 2)
        -> Checkpoints
    {
        let settings = ConnectionSettings(url: service.url, connectTimeout: .seconds(60))
        let pool = Pool(settings, limit: 2, acquireTimeout: .seconds(60), on: TestDatabase.lane)
        return Checkpoints(
            pool, changesNeeded: changesNeeded, changesBetweenLooks: changesBetweenLooks,
            log: Log(level: .error) { Issue.record("\($0)") })
    }

    private func report(_ number: Int, to service: TestApp) async throws {
        for value in 0..<number {
            let answer = await service.post(
                "participant-counts",
                TestApp.count(["externalId": .null, "value": .number(Decimal(value))]))
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
    }

    /// At how many instants there are checkpoints.
    private func number(_ service: TestApp) async throws -> Int {
        try await service.number("select count(distinct recorded_at) as number from ledger_checkpoints") ?? 0
    }

    @Test func whatIsRecordedBringsThemAbout() async throws {
        let service = try await TestApp.withDigidel2013()
        let checkpoints = checkpoints(service, changesNeeded: 4)
        let app = try service.another(checkpoints: checkpoints)
        try await report(4, to: app)
        #expect(try await eventually { try await number(service) == 1 })
        // What nobody looked at is found when an instance starts.
        try await report(9, to: service)
        await checkpoints.start()
        #expect(try await eventually { try await number(service) == 3 })
        await checkpoints.finish()
        #expect(try await number(service) == 3)
    }

    @Test func nothingIsMadeAfterTheEnd() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(8, to: service)
        let checkpoints = checkpoints(service, changesNeeded: 2)
        checkpoints.recorded(8, of: Self.campaign)
        await checkpoints.finish()
        // What was begun has ended.
        let made = try await number(service)
        checkpoints.recorded(8, of: Self.campaign)
        await checkpoints.start()
        await checkpoints.finish()
        try await Task.sleep(for: .milliseconds(20))
        #expect(try await number(service) == made)
    }

    @Test func tooFewChangesMakeNone() async throws {
        let service = try await TestApp.withDigidel2013()
        let database = service.app.database
        #expect(try await !database.makeCheckpoint(of: Self.campaign, changesNeeded: 1))
        try await report(2, to: service)
        #expect(try await !database.makeCheckpoint(of: Self.campaign, changesNeeded: 3))
        #expect(try await !database.makeCheckpoint(of: "no-such-campaign", changesNeeded: 1))
        #expect(try await database.makeCheckpoint(of: Self.campaign, changesNeeded: 2))
        #expect(try await !database.makeCheckpoint(of: Self.campaign, changesNeeded: 1))
    }

    /// A campaign whose counts were all withdrawn has nothing to keep, and no older checkpoint speaks for it.
    @Test func whatWasTakenBackIsInNoCheckpoint() async throws {
        let service = try await TestApp.withDigidel2013()
        let database = service.app.database
        let count = await service.post("participant-counts", TestApp.count())
        #expect(try await database.makeCheckpoint(of: Self.campaign, changesNeeded: 1))
        #expect(await service.ask(.delete, count.created, fields: ["If-Match": "*"]).status == .ok)
        _ = try await database.makeCheckpoint(of: Self.campaign, changesNeeded: 1)
        #expect(await service.get("statistics")["items"] == [])
        #expect(await service.get("goals/digidel2013/breakdown")["rows"] == [])
        try await report(3, to: service)
        _ = try await database.makeCheckpoint(of: Self.campaign, changesNeeded: 1)
        #expect(await service.get("statistics")["items", 0, "value"] == 3)
    }

    @Test func instancesMayMakeTheSameAtTheSameTime() async throws {
        let service = try await TestApp.withDigidel2013()
        let other = try service.another()
        for round in 1...6 {
            try await report(2, to: service)
            async let mine = service.app.database.makeCheckpoint(of: Self.campaign, changesNeeded: 2)
            async let theirs = other.app.database.makeCheckpoint(of: Self.campaign, changesNeeded: 2)
            let made = try await [mine, theirs]
            #expect(made.contains(true))
            #expect(try await number(service) == round)
        }
        try await expectTheSameWithoutCheckpoints(service, total: 6)
    }

    @Test func oneMadeWhilePostsGoOnIsExact() async throws {
        let service = try await TestApp.withDigidel2013()
        let isOver = Mutex(false)
        async let made = {
            var made = 0
            while !isOver.withLock({ $0 }) {
                if try await service.app.database.makeCheckpoint(of: Self.campaign, changesNeeded: 3) {
                    made += 1
                }
            }
            return made
        }()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...4 { group.addTask { try await report(8, to: service) } }
            try await group.waitForAll()
        }
        isOver.withLock { $0 = true }
        #expect(try await made > 0)
        try await expectTheSameWithoutCheckpoints(service, total: 4 * 28)
    }

    private func expectTheSameWithoutCheckpoints(_ service: TestApp, total: Int) async throws {
        let targets =
            Grouping.allCases.map { "statistics?groupBy=\($0.rawValue)" } + ["goals/digidel2013/series"]
        var before: [[UInt8]] = []
        for target in targets { before.append(await service.get(target).response.body) }
        #expect(await service.get("statistics")["items", 0, "value"]?.integer == total)
        try await service.asOwner("delete from ledger_checkpoints")
        for (target, body) in zip(targets, before) {
            #expect(await service.get(target).response.body == body, "\(target)")
        }
    }
}
