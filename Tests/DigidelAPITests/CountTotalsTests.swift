import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// Totals are exact, whatever is sent at once and however often.
@Suite struct CountTotalsTests {
    /// What one of the tasks that post at once has seen.
    private struct Outcome: Sendable {
        var statuses: [Int] = []
        /// The values of what was created, by externalId.
        var created: [String: Int] = [:]
    }

    private static let organisations = ["motala-bibliotek", "linkoping-bibliotek", "nykoping-bibliotek"]

    /// 50 tasks with 20 reports each; every fourth report is sent by the next task too, at the same time.
    @Test func totalsAreExactWhenManyReportAtOnce() async throws {
        let service = try await TestApp.make()
        for organisation in Self.organisations { try await service.makeOrganisation(organisation) }
        try await service.makeDigidel2013()
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for task in 0..<50 { group.addTask { await Self.report(task, to: service) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let statuses = outcomes.flatMap(\.statuses)
        #expect(Set(statuses) == [200, 201])
        #expect(statuses.count == 1250)
        // Each externalId was created once, by whoever came first.
        let created = outcomes.flatMap(\.created)
        #expect(created.count == 1000)
        #expect(Set(created.map(\.key)).count == 1000)

        let sum = created.reduce(0) { $0 + $1.value }
        #expect(await service.get("goals/digidel2013/progress")["value"]?.integer == sum)
        #expect(try await service.number("select sum(delta)::bigint as number from count_ledger") == sum)
        #expect(try await service.number("select sum(value)::bigint as number from count_totals") == sum)
        #expect(
            try await service.number("select sum(value)::bigint as number from current_participant_counts")
                == sum)
        let differences = try await service.number(
            """
            select count(*) as number
            from (select to_date, sum(delta) as value from count_ledger group by to_date) as ledger
            full join (select to_date, sum(value) as value from count_totals group by to_date) as totals
                using (to_date)
            where ledger.value is distinct from totals.value
            """)
        #expect(differences == 0)
        #expect(try await service.number("select count(*) as number from count_ledger") == 1000)
        #expect(try await service.number("select count(*) as number from enrolments") == 3)
        // One for the campaign, one for its goal, one for each count.
        #expect(await service.get("goals/digidel2013/progress")["version"] == 1002)
    }

    /// Sends the reports of a task, and some of the task before.
    private static func report(_ task: Int, to service: TestApp) async -> Outcome {
        var outcome = Outcome()
        for number in 0..<20 {
            await send(task, number, to: service, &outcome)
            if number.isMultiple(of: 4) { await send((task + 49) % 50, number, to: service, &outcome) }
        }
        return outcome
    }

    private static func send(
        _ task: Int, _ number: Int, to service: TestApp, _ outcome: inout Outcome
    ) async {
        let value = (task * 31 + number * 7) % 97
        let externalID = "report-\(task)-\(number)"
        let day = 1 + (task + number) % 28
        let answer = await service.post(
            "participant-counts",
            TestApp.count([
                "externalId": .string(externalID), "value": .number(Decimal(value)),
                "organisation": .string(organisations[task % organisations.count]),
                "from": "2012-05-01", "to": .string("2012-05-\(day < 10 ? "0" : "")\(day)"),
            ]))
        outcome.statuses.append(answer.status.rawValue)
        if answer.status == .created { outcome.created[externalID] = value }
    }

    /// The first reports of an organisation, in a campaign that nobody has reported to, at once.
    @Test func firstReportsAtOnceAllCount() async throws {
        let service = try await TestApp.withDigidel2013()
        let statuses = await withTaskGroup(of: Status.self) { group in
            for number in 1...20 {
                let report = TestApp.count(["externalId": .string("first-\(number)"), "value": 1])
                group.addTask { await service.post("participant-counts", report).status }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.allSatisfy { $0 == .created })
        #expect(await service.get("goals/digidel2013/progress")["value"] == 20)
        #expect(try await service.number("select count(*) as number from enrolments") == 1)
    }

    /// The ledger keeps where and by whom it was counted, as it was then.
    @Test func theLedgerKeepsTheCoordinates() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("participant-counts", TestApp.count())
        _ = await service.patch("organisations/motala-bibliotek", ["kind": "agency", "area": "no"])
        let id = try #require(created["id"]?.string)
        let kept = try await service.number(
            """
            select count(*) as number
            from count_ledger
            join participant_counts on participant_counts.id = count
                and participant_counts.recorded_at = count_ledger.recorded_at
            where count::text = \(id) and count_ledger.revision = 1 and count_ledger.kind = 'library'
                and count_ledger.area = 'se-0583' and count_ledger.to_date = '2012-06-30' and delta = 42
            """)
        #expect(kept == 1)
    }

    /// Counts say by which key they came; those of the set-up key by none.
    @Test func countsKeepTheirKey() async throws {
        let service = try await TestApp.withDigidel2013()
        let key = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        _ = await service.post("participant-counts", TestApp.count(), key: key)
        _ = await service.post("participant-counts", TestApp.count(["externalId": "by-admin"]))
        let byKey = try await service.number(
            "select count(*) as number from participant_counts join keys on keys.id = actor")
        #expect(byKey == 1)
    }
}
