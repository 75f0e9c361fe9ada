import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// Idempotency-Key on POST, and the audit trail that every write leaves.
@Suite struct IdempotencyTests {
    private func post(
        _ service: TestApp, _ target: String = "participant-counts", _ body: JSONValue,
        key: String? = TestApp.adminKey,
        _ idempotencyKey: String
    ) async -> Answer {
        await service.ask(.post, target, body, key: key, fields: ["Idempotency-Key": idempotencyKey])
    }

    @Test func theSameRequestGetsTheSameAnswer() async throws {
        let service = try await TestApp.withDigidel2013()
        let report = TestApp.count(["externalId": .null])
        let first = await post(service, "participant-counts", report, "\"k 1\"")
        let second = await post(service, "participant-counts", report, "k 1")
        #expect(first.status == .created && second.status == .created)
        #expect(first.response.body == second.response.body)
        #expect(first.response.fields["Idempotency-Replayed"] == nil)
        #expect(second.response.fields["Idempotency-Replayed"] == "true")
        #expect(second.location == first.location && second.etag == first.etag)
        #expect(await service.get("goals/digidel2013/progress")["value"] == 42)
    }

    @Test func aKeyBelongsToOneBodyOneCallerAndOneAddress() async throws {
        let service = try await TestApp.withDigidel2013()
        let report = TestApp.count(["externalId": .null])
        _ = await post(service, "participant-counts", report, "k")
        let other = await post(
            service, "participant-counts", TestApp.count(["externalId": .null, "value": 1]), "k")
        #expect(other.status == .unprocessableContent && other.codes == ["idempotencyKeyReused"])
        let key = try await service.makeKey(.coordinator)
        #expect(
            await post(service, "participant-counts", report, key: key, "k").response.fields[
                "Idempotency-Replayed"] == nil)
        let batch = await post(service, "participant-counts/batch?dryRun=true", .array([report]), "k")
        #expect(batch.status == .ok && batch.response.fields["Idempotency-Replayed"] == nil)
    }

    @Test func aRefusalIsKeptAndStoresNothing() async throws {
        let service = try await TestApp.withDigidel2013()
        let wrong = TestApp.count(["area": "se-9999"])
        #expect(await post(service, "participant-counts", wrong, "k").status == .unprocessableContent)
        #expect(
            await post(service, "participant-counts", wrong, "k").response.fields["Idempotency-Replayed"]
                == "true")
        let taken = await post(
            service, "organisations",
            ["id": "motala-bibliotek", "kind": "library", "area": "se-0583", "name": "x"], "k")
        #expect(taken.status == .conflict)
        #expect(try await service.number("select count(*) as number from participant_counts") == 0)
    }

    @Test func aKeyIsPrintableASCII() async throws {
        let service = try await TestApp.withDigidel2013()
        for key in ["", "\"\"", "å", String(repeating: "x", count: 256)] {
            #expect(
                await post(service, "participant-counts", TestApp.count(), key).status == .badRequest,
                "\(key)")
        }
        #expect(
            await post(service, "participant-counts", TestApp.count(), String(repeating: "x", count: 255))
                .status == .created)
    }

    @Test func ofManyAtOnceOneIsCarriedOut() async throws {
        let service = try await TestApp.withDigidel2013()
        let report = TestApp.count(["externalId": .null])
        let answers = await withTaskGroup(of: Answer.self) { group in
            for _ in 1...8 { group.addTask { await self.post(service, "participant-counts", report, "k") } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { [.created, .conflict].contains($0.status) })
        #expect(answers.filter { $0.status == .conflict }.allSatisfy { $0.codes == ["idempotencyKeyInUse"] })
        #expect(try await service.number("select count(*) as number from participant_counts") == 1)
    }

    @Test func anAnswerIsKeptForADay() async throws {
        let service = try await TestApp.withDigidel2013()
        let report = TestApp.count(["externalId": .null])
        _ = await post(service, "participant-counts", report, "k")
        try await service.app.database.execute(
            "update idempotent_answers set created_at = created_at - interval '24 hours'")
        #expect(
            await post(service, "participant-counts", report, "k").response.fields["Idempotency-Replayed"]
                == nil)
        #expect(try await service.number("select count(*) as number from participant_counts") == 2)
    }

    @Test func onlyOtherWritesThanCountsMakeFactsForgotten() async throws {
        let service = try await TestApp.withDigidel2013()
        let remembersAfterChange = try await remembersFact("a", service) {
            _ = await service.patch("organisations/motala-bibliotek", ["name": "Motala"])
        }
        #expect(!remembersAfterChange)
        let remembersAfterCounts = try await remembersFact("b", service) {
            _ = await self.post(service, "participant-counts", TestApp.count(), "k")
            _ = await service.post(
                "participant-counts/batch?dryRun=true", [TestApp.count(["externalId": "x"])])
        }
        #expect(remembersAfterCounts)
    }

    /// Whether a fact is kept that is being read while `write` is done.
    private func remembersFact(
        _ id: String, _ service: TestApp, _ write: () async -> Void
    ) async throws -> Bool {
        let organisations = service.app.caches.facts.organisations
        let now = ContinuousClock.now
        _ = try await organisations.values(for: [id], at: now) { (_) async throws(PostgresError) in
            await write()
            return [(id, CountFacts.Organisation(id: id, revision: 1, membership: .active, kind: .library))]
        }
        return organisations.value(for: id, at: now) != nil
    }

    // MARK: The audit trail

    @Test(arguments: ["id", "-method", "role", "object", "recordedAt"])
    func everyEventIsOnOnePage(sort: String) async throws {
        let service = try await TestApp.withDigidel2013()
        let count = await service.post("participant-counts", TestApp.count())
        for value in ["1", "2", "3"] {
            _ = await service.ask(
                .put, count.created, TestApp.count(["value": .exactly(value)]), fields: ["If-Match": "*"])
        }
        let all = try await service.ids("audit-events?limit=200")
        let paged = try await service.ids("audit-events?limit=1&sort=\(sort)")
        #expect(all.count >= 4 && paged.count == all.count && Set(paged) == Set(all))
    }

    @Test func everyWriteIsInTheAuditTrail() async throws {
        let service = try await TestApp.withDigidel2013()
        let key = try await service.makeKey(.coordinator)
        let count = await service.ask(.post, "participant-counts", TestApp.count(), key: key)
        _ = await service.ask(
            .put, count.created, TestApp.count(["value": 1]), key: key, fields: ["If-Match": "*"])
        _ = await service.ask(.patch, "goals/digidel2013", ["target": 7], key: key, fields: ["If-Match": "*"])
        let own = await service.get("keys?sort=-createdAt", key: TestApp.adminKey)["items", 0, "id"]
        let events = await service.get("audit-events?actor=\(own?.string ?? "")", key: key)
        let lines = (0..<3).map { index in
            "\(events["items", index, "method"]?.string ?? "") \(events["items", index, "object"]?.string ?? "")"
        }
        #expect(lines == ["POST \(count.created)", "PUT \(count.created)", "PATCH goals/digidel2013"])
        #expect(events["items", 0, "traceId"]?.string == count.response.trace?.traceID)
        let ofCount = await service.get("audit-events?object=\(count.created)", key: key)
        #expect(ofCount["_meta", "totalRecords"] == 2)
        let ofGoal = await service.get("audit-events?object=goals/digidel2013", key: key)
        #expect(ofGoal["_meta", "totalRecords"] == 2)
    }

    @Test func whatIsRefusedIsNotInTheAuditTrail() async throws {
        let service = try await TestApp.withDigidel2013()
        let before = try await service.number("select count(*) as number from audit_trail")
        _ = await service.post(
            "organisations", ["id": "motala-bibliotek", "kind": "library", "area": "se-0583", "name": "x"])
        _ = await service.post("goals", ["name": "x"])
        _ = await service.get("goals")
        #expect(try await service.number("select count(*) as number from audit_trail") == before)
    }

    /// No handler has to remember: whatever can write runs under one of the two effects that leave a trace.
    @Test func everyRouteThatWritesLeavesATrace() {
        for route in Routes.all {
            #expect((route.effect == .none) == (route.method == .get), "\(route.template)")
        }
    }
}
