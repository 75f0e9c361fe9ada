import Foundation
import HTTP
import Postgres
import TestDatabase
import Testing

@testable import DigidelAPI

/// Goals that follow an indicator (stock) or count municipalities (coverage).
@Suite struct GoalKindTests {
    private static let stock = "goals/befolkning/progress"
    private static let coverage = "goals/overallt/progress"

    /// Digidel2013 by the survey, in 2014.
    private func surveyed(_ changes: JSONValue = [:]) async throws -> TestApp {
        let service = try await TestApp.withDigidel2013(at: "2014-06-30T10:00:00Z")
        let indicator = await service.post(
            "indicators", ["id": "ovana", "name": "Ovana", "source": "SCB", "unit": "personer"])
        guard indicator.status == .created else { throw TestApp.Unexpected(indicator) }
        let goal = await service.post("goals", Self.stockGoal(changes))
        guard goal.status == .created else { throw TestApp.Unexpected(goal) }
        return service
    }

    private static func stockGoal(_ changes: JSONValue = [:]) -> JSONValue {
        let goal: JSONValue = [
            "id": "befolkning", "name": "Från 1,7 till 1,2 miljoner", "campaign": "digidel2013",
            "kind": "stock",
            "indicator": "ovana", "direction": "down", "baseline": ["value": 1_700_000], "target": 1_200_000,
        ]
        return goal.merged(with: changes)
    }

    private static func coverageGoal(_ changes: JSONValue = [:]) -> JSONValue {
        let goal: JSONValue = [
            "id": "overallt", "name": "I varje kommun", "campaign": "digidel2013", "kind": "coverage",
            "predicate": "hasReport", "targetPercent": 100,
        ]
        return goal.merged(with: changes)
    }

