import HTTP
import Testing

@testable import DigidelAPI

/// Members that a client may not set, and members that it may not see (OWASP API3, broken object property level
/// authorization). New things with such members are refused: `ResourceTests.readOnlyMembersAreRefusedInANewThing`.
@Suite struct MassAssignmentTests {
    private static let readOnly: JSONValue = [
        "id": "another-id", "revision": 99, "createdAt": "2001-01-01T00:00:00Z",
        "updatedAt": "2001-01-01T00:00:00Z", "_links": [:],
    ]

    @Test(arguments: ResourceCase.all)
    func whatTheServiceSetsStaysAsItIs(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        let before = await service.get(resource.item, key: TestApp.adminKey)
        let changed = resource.named("Another name").merged(with: Self.readOnly)
        for body in [changed, resource.body(name: "A third name").merged(with: Self.readOnly)] {
            let method: HTTP.Method = body == changed ? .patch : .put
            let answer = await service.change(
                method, resource.item, body, ifMatch: "*", key: TestApp.adminKey)
            // With another id it is refused or ignored, never obeyed.
            #expect([.ok, .unprocessableContent, .badRequest].contains(answer.status), "\(answer.text)")
        }
        let after = await service.get(resource.item, key: TestApp.adminKey)
        #expect(after["id"] == before["id"] && after["createdAt"] == before["createdAt"])
        #expect((after["revision"]?.integer ?? 99) <= 3)
        #expect(after["updatedAt"] != "2001-01-01T00:00:00Z")
        let other = "\(resource.collection)/another-id"
        #expect(await service.get(other, key: TestApp.adminKey).status == .notFound)
    }

    /// What the clock and the acts of coordinators decide is not said by a body.
    @Test func aCampaignIsNotLockedByWriting() async throws {
        let service = try await TestApp.withDigidel2013()
        for member in ["lockedAt", "cancelledAt", "announcedAt"] {
            _ = await service.patch("campaigns/digidel2013", .object([member: "2012-01-01T00:00:00Z"]))
        }
        _ = await service.patch("campaigns/digidel2013", ["state": "locked"])
        #expect(await service.get("campaigns/digidel2013")["state"] == "running")
    }

    @Test func aCountsHistoryIsNotWrittenByItsReporter() async throws {
        let service = try await TestApp.withDigidel2013()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        for member in ["id", "status", "late", "recordedAt", "revision", "actor", "kind", "delta"] {
            let body = TestApp.count([member: "accepted", "externalId": .string(member)])
            let answer = await service.post("participant-counts", body, key: partner)
            #expect(answer.status == .badRequest, "\(member): \(answer.text)")
            #expect(answer.faults["/\(member)"] == "malformed")
        }
        let created = await service.post("participant-counts", TestApp.count(), key: partner)
        let corrected = await service.put(
            created.created,
            TestApp.count([
                "value": 43, "status": "withdrawn", "late": .bool(true), "revision": 7,
                "recordedAt": "2001-01-01T00:00:00Z",
            ]), key: partner)
        #expect(corrected.status == .ok, "\(corrected.text)")
        #expect(corrected["value"] == 43 && corrected["status"] == "accepted" && corrected["revision"] == 2)
        #expect(corrected["late"] == created["late"])
        #expect(corrected["recordedAt"]?.string?.hasPrefix("2001") == false)
        for fixed in ["organisation", "campaign", "externalId"] {
            let moved = await service.put(
                created.created, TestApp.count([fixed: "another"]), key: partner)
            #expect(moved.status == .unprocessableContent, "\(fixed)")
        }
        for member in ["actor", "kind", "delta"] {
            let answer = await service.put(
                created.created, TestApp.count([member: "library"]), key: partner)
            #expect(answer.status == .badRequest, "\(member)")
        }
    }

    @Test func nobodyRaisesItsOwnRole() async throws {
        let service = try await TestApp.withDigidel2013()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let key = try #require(await service.get("keys", key: TestApp.adminKey)["items", 0, "id"]?.string)
        for (method, target) in [
            (HTTP.Method.put, "keys/\(key)"), (.patch, "keys/\(key)"), (.post, "keys"),
            (.patch, "organisations/motala-bibliotek"), (.put, "organisations/motala-bibliotek"),
        ] {
            let answer = await service.change(
                method, target, ["role": "admin", "membership": "active"],
                ifMatch: method == .post ? nil : "*", key: partner)
            #expect([.forbidden, .methodNotAllowed].contains(answer.status), "\(method) \(target)")
        }
        for member in ["id", "secret", "digest", "createdAt", "lastUsedAt", "revokedAt"] {
            let answer = await service.post(
                "keys", .object(["role": "coordinator", "label": "x", member: "chosen"]))
            #expect(answer.status == .badRequest)
            #expect(answer.faults == ["/\(member)": "malformed"])
        }
        #expect(await service.get("keys/\(key)", key: TestApp.adminKey)["role"] == "partner")
    }

    @Test func nothingIsShownThatIsNotMeantToBe() async throws {
        let service = try await TestApp.withDigidel2013()
        let secret = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        _ = await service.get("areas/se", key: secret)
        let members: Set = [
            "id", "role", "organisation", "label", "expiresAt", "revokedAt", "lastUsedAt", "createdAt",
            "_links",
        ]
        for key in try await service.items("keys") { #expect(key.names.isSubset(of: members)) }
        _ = await service.patch(
            "organisations/motala-bibliotek", ["contactMailbox": "digidel@motala.example.se"])
        let shown = await service.get("organisations/motala-bibliotek")
        #expect(shown.status == .ok && !shown.text.contains("@"))
        // Sums are open; who reported which count is not.
        let count = await service.post("participant-counts", TestApp.count(["note": "Hemlig lapp"]))
        #expect(count.status == .created)
        for target in [
            "statistics", "statistics?groupBy=organisation", "goals/digidel2013/progress",
            "goals/digidel2013/breakdown?by=organisation", "campaigns/digidel2013/completeness", "news",
        ] {
            let answer = await service.get(target)
            #expect(answer.status == .ok, "\(target): \(answer.text)")
            #expect(!answer.text.contains("Hemlig"))
            #expect(!answer.text.contains(count["id"]?.string ?? "nothing"))
            #expect(!answer.text.contains("motala-2012-06"))
        }
    }
}
