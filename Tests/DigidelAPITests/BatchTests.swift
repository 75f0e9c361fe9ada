import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// `POST /v1/participant-counts/batch` as a whole.
@Suite struct BatchTests {
    private func batch(
        _ service: TestApp, _ query: String, _ reports: [JSONValue], key: String? = TestApp.adminKey
    ) async -> Answer {
        await service.ask(.post, "participant-counts/batch\(query)", .array(reports), key: key)
    }

    private func outcomes(_ answer: Answer) -> [String] {
        (0..<(answer["outcomes"]?.count ?? 0)).map { answer["outcomes", $0, "outcome"]?.string ?? "" }
    }

    private func report(_ id: String, _ changes: [String: JSONValue] = [:]) -> JSONValue {
        TestApp.count(["externalId": .string(id)]).merged(with: .object(changes))
    }

    @Test func everyRowHasItsOutcome() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await service.post("participant-counts", report("old"))
        let answer = await batch(
            service, "",
            [
                report("a"), report("b", ["area": "se-9999"]), report("old"), report("old", ["value": 1]),
                report("a"),
                report("c", ["value": -1]), report("a", ["value": 2]), report("zero", ["value": 0]),
            ])
        #expect(answer.status == .ok, "\(answer.text)")
        #expect(
            outcomes(answer) == [
                "created", "rejected", "unchanged", "rejected", "unchanged", "rejected", "rejected",
                "created",
            ])
        #expect(answer["outcomes", 1, "issues", 0, "code"] == "unknownArea")
        #expect(answer["outcomes", 1, "issues", 0, "field"] == "area")
        #expect(answer["outcomes", 3, "issues", 0, "code"] == "externalIdTaken")
        #expect(answer["outcomes", 4, "id"] == answer["outcomes", 0, "id"])
        #expect(answer["tallies", "created"] == 2 && answer["tallies", "rejected"] == 4)
        #expect(answer["goals", 0, "before"] == 42 && answer["goals", 0, "after"] == 84)
        #expect(await service.get("goals/digidel2013/progress")["value"] == 84)
    }

    @Test func existingCountsAreSkippedOrRevised() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await batch(service, "", [report("a"), report("b")])
        let skipped = await batch(service, "?onExisting=skip", [report("a", ["value": 1])])
        #expect(outcomes(skipped) == ["unchanged"] && skipped["goals"]?.count == 0)
        let revised = await batch(
            service, "?onExisting=revise&reason=lateData",
            [report("a", ["value": 1]), report("b"), report("a", ["value": 3]), report("c")])
        #expect(outcomes(revised) == ["revised", "unchanged", "revised", "created"], "\(revised.text)")
        #expect(revised["outcomes", 2, "revision"] == 3)
        #expect(await service.get("goals/digidel2013/progress")["value"] == 87)
        // The last one sees what the one before has made of it.
        let back = await batch(
            service, "?onExisting=revise", [report("a", ["value": 9]), report("a", ["value": 3])])
        #expect(outcomes(back) == ["revised", "revised"])
        #expect(await service.get("goals/digidel2013/progress")["value"] == 87)
        let reasons = try await service.number(
            "select count(*) as number from participant_counts where reason = 'lateData'")
        #expect(reasons == 2)
    }

    @Test func anAtomicBatchIsStoredWholeOrNotAtAll() async throws {
        let service = try await TestApp.withDigidel2013()
        let bad = await batch(service, "?mode=atomic", [report("a"), report("b", ["area": "se-9999"])])
        #expect(outcomes(bad) == ["rejected", "rejected"])
        #expect(bad["outcomes", 0, "issues", 0, "code"] == "rolledBack")
        #expect(bad["goals"]?.count == 0)
        #expect(try await service.number("select count(*) as number from participant_counts") == 0)
        #expect(
            outcomes(await batch(service, "?mode=atomic", [report("a"), report("b")])) == [
                "created", "created",
            ])
        #expect(await service.get("goals/digidel2013/progress")["value"] == 84)
    }

    @Test(arguments: ["partial", "atomic"]) func aDryRunTellsAndStoresNothing(mode: String) async throws {
        let service = try await TestApp.withDigidel2013()
        let dry = await batch(service, "?dryRun=true&mode=\(mode)", [report("a"), report("b")])
        #expect(outcomes(dry) == ["created", "created"])
        #expect(dry["outcomes", 0, "id"] == nil)
        #expect(dry["goals", 0, "before"] == 0 && dry["goals", 0, "after"] == 84)
        #expect(try await service.number("select count(*) as number from participant_counts") == 0)
        #expect(await service.get("goals/digidel2013/progress")["value"] == 0)
    }

    @Test func aForeignRowIsRejectedAloneForAPartner() async throws {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("arsta")
        let key = try await service.makeKey(.partner, organisation: "arsta")
        let answer = await batch(
            service, "", [report("a"), report("b", ["organisation": "arsta"])], key: key)
        #expect(outcomes(answer) == ["rejected", "created"])
        #expect(answer["outcomes", 0, "issues", 0, "code"] == "foreignOrganisation")
    }

    @Test func excelsFileIsTaken() async throws {
        let service = try await TestApp.withDigidel2013()
        let csv =
            "\u{feff}organisation;campaign;measure;value;period;area;channel;evidence;externalId;gender.woman;gender.man\r\n"
            + "motala-bibliotek;digidel2013;newlyIncluded;1 042;2012-W20;se-0583;onSite;estimated;w20;1000;42\r\n"
            + "motala-bibliotek;digidel2013;newlyIncluded;2;2012-05;se-0583;onSite;;w21;;\r\n"
        let answer = await service.send(
            .post, "participant-counts/batch", body: Array(csv.utf8), as: "text/csv; charset=utf-8")
        #expect(answer.status == .ok, "\(answer.text)")
        #expect(outcomes(answer) == ["created", "rejected"])
        #expect(answer["outcomes", 1, "issues", 0, "field"] == "evidence")
        #expect(await service.get("goals/digidel2013/progress")["value"] == 1042)
    }

    @Test func manyRowsAreStoredInParts() async throws {
        let service = try await TestApp.withDigidel2013()
        let reports = (0..<1234).map { report("r\($0)", ["value": 1]) }
        let answer = await batch(service, "", reports)
        #expect(answer["tallies", "created"] == 1234)
        #expect(await service.get("goals/digidel2013/progress")["value"] == 1234)
        #expect(await batch(service, "", reports)["tallies", "unchanged"] == 1234)
    }
}
