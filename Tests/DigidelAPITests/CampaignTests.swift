import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct CampaignTests {
    /// eMedborgarveckan 2012, which takes reports until the end of November.
    private static let week: JSONValue = [
        "id": "emedborgarveckan-2012", "series": "emedborgarveckan",
        "name": ["sv": "eMedborgarveckan 2012", "en": "eCitizen Week 2012"],
        "description": "En vecka om året", "startsOn": "2012-10-01", "endsOn": "2012-10-07",
        "countries": ["se", "no"], "organiser": "motala-bibliotek",
        "partners": ["motala-bibliotek", "bolaget"],
        "funding": [["funder": "Kungliga biblioteket", "amount": .exactly("250000.5"), "currency": "SEK"]],
        "measures": ["attendances", "reached"],
        "reporting": [
            "opensAt": "2012-09-24T06:00:00Z", "dueAt": "2012-10-31T22:59:59Z",
            "closesAt": "2012-11-30T22:59:59Z",
        ],
    ]

    /// Shared by tests that change nothing.
    private static let shared = Task { try await service() }

    private static func service(at now: String = TestApp.now) async throws -> TestApp {
        let service = try await TestApp.make(at: now)
        try await service.makeOrganisation()
        try await service.makeOrganisation("bolaget", area: "no-03")
        let series = await service.post(
            "campaign-series", ["id": "emedborgarveckan", "name": "eMedborgarveckan"])
        guard series.status == .created else { throw TestApp.Unexpected(series) }
        let campaign = await service.post("campaigns", Self.week)
        guard campaign.status == .created else { throw TestApp.Unexpected(campaign) }
        return service
    }

    @Test func aCampaignComesBackAsItWasGiven() async throws {
        let service = try await Self.shared.value
        let read = await service.get("campaigns/emedborgarveckan-2012?lang=all")
        guard case .object(let given) = Self.week else { return }
        for (name, value) in given where name != "description" { #expect(read[name] == value, "\(name)") }
        #expect(read["description"] == ["sv": "En vecka om året"])
        #expect(read["timeZone"] == "Europe/Stockholm")
        #expect(read["lockedAt"] == nil)
        #expect(read["predecessor"] == nil)
    }

    @Test(arguments: [
        ("2012-06-30T10:00:00Z", "announced"), ("2012-09-30T21:59:59Z", "announced"),
        ("2012-09-30T22:00:00Z", "running"), ("2012-10-07T21:59:59Z", "running"),
        ("2012-10-07T22:00:00Z", "reporting"), ("2012-11-30T22:59:59Z", "reporting"),
        ("2012-11-30T23:00:00Z", "closed"),
    ])
    func theStateFollowsTheClockOfTheCampaign(now: String, state: String) async throws {
        let service = try await Self.shared.value.another(at: now)
        let answer = await service.get("campaigns/emedborgarveckan-2012")
        #expect(answer["state"]?.string == state)
        #expect(try await service.ids("campaigns?state=\(state)", key: nil) == ["emedborgarveckan-2012"])
        let others = ["announced", "running", "reporting", "closed", "locked", "cancelled"].filter {
            $0 != state
        }
        #expect(try await service.ids("campaigns?state=\(others.joined(separator: ","))", key: nil) == [])
    }

    @Test func theDayBeginsInTheCampaignsTimeZone() async throws {
        let service = try await Self.service(at: "2012-09-30T23:59:59Z")
        let moved = await service.patch("campaigns/emedborgarveckan-2012", ["timeZone": "Atlantic/Reykjavik"])
        #expect(moved["state"] == "announced")
        service.clock.set("2012-10-01T00:00:00Z")
        #expect(await service.get("campaigns/emedborgarveckan-2012")["state"] == "running")
    }

    /// Nothing was written when a state begins, and yet it is another answer.
    @Test func theETagChangesWithTheState() async throws {
        let service = try await Self.service()
        let announced = await service.get("campaigns/emedborgarveckan-2012")
        let etag = try #require(announced.etag)
        service.clock.set("2012-10-03T10:00:00Z")
        let running = await service.get("campaigns/emedborgarveckan-2012", fields: ["If-None-Match": etag])
        #expect(running.status == .ok)
        #expect(running["state"] == "running")
        #expect(running.etag != etag)
        // It is the same revision all the same, so what was read may be changed.
        let changed = await service.patch("campaigns/emedborgarveckan-2012", ["name": "Nytt"], ifMatch: etag)
        #expect(changed.status == .ok)
    }

    @Test func withoutReportingTimesItStaysInReporting() async throws {
        let service = try await Self.service(at: "2024-01-01T00:00:00Z")
        let emptied = await service.patch("campaigns/emedborgarveckan-2012", ["reporting": .null])
        #expect(emptied["reporting"] == [:])
        #expect(emptied["state"] == "reporting")
    }

    @Test(arguments: [("locked_at", "locked"), ("cancelled_at", "cancelled")])
    func lockAndCancelGoBeforeTheClock(column: String, state: String) async throws {
        let service = try await Self.service(at: "2012-10-03T10:00:00Z")
        let instant = "2012-10-02T08:00:00Z"
        try await service.app.database.execute(
            column == "locked_at"
                ? "update campaigns set locked_at = \(instant)"
                : "update campaigns set cancelled_at = \(instant)")
        let answer = await service.get("campaigns/emedborgarveckan-2012")
        #expect(answer["state"]?.string == state)
        #expect(answer["lockedAt"]?.string == (state == "locked" ? instant : nil))
        #expect(try await service.ids("campaigns?state=\(state)", key: nil).count == 1)
        // Only the service writes it.
        let changed = await service.patch(
            "campaigns/emedborgarveckan-2012", ["lockedAt": .null, "state": "running"])
        #expect(changed.status == .ok)
        #expect(changed["state"]?.string == state)
    }

    private static let withChristmas = Task {
        let service = try await Self.service()
        let created = await service.post(
            "campaigns",
            [
                "id": "jul-2012", "name": "Jul 2012", "startsOn": "2012-12-24", "endsOn": "2012-12-24",
                "countries": ["dk"], "organiser": "bolaget", "measures": ["attendances"],
            ])
        guard created.status == .created else { throw TestApp.Unexpected(created) }
        return service
    }

    @Test(arguments: [
        ("", ["emedborgarveckan-2012", "jul-2012"]), ("series=emedborgarveckan", ["emedborgarveckan-2012"]),
        ("series=nothing", []), ("country=dk", ["jul-2012"]),
        ("country=no,dk", ["emedborgarveckan-2012", "jul-2012"]),
        ("on=2012-10-01", ["emedborgarveckan-2012"]),
        ("on=2012-10-07", ["emedborgarveckan-2012"]), ("on=2012-10-08", []), ("on=2012-12-24", ["jul-2012"]),
        ("q=ecitizen", ["emedborgarveckan-2012"]), ("q=2012&country=dk", ["jul-2012"]),
    ])
    func filtersCombine(query: String, ids: [String]) async throws {
        let service = try await Self.withChristmas.value
        #expect(try await service.ids("campaigns?sort=id&\(query)", key: nil) == ids)
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "campaigns",
            [
                "id": "A", "series": "B", "name": "", "description": "", "startsOn": "2012-13-01",
                "endsOn": 2012,
                "countries": ["se", "fi"], "organiser": "", "partners": ["ok-1", "No"],
                "timeZone": "Stockholm",
                "funding": [["amount": -1, "currency": "kr", "note": "x"], "KB"], "predecessor": ["x"],
                "measures": [], "reporting": ["opensAt": "2012-10-01", "due": "x"], "draft": "yes",
                "lockedAt": "2012-01-01T00:00:00Z", "state": "running",
            ])
        #expect(answer.status == .badRequest)
        let pointers = [
            "/id", "/series", "/name", "/description", "/startsOn", "/endsOn", "/countries/1", "/organiser",
            "/partners/1", "/timeZone", "/funding/0/funder", "/funding/0/amount", "/funding/0/currency",
            "/funding/0/note", "/funding/1", "/predecessor", "/measures", "/reporting/opensAt",
            "/reporting/due",
            "/draft", "/lockedAt", "/state",
        ]
        #expect(answer.faults.keys.sorted() == pointers.sorted())
        #expect(answer.codes == ["malformed"])
        let empty = await service.post("campaigns", [:])
        let required = ["/countries", "/endsOn", "/measures", "/name", "/organiser", "/startsOn"]
        #expect(empty.faults.keys.sorted() == required)
    }

    @Test func everyBrokenRuleIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "campaigns",
            [
                "id": "new-one", "name": "Nytt", "series": "nothing", "startsOn": "2012-10-02",
                "endsOn": "2012-10-01", "countries": ["se"], "organiser": "nobody",
                "partners": ["bolaget", "nobody"], "predecessor": "nothing", "measures": ["reached"],
                "reporting": [
                    "opensAt": "2012-10-03T00:00:00Z", "dueAt": "2012-10-02T00:00:00Z",
                    "closesAt": "2012-10-01T00:00:00Z",
                ],
            ])
        #expect(answer.status == .unprocessableContent)
        #expect(
            answer.faults == [
                "/series": "unknownSeries", "/endsOn": "periodReversed", "/organiser": "unknownOrganisation",
                "/partners/1": "unknownOrganisation", "/predecessor": "unknownCampaign",
                "/reporting/dueAt": "periodReversed", "/reporting/closesAt": "periodReversed",
            ])
    }

    @Test func noCampaignComesBeforeItself() async throws {
        let service = try await Self.shared.value
        let answer = await service.patch(
            "campaigns/emedborgarveckan-2012", ["predecessor": "emedborgarveckan-2012"])
        #expect(answer.status == .unprocessableContent)
        #expect(answer.faults == ["/predecessor": "unknownCampaign"])
    }

    /// What the database would not know as a time zone must not be stored.
    @Test(arguments: [
        "Europe/Atlantis", "Europe/../UTC", "Europe/", "/UTC", "GMT+02:00", "EST5EDT/", "Europe/Stockholm ",
        "",
        "posix/Europe/Stockholm",
    ])
    func timeZonesAreThoseOfTheDatabase(timeZone: String) async throws {
        let service = try await Self.shared.value
        let answer = await service.patch("campaigns/emedborgarveckan-2012", ["timeZone": .string(timeZone)])
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer.faults == ["/timeZone": "malformed"])
    }

    @Test(arguments: ["Europe/Oslo", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+12"])
    func timeZonesOfTheDatabaseAreTaken(timeZone: String) async throws {
        let service = try await Self.service()
        let answer = await service.patch("campaigns/emedborgarveckan-2012", ["timeZone": .string(timeZone)])
        #expect(answer.status == .ok, "\(answer.text)")
        #expect(answer["timeZone"]?.string == timeZone)
    }

    @Test func aChangeMayNotLeaveCountsOutside() async throws {
        let service = try await Self.service(at: "2012-10-10T10:00:00Z")
        let count = await service.post(
            "participant-counts",
            TestApp.count([
                "campaign": "emedborgarveckan-2012", "measure": "attendances", "from": "2012-10-02",
                "to": "2012-10-06", "evidence": .null,
            ]))
        guard count.status == .created else { throw TestApp.Unexpected(count) }
        let refused: [JSONValue] = [
            ["startsOn": "2012-10-03"], ["endsOn": "2012-10-05"], ["countries": ["no"]],
            ["measures": ["reached"]],
        ]
        for change in refused {
            let answer = await service.patch("campaigns/emedborgarveckan-2012", change)
            #expect(answer.status == .conflict, "\(answer.text)")
            #expect(answer.codes == ["periodOutsideCampaign"])
        }
        let allowed: [JSONValue] = [
            ["startsOn": "2012-10-02", "endsOn": "2012-10-06"], ["countries": ["se"]],
            ["measures": ["attendances"]],
        ]
        for change in allowed {
            #expect(await service.patch("campaigns/emedborgarveckan-2012", change).status == .ok)
        }
    }
}
