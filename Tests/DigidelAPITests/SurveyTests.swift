import HTTP
import Postgres
import Testing

@testable import DigidelAPI

extension TestApp {
    /// A survey that breaks no rule, with some members put in the place of others.
    static func survey(_ changes: JSONValue = [:]) -> JSONValue {
        let survey: JSONValue = [
            "id": "library-2017", "title": ["sv": "Biblioteksenkät våren 2017", "en": "Library survey"],
            "frame": ["organisations": ["motala-bibliotek", "linkoping-bibliotek", "mjolby-bibliotek"]],
            "questions": [
                [
                    "id": "program", "type": "yesNo",
                    "text": ["sv": "Erbjuder ni program?", "en": "Do you offer programmes?"],
                ],
                [
                    "id": "former", "type": "multiChoice", "text": "I vilka former?",
                    "options": ["kurs", "drop-in", "handledning"],
                    "onlyIf": ["question": "program", "equals": .bool(true)],
                ],
                [
                    "id": "kursledare", "type": "choice", "text": "Vem leder kurserna?",
                    "options": ["vi", "studieförbund"], "onlyIf": ["question": "former", "equals": "kurs"],
                ],
                ["id": "tillfallen", "type": "number", "text": "Hur många tillfällen?"],
                ["id": "annat", "type": "text", "text": "Något annat?"],
            ],
        ]
        return survey.merged(with: changes)
    }

    /// A service with the libraries of Motala, Linköping and Mjölby and a draft that asks them.
    static func withSurvey(_ changes: JSONValue = [:]) async throws -> TestApp {
        let service = try await make(at: "2017-03-01T08:00:00Z")
        try await service.makeOrganisation()
        try await service.makeOrganisation("linkoping-bibliotek", area: "se-0580")
        try await service.makeOrganisation("mjolby-bibliotek", area: "se-0586")
        let created = await service.post("surveys", survey(changes))
        guard created.status == .created else { throw Unexpected(created) }
        return service
    }

    /// Performs acts on the survey, one after the other.
    func perform(_ acts: String..., on survey: String = "library-2017") async throws {
        for act in acts {
            let answer = await post("surveys/\(survey)/\(act)", [:])
            guard answer.status == .ok else { throw Unexpected(answer) }
        }
    }
}

@Suite struct SurveyTests {
    private static let item = "surveys/library-2017"

    // MARK: The survey

    @Test func aSurveyComesBackAsItWasGiven() async throws {
        let service = try await TestApp.withSurvey()
        let read = await service.get("\(Self.item)?lang=all", key: TestApp.adminKey)
        #expect(read.status == .ok)
        let content = try #require(read.json).without("createdAt", "updatedAt", "revision", "_links", "state")
        let expected = TestApp.survey([
            "questions": .array(
                (TestApp.survey()["questions"]?.list ?? []).map { question in
                    guard let text = question["text"], case .string = text else { return question }
                    return question.merged(with: ["text": ["sv": text]])
                })
        ])
        #expect(content == expected)
        #expect(read["state"] == "draft")
        #expect(read["revision"] == 1)
        let english = await service.ask(.get, Self.item, fields: ["Accept-Language": "en"])
        #expect(english["title"] == "Library survey")
        #expect(english["questions", 0, "text"] == "Do you offer programmes?")
        #expect(english["questions", 1, "text"] == "I vilka former?")
        #expect(english["_links", "self", "href"] == .string("\(TestApp.baseURL)/\(Self.item)"))
    }

    @Test func theIdIsOfTheTitle() async throws {
        let service = try await TestApp.withSurvey()
        let created = await service.post("surveys", TestApp.survey(["id": .null]))
        #expect(created.created == "surveys/biblioteksenkat-varen-2017", "\(created.text)")
        #expect(await service.post("surveys", TestApp.survey()).faults == ["/id": "idTaken"])
    }

