import HTTP
import Testing

@testable import DigidelAPI

/// The Digidel network, from 2013: members of all kinds and levels, and the library survey of spring 2017.
@Suite struct DigidelNetworkTests {
    // MARK: Members

    private static let members = Task {
        let service = try await TestApp.make(at: "2017-06-15T10:00:00Z")
        try await service.makeOrganisations([
            ("abf", "studyAssociation", "se", "Arbetarnas bildningsförbund"),
            ("axiell", "company", "se", "Axiell"),
            ("internetstiftelsen", "association", "se", "Internetstiftelsen i Sverige"),
            ("kb", "agency", "se", "Kungliga biblioteket"),
            ("kultur-i-vast", "regionalLibrary", "se-14", "Kultur i Väst"),
            ("lansbibliotek-ostergotland", "regionalLibrary", "se-05", "Länsbibliotek Östergötland"),
            ("linkoping-bibliotek", "library", "se-0580", "Linköpings stadsbibliotek"),
            ("motala-bibliotek", "library", "se-0583", "Motala bibliotek"),
            ("motala-kommun", "municipality", "se-0583", "Motala kommun"),
            ("region-ostergotland", "region", "se-05", "Region Östergötland"),
            ("seniornet", "association", "se", "SeniorNet Sweden"),
            ("sundbyberg-folkhogskola", "folkHighSchool", "se-0183", "Sundbybergs folkhögskola"),
            ("tidigare", "other", "se-0180", "Tidigare medlem"),
        ])
        for (id, patch) in [
            ("tidigare", ["membership": "left"]), ("kb", ["memberSince": "2013-01-01"]),
            ("motala-bibliotek", ["parent": "motala-kommun"]),
        ] as [(String, JSONValue)] {
            let answer = await service.patch("organisations/\(id)", patch)
            guard answer.status == .ok else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    @Test func whoTheMembersAreOfWhichKindsAndWhere() async throws {
        let service = try await Self.members.value
        let answer = await service.get("organisations?membership=active&sort=kind,id")
        let expected: JSONValue = [
            ["agency", "kb", "Kungliga biblioteket", "se", .null, "2013-01-01"],
            ["association", "internetstiftelsen", "Internetstiftelsen i Sverige", "se", .null, .null],
            ["association", "seniornet", "SeniorNet Sweden", "se", .null, .null],
            ["company", "axiell", "Axiell", "se", .null, .null],
            [
                "folkHighSchool", "sundbyberg-folkhogskola", "Sundbybergs folkhögskola", "se-0183", .null,
                .null,
            ],
            ["library", "linkoping-bibliotek", "Linköpings stadsbibliotek", "se-0580", .null, .null],
            ["library", "motala-bibliotek", "Motala bibliotek", "se-0583", "motala-kommun", .null],
            ["municipality", "motala-kommun", "Motala kommun", "se-0583", .null, .null],
            ["region", "region-ostergotland", "Region Östergötland", "se-05", .null, .null],
            ["regionalLibrary", "kultur-i-vast", "Kultur i Väst", "se-14", .null, .null],
            [
                "regionalLibrary", "lansbibliotek-ostergotland", "Länsbibliotek Östergötland", "se-05",
                .null, .null,
            ],
            ["studyAssociation", "abf", "Arbetarnas bildningsförbund", "se", .null, .null],
        ]
        #expect(answer.table("kind", "id", "name", "area", "parent", "memberSince") == expected)
        #expect(answer["_meta", "totalRecords"] == 12)
    }

    @Test(arguments: [
        ("area=se-05", 5), ("kind=library,regionalLibrary", 4), ("kind=library&area=se-05", 2),
        ("area=se-14", 1), ("kind=company,agency", 2), ("area=no", 0),
    ])
    func membersByKindAndPlace(query: String, count: Int) async throws {
        let service = try await Self.members.value
        let answer = await service.get("organisations?membership=active&\(query)")
        #expect(answer["_meta", "totalRecords"] == .whole(count))
    }

    // MARK: The library survey of spring 2017

    /// Sent to all 290 municipalities: 264 answer, 211 of them offer programmes; 3 have begun, 3 decline, 20 keep silent.
    private static let surveyed = Task {
        let service = try await TestApp.make(at: "2017-06-15T10:00:00Z")
        try await service.create("surveys", [survey])
        try await service.act("surveys/\(id)/open")
        let areas = try await service.ids(
            "areas?country=se&level=municipality&sort=id&limit=200", key: nil)
        for (number, area) in areas.enumerated() {
            guard let response = response(number) else { continue }
            try await service.place("surveys/\(id)/responses/\(area)", response)
        }
        try await service.create(
            "goals",
            [
                [
                    "id": "program-overallt", "name": "Program i varje kommun", "kind": "coverage",
                    "predicate": ["survey": .string(id), "question": "program", "equals": .bool(true)],
                    "targetPercent": 100, "scope": ["areas": ["se"]], "startsOn": "2017-01-01",
                    "endsOn": "2020-12-31",
                ]
            ])
        return service
    }

    private static let id = "biblioteksenkat-2017"
    private static let summary = "surveys/\(id)/summary"

    private static let survey: JSONValue = [
        "id": .string(id),
        "title": ["sv": "Biblioteksenkät våren 2017", "en": "Library survey, spring 2017"],
        "frame": ["country": "se"],
        "questions": [
            [
                "id": "program", "type": "yesNo",
                "text": [
                    "sv": "Har biblioteken program för digital delaktighet?",
                    "en": "Do the libraries have programmes for digital inclusion?",
                ],
            ],
            [
                "id": "former", "type": "multiChoice", "text": "I vilka former?",
                "options": ["kurs", "drop-in", "handledning"],
                "onlyIf": ["question": "program", "equals": .bool(true)],
            ],
            ["id": "huvudman", "type": "choice", "text": "Med vem?", "options": ["ensam", "studieförbund"]],
            ["id": "tillfallen", "type": "number", "text": "Hur många tillfällen?"],
            ["id": "annat", "type": "text", "text": "Något annat?"],
        ],
    ]

    /// What the municipality of that number answers; nil keeps silent.
    private static func response(_ number: Int) -> JSONValue? {
        switch number {
        case 0..<211:
            var answers: [String: JSONValue] = ["program": .bool(true)]
            // 200 say how, all of these by courses and half also by drop-in.
            if number < 200 { answers["former"] = number < 100 ? ["kurs", "drop-in"] : ["kurs"] }
            // 100 say with whom: 75 alone.
            if number < 100 { answers["huvudman"] = number < 75 ? "ensam" : "studieförbund" }
            // 5 say how many times: 10, 20, 30, 40, 50.
            if number < 5 { answers["tillfallen"] = .whole(10 * (number + 1)) }
            if number < 2 { answers["annat"] = "Bokbussen är med." }
            return ["answers": .object(answers)]
        case 211..<264: return ["answers": ["program": .bool(false)]]
        case 264..<267: return ["state": "started", "answers": ["program": .bool(true)]]
        case 267..<270: return ["state": "declined"]
        default: return nil
        }
    }

    /// 91 % answered, and 80 % of those offer programmes: 72.8 to 81.7 % of all municipalities.
    @Test func responseRateAndSharesWithTheirDenominators() async throws {
        let service = try await Self.surveyed.value
        let answer = await service.get(Self.summary, key: TestApp.adminKey)
        #expect(answer["survey"] == .string(Self.id))
        #expect(answer["frame"] == 290)
        #expect(answer["excluded"] == 0)
        #expect(answer["submitted"] == 264)
        #expect(answer["responseRate"] == .share(264, of: 290, percent: "91"))
        let offered = answer["questions", 0]
        #expect(offered?["id"] == "program")
        #expect(offered?["type"] == "yesNo")
        #expect(offered?["text"] == "Har biblioteken program för digital delaktighet?")
        #expect(offered?["answers"] == 264)
        #expect(offered?["positive"] == 211)
        #expect(offered?["shareOfAnswers"] == .share(211, of: 264, percent: "79.9"))
        let bounds: JSONValue = [
            "lower": .share(211, of: 290, percent: "72.8"), "upper": .share(237, of: 290, percent: "81.7"),
        ]
        #expect(offered?["shareOfFrame"] == bounds)
    }

    @Test func theOtherQuestions() async throws {
        let service = try await Self.surveyed.value
        let questions = await service.get(Self.summary, key: TestApp.adminKey)["questions"]
        let answers: JSONValue = [
            ["program", 264], ["former", 200], ["huvudman", 100], ["tillfallen", 5], ["annat", 2],
        ]
        #expect(questions?.table("id", "answers") == answers)
        let forms: JSONValue = [
            ["option": "kurs", "count": 200, "share": .share(200, of: 200, percent: "100")],
            ["option": "drop-in", "count": 100, "share": .share(100, of: 200, percent: "50")],
            ["option": "handledning", "count": 0, "share": .share(0, of: 200, percent: "0")],
        ]
        #expect(questions?.list?[1]["options"] == forms)
        #expect(questions?.list?[1]["shareOfFrame"] == nil)
        let with: JSONValue = [
            ["option": "ensam", "count": 75, "share": .share(75, of: 100, percent: "75")],
            ["option": "studieförbund", "count": 25, "share": .share(25, of: 100, percent: "25")],
        ]
        #expect(questions?.list?[2]["options"] == with)
        #expect(
            questions?.list?[3].without("id", "text", "type") == [
                "answers": 5, "q1": 20, "median": 30, "q3": 40,
            ])
    }

    @Test func whoHasAnsweredAndWhoHasNot() async throws {
        let service = try await Self.surveyed.value
        for (state, count) in [("submitted", 264), ("started", 3), ("declined", 3), ("invited", 20)] {
            let answer = await service.get(
                "surveys/\(Self.id)/responses?state=\(state)", key: TestApp.adminKey)
            #expect(answer["_meta", "totalRecords"] == .whole(count), "\(state)")
        }
        #expect(await service.get("surveys/\(Self.id)/responses").status == .unauthorized)
    }

    @Test func inHowManyMunicipalitiesTheLibrariesHaveProgrammes() async throws {
        let service = try await Self.surveyed.value
        let answer = await service.get("goals/program-overallt/progress")
        #expect(answer["value"] == 211)
        #expect(answer["denominator"] == 290)
        #expect(answer["progress"] == .share(211, of: 290, percent: "72.8"))
    }

    /// A small survey through its states: an excluded respondent leaves the frame, and everybody reads what is published.
    @Test func aSurveyFromDraftToPublication() async throws {
        let service = try await TestApp.make(at: "2017-06-15T10:00:00Z")
        try await service.makeOrganisations([
            ("motala-bibliotek", "library", "se-0583", "Motala bibliotek"),
            ("linkoping-bibliotek", "library", "se-0580", "Linköpings stadsbibliotek"),
            ("stangt-bibliotek", "library", "se-0581", "Stängt bibliotek"),
        ])
        let frame: JSONValue = [
            "country": .null,
            "organisations": ["motala-bibliotek", "linkoping-bibliotek", "stangt-bibliotek"],
        ]
        try await service.create("surveys", [Self.survey.merged(with: ["frame": frame])])
        #expect(await service.get("surveys/\(Self.id)").status == .notFound)
        try await service.act("surveys/\(Self.id)/open")
        #expect(await service.get("surveys/\(Self.id)")["state"] == "open")
        let motala = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let own = "surveys/\(Self.id)/responses/motala-bibliotek"
        try await service.place(own, ["answers": ["program": .bool(true)]], key: motala)
        try await service.place(own, ["answers": ["program": .bool(false)]], key: motala)
        try await service.place(
            "surveys/\(Self.id)/responses/stangt-bibliotek", ["state": "excluded", "reason": "Nedlagt"])
        let foreign = await service.get("surveys/\(Self.id)/responses/linkoping-bibliotek", key: motala)
        #expect(foreign.status == .notFound)
        try await service.act("surveys/\(Self.id)/close")
        let late = await service.ask(.put, own, ["answers": ["program": .bool(true)]], key: motala)
        #expect(late.status == .conflict)
        #expect(await service.get(Self.summary).status == .notFound)
        try await service.act("surveys/\(Self.id)/publish")
        let answer = await service.get(Self.summary)
        #expect(answer["frame"] == 3)
        #expect(answer["excluded"] == 1)
        #expect(answer["responseRate"] == .share(1, of: 2, percent: "50"))
        #expect(answer["questions", 0, "shareOfAnswers"] == .share(0, of: 1, percent: "0"))
        #expect(await service.get("surveys/\(Self.id)")["state"] == "published")
    }
}
