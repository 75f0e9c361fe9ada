import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct EnrolmentTests {
    private static let list = "campaigns/digidel2013/enrolments"
    private static let item = "campaigns/digidel2013/enrolments/motala-bibliotek"

    private func put(
        _ body: JSONValue, _ service: TestApp, _ target: String = Self.item, key: String? = TestApp.adminKey
    ) async -> Answer {
        await service.ask(.put, target, body, key: key)
    }

    private func version(_ service: TestApp) async throws -> Int {
        try #require(await service.get("campaigns/digidel2013/completeness")["version"]?.integer)
    }

    // MARK: PUT

    @Test func anEnrolmentIsPutAndPutAgain() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await put([:], service)
        #expect(created.status == .created, "\(created.text)")
        #expect(created.created == Self.item)
        #expect(
            created.json?.without("_links") == [
                "campaign": "digidel2013", "organisation": "motala-bibliotek", "name": "motala-bibliotek",
                "area": "se-0583", "expected": .bool(true), "enrolledOn": "2012-06-30",
            ])
        let read = await service.get(Self.item, key: TestApp.adminKey)
        #expect(read.json == created.json)
        #expect(read.etag == created.etag)

        let changed = await put(
            ["expected": .bool(false), "exemptReason": "Bygger om", "enrolledOn": "2011-02-01"], service)
        #expect(changed.status == .ok)
        #expect(changed.location == nil)
        #expect(changed["expected"] == .bool(false))
        #expect(changed["exemptReason"] == "Bygger om")
        #expect(changed["enrolledOn"] == "2011-02-01")
        #expect(changed.etag != created.etag)

        // What is left out gets its default, but it is enrolled since it was.
        let again = await put([:], service)
        #expect(again["expected"] == .bool(true))
        #expect(again["exemptReason"] == nil)
        #expect(again["enrolledOn"] == "2011-02-01")
    }

    @Test func whatWasReadCanBePutBack() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await put(["exemptReason": "Bygger om"], service)
        let before = try await version(service)
        let read = await service.get("\(Self.item)?lang=all", key: TestApp.adminKey)
        let put = await put(try #require(read.json), service)
        #expect(put.status == .ok, "\(put.text)")
        #expect(put["exemptReason"] == "Bygger om")
        // It says the same, so nothing has changed.
        #expect(try await version(service) == before)
    }

    /// 23:30 in Stockholm is the day before in UTC, not in the campaign's zone.
    @Test func todayIsTheCampaigns() async throws {
        let service = try await TestApp.withDigidel2013(at: "2012-06-30T22:30:00Z")
        #expect(await put([:], service)["enrolledOn"] == "2012-07-01")
    }

    @Test func theVersionGrowsWithEveryChange() async throws {
        let service = try await TestApp.withDigidel2013()
        let before = try await version(service)
        _ = await put([:], service)
        #expect(try await version(service) == before + 1)
        _ = await put(["expected": .bool(false)], service)
        #expect(try await version(service) == before + 2)
        _ = await service.ask(.delete, Self.item)
        #expect(try await version(service) == before + 3)
    }

    @Test func faultsAreToldAtOnce() async throws {
        let service = try await TestApp.withDigidel2013()
        let answer = await put(
            ["expected": "yes", "exemptReason": "", "enrolledOn": "2012-13-01", "since": 1], service)
        #expect(answer.status == .badRequest)
        #expect(answer.faults.keys.sorted() == ["/enrolledOn", "/exemptReason", "/expected", "/since"])
        let long = await put(["exemptReason": .string(String(repeating: "x", count: 501))], service)
        #expect(long.faults == ["/exemptReason": "malformed"])
        let personal = await put(["exemptReason": "Ring Eva, 070-123 45 67"], service)
        #expect(personal.status == .unprocessableContent)
        #expect(personal.faults == ["/exemptReason": "personalData"])
        #expect(await service.get(Self.item).status == .notFound)
    }

    @Test func unknownPathsAreNotFound() async throws {
        let service = try await TestApp.withDigidel2013()
        for path in ["campaigns/nothing/enrolments/motala-bibliotek", "\(Self.list)/nothing"] {
            #expect(await put([:], service, path).status == .notFound)
            #expect(await service.get(path).status == .notFound)
            #expect(await service.ask(.delete, path).status == .notFound)
        }
        #expect(await service.get("campaigns/nothing/enrolments").status == .notFound)
        #expect(await service.ask(.delete, Self.item).status == .notFound)
    }

    @Test func onlyCoordinatorsEnrolAndEverybodyReads() async throws {
        let service = try await TestApp.withDigidel2013()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        for (key, status) in [(nil, Status.unauthorized), (partner, .forbidden), (coordinator, .created)] {
            #expect(await put([:], service, key: key).status == status)
        }
        for key in [nil, partner] {
            #expect(await service.get(Self.item, key: key).status == .ok)
            #expect(await service.get(Self.list, key: key).status == .ok)
            #expect(
                await service.ask(.delete, Self.item, key: key).status
                    == (key == nil ? .unauthorized : .forbidden))
        }
        #expect(await service.ask(.delete, Self.item, key: coordinator).status == .ok)
    }

    @Test func conditionsHoldForWhatIsPut() async throws {
        let service = try await TestApp.withDigidel2013()
        func put(_ fields: KeyValuePairs<String, String>) async -> Answer {
            await service.ask(.put, Self.item, ["exemptReason": "Bygger om"], fields: fields)
        }
        #expect(await put(["If-Match": "*"]).status == .preconditionFailed)
        let created = await put(["If-None-Match": "*"])
        #expect(created.status == .created)
        #expect(await put(["If-None-Match": "*"]).status == .preconditionFailed)
        #expect(await put(["If-Match": "\"x\""]).status == .preconditionFailed)
        let etag = try #require(created.etag)
        #expect(await put(["If-Match": etag]).status == .ok)
        let stale = await service.ask(.delete, Self.item, fields: ["If-Match": "\"x\""])
        #expect(stale.status == .preconditionFailed)
        #expect(await service.ask(.delete, Self.item, fields: ["If-Match": etag]).status == .ok)
    }

    // MARK: DELETE

    @Test func anEnrolmentIsEnded() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await put(["exemptReason": "Bygger om"], service)
        let deleted = await service.ask(.delete, Self.item)
        #expect(deleted.status == .ok)
        #expect(deleted.json == created.json)
        #expect(await service.get(Self.item).status == .notFound)
        #expect(await put([:], service).status == .created)
    }

    @Test func whoHasReportedStaysEnrolled() async throws {
        let service = try await TestApp.withDigidel2013()
        #expect(await service.post("participant-counts", TestApp.count()).status == .created)
        let own = await service.get(Self.item)
        #expect(own["expected"] == .bool(false))
        #expect(own["enrolledOn"] == "2012-06-30")
        let before = try await version(service)
        let answer = await service.ask(.delete, Self.item)
        #expect(answer.status == .conflict, "\(answer.text)")
        #expect(answer.codes == ["hasCounts"])
        #expect(try await version(service) == before)
        let changed = await put(["expected": .bool(true)], service)
        #expect(changed.status == .ok && changed["expected"] == .bool(true))
    }

    @Test func aLockedCampaignStaysAsItIs() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await put([:], service)
        _ = await service.post("campaigns/digidel2013/lock", [:])
        for method in [Method.put, .delete] {
            let answer = await service.ask(
                method, Self.item, method == .put ? ["expected": .bool(false)] : nil)
            #expect(answer.status == .conflict)
            #expect(answer.codes == ["campaignLocked"])
        }
        #expect(await service.get(Self.item)["expected"] == .bool(true))
    }

    // MARK: List

    /// Three organisations in digidel2013 and one of them in another campaign.
    private static let threeEnrolled = Task {
        let service = try await TestApp.withDigidel2013()
        let other = await service.post(
            "campaigns",
            [
                "id": "other", "name": "Other", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["attendances"],
            ])
        guard other.status == .created else { throw TestApp.Unexpected(other) }
        try await service.makeOrganisation("bolaget", area: "no-03")
        try await service.makeOrganisation("verket", area: "se")
        let bodies: KeyValuePairs<String, JSONValue> = [
            "\(list)/motala-bibliotek": ["enrolledOn": "2011-01-03"],
            "\(list)/verket": ["enrolledOn": "2011-01-01", "exemptReason": "Samordnar"],
            "\(list)/bolaget": ["enrolledOn": "2011-01-02", "expected": .bool(false)],
            "campaigns/other/enrolments/verket": [:],
        ]
        for (target, body) in bodies {
            let answer = await service.ask(.put, target, body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    @Test(arguments: [
        ("", ["bolaget", "motala-bibliotek", "verket"]),
        ("sort=-organisation", ["verket", "motala-bibliotek", "bolaget"]),
        ("sort=enrolledOn", ["verket", "bolaget", "motala-bibliotek"]),
        ("sort=area", ["bolaget", "verket", "motala-bibliotek"]),
        ("sort=name", ["bolaget", "motala-bibliotek", "verket"]),
        ("sort=expected", ["bolaget", "motala-bibliotek", "verket"]),
        ("sort=-exemptReason", ["verket", "bolaget", "motala-bibliotek"]),
        ("sort=campaign", ["bolaget", "motala-bibliotek", "verket"]),
        ("expected=true", ["motala-bibliotek", "verket"]), ("expected=false", ["bolaget"]),
        ("organisation=verket,nobody", ["verket"]), ("organisation=verket&expected=false", []),
    ])
    func theListIsSortedFilteredAndPaged(query: String, organisations: [String]) async throws {
        let service = try await Self.threeEnrolled.value
        let items = try await service.items("\(Self.list)?limit=1&\(query)", key: nil)
        #expect(items.compactMap { $0["organisation"]?.string } == organisations)
        let first = await service.get("\(Self.list)?\(query)")
        #expect(first["_meta", "totalRecords"]?.integer == organisations.count)
    }

    @Test func anItemNamesTheOrganisationAndWhereItIs() async throws {
        let service = try await Self.threeEnrolled.value
        let items = try await service.items("\(Self.list)?organisation=bolaget", key: nil)
        let item = try #require(items.first)
        #expect(
            item.without("_links") == [
                "campaign": "digidel2013", "organisation": "bolaget", "name": "bolaget", "area": "no-03",
                "expected": .bool(false), "enrolledOn": "2011-01-02",
            ])
        #expect(item["_links"]?["self"]?["href"] == .string("\(TestApp.baseURL)/\(Self.list)/bolaget"))
    }

    @Test(arguments: [
        "expected=yes", "expected=", "sort=id", "organisation=", "area=se", "limit=0", "cursor=x",
    ])
    func otherQueriesAreRefused(query: String) async throws {
        let service = try await Self.threeEnrolled.value
        #expect(await service.get("\(Self.list)?\(query)").status == .badRequest)
    }
}