    @Test func aFrameIsOfAreasOrOfOrganisations() async throws {
        let service = try await TestApp.withSurvey()
        func created(_ frame: JSONValue) async -> Answer {
            var body = TestApp.survey(["id": .null]).without("frame")
            body = body.merged(with: ["frame": frame, "title": .string("X \(Int.random(in: 1...1 << 40))")])
            return await service.post("surveys", body)
        }
        #expect(
            await created(["country": "no"])["frame"] == ["country": "no", "level": "municipality"])
        let counties: JSONValue = ["country": "dk", "level": "county", "organisations": .null]
        #expect(await created(counties)["frame"] == ["country": "dk", "level": "county"])
        let organisations: JSONValue = ["organisations": ["motala-bibliotek"]]
        #expect(
            await created(organisations.merged(with: ["country": .null, "level": .null]))["frame"]
                == organisations)
        let both = await created(["country": "se", "organisations": ["motala-bibliotek"]])
        #expect(both.faults == ["/frame/country": "malformed"], "\(both.text)")
        for (frame, pointers) in [
            ([:], ["/frame/country"]), (["level": "county"], ["/frame/country"]),
            (["country": "fi"], ["/frame/country"]),
            (["country": "se", "level": "country"], ["/frame/level"]),
            (["organisations": []], ["/frame/organisations"]),
            (["organisations": ["Motala"]], ["/frame/organisations/0"]),
            (["organisations": ["motala-bibliotek"], "level": "county"], ["/frame/level"]),
            (["country": "se", "colour": 1], ["/frame/colour"]), ("se", ["/frame"]), (.null, ["/frame"]),
        ] as [(JSONValue, [String])] {
            let refused = await created(frame)
            #expect(refused.status == .badRequest)
            #expect(refused.faults.keys.sorted() == pointers, "\(refused.text)")
        }
        let unknown = await created(["organisations": ["motala-bibliotek", "nowhere"]])
        #expect(unknown.status == .unprocessableContent)
        #expect(unknown.faults == ["/frame/organisations/1": "unknownOrganisation"])
    }

    @Test func malformedSurveysAreRefused() async throws {
        let service = try await TestApp.withSurvey()
        let empty = await service.post("surveys", [:])
        #expect(empty.status == .badRequest)
        #expect(empty.faults.keys.sorted() == ["/frame", "/questions", "/title"])
        let question: JSONValue = ["id": "q1", "text": "?", "type": "yesNo"]
        func pointers(_ changes: JSONValue) async -> [String] {
            let body: JSONValue = ["questions": [question.merged(with: changes)]]
            let answer = await service.post("surveys", TestApp.survey(body.merged(with: ["id": "x-1"])))
            #expect(answer.status == .badRequest, "\(answer.text)")
            return answer.faults.keys.sorted()
        }
        for id in ["", "-a", "a b", "å", "q.1", String(repeating: "q", count: 41)] {
            #expect(await pointers(["id": .string(id)]) == ["/questions/0/id"])
        }
        #expect(
            await pointers(["id": .null, "text": .null, "type": .null])
                == ["/questions/0/id", "/questions/0/text", "/questions/0/type"])
        #expect(await pointers(["type": "date"]) == ["/questions/0/type"])
        #expect(
            await pointers(["text": .string(String(repeating: "x", count: 501))]) == ["/questions/0/text"])
        #expect(await pointers(["options": [""]]) == ["/questions/0/options/0"])
        let many = (0...50).map { JSONValue.string("\($0)") }
        #expect(await pointers(["type": "choice", "options": .array(many)]) == ["/questions/0/options"])
        #expect(await pointers(["onlyIf": "q0"]) == ["/questions/0/onlyIf"])
        #expect(
            await pointers(["onlyIf": ["equals": []]])
                == ["/questions/0/onlyIf/equals", "/questions/0/onlyIf/question"])
        // Nobody can answer so.
        #expect(
            await pointers(["onlyIf": ["question": "q0", "equals": 10_000_000_000_000]])
                == ["/questions/0/onlyIf/equals"])
        #expect(await pointers(["required": .bool(true)]) == ["/questions/0/required"])
        for questions in [[], .array(Array(repeating: question, count: 101))] as [JSONValue] {
            let answer = await service.post("surveys", TestApp.survey(["questions": questions]))
            #expect(answer.faults == ["/questions": "malformed"])
        }
    }

    @Test func rulesForQuestions() async throws {
        let service = try await TestApp.withSurvey()
        func faults(_ questions: JSONValue...) async -> [String: String] {
            let answer = await service.post(
                "surveys", TestApp.survey(["id": "x-1", "questions": .array(questions)]))
            #expect(answer.status == .unprocessableContent, "\(answer.text)")
            return answer.faults
        }
        let yesNo: JSONValue = ["id": "a", "text": "?", "type": "yesNo"]
        let choice: JSONValue = ["id": "b", "text": "?", "type": "choice", "options": ["x", "y"]]
        let number: JSONValue = ["id": "c", "text": "?", "type": "number"]
        func asked(_ id: String, if question: String, _ equals: JSONValue) -> JSONValue {
            number.merged(with: [
                "id": .string(id), "onlyIf": ["question": .string(question), "equals": equals],
            ])
        }
        #expect(await faults(yesNo, number, yesNo) == ["/questions/2/id": "duplicateQuestion"])
        #expect(
            await faults(
                choice.merged(with: ["options": .null]), yesNo.merged(with: ["options": ["x", "y"]]))
                == ["/questions/0/options": "optionsMissing", "/questions/1/options": "optionsNotTaken"])
        // The same twice is one.
        #expect(
            await faults(choice.merged(with: ["type": "multiChoice", "options": ["x", "x"]]))
                == ["/questions/0/options": "optionsMissing"])
        let later = "/questions/0/onlyIf/question"
        #expect(await faults(asked("z", if: "a", .bool(true)), yesNo) == [later: "unknownQuestion"])
        #expect(await faults(asked("a", if: "a", 1)) == [later: "unknownQuestion"])
        #expect(
            await faults(
                yesNo, choice, asked("c", if: "a", "x"), asked("d", if: "b", "z"), asked("e", if: "b", 1),
                asked("f", if: "c", "x"), asked("g", if: "c", .exactly("1.1234567")))
                == [
                    "/questions/2/onlyIf/equals": "answerType", "/questions/3/onlyIf/equals": "unknownOption",
                    "/questions/4/onlyIf/equals": "answerType", "/questions/5/onlyIf/equals": "answerType",
                    "/questions/6/onlyIf/equals": "answerType",
                ])
        #expect(
            await faults(
                yesNo.merged(with: ["text": ["sv": "?", "en": "Ask eva@example.se"]]),
                choice.merged(with: ["options": ["x", "070-123 45 67"]]),
                ["id": "t", "type": "text", "text": "Vem?"],
                number.merged(with: ["onlyIf": ["question": "t", "equals": "eva@example.se"]]))
                == [
                    "/questions/0/text/en": "personalData", "/questions/1/options/1": "personalData",
                    "/questions/3/onlyIf/equals": "personalData",
                ])
        let title = await service.post("surveys", TestApp.survey(["id": "x-1", "title": "eva@example.se"]))
        #expect(title.faults["/title/sv"] == "personalData")
    }

    @Test func onlyCoordinatorsWriteAndKnowDrafts() async throws {
        let service = try await TestApp.withSurvey()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        for (key, status) in [(nil, Status.unauthorized), (partner, .forbidden)] {
            #expect(await service.post("surveys", TestApp.survey(["id": "x-1"]), key: key).status == status)
            #expect(await service.put(Self.item, TestApp.survey(), key: key).status == status)
            #expect(await service.patch(Self.item, [:], key: key).status == status)
            for act in ["open", "close", "publish"] {
                #expect(await service.post("\(Self.item)/\(act)", [:], key: key).status == status)
            }
            for path in [Self.item, "\(Self.item)/summary"] {
                #expect(await service.get(path, key: key).status == .notFound)
            }
            #expect(try await service.ids("surveys", key: key) == [])
            #expect(await service.get("surveys", key: key)["_meta", "totalRecords"] == 0)
        }
        #expect(await service.get("\(Self.item)/responses", key: partner).status == .notFound)
        #expect(try await service.ids("surveys", key: coordinator) == ["library-2017"])
        #expect(await service.get(Self.item, key: coordinator).status == .ok)
        #expect(await service.get("\(Self.item)/responses", key: coordinator)["items"] == [])
        #expect(await service.post("\(Self.item)/open", [:], key: coordinator).status == .ok)
        #expect(await service.get(Self.item).status == .ok)
        #expect(try await service.ids("surveys", key: nil) == ["library-2017"])
    }

    // MARK: Acts

    @Test func aSurveyIsOpenedClosedAndPublished() async throws {
        let service = try await TestApp.withSurvey()
        var done: Set<String> = []
        for (act, state, member) in [
            ("open", "open", "openedAt"), ("close", "closed", "closedAt"),
            ("publish", "published", "publishedAt"),
        ] {
            let answer = await service.post("\(Self.item)/\(act)", [:])
            #expect(answer.status == .ok, "\(answer.text)")
            #expect(answer["state"]?.string == state)
            done.insert(member)
            #expect(
                answer.json?.names.intersection(["openedAt", "closedAt", "publishedAt"]) == done)
            #expect(answer["revision"]?.integer == done.count + 1)
            #expect(answer["updatedAt"] == answer[member])
            let again = await service.post("\(Self.item)/\(act)", [:])
            #expect(again.status == .conflict)
            #expect(again.codes == ["surveyState"])
            #expect(await service.get(Self.item, key: TestApp.adminKey).json == answer.json)
        }
        #expect(await service.post("surveys/nothing/open", [:]).status == .notFound)
        #expect(await service.post("\(Self.item)/open", ["now": 1]).status == .badRequest)
        #expect(await service.post("\(Self.item)/open?now=1", [:]).status == .badRequest)
    }

    @Test(arguments: [("close", [String]()), ("publish", []), ("publish", ["open"])])
    func actsHaveAnOrder(act: String, before: [String]) async throws {
        let service = try await TestApp.withSurvey()
        for act in before { try await service.perform(act) }
        let answer = await service.post("\(Self.item)/\(act)", [:])
        #expect(answer.status == .conflict)
        #expect(answer.codes == ["surveyState"])
    }

    @Test(arguments: [
        ("se", "municipality", 290), ("se", "county", 21), ("no", "municipality", 357), ("dk", "county", 5),
    ])
    func everybodyInTheFrameIsInvited(country: String, level: String, count: Int) async throws {
        let frame: JSONValue = [
            "country": .string(country), "level": .string(level), "organisations": .null,
        ]
        let service = try await TestApp.withSurvey(["frame": frame])
        try await service.perform("open")
        let list = await service.get("\(Self.item)/responses?state=invited", key: TestApp.adminKey)
        #expect(list["_meta", "totalRecords"]?.integer == count)
        let all = await service.get("\(Self.item)/responses", key: TestApp.adminKey)
        #expect(all["_meta", "totalRecords"]?.integer == count)
    }

    /// The patch itself is as a patch can be; what comes of it breaks a rule.
    @Test func aPatchMakesNoFrameOfTwoKinds() async throws {
        let service = try await TestApp.withSurvey()
        let mixed = await service.patch(Self.item, ["frame": ["country": "se"]])
        #expect(mixed.status == .unprocessableContent, "\(mixed.text)")
        #expect(mixed.faults == ["/frame/country": "malformed"])
        let other = await service.patch(Self.item, ["frame": ["country": "se", "organisations": .null]])
        #expect(other.status == .ok, "\(other.text)")
    }

    @Test func whatIsAskedStaysAsItWasOpened() async throws {
        let service = try await TestApp.withSurvey()
        let draft = await service.patch(Self.item, ["frame": ["organisations": ["motala-bibliotek"]]])
        #expect(draft.status == .ok, "\(draft.text)")
        #expect(draft["revision"] == 2)
        try await service.perform("open")
        for state in ["open", "closed"] {
            if state == "closed" { try await service.perform("close") }
            for change in [
                ["frame": ["organisations": ["linkoping-bibliotek"]]],
                ["frame": ["organisations": .null, "country": "se"]],
                ["questions": [["id": "program", "type": "yesNo", "text": "?"]]],
            ] as [JSONValue] {
                let refused = await service.patch(Self.item, change)
                #expect(refused.status == .conflict)
                #expect(refused.codes == ["surveyNotDraft"], "\(refused.text)")
            }
            let title = await service.patch(Self.item, ["title": ["en": .string(state)]])
            #expect(title.status == .ok, "\(title.text)")
            let whole = await service.get("\(Self.item)?lang=all")
            #expect(whole["title", "en"] == .string(state))
            #expect(whole["title", "sv"] == "Biblioteksenkät våren 2017")
            let put = await service.put(
                Self.item, try #require(whole.json).merged(with: ["title": "Enkät"]), ifMatch: whole.etag)
            #expect(put.status == .ok, "\(put.text)")
            #expect(put["title"] == "Enkät")
            #expect(put["state"] == .string(state))
            _ = await service.patch(Self.item, ["title": ["sv": "Biblioteksenkät våren 2017"]])
        }
    }

    @Test func writesNeedTheRevision() async throws {
        let service = try await TestApp.withSurvey()
        #expect(await service.put(Self.item, TestApp.survey(), ifMatch: nil).status == .preconditionRequired)
        #expect(
            await service.put(Self.item, TestApp.survey(), ifMatch: "\"7\"").status == .preconditionFailed)
        #expect(await service.put("surveys/nothing", TestApp.survey()).status == .notFound)
        #expect(await service.put(Self.item, TestApp.survey()).status == .ok)
    }

    // MARK: The summary

    /// What PostgreSQL counts of responses in all states, with blanks and questions that are asked of some.
    @Test func theSummaryCountsWhatWasSubmitted() async throws {
        let frame: JSONValue = ["country": "se", "level": "county", "organisations": .null]
        let service = try await TestApp.withSurvey(["frame": frame])
        try await service.perform("open")
        let responses: KeyValuePairs<String, JSONValue> = [
            "01": [
                "answers": [
                    "program": .bool(true), "former": ["kurs", "drop-in"], "kursledare": "vi",
                    "tillfallen": 10, "annat": "Bokbuss",
                ]
            ],
            "03": [
                "answers": [
                    "program": .bool(true), "former": ["kurs"], "tillfallen": .exactly("20.0"),
                    "annat": "Café",
                ]
            ],
            "04": ["answers": ["program": .bool(true), "tillfallen": 20]],
            "05": ["answers": ["program": .bool(false), "tillfallen": .exactly("1.5")]], "06": [:],
            "07": ["state": "started", "answers": ["program": .bool(true), "tillfallen": 99]],
            "08": ["state": "declined"], "09": ["state": "excluded", "reason": "Ingår i Kalmar"],
        ]
        for (county, body) in responses {
            let answer = await service.ask(.put, "\(Self.item)/responses/se-\(county)", body)
            #expect(answer.status == .created, "\(answer.text)")
        }
        for key in [nil, try await service.makeKey(.partner, organisation: "motala-bibliotek")] {
            #expect(await service.get("\(Self.item)/summary", key: key).status == .notFound)
        }
        let summary = await service.get("\(Self.item)/summary", key: TestApp.adminKey)
        #expect(summary.status == .ok, "\(summary.text)")
        #expect(summary["frame"] == 21)
        #expect(summary["excluded"] == 1)
        #expect(summary["submitted"] == 5)
        #expect(summary["responseRate", "denominator"] == 20)
        #expect(summary["responseRate", "percent"] == 25)
        let questions = summary["questions"]?.list ?? []
        #expect(questions.map { $0["answers"]?.integer } == [4, 2, 1, 4, 2])
        #expect(questions.map { $0["base"]?.integer } == [nil, 3, 2, nil, nil])
        #expect(questions.first?["positive"] == 3)
        #expect(questions.first?["shareOfFrame"]?["upper"]?["numerator"] == 19)
        #expect(questions[1]["options"]?.list?.map { $0["count"]?.integer } == [2, 1, 0])
        #expect(questions[2]["options"]?.list?.map { $0["count"]?.integer } == [1, 0])
        #expect(
            questions[3].without("id", "text", "type", "answers") == [
                "q1": .exactly("7.875"), "median": 15, "q3": 20,
            ])
        #expect(questions[4].names == ["id", "text", "type", "answers"])

        try await service.perform("close", "publish")
        let published = await service.get("\(Self.item)/summary", fields: ["Accept-Language": "en"])
        #expect(published["questions", 0, "text"] == "Do you offer programmes?")
        #expect(published["submitted"] == 5)
        let etag = try #require(published.etag)
        let again = await service.get(
            "\(Self.item)/summary", fields: ["Accept-Language": "en", "If-None-Match": etag])
        #expect(again.status == .notModified)
        #expect(await service.get("\(Self.item)/summary?on=2017-01-01").status == .badRequest)
        #expect(await service.get("surveys/nothing/summary").status == .notFound)
    }

    @Test func aDraftHasAnEmptySummary() async throws {
        let service = try await TestApp.withSurvey()
        let summary = await service.get("\(Self.item)/summary", key: TestApp.adminKey)
        #expect(summary["frame"] == 0)
        #expect(summary["responseRate", "percent"] == .null)
    }

    // MARK: The list

    /// A draft and a survey in each other state.
    private static let four = Task {
        let service = try await TestApp.withSurvey()
        for (id, title, acts) in [
            ("a-open", "Verkstäder", ["open"]), ("b-closed", "Avslutad", ["open", "close"]),
            ("c-published", "Publicerad", ["open", "close", "publish"]),
        ] {
            let created = await service.post(
                "surveys", TestApp.survey(["id": .string(id), "title": ["sv": .string(title), "en": .null]]))
            guard created.status == .created else { throw TestApp.Unexpected(created) }
            for act in acts { try await service.perform(act, on: id) }
        }
        return service
    }

    @Test(arguments: [
        ("", ["library-2017", "a-open", "b-closed", "c-published"]),
        ("sort=-id", ["library-2017", "c-published", "b-closed", "a-open"]),
        ("sort=title", ["b-closed", "library-2017", "c-published", "a-open"]),
        ("sort=state,-id", ["b-closed", "library-2017", "a-open", "c-published"]),
        ("sort=openedAt", ["a-open", "b-closed", "c-published", "library-2017"]),
        ("sort=-publishedAt,id", ["a-open", "b-closed", "library-2017", "c-published"]),
        ("sort=closedAt,id", ["b-closed", "c-published", "a-open", "library-2017"]),
        ("sort=-revision", ["c-published", "b-closed", "a-open", "library-2017"]),
        ("state=draft", ["library-2017"]), ("state=open,published", ["a-open", "c-published"]),
        ("state=closed&q=avslutad", ["b-closed"]), ("q=biblioteksenkater", ["library-2017"]),
        ("q=verkstad", ["a-open"]), ("q=library", ["library-2017"]), ("q=ingenting", []),
    ])
    func theListIsSortedFilteredAndPaged(query: String, ids: [String]) async throws {
        let service = try await Self.four.value
        #expect(try await service.ids("surveys?limit=1&\(query)") == ids)
        let meta = await service.get("surveys?\(query)", key: TestApp.adminKey)["_meta", "totalRecords"]
        #expect(meta?.integer == ids.count)
        let open = ids.filter { $0 != "library-2017" }
        #expect(try await service.ids("surveys?\(query)", key: nil) == open)
        #expect(await service.get("surveys?\(query)")["_meta", "totalRecords"]?.integer == open.count)
    }

    @Test(arguments: ["state=new", "sort=frame", "sort=questions", "frame=se", "q="])
    func otherQueriesAreRefused(query: String) async throws {
        #expect(await (try Self.four.value).get("surveys?\(query)").status == .badRequest)
    }

    @Test func theListAsCSV() async throws {
        let service = try await Self.four.value
        let csv = await service.get("surveys?format=csv&state=open")
        let lines = csv.text.split(whereSeparator: \.isNewline)
        #expect(
            lines[0]
                == "id,title,frame.country,frame.level,frame.organisations,questions,state,openedAt,closedAt,publishedAt,createdAt,updatedAt,revision"
        )
        let organisations = "motala-bibliotek; linkoping-bibliotek; mjolby-bibliotek"
        #expect(lines[1].hasPrefix("a-open,Verkstäder,,,\(organisations),"), "\(csv.text)")
    }
}