    private func covering(_ changes: JSONValue = [:]) async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        let goal = await service.post("goals", Self.coverageGoal(changes))
        guard goal.status == .created else { throw TestApp.Unexpected(goal) }
        return service
    }

    private func observe(_ date: String, _ value: String, _ service: TestApp) async throws {
        let answer = await service.ask(
            .put, "indicators/ovana/observations/\(date)", ["value": .exactly(value)])
        guard [.ok, .created].contains(answer.status) else { throw TestApp.Unexpected(answer) }
    }

    private func version(_ target: String, _ service: TestApp) async throws -> Int {
        try #require(await service.get(target)["version"]?.integer)
    }

    // MARK: Stock

    @Test func aStockGoalFollowsItsIndicator() async throws {
        let service = try await surveyed()
        for (date, value) in [
            ("2011-12-31", "1550000"), ("2012-12-31", "1350000"), ("2013-12-31", "1180000"),
        ] {
            try await observe(date, value, service)
        }
        let expected: [(on: String, value: Int, percent: String, status: String, achievedOn: JSONValue)] = [
            ("2010-12-31", 1_700_000, "0", "notStarted", .null),
            ("2011-12-30", 1_700_000, "0", "insufficientData", .null),
            ("2011-12-31", 1_550_000, "30", "onTrack", .null),
            ("2012-12-31", 1_350_000, "70", "onTrack", .null),
            ("2013-12-31", 1_180_000, "104", "achieved", "2013-12-31"),
            ("2014-06-30", 1_180_000, "104", "achieved", "2013-12-31"),
        ]
        for day in expected {
            let answer = await service.get("\(Self.stock)?on=\(day.on)")
            #expect(answer["value"]?.integer == day.value, "\(day.on)")
            #expect(answer["progress", "percent"] == .exactly(day.percent))
            #expect(answer["status"]?.string == day.status)
            #expect(answer["achievedOn"] == day.achievedOn)
        }
        let answer = await service.get("\(Self.stock)?on=2013-12-31")
        #expect(answer["unit"] == "personer")
        #expect(answer["indicator"] == "ovana")
        #expect(answer["measure"] == nil)
        #expect(answer["denominator"] == nil)
        #expect(answer["projection"] == ["overall": 1_175_078, "recent": .null, "completionDate": .null])
        #expect(answer["lastReportAt"] != .null)
        // The goal of what partners report stands beside it, and takes nothing from it.
        #expect(await service.get("goals/digidel2013/progress")["value"] == 0)
    }

    @Test func withoutAnObservationItSaysWhy() async throws {
        let service = try await surveyed()
        let answer = await service.get("\(Self.stock)?on=2012-06-30")
        #expect(answer["status"] == "insufficientData")
        #expect(answer["explanation", "text"]?.string?.contains("observed since the baseline") == true)
        #expect(answer["projection"] == ["overall": .null, "recent": .null, "completionDate": .null])
        #expect(answer["lastReportAt"] == .null)
        let early = await service.get("\(Self.stock)?on=2011-01-02")
        #expect(early["explanation", "text"]?.string?.contains("Too few") == true)
    }

    /// Three observations on a line from the dated baseline: 10 a day, so the target 1000 days after.
    @Test func theLineThroughTheObservationsIsProjected() async throws {
        let service = try await surveyed([
            "direction": "up", "baseline": ["value": 0, "date": "2010-12-31"], "target": 10_000,
        ])
        for (date, value) in [("2011-01-10", "100"), ("2011-01-20", "200")] {
            try await observe(date, value, service)
        }
        let two = await service.get("\(Self.stock)?on=2011-01-30")
        #expect(two["projection"] == ["overall": .null, "recent": .null, "completionDate": .null])
        try await observe("2011-01-30", "300", service)
        let three = await service.get("\(Self.stock)?on=2011-01-30")
        #expect(three["projection"] == ["overall": 10_960, "recent": .null, "completionDate": "2013-09-26"])
    }

    @Test func correctionsAndDeletionsFollowAsOf() async throws {
        let service = try await surveyed()
        try await observe("2011-12-31", "1550000", service)
        let first = await service.get(Self.stock)
        try await observe("2011-12-31", "1540000.5", service)
        let corrected = await service.get(Self.stock)
        _ = await service.ask(.delete, "indicators/ovana/observations/2011-12-31")
        let deleted = await service.get(Self.stock)
        #expect(first["value"] == 1_550_000)
        #expect(corrected["value"] == .exactly("1540000.5"))
        #expect(deleted["value"] == 1_700_000)
        for (answer, value) in [(first, "1550000"), (corrected, "1540000.5"), (deleted, "1700000")] {
            let asOf = try #require(answer["asOf"]?.string)
            let then = await service.get("\(Self.stock)?on=2014-06-30&asOf=\(asOf)")
            #expect(then["value"] == .exactly(value))
            #expect(then["asOf"]?.string == asOf)
        }
        let versions = [first, corrected, deleted].compactMap { $0["version"]?.integer }
        #expect(versions == [versions[0], versions[0] + 1, versions[0] + 2])
        // What was known at an instant does not change by what is told of later.
        let asOf = try #require(deleted["asOf"]?.string)
        try await observe("2011-06-30", "1", service)
        #expect(await service.get("\(Self.stock)?on=2014-06-30&asOf=\(asOf)")["value"] == 1_700_000)
    }

    @Test func anObservationRaisesTheVersionOfAllWhoFollowAndOfNobodyElse() async throws {
        let service = try await surveyed()
        let alone = Self.stockGoal([
            "id": "alone", "campaign": .null, "startsOn": "2011-01-01", "endsOn": "2013-12-31",
        ])
        #expect(await service.post("goals", alone).status == .created)
        _ = await service.post(
            "indicators", ["id": "another", "name": "Annan", "source": "SCB", "unit": "personer"])
        let targets = [Self.stock, "goals/alone/progress", "goals/digidel2013/progress"]
        var before: [Int] = []
        for target in targets { before.append(try await version(target, service)) }
        try await observe("2011-12-31", "1550000", service)
        var after: [Int] = []
        for target in targets { after.append(try await version(target, service)) }
        // Those of one campaign share its counter.
        #expect(after[0] == before[0] + 1 && after[2] == before[2] + 1)
        #expect(after[1] > before[1])
        // The same again, and another indicator, alter nothing.
        try await observe("2011-12-31", "1550000", service)
        _ = await service.ask(.put, "indicators/another/observations/2011-12-31", ["value": 1])
        for (target, version) in zip(targets, after) {
            #expect(try await self.version(target, service) == version)
        }
        // Its unit is part of the answer.
        let unit = await service.put(
            "indicators/ovana", ["name": "Ovana", "source": "SCB", "unit": "tusen personer"])
        #expect(unit.status == .ok)
        for (target, version) in zip(targets, after) {
            #expect(try await self.version(target, service) > version)
        }
        #expect(await service.get(Self.stock)["unit"] == "tusen personer")
    }

    /// A goal's version never falls, wherever it moves.
    @Test func theVersionGrowsWhenAGoalLeavesAndJoinsACampaign() async throws {
        let service = try await surveyed()
        for value in 1...5 { try await observe("2011-12-31", "\(value)", service) }
        var versions = [try await version(Self.stock, service)]
        let dates: JSONValue = ["campaign": .null, "startsOn": "2011-01-01", "endsOn": "2013-12-31"]
        #expect(await service.patch("goals/befolkning", dates).status == .ok)
        versions.append(try await version(Self.stock, service))
        for value in 6...9 { try await observe("2011-12-31", "\(value)", service) }
        versions.append(try await version(Self.stock, service))
        #expect(await service.patch("goals/befolkning", ["campaign": "digidel2013"]).status == .ok)
        versions.append(try await version(Self.stock, service))
        #expect(zip(versions, versions.dropFirst()).allSatisfy { $0 < $1 }, "\(versions)")
    }

    @Test func keptAnswersAreForgottenHereAndElsewhere() async throws {
        let service = try await surveyed()
        let caches = Caches()
        let other = try service.another(caches: caches)
        try await service.whileListening(caches) {
            for value in ["1600000", "1500000"] {
                let before = await other.get(Self.stock)
                #expect(await service.get(Self.stock).etag == before.etag)
                try await observe("2011-12-31", value, service)
                #expect(await service.get(Self.stock)["value"] == .exactly(value))
                let hasHeard = try await eventually {
                    await other.get(Self.stock)["value"] == .exactly(value)
                }
                #expect(hasHeard)
            }
        }
    }

    /// Decisions.md, 23 and 69: by the day it is, not by the day that is asked about.
    @Test func withoutACampaignFiguresAreFinalWhenTheTimeIsOver() async throws {
        let service = try await surveyed()
        let alone = Self.stockGoal([
            "id": "alone", "campaign": .null, "startsOn": "2011-01-01", "endsOn": "2014-06-30",
        ])
        #expect(await service.post("goals", alone).status == .created)
        let target = "goals/alone/progress?on=2012-06-30"
        let before = await service.get(target)
        #expect(before["finality"] == "preliminary")
        #expect(before["reportingRate"] == .null)
        service.clock.set("2014-06-30T22:00:00Z")
        let after = await service.get(target)
        #expect(after["finality"] == "final")
        #expect(after["version"] == before["version"])
        #expect(after.etag != before.etag)
        #expect(await service.get("goals/alone/progress")["status"] == "missed")
    }

    /// The last cumulative value is V, whatever the kind.
    @Test func theSeriesEndsAtTheValue() async throws {
        let service = try await surveyed()
        #expect(await service.post("goals", Self.coverageGoal(["baseline": ["value": 1]])).status == .created)
        for (date, value) in [
            ("2010-06-30", "1690000"), ("2011-12-31", "1550000"), ("2013-12-31", "1180000.5"),
        ] {
            try await observe(date, value, service)
        }
        _ = try await report("se-0583", on: "2011-06-30", to: service)
        for (id, cumulatives) in [
            ("befolkning", ["1550000", "1550000", "1180000.5"]), ("overallt", ["1", "1", "1"]),
        ] {
            let series = await service.get("goals/\(id)/series?interval=year")
            let buckets = try #require(series["buckets"]?.list)
            #expect(buckets.map { $0["cumulative"] } == cumulatives.map(JSONValue.exactly), "\(series.text)")
            let progress = await service.get("goals/\(id)/progress")
            #expect(progress["value"] == buckets.last?["cumulative"])
            #expect(progress["version"] == series["version"])
            #expect(progress["asOf"] == series["asOf"])
            // There are no counts to divide.
            #expect(await service.get("goals/\(id)/breakdown").status == .conflict)
        }
        let first = await service.get("goals/befolkning/series?interval=year")["buckets", 0, "value"]
        #expect(first == -140_000)
    }

    // MARK: Coverage

    /// Reports of a place; the value is 0, which is a report.
    private func report(_ area: String, on day: String = "2012-06-30", to service: TestApp) async throws
        -> Answer
    {
        let answer = await service.post(
            "participant-counts",
            TestApp.count([
                "value": 0, "area": .string(area), "from": .string(day), "to": .string(day),
                "externalId": .null,
            ]))
        guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        return answer
    }

    @Test func municipalitiesWithAReportAreCountedOnce() async throws {
        let service = try await covering()
        let none = await service.get(Self.coverage)
        #expect(none["unit"] == "municipalities")
        #expect(none["predicate"] == "hasReport")
        #expect(none["denominator"] == 290)
        #expect(none["target"] == 290)
        #expect(none["value"] == 0)
        #expect(none["lastReportAt"] == .null)
        _ = try await report("se-0583", on: "2012-06-30", to: service)
        let last = try await report("se-0583", on: "2012-05-31", to: service)
        // A county is no municipality.
        _ = try await report("se-05", to: service)
        let one = await service.get(Self.coverage)
        #expect(one["value"] == 1)
        #expect(one["progress"] == ["numerator": 1, "denominator": 290, "percent": .exactly("0.3")])
        #expect(one["lastReportAt"] == last["recordedAt"])
        _ = try await report("se-0580", on: "2012-06-15", to: service)
        #expect(await service.get(Self.coverage)["value"] == 2)
        for (day, value) in [("2012-05-30", 0), ("2012-05-31", 1), ("2012-06-14", 1), ("2012-06-15", 2)] {
            #expect(await service.get("\(Self.coverage)?on=\(day)")["value"]?.integer == value, "\(day)")
        }
    }

    @Test func withdrawalsAndCorrectionsTakeAMunicipalityBack() async throws {
        let service = try await covering(["targetPercent": .null, "target": 1])
        let count = try await report("se-0583", on: "2012-06-01", to: service)
        let reached = await service.get(Self.coverage)
        #expect(reached["status"] == "achieved")
        #expect(reached["achievedOn"] == "2012-06-01")
        let moved = TestApp.count([
            "value": 0, "area": "se-05", "from": "2012-06-01", "to": "2012-06-01", "externalId": .null,
        ])
        #expect(await service.put(count.created, moved).status == .ok)
        let lost = await service.get(Self.coverage)
        #expect(lost["value"] == 0)
        #expect(lost["status"] == "offTrack")
        #expect(lost["achievedOn"] == .null)
        let back = await service.put(count.created, moved.merged(with: ["area": "se-0580"]))
        #expect(back.status == .ok)
        #expect(await service.get(Self.coverage)["value"] == 1)
        #expect(await service.ask(.delete, count.created, fields: ["If-Match": "*"]).status == .ok)
        #expect(await service.get(Self.coverage)["value"] == 0)
        let asOf = try #require(reached["asOf"]?.string)
        let then = await service.get("\(Self.coverage)?on=2012-06-30&asOf=\(asOf)")
        #expect(then["status"] == "achieved")
        #expect(then["value"] == 1)
    }

    @Test(arguments: [
        (percent: "100", areas: ["se-05"], denominator: 13, target: 13), ("33.3", ["se"], 290, 97),
        ("10", ["se"], 290, 29), ("10.000001", ["se"], 290, 30), ("50", ["no"], 357, 179),
        ("100", ["se-0583", "se-05"], 13, 13), ("1", ["dk", "no", "se"], 745, 8),
    ])
    func aPercentIsOfTheMunicipalitiesInScope(
        percent: String, areas: [String], denominator: Int, target: Int
    ) async throws {
        let service = try await covering([
            "targetPercent": .exactly(percent), "scope": ["areas": .array(areas.map(JSONValue.string))],
        ])
        for answer in [await service.get("goals/overallt"), await service.get(Self.coverage)] {
            #expect(answer["denominator"]?.integer == denominator)
            #expect(answer["target"]?.integer == target)
        }
        #expect(
            await service.get("goals?kind=coverage&sort=-target")["items", 0, "targetPercent"]
                == .exactly(percent))
    }

    /// What a percent makes follows the campaign's countries.
    @Test func theDenominatorFollowsTheCampaign() async throws {
        let service = try await covering()
        let before = await service.get("goals/overallt")
        let version = try await version(Self.coverage, service)
        #expect(await service.patch("campaigns/digidel2013", ["countries": ["se", "dk"]]).status == .ok)
        let after = await service.get("goals/overallt")
        #expect(after["target"] == 388)
        #expect(after["revision"] == before["revision"])
        #expect(after.etag != before.etag)
        #expect(await service.get(Self.coverage)["target"] == 388)
        #expect(try await self.version(Self.coverage, service) > version)
    }

    @Test func withoutACampaignReportsOfAllCount() async throws {
        let service = try await covering([
            "campaign": .null, "startsOn": "2012-01-01", "endsOn": "2012-12-31",
            "scope": ["areas": ["se-05"]],
        ])
        _ = try await report("se-0583", to: service)
        _ = try await report("se-0180", to: service)
        let answer = await service.get(Self.coverage)
        #expect(answer["value"] == 1)
        #expect(answer["denominator"] == 13)
        #expect(answer["lastReportAt"] != .null)
    }

    @Test func aBatchTellsWhatItDoesToCoverage() async throws {
        let service = try await covering()
        _ = try await report("se-0583", on: "2012-06-01", to: service)
        func batch(_ query: String, _ areas: [String]) async -> JSONValue? {
            let rows = areas.enumerated().map { index, area in
                TestApp.count(["area": .string(area), "externalId": .string("\(query)-\(index)"), "value": 0])
            }
            let answer = await service.ask(.post, "participant-counts/batch?\(query)", .array(rows))
            return answer["goals"]?.list?.first { $0["goal"] == "overallt" }
        }
        #expect(
            await batch("dryRun=true", ["se-0580", "se-0180"]) == [
                "goal": "overallt", "before": 1, "after": 3,
            ])
        #expect(
            await batch("dryRun=false", ["se-0580", "se-0583"]) == [
                "goal": "overallt", "before": 1, "after": 2,
            ])
        #expect(await batch("mode=partial", ["se-0583"]) == ["goal": "overallt", "before": 2, "after": 2])
        #expect(await batch("mode=atomic", ["se-05"]) == nil)
        #expect(await service.get(Self.coverage)["value"] == 2)
    }

    /// Each goal is computed from its own scope.
    @Test func aGoalNeverAddsOthers() async throws {
        let service = try await covering()
        for (id, area) in [("landet", "se"), ("lanet", "se-05"), ("kommunen", "se-0583")] {
            let goal: JSONValue = [
                "id": .string(id), "name": .string(id), "campaign": "digidel2013", "kind": "contribution",
                "measure": "newlyIncluded", "target": 1000, "scope": ["areas": [.string(area)]],
            ]
            #expect(await service.post("goals", goal).status == .created)
        }
        for (index, area) in ["se-0583", "se-0580", "se-05", "se-0180"].enumerated() {
            let value = JSONValue.number([1, 10, 100, 1000][index])
            let counted = await service.post(
                "participant-counts",
                TestApp.count(["value": value, "area": .string(area), "externalId": .null]))
            #expect(counted.status == .created)
        }
        for (id, value) in [
            ("landet", 1111), ("lanet", 111), ("kommunen", 1), ("digidel2013", 1111), ("overallt", 3),
        ] {
            #expect(await service.get("goals/\(id)/progress")["value"]?.integer == value, "\(id)")
        }
    }

    // MARK: What a kind has

    @Test(
        arguments: [
            (["measure": .null], ["/measure": "malformed"]),
            (["indicator": "ovana"], ["/indicator": "notOfThisKind"]),
            (["predicate": "hasReport"], ["/predicate": "notOfThisKind"]),
            (["targetPercent": 50], ["/targetPercent": "notOfThisKind"]),
            (["target": .null], ["/target": "malformed"]),
            (["kind": "stock"], ["/measure": "notOfThisKind", "/indicator": "malformed"]),
            (
                [
                    "kind": "stock", "measure": .null, "indicator": "ovana",
                    "scope": ["areas": ["se"], "kinds": ["library"]],
                ],
                ["/scope/areas": "notOfThisKind", "/scope/kinds": "notOfThisKind"]
            ),
            (["kind": "coverage"], ["/measure": "notOfThisKind", "/predicate": "malformed"]),
            (
                [
                    "kind": "coverage", "measure": .null, "predicate": "hasReport", "target": .null,
                    "scope": ["organisations": ["motala-bibliotek"], "channels": ["phone"]],
                ],
                [
                    "/target": "malformed", "/scope/organisations": "notOfThisKind",
                    "/scope/channels": "notOfThisKind",
                ]
            ),
            (["kind": "coverage", "measure": .null, "predicate": "hasLibrary"], ["/predicate": "malformed"]),
            (
                ["kind": "coverage", "measure": .null, "predicate": ["survey": "x-1", "equals": []]],
                ["/predicate/question": "malformed", "/predicate/equals": "malformed"]
            ),
            (
                [
                    "kind": "coverage", "measure": .null,
                    "predicate": ["survey": "x-1", "question": "q", "equals": 10_000_000_000_000],
                ],
                ["/predicate/equals": "malformed"]
            ),
        ] as [(JSONValue, [String: String])])
    func membersOfAnotherKindAreRefused(changes: JSONValue, faults: [String: String]) async throws {
        let service = try await TestApp.withDigidel2013()
        let goal: JSONValue = [
            "id": "new", "name": "Nytt", "campaign": "digidel2013", "kind": "contribution",
            "measure": "newlyIncluded", "target": 1000,
        ]
        let answer = await service.post("goals", goal.merged(with: changes))
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer.faults.filter { !$0.key.hasPrefix("/predicate") || faults[$0.key] != nil } == faults)
        // A patch says nothing wrong in itself; what comes of it does.
        let isRuleBroken =
            !faults.keys.contains { $0.hasPrefix("/predicate/") } && changes["predicate"] != "hasLibrary"
        let patched = await service.patch("goals/digidel2013", changes)
        #expect(patched.status == (isRuleBroken ? .unprocessableContent : .badRequest), "\(patched.text)")
    }

    @Test(
        arguments: [
            (stockGoal(["indicator": "nothing"]), ["/indicator": "unknownIndicator"]),
            (
                coverageGoal([
                    "predicate": ["survey": "library-2017", "question": "q1", "equals": .bool(true)]
                ]),
                ["/predicate/survey": "unknownSurvey"]
            ),
            (
                coverageGoal([
                    "campaign": .null, "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                    "targetPercent": .null, "target": 5,
                ]),
                ["/scope/areas": "areasMissing"]
            ),
            (coverageGoal(["targetPercent": 0]), ["/targetPercent": "targetNotAhead"]),
            (coverageGoal(["target": 289]), ["/target": "targetGivenTwice"]),
            (coverageGoal(["targetPercent": .exactly("0.0000001")]), ["/targetPercent": "tooManyDecimals"]),
            (coverageGoal(["baseline": ["value": 290]]), ["/targetPercent": "targetNotAhead"]),
        ] as [(JSONValue, [String: String])])
    func rulesOfTheKindsAreKept(goal: JSONValue, faults: [String: String]) async throws {
        let service = try await TestApp.withDigidel2013()
        let answer = await service.post("goals", goal)
        #expect(answer.status == .unprocessableContent, "\(answer.text)")
        #expect(answer.faults == faults)
    }

    @Test func aGoalCanBePutBackAsItWasRead() async throws {
        let service = try await surveyed()
        #expect(await service.post("goals", Self.coverageGoal()).status == .created)
        for id in ["befolkning", "overallt"] {
            let read = await service.get("goals/\(id)?lang=all", key: TestApp.adminKey)
            let put = await service.put("goals/\(id)?lang=all", try #require(read.json))
            #expect(put.status == .ok, "\(put.text)")
            let kept: (JSONValue?) -> JSONValue? = { $0?.without("updatedAt", "revision") }
            #expect(kept(put.json) == kept(read.json))
        }
        // Another percent makes another target, and a target in its place takes the percent's.
        let patched = await service.patch("goals/overallt", ["targetPercent": 50])
        #expect(patched["target"] == 145, "\(patched.text)")
        let twice = await service.patch("goals/overallt", ["target": 100])
        #expect(twice.faults == ["/target": "targetGivenTwice"])
        let absolute = await service.patch("goals/overallt", ["target": 100, "targetPercent": .null])
        #expect(absolute["target"] == 100)
        #expect(absolute["targetPercent"] == nil)
        let stock = Self.stockGoal(["id": .null])
        let changed = await service.put("goals/overallt", stock.merged(with: ["indicator": "ovana"]))
        #expect(changed["kind"] == "stock", "\(changed.text)")
        #expect(changed["denominator"] == nil)
    }

    /// What the text says is true when nothing is expected yet.
    @Test func nothingIsSaidOfToleranceWhenNothingIsExpected() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await service.patch("goals/digidel2013", ["milestones": [["date": "2012-12-31", "value": 0]]])
        let nothing = await service.get("goals/digidel2013/progress")
        #expect(nothing["status"] == "onTrack")
        #expect(nothing["pace"] == .null)
        #expect(nothing["explanation", "text"] == "Nothing is expected yet, and nothing is lost.")
        _ = await service.patch(
            "goals/digidel2013",
            [
                "direction": "down", "baseline": ["value": 10], "target": 0,
                "milestones": [["date": "2012-12-31", "value": 10]],
            ])
        _ = try await report("se-0583", to: service)
        _ = await service.post("participant-counts", TestApp.count(["value": 3]))
        let lost = await service.get("goals/digidel2013/progress")
        #expect(lost["status"] == "offTrack")
        #expect(lost["explanation", "text"]?.string?.contains("3 on the wrong side") == true)
    }

    // MARK: Demo

    @Test func theDemoShowsBothViewsOfDigidel2013() async throws {
        let service = try await TestApp.make(at: "2026-01-01T10:00:00Z")
        try await Demo(service.app, adminKey: TestApp.adminKey).load()
        let survey = await service.get("goals/digidel2013-befolkning/progress")
        #expect(survey["value"] == 1_180_000)
        #expect(survey["status"] == "achieved")
        let reports = await service.get("goals/digidel2013/progress")
        #expect(reports["measure"] == "newlyIncluded")
        #expect(reports["target"] == 500_000)
        let observation = await service.get("indicators/\(DemoSurvey.id)/observations")
        #expect(observation["_meta", "totalRecords"] == 3)
        #expect(observation["items", 0, "source"]?.string?.contains("Demo figure") == true)
    }
}
