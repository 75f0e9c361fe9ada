import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct GoalProgressTests {
    private static let progress = "goals/digidel2013/progress"

    /// Reports a value on a day.
    private func report(
        _ value: Int, on day: String, _ changes: [String: JSONValue] = [:], to service: TestApp
    ) async throws {
        let report = TestApp.count([
            "value": .number(.init(value)), "from": .string(day), "to": .string(day), "externalId": .null,
        ])
        let answer = await service.post("participant-counts", report.merged(with: .object(changes)))
        guard answer.status == .created else { throw TestApp.Unexpected(answer) }
    }

    // MARK: Figures

    /// The worked example of domain.md, section 4: 210 000 of 500 000 after 547 of 1096 days.
    @Test func theWorkedExampleHasItsFigures() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(120_000, on: "2011-12-31", to: service)
        try await report(90_000, on: "2012-06-30", to: service)
        let answer = await service.get(Self.progress)
        #expect(answer.status == .ok)
        let figures: [(String, JSONValue)] = [
            ("goal", "digidel2013"), ("unit", "people"), ("measure", "newlyIncluded"),
            ("campaign", "digidel2013"),
            ("target", 500_000), ("baseline", 0), ("value", 210_000), ("achieved", 210_000),
            ("required", 500_000), ("remaining", 290_000), ("expected", .exactly("249543.8")),
            ("variance", .exactly("-39543.8")), ("pace", .exactly("0.842")),
            ("requiredPerDay", .exactly("528.2")), ("status", "atRisk"), ("achievedOn", .null),
            ("finality", "preliminary"), ("on", "2012-06-30"),
            ("progress", ["numerator": 210_000, "denominator": 500_000, "percent": 42]),
        ]
        for (name, figure) in figures { #expect(answer[name] == figure, "\(name)") }
        // 90 000 in the last 90 days is 1000 a day: 549 days are left, and 290 would do.
        #expect(
            answer["projection"] == [
                "overall": 420_768, "recent": 759_000, "completionDate": "2013-04-16",
            ])
        #expect(answer["explanation", "daysTotal"] == 1096)
        #expect(answer["explanation", "daysElapsed"] == 547)
        #expect(answer["explanation", "tolerance"] == .exactly("0.15"))
        #expect(answer["_links", "self", "href"] == .string("\(TestApp.baseURL)/\(Self.progress)"))
    }

    /// The bounds of the worked example: 212 112.2 and 174 680.7; and of the other bands.
    @Test func theStatusFollowsTheBounds() async throws {
        let service = try await TestApp.withDigidel2013()
        let statuses = [
            (0, "offTrack"), (174_680, "offTrack"), (174_681, "atRisk"), (212_112, "atRisk"),
            (212_113, "onTrack"),
            (286_975, "onTrack"), (286_976, "ahead"), (499_999, "ahead"), (500_000, "achieved"),
        ]
        var reported = 0
        for (value, status) in statuses {
            try await report(value - reported, on: "2012-06-30", to: service)
            reported = value
            #expect(await service.get(Self.progress)["status"]?.string == status, "\(value)")
        }
    }

    @Test func aDayIsJudgedByWhatWasCountedUntilThen() async throws {
        let service = try await TestApp.withDigidel2013(at: "2014-06-01T00:00:00Z")
        try await report(120_000, on: "2011-12-31", to: service)
        try await report(380_000, on: "2012-05-31", to: service)
        let days = [
            ("2010-12-31", "notStarted", 0), ("2011-01-01", "insufficientData", 0),
            ("2011-01-06", "insufficientData", 0), ("2011-01-07", "offTrack", 0),
            ("2011-12-30", "offTrack", 0),
            ("2011-12-31", "atRisk", 120_000), ("2012-05-31", "achieved", 500_000),
            ("2013-12-31", "achieved", 500_000),
        ]
        for (day, status, value) in days {
            let answer = await service.get("\(Self.progress)?on=\(day)")
            #expect(answer["status"]?.string == status, "\(day)")
            #expect(answer["value"]?.integer == value)
            #expect(answer["on"]?.string == day)
            #expect(answer["achievedOn"] == (status == "achieved" ? "2012-05-31" : .null))
        }
    }

    @Test func afterTheEndReportsAreAwaitedUntilTheCampaignIsLocked() async throws {
        let service = try await TestApp.withDigidel2013(at: "2014-01-01T10:00:00Z")
        try await report(499_999, on: "2013-12-31", to: service)
        let awaiting = await service.get(Self.progress)
        #expect(awaiting["status"] == "awaitingReports")
        #expect(awaiting["requiredPerDay"] == .null)
        #expect(awaiting["finality"] == "preliminary")
        try await service.app.database.execute(
            "update campaigns set locked_at = now(), revision = revision + 1")
        await service.app.changed("digidel2013")
        let missed = await service.get(Self.progress)
        #expect(missed["status"] == "missed")
        #expect(missed["finality"] == "final")
    }

    @Test func aCancelledGoalSaysSoAndProjectsNothing() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(210_000, on: "2012-06-30", to: service)
        _ = await service.patch("goals/digidel2013", ["cancelled": .bool(true)])
        let answer = await service.get(Self.progress)
        #expect(answer["status"] == "cancelled")
        #expect(answer["value"] == 210_000)
        #expect(answer["projection"] == ["overall": .null, "recent": .null, "completionDate": .null])
    }

    @Test func milestonesBendWhatIsExpected() async throws {
        let service = try await TestApp.withDigidel2013()
        let changed = await service.patch(
            "goals/digidel2013",
            [
                "milestones": [
                    ["date": "2011-12-31", "value": 100_000], ["date": "2012-12-30", "value": 300_000],
                ]
            ])
        #expect(changed.status == .ok)
        #expect(await service.get("\(Self.progress)?on=2011-12-31")["expected"] == 100_000)
        // 182 of the 365 days from the first milestone to the next.
        #expect(await service.get("\(Self.progress)?on=2012-06-30")["expected"] == .exactly("199726"))
    }

    @Test func aGoalMayLeadDownFromABaseline() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(250, on: "2012-06-30", to: service)
        let created = await service.post(
            "goals",
            [
                "id": "fewer", "name": "Färre", "campaign": "digidel2013", "kind": "contribution",
                "measure": "newlyIncluded", "direction": "down", "baseline": ["value": .exactly("1000.5")],
                "target": .exactly("500.5"),
            ])
        #expect(created.status == .created, "\(created.text)")
        let answer = await service.get("goals/fewer/progress")
        // What is counted adds to the value: the goal moves away from its target.
        #expect(answer["value"] == .exactly("1250.5"))
        #expect(answer["achieved"] == -250)
        #expect(answer["required"] == 500)
        #expect(answer["remaining"] == 750)
        #expect(answer["status"] == "offTrack")
    }

    @Test func measuresAreNeverMixed() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(42, on: "2012-06-30", to: service)
        try await report(1000, on: "2012-06-30", ["measure": "attendances"], to: service)
        #expect(await service.get(Self.progress)["value"] == 42)
    }

    // MARK: Which day

    @Test func todayIsTheCampaigns() async throws {
        let service = try await TestApp.withDigidel2013(at: "2012-06-30T21:59:59Z")
        #expect(await service.get(Self.progress)["on"] == "2012-06-30")
        service.clock.set("2012-06-30T22:00:00Z")
        #expect(await service.get(Self.progress)["on"] == "2012-07-01")
        _ = await service.patch("campaigns/digidel2013", ["timeZone": "Atlantic/Reykjavik"])
        #expect(await service.get(Self.progress)["on"] == "2012-06-30")
    }

    @Test func aDayToComeIsRefused() async throws {
        let service = try await TestApp.withDigidel2013()
        #expect(await service.get("\(Self.progress)?on=2012-06-30").status == .ok)
        for query in ["on=2012-07-01", "on=9999-12-31", "on=2012-02-30", "on=", "on=today"] {
            let answer = await service.get("\(Self.progress)?\(query)")
            #expect(answer.status == .badRequest, "\(query)")
            #expect(answer.faults == ["on": "malformed"])
        }
    }

    @Test func aGoalThatIsNotThereIsNotFound() async throws {
        let service = try await TestApp.withDigidel2013()
        #expect(await service.get("goals/nothing/progress").status == .notFound)
        #expect(await service.get("goals/nothing/progress?on=2999-01-01").status == .notFound)
    }

    // MARK: Polling

    @Test func theETagChangesWithACountAndNotOtherwise() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(1, on: "2012-06-30", to: service)
        let first = await service.get(Self.progress)
        let etag = try #require(first.etag)
        // Another campaign, a report that is refused, a name of another thing.
        let other = await service.post(
            "campaigns",
            [
                "id": "other", "name": "Other", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["newlyIncluded"],
            ])
        #expect(other.status == .created)
        try await report(7, on: "2012-06-30", ["campaign": "other"], to: service)
        _ = await service.post("participant-counts", TestApp.count(["value": -1]))
        _ = await service.patch("organisations/motala-bibliotek", ["name": "Nytt"])
        let second = await service.get(Self.progress)
        #expect(second.response.body == first.response.body)
        #expect(second.etag == etag)
        let known = await service.get(Self.progress, fields: ["If-None-Match": etag])
        #expect(known.status == .notModified)
        #expect(known.response.body.isEmpty)

        try await report(0, on: "2012-06-30", to: service)
        let third = await service.get(Self.progress, fields: ["If-None-Match": etag])
        #expect(third.status == .ok)
        #expect(third.etag != etag)
    }

    @Test func sendingAgainChangesNothing() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await service.post("participant-counts", TestApp.count())
        let etag = try #require(await service.get(Self.progress).etag)
        #expect(await service.post("participant-counts", TestApp.count()).status == .ok)
        #expect(await service.post("participant-counts", TestApp.count(["value": 1])).status == .conflict)
        #expect(await service.get(Self.progress, fields: ["If-None-Match": etag]).status == .notModified)
    }

    /// At midnight the answer is another although nothing was reported.
    @Test func theETagSaysDayAndLanguage() async throws {
        let service = try await TestApp.withDigidel2013()
        let today = await service.get(Self.progress)
        let swedish = await service.get("\(Self.progress)?on=2012-06-30")
        #expect(swedish.etag == today.etag)
        #expect(swedish.response.body == today.response.body)
        service.clock.set("2012-07-01T10:00:00Z")
        let tomorrow = await service.get(Self.progress)
        let english = await service.get(Self.progress, fields: ["Accept-Language": "en"])
        let every = await service.get("\(Self.progress)?lang=all")
        #expect(Set([today.etag, tomorrow.etag, english.etag, every.etag]).count == 4)
        #expect(today["version"] == tomorrow["version"])
        #expect(every["name"] == ["sv": "500 000 fler"])
    }

    @Test func theVersionGrowsWithEveryChange() async throws {
        let service = try await TestApp.withDigidel2013()
        var versions = [try #require(await service.get(Self.progress)["version"]?.integer)]
        func observe() async throws {
            versions.append(try #require(await service.get(Self.progress)["version"]?.integer))
        }
        try await report(0, on: "2012-06-01", to: service)
        try await observe()
        _ = await service.patch("goals/digidel2013", ["target": 400_000])
        try await observe()
        _ = await service.patch("campaigns/digidel2013", ["timeZone": "Europe/Oslo"])
        try await observe()
        #expect(versions == [2, 3, 4, 5])
    }

    @Test func asOfIsWhenTheLastChangeHappened() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("participant-counts", TestApp.count())
        let answer = await service.get(Self.progress)
        #expect(answer["asOf"] == created["recordedAt"])
        #expect(answer["lastReportAt"] == created["recordedAt"])
        let changed = await service.patch("goals/digidel2013", ["target": 400_000])
        let later = await service.get(Self.progress)
        #expect(later["asOf"] == changed["updatedAt"])
        #expect(later["lastReportAt"] == created["recordedAt"])
    }

    /// An ETag stands for one content: that of a goal moved to another campaign is not met again.
    @Test func theVersionGrowsWhenTheGoalMovesToAnotherCampaign() async throws {
        let service = try await TestApp.withDigidel2013()
        for _ in 1...3 { try await report(1, on: "2012-06-30", to: service) }
        let before = try #require(await service.get(Self.progress)["version"]?.integer)
        let other = await service.post(
            "campaigns",
            [
                "id": "other", "name": "Other", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["newlyIncluded"],
            ])
        #expect(other.status == .created)
        #expect(await service.patch("goals/digidel2013", ["campaign": "other"]).status == .ok)
        let after = try #require(await service.get(Self.progress)["version"]?.integer)
        #expect(after > before)
    }

    // MARK: Scope

    private static let scopes: [(scope: JSONValue, value: Int)] = [
        ([:], 1111), (["areas": ["se-0583"]], 1), (["areas": ["se-05"]], 11), (["areas": ["se"]], 111),
        (["areas": ["no", "se-0180"]], 1100), (["areas": ["se", "se-05", "se-0583"]], 111),
        (["areas": ["dk"]], 0), (["organisations": ["motala-bibliotek"]], 11),
        (["organisations": ["verket", "motala-bibliotek"]], 1111), (["kinds": ["agency"]], 1100),
        (["kinds": ["library", "agency"]], 1111), (["kinds": ["company"]], 0),
        (["channels": ["phone"]], 1010),
        (["channels": ["onSite", "phone"]], 1111),
        (["areas": ["se"], "kinds": ["agency"], "channels": ["onSite"]], 100),
        (["areas": ["se-05"], "kinds": ["agency"]], 0),
    ]

    @Test func aScopeLimitsWhatIsSummed() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await service.patch("campaigns/digidel2013", ["countries": ["se", "no", "dk"]])
        try await service.makeOrganisation("verket", area: "no")
        _ = await service.patch("organisations/verket", ["kind": "agency"])
        let counts: [(Int, [String: JSONValue])] = [
            (1, ["area": "se-0583"]), (10, ["area": "se-0580", "channel": "phone"]),
            (100, ["area": "se-0180", "organisation": "verket"]),
            (1000, ["area": "no-0301", "organisation": "verket", "channel": "phone"]),
        ]
        for (value, changes) in counts {
            try await report(value, on: "2012-06-30", changes, to: service)
        }
        // What an organisation was when it reported stays.
        _ = await service.patch("organisations/verket", ["kind": "company", "area": "dk"])
        for (scope, value) in Self.scopes {
            _ = await service.patch("goals/digidel2013", ["scope": .null])
            let changed = await service.patch("goals/digidel2013", ["scope": scope])
            #expect(changed["scope"] == scope, "\(changed.text)")
            let answer = await service.get(Self.progress)
            #expect(answer["value"]?.integer == value, "\(scope)")
            #expect((answer["lastReportAt"] == .null) == (value == 0), "\(scope)")
        }
    }

    @Test func onlyDaysOfTheGoalCount() async throws {
        let service = try await TestApp.withDigidel2013()
        for day in ["2012-02-29", "2012-03-01", "2012-04-30", "2012-05-01"] {
            try await report(1, on: day, to: service)
        }
        // It began before the goal did; the day it ended on decides.
        try await report(10, on: "2012-03-02", ["from": "2012-02-01"], to: service)
        _ = await service.patch("goals/digidel2013", ["startsOn": "2012-03-01", "endsOn": "2012-04-30"])
        #expect(await service.get(Self.progress)["value"] == 12)
        _ = await service.patch("goals/digidel2013", ["scope": ["areas": ["se"]]])
        #expect(await service.get(Self.progress)["value"] == 12)
    }

    @Test func aGoalWithoutACampaignSumsThemAll() async throws {
        let service = try await TestApp.withDigidel2013()
        let other = await service.post(
            "campaigns",
            [
                "id": "other", "name": "Other", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["newlyIncluded"],
            ])
        #expect(other.status == .created)
        let goal = await service.post(
            "goals",
            [
                "id": "all", "name": "Alla", "kind": "contribution", "measure": "newlyIncluded",
                "target": 1000,
                "startsOn": "2012-01-01", "endsOn": "2012-06-29", "scope": ["areas": ["se"]],
            ])
        #expect(goal.status == .created)
        let before = await service.get("goals/all/progress")
        #expect(before["campaign"] == nil)
        try await report(1, on: "2012-06-01", to: service)
        let between = await service.get("goals/all/progress")
        try await report(10, on: "2012-06-01", ["campaign": "other"], to: service)
        let after = await service.get("goals/all/progress")
        #expect(after["value"] == 11)
        #expect(Set([before.etag, between.etag, after.etag]).count == 3)
        let versions = [before, between, after].compactMap { $0["version"]?.integer }
        #expect(versions == versions.sorted() && Set(versions).count == 3)
        // Nobody is waited for once the time is over.
        #expect(after["status"] == "missed")
    }
}
