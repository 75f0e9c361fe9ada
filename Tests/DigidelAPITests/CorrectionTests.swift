import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// PUT and DELETE of a count: revisions, the ledger's lines, and what neither may do.
@Suite struct CorrectionTests {
    private static func service() async throws -> (TestApp, Answer) {
        let service = try await TestApp.withDigidel2013()
        return (service, await service.post("participant-counts", TestApp.count()))
    }

    private func put(
        _ service: TestApp, _ count: Answer, _ changes: [String: JSONValue], match: String? = nil,
        key: String? = TestApp.adminKey
    ) async -> Answer {
        await service.ask(
            .put, count.created, TestApp.count(changes), key: key,
            fields: ["If-Match": match ?? count.etag ?? ""])
    }

    private func value(_ service: TestApp, _ query: String = "") async -> JSONValue? {
        await service.get("goals/digidel2013/progress\(query)")["value"]
    }

    private func ledger(_ service: TestApp) async throws -> [String] {
        try await service.app.database.query(
            "select string_agg(area || ' ' || to_date || ' ' || delta, ', ' order by sequence) as lines from count_ledger"
        ).map { row in try row.get("lines") }
    }

    @Test func aCorrectionIsARevision() async throws {
        let (service, count) = try await Self.service()
        let corrected = await put(service, count, ["value": 40, "reason": "typo"])
        #expect(corrected.status == .ok)
        #expect(corrected["value"] == 40 && corrected["revision"] == 2)
        #expect(corrected.etag?.hasPrefix("\"2-") == true)
        #expect(await value(service) == 40)
        #expect(try await ledger(service) == ["se-0583 2012-06-30 42, se-0583 2012-06-30 -2"])
        let history = await service.get("\(count.created)/revisions", key: TestApp.adminKey)
        #expect(history["items", 0, "value"] == 42 && history["items", 0, "reason"] == nil)
        #expect(history["items", 1, "value"] == 40 && history["items", 1, "reason"] == "typo")
    }

