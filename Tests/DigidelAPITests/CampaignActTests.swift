import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// Announce, lock, cancel, and drafts (decisions.md, 2 and 55).
@Suite struct CampaignActTests {
    private static let campaign = "campaigns/digidel2013"
    private static let progress = "goals/digidel2013/progress"

    /// A service with a draft, `draft`, and its goal, `draft`.
    private static func serviceWithDraft() async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        let campaign = await service.post(
            "campaigns",
            [
                "id": "draft", "name": "Utkast", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["newlyIncluded"],
                "draft": .bool(true),
            ])
        guard campaign.status == .created else { throw TestApp.Unexpected(campaign) }
        #expect(campaign["state"] == "draft")
        #expect(campaign["draft"] == nil)
        let goal = await service.post(
            "goals",
            [
                "id": "draft", "name": "Utkast", "campaign": "draft", "kind": "contribution",
                "measure": "newlyIncluded", "target": 10,
            ])
        guard goal.status == .created else { throw TestApp.Unexpected(goal) }
        return service
    }

    /// Performs an act, without a body.
    private func act(
        _ act: String, _ service: TestApp, on campaign: String = Self.campaign,
        key: String? = TestApp.adminKey
    ) async -> Answer {
        await service.ask(.post, "\(campaign)/\(act)", key: key)
    }

    // MARK: Drafts

    @Test func aCampaignIsAnnouncedAtOnceUnlessItIsADraft() async throws {
        let service = try await TestApp.withDigidel2013()
        let cases: KeyValuePairs<String, (JSONValue, String)> = [
            "absent": (.null, "running"), "no-draft": (.bool(false), "running"),
            "a-draft": (.bool(true), "draft"),
        ]
        for (id, (draft, state)) in cases {
            let answer = await service.post(
                "campaigns",
                [
                    "id": .string(id), "name": "Nytt", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                    "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["attendances"],
                    "draft": draft,
                ])
            #expect(answer.status == .created, "\(answer.text)")
            #expect(answer["state"]?.string == state)
        }
        // It is left by being announced, and never come back to.
        let changed = await service.patch(Self.campaign, ["draft": .bool(true)])
        #expect(changed.faults == ["/draft": "malformed"])
    }

    @Test(arguments: [nil, Role.partner, .coordinator, .admin])
    func aDraftIsThereForCoordinatorsOnly(role: Role?) async throws {
        let service = try await Self.serviceWithDraft()
        var key: String?
        if let role { key = try await service.makeKey(role, organisation: "motala-bibliotek") }
        let isShown = role.map { $0 >= .coordinator } ?? false
        _ = await service.ask(.put, "campaigns/draft/enrolments/motala-bibliotek", [:])
        let targets = [
            "campaigns/draft", "campaigns/draft/completeness", "campaigns/draft/enrolments",
            "campaigns/draft/enrolments/motala-bibliotek", "goals/draft", "goals/draft/progress",
        ]
        for target in targets {
            let answer = await service.get(target, key: key)
            #expect(answer.status == (isShown ? .ok : .notFound), "\(target) \(answer.text)")
        }
        for list in ["campaigns", "goals"] {
            #expect(try await service.ids(list, key: key).contains("draft") == isShown, "\(list)")
            let total = await service.get(list, key: key)["_meta", "totalRecords"]
            #expect(total == (isShown ? 2 : 1), "\(list)")
        }
        #expect(try await service.ids("campaigns?state=draft", key: key) == (isShown ? ["draft"] : []))
        #expect(try await service.ids("goals?campaign=draft", key: key) == (isShown ? ["draft"] : []))
    }

    @Test func aDraftTakesNoCounts() async throws {
        let service = try await Self.serviceWithDraft()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        for key in [partner, TestApp.adminKey] {
            let answer = await service.post(
                "participant-counts", TestApp.count(["campaign": "draft"]), key: key)
            #expect(answer.status == .conflict)
            #expect(answer.codes == ["campaignNotOpen"])
        }
        #expect(await act("announce", service, on: "campaigns/draft").status == .ok)
        let answer = await service.post(
            "participant-counts", TestApp.count(["campaign": "draft"]), key: partner)
        #expect(answer.status == .created, "\(answer.text)")
    }

    @Test func announcingShowsADraftToEverybody() async throws {
        let service = try await Self.serviceWithDraft()
        let announced = await act("announce", service, on: "campaigns/draft")
        #expect(announced.status == .ok)
        #expect(announced["state"] == "running")
        #expect(announced["revision"] == 2)
        for target in ["campaigns/draft", "goals/draft", "goals/draft/progress"] {
            #expect(await service.get(target).status == .ok, "\(target)")
        }
        #expect(try await service.ids("campaigns", key: nil) == ["digidel2013", "draft"])
    }

    /// What was never shown to anybody has nothing to say to anybody.
    @Test func aCancelledDraftStaysHidden() async throws {
        let service = try await Self.serviceWithDraft()
        #expect(await act("cancel", service, on: "campaigns/draft")["state"] == "cancelled")
        #expect(await service.get("campaigns/draft").status == .notFound)
        #expect(await service.get("goals/draft").status == .notFound)
        let announced = await act("announce", service, on: "campaigns/draft")
        #expect(announced.status == .conflict)
        #expect(announced.codes == ["campaignNotOpen"])
    }

    // MARK: Lock

    @Test func lockingMakesTheFiguresFinal() async throws {
        let service = try await TestApp.withDigidel2013()
        #expect(await service.get(Self.progress)["finality"] == "preliminary")
        let locked = await act("lock", service)
        #expect(locked.status == .ok, "\(locked.text)")
        #expect(locked["state"] == "locked")
        let lockedAt = try #require(locked["lockedAt"])
        #expect(locked["updatedAt"] == lockedAt)
        // The poll that is kept is forgotten.
        #expect(await service.get(Self.progress)["finality"] == "final")
        #expect(await service.get(Self.campaign)["lockedAt"] == lockedAt)
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let count = await service.post("participant-counts", TestApp.count(), key: partner)
        #expect(count.codes == ["campaignLocked"])
    }

    @Test func cancellingEndsIt() async throws {
        let service = try await TestApp.withDigidel2013()
        let cancelled = await act("cancel", service)
        #expect(cancelled.status == .ok)
        #expect(cancelled["state"] == "cancelled")
        #expect(cancelled["lockedAt"] == nil)
        #expect(await service.get(Self.campaign)["state"] == "cancelled")
        let count = await service.post("participant-counts", TestApp.count())
        #expect(count.codes == ["campaignNotOpen"])
    }

    // MARK: Repeating and refusing

    @Test(arguments: ["announce", "lock", "cancel"])
    func doingItAgainChangesNothing(act name: String) async throws {
        let service = try await Self.serviceWithDraft()
        if name == "lock" { _ = await act("announce", service, on: "campaigns/draft") }
        func version() async -> JSONValue? {
            await service.get("goals/draft/progress", key: TestApp.adminKey)["version"]
        }
        let before = try #require(await version()?.integer)
        let first = await act(name, service, on: "campaigns/draft")
        #expect(first.status == .ok)
        #expect(await version()?.integer == before + 1)
        let second = await act(name, service, on: "campaigns/draft")
        #expect(second.status == .ok)
        #expect(second.json == first.json)
        #expect(second.etag == first.etag)
        #expect(await version()?.integer == before + 1)
    }

    @Test(arguments: [
        ("cancel", "announce", "campaignNotOpen"), ("cancel", "lock", "campaignNotOpen"),
        ("lock", "cancel", "campaignLocked"),
    ])
    func whatTheStateDoesNotAllowIsRefused(first: String, second: String, code: String) async throws {
        let service = try await TestApp.withDigidel2013()
        let before = await act(first, service)
        #expect(before.status == .ok)
        let answer = await act(second, service)
        #expect(answer.status == .conflict)
        #expect(answer.codes == [code])
        #expect(await service.get(Self.campaign, key: TestApp.adminKey).json == before.json)
    }

    @Test func aLockedCampaignIsStillAnnounced() async throws {
        let service = try await TestApp.withDigidel2013()
        let locked = await act("lock", service)
        let announced = await act("announce", service)
        #expect(announced.status == .ok)
        #expect(announced.json == locked.json)
    }

    @Test func aDraftIsNotLocked() async throws {
        let service = try await Self.serviceWithDraft()
        let answer = await act("lock", service, on: "campaigns/draft")
        #expect(answer.status == .conflict)
        #expect(answer.codes == ["campaignNotOpen"])
    }

    /// However many do it at once, it is done once.
    @Test func itIsDoneOnceWhenManyDoItAtOnce() async throws {
        let service = try await TestApp.withDigidel2013()
        let answers = await withTaskGroup(of: Answer.self) { group in
            for _ in 1...8 { group.addTask { await act("lock", service) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.status == .ok })
        #expect(Set(answers.map(\.text)).count == 1)
    }

    // MARK: The request

    @Test(arguments: ["announce", "lock", "cancel"])
    func anActTakesNothing(act name: String) async throws {
        let service = try await TestApp.withDigidel2013()
        let target = "\(Self.campaign)/\(name)"
        for body in ["{\"reason\": \"x\"}", "[]", "x", "null"] {
            let answer = await service.send(.post, target, body: Array(body.utf8))
            #expect(answer.status == .badRequest, "\(body)")
        }
        #expect(await service.post("\(target)?on=2012-01-01", [:]).status == .badRequest)
        let stale = await service.ask(.post, target, fields: ["If-Match": "\"7-sv\""])
        #expect(stale.status == .preconditionFailed)
        #expect(await service.get(Self.campaign)["revision"] == 1)
        #expect(await service.post(target, [:]).status == .ok)
        #expect(await service.send(.post, target, body: []).status == .ok)
        #expect(await service.post("campaigns/nothing/\(name)", [:]).status == .notFound)
        #expect(await service.get(target).status == .methodNotAllowed)
    }

    @Test(arguments: ["announce", "lock", "cancel"])
    func onlyCoordinatorsAct(act name: String) async throws {
        let service = try await TestApp.withDigidel2013()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        #expect(await act(name, service, key: nil).status == .unauthorized)
        #expect(await act(name, service, key: partner).status == .forbidden)
        #expect(await act(name, service, key: coordinator).status == .ok)
    }
}
