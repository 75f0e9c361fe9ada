import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct SurveyResponseTests {
    private static let list = "surveys/library-2017/responses"
    private static let item = "\(list)/motala-bibliotek"

    /// A service with an open survey of three libraries.
    private func service(_ changes: JSONValue = [:]) async throws -> TestApp {
        let service = try await TestApp.withSurvey(changes)
        try await service.perform("open")
        return service
    }

    private func put(
        _ body: JSONValue, _ service: TestApp, _ target: String = Self.item, key: String? = TestApp.adminKey,
        fields: KeyValuePairs<String, String> = [:]
    ) async -> Answer {
        await service.ask(.put, target, body, key: key, fields: fields)
    }

    // MARK: Answering

    @Test func aResponseIsGivenAndChanged() async throws {
        let service = try await service()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let invited = await service.get(Self.item, key: partner)
        #expect(
            invited.json?.without("createdAt", "updatedAt", "_links") == [
                "survey": "library-2017", "respondent": "motala-bibliotek", "name": "motala-bibliotek",
                "state": "invited", "answers": [:], "revision": 1,
            ])
        #expect(invited["_links", "self", "href"] == .string("\(TestApp.baseURL)/\(Self.item)"))

        let answers: JSONValue = [
            "program": .bool(true), "former": ["kurs", "handledning"], "kursledare": "studieförbund",
            "tillfallen": .exactly("12.5"), "annat": "Bokbussen är med.\n\"Varje\" vecka.",
        ]
        let created = await put(["answers": answers], service, key: partner)
        #expect(created.status == .created, "\(created.text)")
        #expect(created.created == Self.item)
        #expect(created["state"] == "submitted")
        #expect(created["answers"] == answers)
        #expect(created["revision"] == 2)
        #expect(created["createdAt"] == invited["createdAt"])
        let read = await service.get(Self.item, key: partner)
        #expect(read.json == created.json)
        #expect(read.etag == created.etag)

        // Blanks are left out, and what is left out is blank.
        let changed = await put(
            ["answers": ["program": .bool(false), "former": .null]], service, key: partner)
        #expect(changed.status == .ok)
        #expect(changed.location == nil)
        #expect(changed["answers"] == ["program": .bool(false)])
        #expect(changed["revision"] == 3)
        #expect(changed.etag != created.etag)
    }

    @Test func theSameAgainIsNothingNew() async throws {
        let service = try await service()
        let body: JSONValue = ["answers": ["program": .bool(true), "tillfallen": .exactly("1.50")]]
        #expect(await put(body, service).status == .created)
        let read = try #require(await service.get("\(Self.item)?lang=all", key: TestApp.adminKey).json)
        for same in [body, read, body.merged(with: ["state": "submitted", "answers": ["annat": .null]])] {
            let answer = await put(same, service)
            #expect(answer.status == .ok, "\(answer.text)")
            #expect(answer["revision"] == 2)
        }
    }

    @Test func statesOfAResponse() async throws {
        let service = try await service()
        let started = await put(["state": "started", "answers": ["program": .bool(true)]], service)
        #expect(started.status == .created)
        #expect(started["state"] == "started")
        #expect(await put(["state": "declined"], service)["state"] == "declined")
        let excluded = await put(["state": "excluded", "reason": "Nedlagt"], service)
        #expect(excluded.status == .ok)
        #expect(excluded["reason"] == "Nedlagt")
        #expect(excluded["answers"] == [:])
        let submitted = await put([:], service)
        #expect(submitted["state"] == "submitted")
        #expect(submitted["reason"] == nil)
    }

    private static let brokenStates: [(String, [String: String])] = [
        (#"{"state": "excluded"}"#, ["/reason": "reasonMissing"]),
        (#"{"reason": "Nedlagt"}"#, ["/reason": "reasonNotTaken"]),
        (#"{"state": "declined", "reason": "Hinner inte"}"#, ["/reason": "reasonNotTaken"]),
        (#"{"state": "excluded", "reason": "eva@example.se"}"#, ["/reason": "personalData"]),
        (
            #"{"state": "excluded", "reason": "Nedlagt", "answers": {"program": true}}"#,
            ["/answers": "answersNotTaken"]
        ),
        (#"{"state": "declined", "answers": {"program": true}}"#, ["/answers": "answersNotTaken"]),
    ]

    @Test(arguments: brokenStates)
    func rulesForStates(body: String, faults: [String: String]) async throws {
        let service = try await Self.open.value
        let answer = await put(try JSONValue(parsing: Array(body.utf8)), service)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.faults == faults)
        #expect(await service.get(Self.item, key: TestApp.adminKey)["state"] == "invited")
    }

    /// For tests that change nothing.
    private static let open = Task {
        let service = try await TestApp.withSurvey()
        try await service.perform("open")
        return service
    }

    private static let brokenAnswers: [(String, [String: String])] = [
        (#"{"program": "ja"}"#, ["/program": "answerType"]),
        (#"{"program": 1}"#, ["/program": "answerType"]),
        (#"{"q/1~": 1, "Program": true}"#, ["/q~11~0": "unknownQuestion", "/Program": "unknownQuestion"]),
        (#"{"tillfallen": "12"}"#, ["/tillfallen": "answerType"]),
        (#"{"tillfallen": 1000000000001}"#, ["/tillfallen": "answerType"]),
        (#"{"tillfallen": 0.0000001}"#, ["/tillfallen": "answerType"]),
        (#"{"annat": 1}"#, ["/annat": "answerType"]), (#"{"annat": ""}"#, ["/annat": "answerType"]),
        (#"{"annat": "\u0000"}"#, ["/annat": "answerType"]),
        (#"{"annat": "\#(String(repeating: "x", count: 2001))"}"#, ["/annat": "answerType"]),
        (#"{"annat": {"x": 1}}"#, ["/annat": "answerType"]),
        (#"{"annat": "Ring 070-123 45 67"}"#, ["/annat": "personalData"]),
        (#"{"program": true, "former": "kurs"}"#, ["/former": "answerType"]),
        (#"{"program": true, "former": ["kurs", "kurs"]}"#, ["/former": "answerType"]),
        (#"{"program": true, "former": ["kurs", 1]}"#, ["/former": "answerType"]),
        (#"{"program": true, "former": ["kurs", "cirkel"]}"#, ["/former": "unknownOption"]),
        (
            #"{"program": true, "former": ["kurs"], "kursledare": "andra"}"#,
            ["/kursledare": "unknownOption"]
        ),
        (#"{"program": true, "former": ["kurs"], "kursledare": ["vi"]}"#, ["/kursledare": "answerType"]),
        (#"{"former": ["kurs"]}"#, ["/former": "answerOutsideBase"]),
        (#"{"program": false, "former": ["kurs"]}"#, ["/former": "answerOutsideBase"]),
        (#"{"program": null, "former": []}"#, ["/former": "answerOutsideBase"]),
        (
            #"{"program": true, "former": ["drop-in"], "kursledare": "vi"}"#,
            ["/kursledare": "answerOutsideBase"]
        ),
        (
            #"{"program": 1, "annat": 1, "x": 1}"#,
            ["/program": "answerType", "/annat": "answerType", "/x": "unknownQuestion"]
        ),
    ]

    @Test(arguments: brokenAnswers)
    func rulesForAnswers(answers: String, faults: [String: String]) async throws {
        let service = try await Self.open.value
        let answers = try JSONValue(parsing: Array(answers.utf8))
        for state in ["submitted", "started"] as [JSONValue] {
            let answer = await put(["state": state, "answers": answers], service)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.faults.count == faults.count)
            for (question, code) in faults {
                #expect(answer.faults["/answers\(question)"] == code, "\(answer.text)")
            }
        }
    }

    @Test(
        arguments: [
            (["state": "invited"], "/state"), (["state": 1], "/state"), (["answers": []], "/answers"),
            (["reason": ""], "/reason"), (["area": "se"], "/area"),
        ] as [(JSONValue, String)])
    func malformedResponsesAreRefused(body: JSONValue, pointer: String) async throws {
        let answer = await put(body, try await Self.open.value)
        #expect(answer.status == .badRequest)
        #expect(answer.faults == [pointer: "malformed"])
    }

    /// Of several options none is an answer too.
    @Test func noneOfTheOptionsIsAnAnswer() async throws {
        let service = try await service()
        let answers: JSONValue = ["program": .bool(true), "former": []]
        #expect(await put(["answers": answers], service)["answers"] == answers)
        let summary = await service.get("surveys/library-2017/summary", key: TestApp.adminKey)
        #expect(summary["questions", 1, "answers"] == 1)
    }

    @Test func onlyAnOpenSurveyTakesResponses() async throws {
        let service = try await TestApp.withSurvey()
        // Nobody has been asked.
        #expect(await put([:], service).status == .notFound)
        try await service.perform("open")
        #expect(await put([:], service).status == .created)
        for act in ["close", "publish"] {
            try await service.perform(act)
            let late = await put(["answers": ["program": .bool(true)]], service)
            #expect(late.status == .conflict)
            #expect(late.codes == ["surveyNotOpen"])
            #expect(await service.get(Self.item, key: TestApp.adminKey)["answers"] == [:])
        }
    }

    /// Who answers while the survey is closed is either in time or refused.
    @Test func closingWaitsForWhoIsAnswering() async throws {
        let service = try await service()
        async let closed: Void = service.perform("close")
        let answers = await withTaskGroup(of: Answer.self) { group in
            for number in 1...6 {
                group.addTask { await self.put(["answers": ["tillfallen": .number(.init(number))]], service) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        try await closed
        let survey = await service.get("surveys/library-2017")
        let response = await service.get(Self.item, key: TestApp.adminKey)
        #expect(answers.allSatisfy { [.created, .ok, .conflict].contains($0.status) })
        let taken = answers.filter { $0.status != .conflict }
        #expect(taken.count { $0.status == .created } == (taken.isEmpty ? 0 : 1))
        #expect(response["revision"]?.integer == 1 + taken.count)
        #expect(survey["state"] == "closed")
    }

    @Test func conditionsHoldForTheRevision() async throws {
        let service = try await service()
        let invited = await service.get("\(Self.item)?lang=all", key: TestApp.adminKey)
        let etag = try #require(invited.etag)
        let wrong = await put([:], service, fields: ["If-Match": "\"7-sv-key\""])
        #expect(wrong.status == .preconditionFailed)
        #expect(await put([:], service, fields: ["If-None-Match": "*"]).status == .preconditionFailed)
        // The tag of what was read in every language is that of the revision.
        #expect(await put([:], service, fields: ["If-Match": etag]).status == .created)
        let stale = await put(["state": "declined"], service, fields: ["If-Match": etag])
        #expect(stale.status == .preconditionFailed)
        #expect(await put(["state": "declined"], service, fields: ["If-Match": "*"]).status == .ok)
        let known = try #require(await service.get(Self.item, key: TestApp.adminKey).etag)
        func again() async -> Status {
            await service.get(Self.item, key: TestApp.adminKey, fields: ["If-None-Match": known]).status
        }
        #expect(await again() == .notModified)
        // The organisation's name is part of the response.
        _ = await service.patch("organisations/motala-bibliotek", ["name": "Motala stadsbibliotek"])
        #expect(await again() == .ok)
    }

    // MARK: Who may do it

    @Test func aPartnerKnowsOfItsOwnResponseOnly() async throws {
        let service = try await service()
        let motala = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let other = "\(Self.list)/linkoping-bibliotek"
        #expect(await put([:], service, other, key: motala).status == .notFound)
        #expect(await service.get(other, key: motala).status == .notFound)
        #expect(await put([:], service, key: motala).status == .created)
        let list = await service.get(Self.list, key: motala)
        #expect(list["_meta", "totalRecords"] == 1)
        #expect(list["items", 0, "respondent"] == "motala-bibliotek")
        #expect(await service.get("\(Self.list)?state=invited", key: motala)["items"] == [])
        for path in [Self.list, Self.item] {
            #expect(await service.get(path).status == .unauthorized)
        }
        #expect(await put([:], service, key: nil).status == .unauthorized)
        let coordinator = try await service.makeKey(.coordinator)
        #expect(await put([:], service, other, key: coordinator).status == .created)
        #expect(await service.get(Self.list, key: coordinator)["_meta", "totalRecords"] == 3)
        for path in ["\(Self.list)/nobody", "surveys/nothing/responses/motala-bibliotek"] {
            #expect(await service.get(path, key: coordinator).status == .notFound)
            #expect(await put([:], service, path, key: coordinator).status == .notFound)
        }
        #expect(await service.get("surveys/nothing/responses", key: coordinator).status == .notFound)
    }

    @Test func aPartnerAnswersForTheAreaOfItsOrganisation() async throws {
        let service = try await service(["frame": ["country": "se", "organisations": .null]])
        let motala = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let own = await put([:], service, "\(Self.list)/se-0583", key: motala)
        #expect(own.status == .created, "\(own.text)")
        #expect(own["name"] == "Motala")
        #expect(await service.get("\(Self.list)/se-0580", key: motala).status == .notFound)
        #expect(await put([:], service, "\(Self.list)/se-0580", key: motala).status == .notFound)
        let list = await service.get(Self.list, key: motala)
        #expect(list["items"]?.list?.compactMap { $0["respondent"]?.string } == ["se-0583"])
        let coordinator = try await service.makeKey(.coordinator)
        #expect(await put([:], service, "\(Self.list)/se-0580", key: coordinator).status == .created)
    }

    /// An organisation whose id looks like an area's is not that area.
    @Test func anOrganisationIsNotTheAreaThatItIsCalled() async throws {
        let service = try await TestApp.withSurvey()
        try await service.makeOrganisation("se-0583", area: "se-0180")
        _ = await service.patch("surveys/library-2017", ["frame": ["organisations": ["se-0583"]]])
        try await service.perform("open")
        let motala = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let path = "\(Self.list)/se-0583"
        #expect(await service.get(path, key: motala).status == .notFound)
        #expect(await service.get(Self.list, key: motala)["items"] == [])
        #expect(await service.get(path, key: TestApp.adminKey)["name"] == "se-0583")
        let own = try await service.makeKey(.partner, organisation: "se-0583")
        #expect(await put([:], service, path, key: own).status == .created)
    }

    @Test func onlyCoordinatorsExclude() async throws {
        let service = try await service()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        let exclusion: JSONValue = ["state": "excluded", "reason": "Nedlagt"]
        #expect(await put(exclusion, service, key: partner).status == .forbidden)
        #expect(await put(exclusion, service, key: coordinator).status == .created)
        // Nor does who is excluded come back by itself.
        #expect(await put([:], service, key: partner).status == .forbidden)
        #expect(await put([:], service, key: coordinator).status == .ok)
        #expect(await put(["state": "declined"], service, key: partner).status == .ok)
    }

    // MARK: The list

    private static let answered = Task {
        let service = try await TestApp.withSurvey()
        try await service.perform("open")
        let bodies: KeyValuePairs<String, JSONValue> = [
            "motala-bibliotek": [
                "answers": [
                    "program": .bool(true), "former": ["kurs", "drop-in"], "tillfallen": .exactly("2.5"),
                    "annat": "=1+1",
                ]
            ],
            "linkoping-bibliotek": ["state": "excluded", "reason": "Nedlagt"],
        ]
        for (respondent, body) in bodies {
            let answer = await service.ask(.put, "\(list)/\(respondent)", body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    @Test(arguments: [
        ("", ["linkoping", "mjolby", "motala"]), ("sort=-respondent", ["motala", "mjolby", "linkoping"]),
        ("sort=name", ["linkoping", "mjolby", "motala"]),
        ("sort=state", ["linkoping", "mjolby", "motala"]),
        ("sort=-reason", ["linkoping", "mjolby", "motala"]),
        ("sort=updatedAt", ["mjolby", "motala", "linkoping"]),
        ("sort=survey", ["linkoping", "mjolby", "motala"]),
        ("sort=revision", ["mjolby", "linkoping", "motala"]), ("state=invited", ["mjolby"]),
        ("state=submitted,excluded", ["linkoping", "motala"]), ("state=started", []),
    ])
    func theListIsSortedFilteredAndPaged(query: String, respondents: [String]) async throws {
        let service = try await Self.answered.value
        let items = try await service.items("\(Self.list)?limit=1&\(query)")
        #expect(
            items.compactMap { $0["respondent"]?.string?.replacing("-bibliotek", with: "") } == respondents)
        let whole = await service.get("\(Self.list)?\(query)", key: TestApp.adminKey)
        #expect(whole["_meta", "totalRecords"]?.integer == respondents.count)
    }

    @Test(arguments: ["state=open", "sort=id", "sort=answers", "area=se", "q=x"])
    func otherQueriesAreRefused(query: String) async throws {
        let service = try await Self.answered.value
        #expect(await service.get("\(Self.list)?\(query)", key: TestApp.adminKey).status == .badRequest)
    }

    @Test func eachQuestionHasAColumnInCSV() async throws {
        let service = try await Self.answered.value
        let csv = await service.get("\(Self.list)?format=csv&sort=-respondent", key: TestApp.adminKey)
        #expect(csv.status == .ok)
        let lines = csv.text.split(whereSeparator: \.isNewline)
        #expect(
            lines[0]
                == "survey,respondent,name,state,answers.program,answers.former,answers.kursledare,answers.tillfallen,answers.annat,reason,createdAt,updatedAt,revision"
        )
        #expect(
            lines[1].hasPrefix(
                "library-2017,motala-bibliotek,motala-bibliotek,submitted,true,kurs; drop-in,,2.5,'=1+1,,"),
            "\(csv.text)")
        #expect(lines[3].contains(",excluded,,,,,,Nedlagt,"))
        #expect(lines.count == 4)
    }
}