    @Test func movingACountTakesItBackWhereItWas() async throws {
        let (service, count) = try await Self.service()
        let moved = await put(service, count, ["area": "se-0580", "to": "2012-06-15"])
        #expect(moved.status == .ok)
        let lines = try #require(try await ledger(service).first)
        #expect(
            Set(lines.split(separator: ", ")) == [
                "se-0583 2012-06-30 42", "se-0583 2012-06-30 -42", "se-0580 2012-06-15 42",
            ])
        #expect(await value(service) == 42)
    }

    @Test func theSameContentIsNoRevision() async throws {
        let (service, count) = try await Self.service()
        let same = await put(service, count, ["reason": "typo"])
        #expect(same.status == .ok && same["revision"] == 1)
        #expect(try await service.number("select count(*) as number from participant_counts") == 1)
    }

    @Test func aWithdrawnCountCountsNoMore() async throws {
        let (service, count) = try await Self.service()
        let fields: KeyValuePairs = ["If-Match": count.etag ?? ""]
        let gone = await service.ask(.delete, "\(count.created)?reason=doubleCount", fields: fields)
        #expect(gone.status == .ok && gone["status"] == "withdrawn" && gone["revision"] == 2)
        #expect(await value(service) == 0)
        #expect(await service.get(count.created, key: TestApp.adminKey)["status"] == "withdrawn")
        let history = await service.get("\(count.created)/revisions?sort=-revision", key: TestApp.adminKey)
        #expect(history["items", 0, "reason"] == "doubleCount")
        let again = await service.ask(.delete, count.created, fields: ["If-Match": gone.etag ?? ""])
        #expect(again.status == .ok && again["revision"] == 2)
        #expect(await put(service, count, ["value": 1], match: gone.etag).status == .conflict)
        #expect(await service.post("participant-counts", TestApp.count()).codes == ["externalIdTaken"])
    }

    @Test func aWriterMustKnowWhatHeChanges() async throws {
        let (service, count) = try await Self.service()
        #expect(await service.ask(.put, count.created, TestApp.count()).status == .preconditionRequired)
        #expect(await service.ask(.delete, count.created).status == .preconditionRequired)
        _ = await put(service, count, ["value": 40])
        #expect(await put(service, count, ["value": 41]).status == .preconditionFailed)
        #expect(await value(service) == 40)
    }

    @Test func ofTwoCorrectionsAtOnceOneIsTold() async throws {
        let (service, count) = try await Self.service()
        let answers = await withTaskGroup(of: Answer.self) { group in
            for number in 1...8 {
                group.addTask { await self.put(service, count, ["value": .number(.init(number))]) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.status == .ok } == 1)
        #expect(answers.count { $0.status == .preconditionFailed } == 7)
        #expect(try await service.number("select count(*) as number from participant_counts") == 2)
        #expect(await value(service) == answers.first { $0.status == .ok }?["value"])
    }

    @Test func whoseAndWhereItWasReportedStays() async throws {
        let (service, count) = try await Self.service()
        try await service.makeOrganisation("arsta")
        let answer = await put(service, count, ["organisation": "arsta", "externalId": "other"])
        #expect(answer.faults == ["/organisation": "fixedMember", "/externalId": "fixedMember"])
    }

    @Test func aPartnerChangesItsOwnOnly() async throws {
        let (service, count) = try await Self.service()
        try await service.makeOrganisation("arsta")
        let own = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let other = try await service.makeKey(.partner, organisation: "arsta")
        #expect(await put(service, count, ["value": 1], key: other).status == .notFound)
        #expect(await service.get("\(count.created)/revisions", key: other).status == .notFound)
        #expect(await put(service, count, ["value": 2], key: own).status == .ok)
    }

    @Test func afterTheLockACoordinatorCorrectsWithAReason() async throws {
        let (service, count) = try await Self.service()
        let own = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        try await service.app.database.execute(
            "update campaigns set locked_at = now(), revision = revision + 1")
        #expect(await put(service, count, ["value": 1], key: own).codes == ["campaignLocked"])
        #expect(await put(service, count, ["value": 1]).codes == ["reasonMissing"])
        let delete = await service.ask(.delete, count.created, fields: ["If-Match": count.etag ?? ""])
        #expect(delete.codes == ["reasonMissing"])
        #expect(await put(service, count, ["value": 1, "reason": "doubleCount"]).status == .ok)
    }

    /// Even a handler that forgets to ask whose count it is cannot write it: the database refuses.
    @Test func theDatabaseRefusesAnotherOrganisationsCount() async throws {
        let (service, _) = try await Self.service()
        try await service.makeOrganisation("arsta")
        _ = try await service.makeKey(.partner, organisation: "arsta")
        await #expect(throws: (any Error).self) {
            try await service.app.database.execute(
                """
                insert into participant_counts (
                    id, revision, organisation, campaign, measure, value, from_date, to_date, area, channel, evidence,
                    status, late, kind, actor, trace_id, recorded_at)
                select gen_random_uuid(), 1, organisation, campaign, measure, value, from_date, to_date, area, channel,
                    evidence, status, late, kind, (select id from keys where organisation = 'arsta'), trace_id, now()
                from participant_counts
                """)
        }
        #expect(try await service.number("select count(*) as number from participant_counts") == 1)
    }

    /// Not even by the owner of the tables; what the service may not do is in ServiceRoleTests.
    @Test func nothingIsEverChangedInPlace() async throws {
        let (service, _) = try await Self.service()
        let statements: [SQL] = [
            "update participant_counts set value = 0", "delete from participant_counts",
            "truncate participant_counts",
            "update count_ledger set delta = 0", "delete from count_ledger", "truncate count_ledger",
            "update audit_events set role = 'partner'", "delete from audit_events", "truncate audit_events",
        ]
        for statement in statements {
            let error = await #expect(throws: PostgresError.self) { try await service.asOwner(statement) }
            #expect(error?.message.hasSuffix("is append-only") == true)
        }
    }

    @Test func whatWasKnownAtAnInstantStaysSo() async throws {
        let (service, count) = try await Self.service()
        var known: [(asOf: String, value: JSONValue?)] = []
        func note() async {
            let progress = await service.get("goals/digidel2013/progress")
            known.append((progress["asOf"]?.string ?? "", progress["value"]))
        }
        await note()
        let now = "\(Instant.now)"
        #expect(await value(service, "?asOf=\(now)") == 42)
        _ = await put(service, count, ["value": 40])
        await note()
        _ = await service.post("participant-counts", TestApp.count(["externalId": "b", "value": 7]))
        await note()
        _ = await service.ask(.delete, count.created, fields: ["If-Match": "*"])
        await note()
        #expect(known.map(\.value) == [42, 40, 47, 7])
        for (asOf, value) in known { #expect(await self.value(service, "?asOf=\(asOf)") == value) }
        #expect(await value(service, "?asOf=\(now)") == 42)
        #expect(await value(service, "?asOf=2011-01-01T00:00:00Z") == 0)
        #expect(
            await service.get("goals/digidel2013/progress?asOf=2999-01-01T00:00:00Z").status == .badRequest)
    }
}
