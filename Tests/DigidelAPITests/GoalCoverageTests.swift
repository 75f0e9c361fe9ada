import Foundation
import HTTP
import Postgres
import TestDatabase
import Testing

@testable import DigidelAPI

/// Coverage goals that ask about something else than counts: service points, agreements, answers to a survey.
@Suite struct GoalCoverageTests {
    private static let progress = "goals/overallt/progress"

    /// Digidel2013 and a goal for municipalities in the middle of 2012.
    private func covering(
        _ predicate: JSONValue, _ changes: JSONValue = [:], survey: SurveyRows? = nil
    ) async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        if let survey { try await survey.insert(service) }
        try await service.make("goals", Self.goal(predicate, changes))
        return service
    }

    private static func goal(_ predicate: JSONValue, _ changes: JSONValue = [:]) -> JSONValue {
        let goal: JSONValue = [
            "id": "overallt", "name": "I varje kommun", "campaign": "digidel2013", "kind": "coverage",
            "predicate": predicate, "target": 2,
        ]
        return goal.merged(with: changes)
    }

    private static func point(_ id: String, _ area: String, _ from: String?, _ to: String?) -> JSONValue {
        [
            "id": .string(id), "name": .string(id), "operator": "motala-bibliotek", "kind": "helpDesk",
            "area": .string(area), "openFrom": from.map(JSONValue.string) ?? .null,
            "openTo": to.map(JSONValue.string) ?? .null,
        ]
    }

    private static func agreement(_ id: String, _ parties: [String], _ changes: JSONValue = [:]) -> JSONValue
    {
        let agreement: JSONValue = [
            "id": .string("avtal-\(id)"), "parties": .array(parties.map(JSONValue.string)),
            "subject": .string(id),
            "signedOn": "2011-03-01",
        ]
        return agreement.merged(with: changes)
    }

    private func expectValues(_ values: KeyValuePairs<String, Int>, _ service: TestApp) async {
        for (day, value) in values {
            #expect(await service.get("\(Self.progress)?on=\(day)")["value"]?.integer == value, "\(day)")
        }
    }

    private func version(_ service: TestApp, of target: String = progress) async throws -> Int {
        try #require(await service.get(target)["version"]?.integer)
    }

    // MARK: Service points

    @Test func municipalitiesWithAServicePointAreCountedWhileItIsOpen() async throws {
        let service = try await covering("hasServicePoint", ["target": 10])
        let none = await service.get(Self.progress)
        #expect(none["value"] == 0)
        #expect(none["unit"] == "municipalities")
        #expect(none["predicate"] == "hasServicePoint")
        #expect(none["denominator"] == 290)
        #expect(none["lastReportAt"] == .null)
        for (id, area, from, to) in [
            // Overlapping, following one another, and again after a gap.
            ("a1", "se-0583", "2011-03-01", "2011-03-31"), ("a2", "se-0583", "2011-03-20", "2011-05-10"),
            ("a3", "se-0583", "2011-05-11", "2011-06-30"), ("a4", "se-0583", "2012-01-01", nil),
            ("b1", "se-0580", nil, nil), ("b2", "se-0580", "2011-02-01", "2011-02-02"),
            ("c1", "se-0180", nil, "2011-04-15"), ("d1", "se-1280", "2012-07-01", "9999-12-31"),
            // No municipality, another country's, and one that was closed before.
            ("e1", "se-05", nil, nil), ("f1", "no-1806", nil, nil), ("g1", "se-1480", nil, "2009-12-31"),
        ] as [(String, String, String?, String?)] {
            try await service.make("service-points", Self.point(id, area, from, to))
        }
        let last = try await service.make("service-points", Self.point("h1", "se-1480", nil, "2009-12-30"))
        await expectValues(
            [
                "2009-12-31": 3, "2010-12-31": 2, "2011-02-28": 2, "2011-03-01": 3, "2011-04-15": 3,
                "2011-04-16": 2, "2011-05-10": 2, "2011-05-11": 2, "2011-06-30": 2, "2011-07-01": 1,
                "2011-12-31": 1, "2012-01-01": 2, "2012-06-30": 2,
            ], service)
        let now = await service.get(Self.progress)
        #expect(now["value"] == 2)
        #expect(now["lastReportAt"] == last["updatedAt"])
        // Midnight opens one; nothing has changed but the day.
        service.clock.set("2012-06-30T22:00:00Z")
        let tomorrow = await service.get(Self.progress)
        #expect(tomorrow["value"] == 3)
        #expect(tomorrow["version"] == now["version"])
        #expect(tomorrow.etag != now.etag)
    }

    @Test func aTargetIsAchievedOnTheFirstDayAndLostAgain() async throws {
        let service = try await covering("hasServicePoint")
        try await service.make("service-points", Self.point("always", "se-0580", nil, nil))
        #expect(await service.get(Self.progress)["achievedOn"] == .null)
        try await service.make("service-points", Self.point("motala", "se-0583", "2011-03-01", "2011-12-31"))
        try await service.make("service-points", Self.point("solna", "se-0184", "2012-02-01", nil))
        let achieved = await service.get(Self.progress)
        #expect(achieved["status"] == "achieved")
        #expect(achieved["achievedOn"] == "2011-03-01")
        let before = await service.get("\(Self.progress)?on=2012-01-31")
        #expect(before["value"] == 1)
        #expect(before["status"] != "achieved")
        #expect(before["achievedOn"] == .null)
        let closed = await service.patch("service-points/solna", ["openTo": "2012-06-29"])
        #expect(closed.status == .ok)
        let lost = await service.get(Self.progress)
        #expect(lost["value"] == 1)
        #expect(lost["status"] != "achieved")
        #expect(lost["achievedOn"] == .null)
        // What has always been true was true when the goal began.
        #expect(await service.patch("goals/overallt", ["target": 1]).status == .ok)
        let always = await service.get(Self.progress)
        #expect(always["achievedOn"] == "2011-01-01")
        #expect(await service.get("\(Self.progress)?on=2010-12-31")["status"] == "notStarted")
    }

    @Test func theSeriesRisesAndFallsAndEndsAtTheValue() async throws {
        let service = try await covering("hasServicePoint", ["baseline": ["value": 1]])
        for (id, area, from, to) in [
            ("always", "se-0580", nil, nil), ("motala", "se-0583", "2011-03-01", "2011-05-31"),
            ("solna", "se-0184", "2012-02-29", "2012-08-01"),
        ] as [(String, String, String?, String?)] {
            try await service.make("service-points", Self.point(id, area, from, to))
        }
        let series = await service.get("goals/overallt/series?interval=quarter")
        let buckets = try #require(series["buckets"]?.list)
        #expect(buckets.compactMap { $0["cumulative"]?.integer } == [2, 1, 1, 1, 2, 2])
        #expect(buckets.compactMap { $0["value"]?.integer } == [1, -1, 0, 0, 1, 0])
        let progress = await service.get(Self.progress)
        #expect(progress["value"] == 2)
        #expect(progress["version"] == series["version"])
        #expect(progress["asOf"] == series["asOf"])
    }

    // MARK: Agreements

    @Test func municipalitiesWithAnAgreementInForceAreCounted() async throws {
        let service = try await covering("hasAgreement", ["target": 10])
        for (id, area) in [
            ("linkoping", "se-0580"), ("solna", "se-0184"), ("region", "se-05"), ("narvik", "no-1806"),
        ] { try await service.makeOrganisation(id, area: area) }
        #expect(await service.get(Self.progress)["lastReportAt"] == .null)
        for agreement in [
            Self.agreement("a", ["motala-bibliotek", "region", "narvik"], ["validTo": "2011-12-31"]),
            // The last day is the one before it was terminated.
            Self.agreement(
                "b", ["linkoping", "motala-bibliotek"],
                [
                    "validFrom": "2011-04-01", "validTo": "2012-12-31", "terminatedOn": "2012-05-01",
                ]),
            // In force before it was signed, and over before it was terminated.
            Self.agreement(
                "c", ["solna"],
                ["validFrom": "2011-01-01", "validTo": "2011-01-31", "terminatedOn": "2012-01-01"]),
            // Never in force.
            Self.agreement("d", ["solna"], ["validFrom": "2012-06-01", "terminatedOn": "2012-06-01"]),
            Self.agreement("e", ["solna"], ["validFrom": "2012-06-01", "terminatedOn": "2012-05-01"]),
            Self.agreement("f", ["region"]),
        ] { try await service.make("agreements", agreement) }
        await expectValues(
            [
                "2010-12-31": 0, "2011-01-01": 1, "2011-01-31": 1, "2011-02-01": 0, "2011-03-01": 1,
                "2011-03-31": 1, "2011-04-01": 2, "2011-12-31": 2, "2012-01-01": 2, "2012-04-30": 2,
                "2012-05-01": 0, "2012-06-01": 0, "2012-06-30": 0,
            ], service)
        #expect(await service.get(Self.progress)["lastReportAt"] != .null)
        let prolonged = await service.patch("agreements/avtal-b", ["terminatedOn": .null])
        #expect(prolonged.status == .ok)
        #expect(await service.get(Self.progress)["value"] == 2)
    }

    @Test func anOrganisationTakesItsAgreementsWithIt() async throws {
        let service = try await covering("hasAgreement")
        try await service.make("agreements", Self.agreement("a", ["motala-bibliotek"]))
        let before = await service.get(Self.progress)
        #expect(before["value"] == 1)
        #expect(await service.patch("organisations/motala-bibliotek", ["name": "Bibliotek"]).status == .ok)
        #expect(try await version(service) == before["version"]?.integer)
        #expect(await service.patch("organisations/motala-bibliotek", ["area": "se-05"]).status == .ok)
        let after = await service.get(Self.progress)
        #expect(after["value"] == 0)
        #expect(after.etag != before.etag)
        #expect(try await version(service) == (before["version"]?.integer ?? 0) + 1)
    }

    // MARK: Surveys

    @Test(
        arguments: [
            ("yes", .bool(true), 2), ("yes", .bool(false), 1), ("several", "course", 2),
            ("several", "guide", 1),
            ("several", "none", 0), ("one", "often", 1), ("one", "of", 0), ("many", 4, 2),
            ("many", .exactly("4.0"), 2), ("many", "4", 0), ("words", "Vi börjar", 1),
        ] as [(String, JSONValue, Int)])
    func answersAreCompared(question: String, equals: JSONValue, value: Int) async throws {
        let survey = SurveyRows(
            frame: #"{"country": "se", "level": "municipality"}"#,
            responses: [
                (
                    "se-0583", "submitted",
                    #"{"yes": true, "several": ["course", "guide"], "one": "often", "many": 4, "words": "Vi börjar"}"#
                ),
                ("se-0580", "submitted", #"{"yes": true, "several": ["course"], "many": 4.0}"#),
                ("se-0180", "submitted", #"{"yes": false, "one": "seldom"}"#),
                ("se-0184", "started", #"{"yes": true, "several": ["course"], "many": 4}"#),
                ("se-1280", "invited", "{}"), ("se-1480", "submitted", "{}"),
            ])
        let predicate: JSONValue = ["survey": "enkat", "question": .string(question), "equals": equals]
        let service = try await covering(predicate, survey: survey)
        #expect(await service.get("goals/overallt")["predicate"] == predicate)
        for day in ["2009-01-01", "2012-06-30"] {
            #expect(await service.get("\(Self.progress)?on=\(day)")["value"]?.integer == value)
        }
        let now = await service.get(Self.progress)
        #expect(now["predicate"] == predicate)
        #expect(now["achievedOn"] == (value >= 2 ? "2011-01-01" : .null))
        #expect((now["lastReportAt"] != .null) == (value > 0))
    }

    @Test func organisationsAnswerForTheirMunicipality() async throws {
        let service = try await TestApp.withDigidel2013()
        for (id, area) in [
            ("linkoping", "se-0580"), ("linkoping-b", "se-0580"), ("region", "se-05"), ("se-0184", "se-0180"),
        ] { try await service.makeOrganisation(id, area: area) }
        let yes = #"{"yes": true}"#
        try await SurveyRows(
            frame:
                #"{"organisations": ["linkoping", "linkoping-b", "region", "se-0184", "motala-bibliotek"]}"#,
            responses: [
                ("linkoping", "submitted", yes), ("linkoping-b", "submitted", yes),
                ("region", "submitted", yes),
                ("se-0184", "submitted", yes), ("motala-bibliotek", "submitted", #"{"yes": false}"#),
            ]
        ).insert(service)
        let predicate: JSONValue = ["survey": "enkat", "question": "yes", "equals": .bool(true)]
        try await service.make("goals", Self.goal(predicate))
        try await service.make(
            "goals", Self.goal(predicate, ["id": "solna", "scope": ["areas": ["se-0184"]], "target": 1]))
        // Linköping once, and an organisation that is called as an area is not that area.
        let before = await service.get(Self.progress)
        #expect(before["value"] == 2)
        #expect(await service.get("goals/solna/progress")["value"] == 0)
        #expect(await service.patch("organisations/region", ["area": "se-0184"]).status == .ok)
        #expect(await service.get(Self.progress)["value"] == 3)
        #expect(await service.get("goals/solna/progress")["value"] == 1)
        #expect(try await version(service) == (before["version"]?.integer ?? 0) + 1)
    }

    @Test func aResponseChangesTheGoalsThatAskAboutIt() async throws {
        let predicate: JSONValue = ["survey": "enkat", "question": "yes", "equals": .bool(true)]
        let survey = SurveyRows(
            frame: #"{"country": "se"}"#, responses: [("se-0583", "submitted", #"{"yes": true}"#)])
        let service = try await covering(predicate, survey: survey)
        let before = await service.get(Self.progress)
        for (asked, step) in [("another", 0), ("enkat", 1)] {
            try await service.app.transaction { app in
                try await app.coverageChanged(.responses(survey: asked))
                try await app.database.execute("update survey_responses set answers = '{}'")
            }
            #expect(try await version(service) == (before["version"]?.integer ?? 0) + step)
        }
        #expect(await service.get(Self.progress)["value"] == 0)
    }

    @Test(
        arguments: [
            (["survey": "nothing", "question": "yes", "equals": 1], ["/predicate/survey": "unknownSurvey"]),
            (["survey": "enkat", "question": "no", "equals": 1], ["/predicate/question": "unknownQuestion"]),
            (
                ["survey": "enkat", "question": "Yes", "equals": 1],
                ["/predicate/question": "unknownQuestion"]
            ),
        ] as [(JSONValue, [String: String])])
    func aPredicateNamesAQuestionThatThereIs(predicate: JSONValue, faults: [String: String]) async throws {
        let service = try await TestApp.withDigidel2013()
        try await SurveyRows(frame: #"{"country": "se"}"#, responses: []).insert(service)
        let answer = await service.post("goals", Self.goal(predicate))
        #expect(answer.status == .unprocessableContent)
        #expect(answer.faults == faults)
        try await service.make("goals", Self.goal("hasAgreement"))
        let patched = await service.patch("goals/overallt", ["predicate": predicate])
        #expect(patched.status == .unprocessableContent)
        #expect(patched.faults == faults)
    }

    // MARK: What was known, versions, kept answers

    /// They have no history: as of an instant they are what they are now, on the day of that instant (decisions.md, 80).
    @Test func asOfTheyAreAsTheyAreNow() async throws {
        let service = try await covering("hasServicePoint", ["target": 3])
        // The database's clock is years ahead of the one that rules go by.
        service.clock.set("2100-01-01T10:00:00Z")
        let before = await service.get("\(Self.progress)?on=2012-06-30")
        let asOf = try #require(before["asOf"]?.string)
        let day = String(asOf.prefix(10))
        try await service.make("service-points", Self.point("motala", "se-0583", "2011-03-01", day))
        try await service.make("service-points", Self.point("solna", "se-0184", "2099-01-01", nil))
        let then = await service.get("\(Self.progress)?asOf=\(asOf)")
        #expect(then["asOf"]?.string == asOf)
        #expect(then["value"] == 1, "\(then.text)")
        #expect(then["version"]?.integer == (before["version"]?.integer ?? 0) + 2)
        let early = await service.get("\(Self.progress)?asOf=\(asOf)&on=2011-02-28")
        #expect(early["value"] == 0)
        #expect(early.etag != then.etag)
    }

    /// Each in a campaign of its own, and one in none.
    @Test func aWriteRaisesTheVersionsOfTheGoalsThatAskAboutIt() async throws {
        let service = try await TestApp.withDigidel2013()
        try await SurveyRows(frame: #"{"country": "se"}"#, responses: []).insert(service)
        let survey: JSONValue = ["survey": "enkat", "question": "yes", "equals": .bool(true)]
        let predicates: [(String, JSONValue)] = [
            ("points", "hasServicePoint"), ("agreed", "hasAgreement"), ("asked", survey),
            ("reports", "hasReport"),
        ]
        for (id, predicate) in predicates {
            try await service.make(
                "campaigns",
                [
                    "id": .string(id), "name": .string(id), "startsOn": "2012-01-01",
                    "endsOn": "2012-12-31", "countries": ["se"], "organiser": "motala-bibliotek",
                    "measures": ["attendances"],
                ])
            try await service.make(
                "goals", Self.goal(predicate, ["id": .string(id), "campaign": .string(id)]))
        }
        try await service.make(
            "goals",
            Self.goal(
                "hasServicePoint",
                [
                    "id": "alone", "campaign": .null, "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                    "scope": ["areas": ["se"]],
                ]))
        let goals = ["points", "agreed", "asked", "reports", "alone"]
        func versions() async throws -> [Int] {
            var versions: [Int] = []
            for goal in goals { versions.append(try await version(service, of: "goals/\(goal)/progress")) }
            return versions
        }
        func tags() async -> [String?] {
            var tags: [String?] = []
            for goal in goals { tags.append(await service.get("goals/\(goal)/progress").etag) }
            return tags
        }
        let writes: [(Method, String, JSONValue, changed: Set<String>)] = [
            (.post, "service-points", Self.point("motala", "se-0583", nil, nil), ["points", "alone"]),
            (.patch, "service-points/motala", ["openTo": "2012-06-29"], ["points", "alone"]),
            (.put, "service-points/motala", Self.point("motala", "se-0580", nil, nil), ["points", "alone"]),
            (.post, "agreements", Self.agreement("a", ["motala-bibliotek"]), ["agreed", "alone"]),
            (.patch, "agreements/avtal-a", ["validTo": "2012-06-29"], ["agreed", "alone"]),
            (.patch, "organisations/motala-bibliotek", ["area": "se-0580"], ["agreed", "asked", "alone"]),
            // Refused, so nothing has changed.
            (.post, "service-points", Self.point("motala", "se-0583", nil, nil), []),
            (.post, "agreements", Self.agreement("a", ["motala-bibliotek"]), []),
            (.patch, "service-points/motala", ["area": "se-9999"], []),
        ]
        for (method, target, body, changed) in writes {
            let (before, tagsBefore) = (try await versions(), await tags())
            // POST takes no If-Match.
            let answer = await service.change(
                method, target, body, ifMatch: method == .post ? nil : "*", key: TestApp.adminKey)
            #expect((answer.status.rawValue < 300) == !changed.isEmpty, "\(answer.text)")
            let (after, tagsAfter) = (try await versions(), await tags())
            for (index, goal) in goals.enumerated() {
                let hasGrown = after[index] > before[index]
                #expect(hasGrown == changed.contains(goal), "\(method.rawValue) \(target): \(goal)")
                #expect((tagsAfter[index] != tagsBefore[index]) == hasGrown)
            }
        }
    }

    @Test func keptAnswersAreForgottenHereAndElsewhere() async throws {
        let service = try await covering("hasServicePoint")
        try await service.make(
            "goals",
            Self.goal(
                "hasServicePoint",
                [
                    "id": "alone", "campaign": .null, "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                    "scope": ["areas": ["se"]],
                ]))
        let caches = Caches()
        let other = try service.another(caches: caches)
        let targets = [Self.progress, "goals/alone/progress"]
        try await service.whileListening(caches) {
            for (number, area) in ["se-0583", "se-0580"].enumerated() {
                for target in targets {
                    #expect(await other.get(target)["value"]?.integer == number)
                    #expect(await service.get(target)["value"]?.integer == number)
                }
                try await service.make("service-points", Self.point("p\(number)", area, nil, nil))
                for target in targets {
                    #expect(await service.get(target)["value"]?.integer == number + 1)
                    let hasHeard = try await eventually {
                        await other.get(target)["value"]?.integer == number + 1
                    }
                    #expect(hasHeard)
                }
            }
        }
    }

    /// Nobody waits for another who waits for him, and each write is a version.
    @Test func manyWriteAtOnce() async throws {
        let service = try await covering("hasServicePoint")
        try await service.make("goals", Self.goal("hasAgreement", ["id": "agreed"]))
        let before = try await version(service)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                group.addTask {
                    try await service.make("service-points", Self.point("p\(number)", "se-0583", nil, nil))
                }
                group.addTask {
                    try await service.make("agreements", Self.agreement("a\(number)", ["motala-bibliotek"]))
                }
                group.addTask {
                    let count = TestApp.count(["externalId": .string("n\(number)")])
                    try await service.make("participant-counts", count)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await version(service) == before + 30)
    }
}

extension TestApp {
    /// What a test needs, created by POST.
    @discardableResult
    fileprivate func make(_ collection: String, _ body: JSONValue) async throws -> Answer {
        let answer = await post(collection, body)
        guard answer.status == .created else { throw Unexpected(answer) }
        return answer
    }
}

/// The survey `enkat` and responses to it.
private struct SurveyRows {
    let frame: String
    let responses: [(respondent: String, state: String, answers: String)]

    func insert(_ service: TestApp) async throws {
        try await service.app.database.execute(
            """
            insert into surveys (id, title, frame, questions, opened_at)
            values ('enkat', '{"sv": "Enkät"}', \(frame)::jsonb,
                '[{"id": "yes"}, {"id": "several"}, {"id": "one"}, {"id": "many"}, {"id": "words"}]', now())
            """)
        for response in responses {
            try await service.app.database.execute(
                """
                insert into survey_responses (survey, respondent, state, answers)
                values ('enkat', \(response.respondent), \(response.state), \(response.answers)::jsonb)
                """)
        }
    }
}
