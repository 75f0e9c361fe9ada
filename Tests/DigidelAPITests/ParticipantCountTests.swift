import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct ParticipantCountTests {
    /// Shared by tests whose reports do not meet.
    private static let shared = Task { try await TestApp.withDigidel2013() }

    @Test func aCountIsStoredAndMovesTheGoal() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("participant-counts", TestApp.count())
        #expect(created.status == .created, "\(created.text)")
        #expect(created["revision"] == 1)
        #expect(created["late"] == .bool(false))
        let progress = await service.get("goals/digidel2013/progress")
        #expect(progress["value"] == 42)
    }

    @Test func theAnswerIsTheReportAndWhatTheServiceAdds() async throws {
        let service = try await TestApp.withDigidel2013()
        let report = TestApp.count([
            "note": "Öppet hus", "breakdowns": ["gender": ["woman": 40, "unknown": 2], "age": ["71+": 42]],
        ])
        let created = await service.post("participant-counts", report)
        let added = ["id", "revision", "status", "late", "recordedAt", "_links"]
        #expect(created.json?.names == report.names.union(added))
        for name in report.names { #expect(created[name] == report[name], "\(name)") }
        #expect(created["status"] == "accepted")
        #expect(created.location == "\(TestApp.baseURL)/participant-counts/\(created["id"]?.string ?? "")")
        #expect(created["_links", "self", "href"]?.string == created.location)
        #expect(created.etag == "\"1-sv-key\"")
        let read = await service.get(created.created, key: TestApp.adminKey)
        #expect(read.json == created.json)
        #expect(read.etag == created.etag)
        let known = await service.get(
            created.created, key: TestApp.adminKey, fields: ["If-None-Match": "\"1-sv-key\""])
        #expect(known.status == .notModified)
    }

    /// "We took part, nobody came" is a report.
    @Test func zeroIsAReport() async throws {
        let service = try await TestApp.withDigidel2013()
        let before = await service.get("goals/digidel2013/progress")
        let report = TestApp.count(["value": 0, "breakdowns": ["gender": ["woman": 0]]])
        let created = await service.post("participant-counts", report)
        #expect(created.status == .created, "\(created.text)")
        #expect(created["value"] == 0)
        let after = await service.get("goals/digidel2013/progress")
        #expect(after["value"] == 0)
        #expect(after["lastReportAt"] == created["recordedAt"])
        #expect(after.etag != before.etag)
    }

    @Test func theLargestValueIsTaken() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("participant-counts", TestApp.count(["value": 10_000_000]))
        #expect(created["value"] == 10_000_000)
    }

    @Test(arguments: [
        ("2011", "2011-01-01", "2011-12-31"), ("2011-Q1", "2011-01-01", "2011-03-31"),
        ("2011-Q4", "2011-10-01", "2011-12-31"), ("2012-02", "2012-02-01", "2012-02-29"),
        ("2011-12", "2011-12-01", "2011-12-31"), ("2011-W01", "2011-01-03", "2011-01-09"),
        ("2011-W52", "2011-12-26", "2012-01-01"), ("2012-W22", "2012-05-28", "2012-06-03"),
    ])
    func aPeriodStandsForItsDays(period: String, from: String, to: String) async throws {
        let service = try await Self.shared.value
        let report = TestApp.count([
            "period": .string(period), "from": .null, "to": .null, "externalId": .null,
        ])
        let created = await service.post("participant-counts", report)
        #expect(created.status == .created, "\(created.text)")
        #expect(created["from"]?.string == from)
        #expect(created["to"]?.string == to)
        #expect(created["period"] == nil)
    }

    // MARK: Sending again

    @Test func fiveIdenticalReportsAtOnceCountOnce() async throws {
        let service = try await TestApp.withDigidel2013()
        let key = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let answers = await withTaskGroup(of: Answer.self) { group in
            for _ in 1...5 {
                group.addTask { await service.post("participant-counts", TestApp.count(), key: key) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.map(\.status.rawValue).sorted() == [200, 200, 200, 200, 201])
        #expect(Set(answers.map { $0["id"]?.string }).count == 1)
        #expect(Set(answers.map(\.etag)) == ["\"1-sv-key\""])
        #expect(answers.filter { $0.location != nil }.map(\.status) == [.created])
        #expect(try await service.number("select count(*) as number from participant_counts") == 1)
        #expect(await service.get("goals/digidel2013/progress")["value"] == 42)
    }

    @Test(
        arguments: [
            ["period": "2012-06", "from": .null, "to": .null],
            ["breakdowns": ["gender": ["woman": 40, "man": 2, "other": 0]]],
            [
                "breakdowns": [
                    "gender": ["man": 2, "woman": 40, "unknown": .null], "age": .null, "priorUse": .null,
                ]
            ],
            ["value": .exactly("42.0")],
        ] as [JSONValue])
    func theSameInAnotherSpellingIsUnchanged(spelling: JSONValue) async throws {
        let service = try await TestApp.withDigidel2013()
        let report = TestApp.count(["breakdowns": ["gender": ["woman": 40, "man": 2]]])
        let created = await service.post("participant-counts", report)
        guard case .object(var members) = report, case .object(let changes) = spelling else { return }
        for (name, value) in changes { members[name] = value == .null ? nil : value }
        members["note"] = .null
        let again = await service.post("participant-counts", .object(members))
        #expect(again.status == .ok, "\(again.text)")
        #expect(again.json == created.json)
        #expect(again.location == nil)
        #expect(try await service.number("select count(*) as number from count_ledger") == 1)
    }

    @Test(
        arguments: [
            ["value": 43], ["from": "2012-06-02"], ["channel": "phone"], ["evidence": "estimated"],
            ["note": "x"],
            ["measure": "attendances"], ["area": "se-0584"], ["breakdowns": ["gender": ["woman": 42]]],
        ] as [JSONValue])
    func otherContentUnderTheSameKeyIsAConflict(changes: JSONValue) async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("participant-counts", TestApp.count())
        let other = await service.post("participant-counts", TestApp.count().merged(with: changes))
        #expect(other.status == .conflict, "\(other.text)")
        #expect(other.faults == ["/externalId": "externalIdTaken"])
        #expect(other["existing", "id"] == created["id"])
        #expect(other["existing", "revision"] == 1)
        #expect(other["existing", "href"]?.string == created.location)
        #expect(await service.get("goals/digidel2013/progress")["value"] == 42)
    }

    @Test func aWithdrawnReportIsNotSentAgain() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("participant-counts", TestApp.count())
        try await service.app.database.execute(
            """
            insert into participant_counts
            select id, 2, organisation, campaign, measure, value, from_date, to_date, area, channel, evidence,
                breakdowns, note, external_id, 'withdrawn', late, 'withdrawal', actor, now(), kind, trace_id
            from participant_counts
            """)
        let again = await service.post("participant-counts", TestApp.count())
        #expect(again.status == .conflict)
        #expect(again.codes == ["externalIdTaken"])
        #expect(again["existing", "revision"] == 2)
        let read = await service.get(created.created, key: TestApp.adminKey)
        #expect(read["status"] == "withdrawn")
        #expect(read["revision"] == 2)
        #expect(try await service.ids("participant-counts?status=accepted") == [])
        #expect(try await service.ids("participant-counts?status=withdrawn").count == 1)
    }

    @Test func withoutAnExternalIdEveryReportCounts() async throws {
        let service = try await TestApp.withDigidel2013()
        for _ in 1...3 {
            let report = TestApp.count(["externalId": .null])
            #expect(await service.post("participant-counts", report).status == .created)
        }
        #expect(await service.get("goals/digidel2013/progress")["value"] == 126)
    }

    @Test func twoOrganisationsMayUseTheSameExternalId() async throws {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("linkoping-bibliotek", area: "se-0580")
        for organisation in ["motala-bibliotek", "linkoping-bibliotek"] {
            let report = TestApp.count(["organisation": .string(organisation)])
            #expect(await service.post("participant-counts", report).status == .created)
        }
    }

    /// Signs that mean something to SQL or JSON among them.
    @Test(arguments: [
        String(repeating: "x", count: 200), "Ö/2012 'juni'; --", "a\\b\"c", "{1,2}", "%", "2012-W26",
    ])
    func anExternalIdIsAnyText(externalID: String) async throws {
        let service = try await Self.shared.value
        let report = TestApp.count(["externalId": .string(externalID)])
        let created = await service.post("participant-counts", report)
        #expect(created.status == .created, "\(created.text)")
        #expect(created["externalId"]?.string == externalID)
        #expect(await service.post("participant-counts", report).status == .ok)
    }

    /// Characters are code points, as JSON Schema and the database count them.
    @Test func anExternalIdHasAtMost200Characters() async throws {
        let service = try await Self.shared.value
        for text in [String(repeating: "x", count: 201), String(repeating: "👩‍👩‍👧‍👦", count: 100), ""] {
            let answer = await service.post(
                "participant-counts", TestApp.count(["externalId": .string(text)]))
            #expect(answer.status == .badRequest, "\(answer.text)")
            #expect(answer.faults == ["/externalId": "malformed"])
        }
    }

    // MARK: Who may

    @Test func aPartnerReportsForItsOwnOrganisationOnly() async throws {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("linkoping-bibliotek", area: "se-0580")
        let key = try await service.makeKey(.partner, organisation: "linkoping-bibliotek")
        // Whether the other organisation exists, or the report is right, is not told.
        for other in ["motala-bibliotek", "nobody"] {
            let report = TestApp.count(["organisation": .string(other), "area": "se-9999"])
            let answer = await service.post("participant-counts", report, key: key)
            #expect(answer.status == .forbidden)
            #expect(answer.faults == ["/organisation": "foreignOrganisation"])
        }
        let own = TestApp.count(["organisation": "linkoping-bibliotek"])
        #expect(await service.post("participant-counts", own, key: key).status == .created)
    }

    @Test func anotherOrganisationsCountIsNotFound() async throws {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("linkoping-bibliotek", area: "se-0580")
        let created = await service.post("participant-counts", TestApp.count())
        let foreign = try await service.makeKey(.partner, organisation: "linkoping-bibliotek")
        let own = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        #expect(await service.get(created.created, key: own).status == .ok)
        #expect(await service.get(created.created, key: coordinator).status == .ok)
        let hidden = await service.get(created.created, key: foreign)
        #expect(hidden.status == .notFound)
        let missing = await service.get(
            "participant-counts/0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e", key: foreign)
        #expect(missing.status == .notFound)
        // Nothing tells the two apart.
        #expect(hidden.json?.without("instance") == missing.json?.without("instance"))
        #expect(await service.get("participant-counts/42", key: own).status == .notFound)
    }

    @Test func withoutAKeyNothingIsTold() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("participant-counts", TestApp.count())
        let answers = [
            await service.get(created.created), await service.get("participant-counts"),
            await service.get("participant-counts?colour=red"), await service.get("participant-counts/42"),
            await service.post("participant-counts", TestApp.count(), key: nil),
            await service.post("participant-counts", [], key: "wrong"),
        ]
        for answer in answers {
            #expect(answer.status == .unauthorized)
            #expect(answer.response.fields["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        }
    }

    @Test func aPartnerListsItsOwnCountsOnly() async throws {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("linkoping-bibliotek", area: "se-0580")
        for organisation in ["motala-bibliotek", "linkoping-bibliotek"] {
            _ = await service.post(
                "participant-counts", TestApp.count(["organisation": .string(organisation)]))
        }
        let key = try await service.makeKey(.partner, organisation: "linkoping-bibliotek")
        for query in ["", "?organisation=motala-bibliotek,linkoping-bibliotek", "?campaign=digidel2013"] {
            let own = await service.get("participant-counts\(query)", key: key)
            #expect(own["_meta", "totalRecords"] == 1)
            #expect(own["items", 0, "organisation"] == "linkoping-bibliotek")
        }
        let none = await service.get("participant-counts?organisation=motala-bibliotek", key: key)
        #expect(none["_meta", "totalRecords"] == 0)
        let coordinator = try await service.makeKey(.coordinator)
        #expect(await service.get("participant-counts", key: coordinator)["_meta", "totalRecords"] == 2)
    }

    private static let withThree = Task {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("linkoping-bibliotek", area: "se-0580")
        let reports: [[String: JSONValue]] = [
            ["externalId": "a"],
            ["externalId": "b", "measure": "attendances", "from": "2012-03-01", "to": "2012-05-31"],
            [
                "externalId": "c", "organisation": "linkoping-bibliotek", "area": "se-0580",
                "from": "2012-01-01", "to": "2012-04-30",
            ],
        ]
        for report in reports {
            #expect(await service.post("participant-counts", TestApp.count(report)).status == .created)
        }
        return service
    }

    @Test(arguments: [
        ("", ["a", "b", "c"]), ("campaign=digidel2013", ["a", "b", "c"]), ("campaign=nothing", []),
        ("organisation=linkoping-bibliotek", ["c"]), ("measure=attendances", ["b"]),
        ("measure=attendances,newlyIncluded", ["a", "b", "c"]), ("area=se-0583", ["a", "b"]),
        ("area=se-05", ["a", "b", "c"]), ("area=no,dk", []), ("from=2012-05-31", ["a", "b"]),
        ("from=2012-06-01", ["a"]), ("to=2012-05-31", ["b", "c"]), ("from=2012-05-01&to=2012-05-31", ["b"]),
        ("externalId=b", ["b"]), ("externalId=x", []), ("status=accepted&area=se-0580", ["c"]),
        ("status=withdrawn", []),
    ])
    func filtersCombine(query: String, externalIDs: [String]) async throws {
        let service = try await Self.withThree.value
        let found = try await service.items("participant-counts?sort=externalId&\(query)")
        #expect(found.compactMap { $0["externalId"]?.string } == externalIDs)
        let page = await service.get("participant-counts?limit=1&\(query)", key: TestApp.adminKey)
        #expect(page["_meta", "totalRecords"]?.integer == externalIDs.count)
    }

    @Test func parametersAreRefusedAllAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(
            "participant-counts?from=june&to=2012-06-31&status=new&measure=people&q=x&asOf=2012-01-01T00:00:00Z",
            key: TestApp.adminKey)
        #expect(answer.status == .badRequest)
        #expect(answer.faults.keys.sorted() == ["asOf", "from", "measure", "q", "status", "to"])
    }
}
