import HTTP
import Testing

@testable import DigidelAPI

/// IT for all and IT help for companies in Denmark, 2007 to 2015: partnership, a strategy with duties, a pilot and guidance.
@Suite struct ITForAllTests {
    private static let shared = Task { try await programme() }

    private static let pilots = [
        (id: "herning", area: "dk-0657", name: "Herning", guides: 12),
        (id: "horsens", area: "dk-0615", name: "Horsens", guides: 9),
        (id: "esbjerg", area: "dk-0561", name: "Esbjerg", guides: 10),
        (id: "odense", area: "dk-0461", name: "Odense", guides: 21),
        (id: "rudersdal", area: "dk-0230", name: "Rudersdal", guides: 8),
    ]

    private static func programme() async throws -> TestApp {
        let service = try await TestApp.make(at: "2015-11-30T10:00:00Z")
        try await service.makeOrganisations(
            in: .da,
            [
                ("kulturstyrelsen", "agency", "dk", "Kulturstyrelsen"),
                ("digitaliseringsstyrelsen", "agency", "dk", "Digitaliseringsstyrelsen"),
            ] + pilots.map { (id: $0.id, kind: "library", area: $0.area, name: "\($0.name) Bibliotek") })
        try await service.create(
            "campaign-series", [["id": "borger-dk-ugen", "name": ["da": "Kampagneuge for borger.dk"]]])
        try await service.create("campaigns", campaigns)
        try await service.create("agreements", [agreement])
        try await service.create("projects", projects)
        try await service.create("strategies", [strategy])
        try await service.create("strategies/\(strategyID)/items", items)
        try await service.create(
            "service-points",
            [
                [
                    "id": "it-hjaelp-herning", "name": ["da": "IT-hjælp til virksomheder, Herning"],
                    "operator": "herning", "kind": "helpDesk", "area": "dk-0657",
                ]
            ])
        try await guides(service)
        try await sessions(service)
        return service
    }

    private static let campaigns: [JSONValue] = [
        [
            "id": "it-for-alle", "name": ["da": "It for alle", "en": "IT for all"],
            "startsOn": "2007-01-01",
            "endsOn": "2015-12-31", "countries": ["dk"], "organiser": "kulturstyrelsen",
            "partners": ["digitaliseringsstyrelsen"], "measures": ["attendances", "supportersTrained"],
            "timeZone": "Europe/Copenhagen",
        ],
        [
            "id": "borger-dk-ugen-2012", "name": ["da": "Borger.dk-ugen 2012"], "series": "borger-dk-ugen",
            "startsOn": "2012-10-22", "endsOn": "2012-10-28", "countries": ["dk"],
            "organiser": "digitaliseringsstyrelsen", "measures": ["attendances"],
        ],
        [
            "id": "borger-dk-ugen-2013", "name": ["da": "Borger.dk-ugen 2013"], "series": "borger-dk-ugen",
            "startsOn": "2013-10-21", "endsOn": "2013-10-27", "countries": ["dk"],
            "organiser": "digitaliseringsstyrelsen", "measures": ["attendances"],
        ],
    ]

    private static let agreement: JSONValue = [
        "id": "samarbejdsaftale", "parties": ["kulturstyrelsen", "digitaliseringsstyrelsen"],
        "subject": ["da": "Samarbejde om bibliotekernes hjælp til digital selvbetjening"],
        "signedOn": "2011-12-01", "validFrom": "2012-01-01", "validTo": "2015-12-31",
        "deliverables": [["da": "Kampagneuger for borger.dk"], ["da": "Uddannelse af vejledere"]],
    ]

    private static let projects: [JSONValue] = [
        [
            "id": "it-hjaelp-pilot", "name": ["da": "It-hjælp til virksomheder: pilot"],
            "owner": "kulturstyrelsen",
            "partners": .array(pilots.map { .string($0.id) }), "campaign": "it-for-alle",
            "areas": .array(pilots.map { .string($0.area) }), "startsOn": "2013-09-01",
            "endsOn": "2014-06-30", "phase": "pilot",
        ],
        [
            "id": "it-hjaelp", "name": ["da": "It-hjælp til virksomheder"], "owner": "kulturstyrelsen",
            "campaign": "it-for-alle", "areas": ["dk"], "startsOn": "2014-09-01", "phase": "rollout",
        ],
    ]

    // MARK: The strategy

    private static let strategyID = "digitaliseringsstrategi-2011-2015"

    private static let strategy: JSONValue = [
        "id": .string(strategyID),
        "name": ["da": "Den fællesoffentlige digitaliseringsstrategi 2011-2015"],
        "description": ["da": "Tolv fokusområder."],
    ]

    private static func item(
        _ area: Int, _ kind: JSONValue, _ title: JSONValue, _ groups: JSONValue, _ day: JSONValue
    ) -> JSONValue {
        let item: JSONValue = [
            "focusArea": ["number": .whole(area), "name": ["da": .string("Fokusområde \(area)")]],
            "kind": kind,
            "title": ["da": title], "affectedGroups": groups,
        ]
        return item.merged(with: day)
    }

    private static let items =
        [
            item(1, "obligation", "Digital selvbetjening for ældre", ["ældre"], ["year": 2015]),
            item(
                1, "obligation", "Digital postkasse for alle", ["borgere", "ældre", "unge"],
                ["date": "2014-11-01"]),
            item(
                2, "obligation", "Digital selvbetjening for unge", ["unge"], ["year": 2012]),
            item(3, "obligation", "Digital post for virksomheder", ["virksomheder"], ["date": "2013-11-01"]),
            item(4, "publication", "Strategien er offentliggjort", [], ["date": "2011-08-01"]),
        ]
        + (5...12).map {
            item($0, "milestone", .string("Midtvejsstatus \($0)"), ["myndigheder"], ["year": 2013])
        }

    @Test func whatBecomesMandatoryWhenAndForWhom() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("strategies/\(Self.strategyID)/items?kind=obligation")
        let expected: JSONValue = [
            [.null, 2012, "Digital selvbetjening for unge", ["unge"], 2],
            ["2013-11-01", .null, "Digital post for virksomheder", ["virksomheder"], 3],
            ["2014-11-01", .null, "Digital postkasse for alle", ["borgere", "ældre", "unge"], 1],
            [.null, 2015, "Digital selvbetjening for ældre", ["ældre"], 1],
        ]
        let rows = (answer["items"]?.list ?? []).map { item -> JSONValue in
            .array([
                item["date"] ?? .null, item["year"] ?? .null, item["title"] ?? .null,
                item["affectedGroups"] ?? .null, item["focusArea"]?["number"] ?? .null,
            ])
        }
        #expect(JSONValue.array(rows) == expected)
        #expect(answer["items", 0, "focusArea", "name"] == "Fokusområde 2")
        #expect(answer["items", 0, "strategy"] == .string(Self.strategyID))
    }

    @Test(arguments: [
        (
            "kind=obligation&group=%C3%A6ldre",
            ["Digital postkasse for alle", "Digital selvbetjening for ældre"]
        ),
        ("kind=obligation&from=2012-06-01&to=2012-12-31", ["Digital selvbetjening for unge"]),
        ("kind=obligation&from=2015-06-01", ["Digital selvbetjening for ældre"]),
        ("focusArea=1", ["Digital postkasse for alle", "Digital selvbetjening for ældre"]),
        ("to=2011-12-31", ["Strategien er offentliggjort"]), ("group=turister", []),
    ])
    func dutiesByGroupAndTime(query: String, titles: [String]) async throws {
        let service = try await Self.shared.value
        let answer = await service.get("strategies/\(Self.strategyID)/items?\(query)")
        #expect(answer.table("title") == .array(titles.map { [.string($0)] }))
    }

    @Test func allTwelveFocusAreasAreThere() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("strategies/\(Self.strategyID)/items?limit=200")
        let areas = (answer["items"]?.list ?? []).compactMap { $0["focusArea"]?["number"]?.integer }
        #expect(Set(areas) == Set(1...12))
        #expect(answer["_meta", "totalRecords"] == 13)
    }

    // MARK: Partnership

    @Test func whoCooperatesOnWhat() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("agreements?party=digitaliseringsstyrelsen")
        let expected: JSONValue = [
            [
                "samarbejdsaftale", ["kulturstyrelsen", "digitaliseringsstyrelsen"],
                "Samarbejde om bibliotekernes hjælp til digital selvbetjening", "2011-12-01",
                "2012-01-01", "2015-12-31",
                ["Kampagneuger for borger.dk", "Uddannelse af vejledere"], "inForce",
            ]
        ]
        let columns = answer.table(
            "id", "parties", "subject", "signedOn", "validFrom", "validTo", "deliverables", "state")
        #expect(columns == expected)
    }

    @Test func theCampaignWeeks() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("campaigns?series=borger-dk-ugen&sort=startsOn")
        let expected: JSONValue = [
            ["borger-dk-ugen-2012", "Borger.dk-ugen 2012", "2012-10-22", "2012-10-28"],
            ["borger-dk-ugen-2013", "Borger.dk-ugen 2013", "2013-10-21", "2013-10-27"],
        ]
        #expect(answer.table("id", "name", "startsOn", "endsOn") == expected)
    }

    @Test func thePilotBeforeTheRollOut() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("projects?campaign=it-for-alle&sort=startsOn")
        let expected: JSONValue = [
            [
                "it-hjaelp-pilot", "pilot", ["dk-0657", "dk-0615", "dk-0561", "dk-0461", "dk-0230"],
                ["herning", "horsens", "esbjerg", "odense", "rudersdal"], "2013-09-01", "2014-06-30",
            ],
            ["it-hjaelp", "rollout", ["dk"], [], "2014-09-01", .null],
        ]
        #expect(
            answer.table("id", "phase", "areas", "partners", "startsOn", "endsOn") == expected)
        for (query, ids) in [
            ("phase=pilot", ["it-hjaelp-pilot"]), ("partner=odense", ["it-hjaelp-pilot"]),
            ("area=dk-1084", ["it-hjaelp-pilot"]), ("area=dk", ["it-hjaelp", "it-hjaelp-pilot"]),
            ("from=2015-01-01", ["it-hjaelp"]), ("to=2014-01-01", ["it-hjaelp-pilot"]),
        ] {
            #expect(try await service.ids("projects?sort=id&\(query)", key: nil) == ids, "\(query)")
        }
    }

    // MARK: Guides

    /// A course for guides in each pilot municipality, and how many were trained there.
    private static func guides(_ service: TestApp) async throws {
        try await service.create(
            "goals",
            [
                [
                    "id": "vejledere", "name": ["da": "80 vejledere"], "campaign": "it-for-alle",
                    "kind": "contribution", "measure": "supportersTrained", "target": 80,
                    "startsOn": "2013-09-01", "endsOn": "2014-06-30",
                ]
            ])
        for pilot in pilots {
            let course = try await service.create(
                "activities",
                [
                    [
                        "organiser": .string(pilot.id), "project": "it-hjaelp-pilot", "type": "course",
                        "title": ["da": "Kursus for vejledere"], "from": "2013-10-01", "to": "2013-10-31",
                        "precision": "month", "targetGroups": ["vejledere"],
                    ]
                ])
            var count: JSONValue = [
                "organisation": .string(pilot.id), "campaign": "it-for-alle", "measure": "supportersTrained",
                "value": .whole(pilot.guides), "from": "2013-10-01", "to": "2013-10-31",
                "area": .string(pilot.area), "channel": "onSite", "activity": .string(course[0]),
                "externalId": .string("vejledere-\(pilot.id)"),
            ]
            if pilot.id == "herning" { count = count.merged(with: ["servicePoint": "it-hjaelp-herning"]) }
            try await service.create("participant-counts", [count])
        }
    }

    @Test func howManyGuidesWereTrainedAndWhere() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("goals/vejledere/breakdown?by=municipality")
        let expected: JSONValue = [
            ["dk-0230", "Rudersdal", 8], ["dk-0461", "Odense", 21], ["dk-0561", "Esbjerg", 10],
            ["dk-0615", "Horsens", 9], ["dk-0657", "Herning", 12],
        ]
        #expect(answer["total"] == 60)
        #expect(answer["rows"]?.table("key", "name", "value") == expected)
        let progress = await service.get("goals/vejledere/progress")
        #expect(progress["unit"] == "people")
        #expect(progress["progress"] == .share(60, of: 80, percent: "75"))
    }

    @Test func aCountKnowsItsActivityAndServicePoint() async throws {
        let service = try await Self.shared.value
        let counts = await service.get(
            "participant-counts?campaign=it-for-alle&organisation=herning", key: TestApp.adminKey)
        let count = try #require(counts["items", 0])
        #expect(count["servicePoint"] == "it-hjaelp-herning")
        let activity = try #require(count["activity"]?.string)
        let course = await service.get("activities/\(activity)")
        #expect(course["organiser"] == "herning")
        #expect(course["type"] == "course")
        let unknown = await service.post(
            "participant-counts",
            count.without("id", "revision", "status", "late", "recordedAt", "_links", "createdAt").merged(
                with: [
                    "externalId": .null, "servicePoint": "ingensteds",
                    "activity": "01890a5d-ac96-774b-bcce-b302099a8057",
                ]))
        #expect(unknown.status == .unprocessableContent, "\(unknown.text)")
        #expect(
            unknown.faults == ["/servicePoint": "unknownServicePoint", "/activity": "unknownActivity"])
    }

    // MARK: Guidance sessions

    private struct Session {
        let topics: JSONValue
        let outcome: JSONValue
        let learnedThrough: JSONValue
        var obstacles: JSONValue = []
        var travelKm: JSONValue = .null
    }

    /// A small company's VAT return and sick-pay refund: blocked by missing access rights, solved, heard of in the local
    /// newspaper, 14 km away.
    private static let ofACompany = Session(
        topics: ["moms", "sygedagpengerefusion"], outcome: "solved", learnedThrough: "lokalavisen",
        obstacles: ["manglende rettigheder"], travelKm: 14)

    private static let others = [
        Session(
            topics: ["moms"], outcome: "solved", learnedThrough: "lokalavisen",
            obstacles: ["manglende rettigheder"], travelKm: 1),
        Session(
            topics: ["moms"], outcome: "solved", learnedThrough: "lokalavisen",
            obstacles: ["manglende rettigheder"], travelKm: 2),
        Session(
            topics: ["moms", "digital postkasse"], outcome: "solved", learnedThrough: "lokalavisen",
            obstacles: ["manglende rettigheder"], travelKm: 6),
        Session(
            topics: ["moms", "digital postkasse"], outcome: "solved", learnedThrough: "lokalavisen",
            obstacles: ["manglende rettigheder"], travelKm: .exactly("8.5")),
        Session(
            topics: ["moms"], outcome: "solved", learnedThrough: "lokalavisen",
            obstacles: ["intet NemID"],
            travelKm: 15),
        Session(
            topics: ["sygedagpengerefusion"], outcome: "solved", learnedThrough: "biblioteket",
            obstacles: ["intet NemID"], travelKm: 18),
        Session(
            topics: ["digital postkasse"], outcome: "solved", learnedThrough: "biblioteket",
            obstacles: ["intet NemID"], travelKm: 20),
        Session(
            topics: ["digital postkasse"], outcome: "partly", learnedThrough: "biblioteket",
            travelKm: 30),
        Session(topics: ["digital postkasse"], outcome: "partly", learnedThrough: "biblioteket"),
        Session(topics: ["digital postkasse"], outcome: "partly", learnedThrough: "biblioteket"),
        Session(topics: ["digital postkasse"], outcome: "partly", learnedThrough: "en bekendt"),
        Session(topics: [], outcome: "partly", learnedThrough: "en bekendt"),
        Session(topics: [], outcome: "referred", learnedThrough: "en bekendt"),
        Session(topics: [], outcome: "referred", learnedThrough: "en bekendt"),
    ]

    private static func sessions(_ service: TestApp) async throws {
        let herning = try await service.makeKey(.partner, organisation: "herning")
        try await service.create(
            "guidance-sessions", ([ofACompany] + others).map { body(of: $0, by: "herning") }, key: herning)
        try await service.create(
            "guidance-sessions",
            [
                body(
                    of: Session(topics: ["moms"], outcome: "notSolved", learnedThrough: "radioen"),
                    by: "odense")
            ])
    }

    private static func body(of session: Session, by organisation: String) -> JSONValue {
        let body: JSONValue = [
            "organisation": .string(organisation), "date": "2014-03-12", "channel": "onSite",
            "language": "da",
            "topics": session.topics, "outcome": session.outcome, "obstacles": session.obstacles,
            "learnedThrough": session.learnedThrough,
        ]
        let place: JSONValue = organisation == "herning" ? ["servicePoint": "it-hjaelp-herning"] : [:]
        return body.merged(with: place).merged(with: ["travelKm": session.travelKm])
    }

    private static let summary = "guidance-sessions/summary?organisation=herning"

    private static func count(_ key: String, _ count: JSONValue) -> JSONValue {
        ["key": .string(key), "count": count, "suppressed": .bool(count == .null)]
    }

    /// What people need help with, whether it is solved, how far they travel.
    @Test func whatPeopleNeedHelpWithAndWhetherItIsSolved() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(Self.summary, key: TestApp.adminKey)
        let expected: JSONValue = [
            "total": 15,
            "topics": [
                Self.count("digital postkasse", 7), Self.count("moms", 6),
                Self.count("sygedagpengerefusion", 2),
            ],
            "outcomes": [
                Self.count("solved", 8), Self.count("partly", 5), Self.count("referred", 2),
            ],
            "obstacles": [Self.count("manglende rettigheder", 5), Self.count("intet NemID", 3)],
            "learnedThrough": [
                Self.count("lokalavisen", 6), Self.count("biblioteket", 5), Self.count("en bekendt", 4),
            ],
            "travelKm": ["count": 9, "q1": 6, "median": 14, "q3": 18],
        ]
        #expect(answer.json?.without("_links") == expected, "\(answer.text)")
    }

    /// The public sees no small groups, nor what would tell them.
    @Test func smallGroupsAreHidden() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(Self.summary)
        let expected: JSONValue = [
            "total": 15,
            "topics": [
                Self.count("digital postkasse", 7), Self.count("moms", 6),
                Self.count("sygedagpengerefusion", .null),
            ],
            "outcomes": [
                Self.count("solved", 8), Self.count("partly", .null), Self.count("referred", .null),
            ],
            "obstacles": [
                Self.count("manglende rettigheder", 5), Self.count("intet NemID", .null),
            ],
            "learnedThrough": [
                Self.count("lokalavisen", 6), Self.count("biblioteket", .null),
                Self.count("en bekendt", .null),
            ],
            "travelKm": ["count": 9, "q1": 6, "median": 14, "q3": 18],
        ]
        #expect(answer.json?.without("_links") == expected, "\(answer.text)")
    }

    @Test func theSummaryIsByPlaceAndTime() async throws {
        let service = try await Self.shared.value
        for (query, total) in [
            ("area=dk-1082", 15), ("area=dk", 16), ("servicePoint=it-hjaelp-herning", 15),
            ("organisation=odense", 1), ("from=2014-03-13", 0), ("from=2014-03-12&to=2014-03-12", 16),
        ] {
            let answer = await service.get("guidance-sessions/summary?\(query)", key: TestApp.adminKey)
            #expect(answer["total"] == .whole(total), "\(query)")
        }
    }

    /// Who was helped is in none of it.
    @Test func theCaseIsAnonymous() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(
            "guidance-sessions?topic=sygedagpengerefusion&outcome=solved&sort=travelKm",
            key: TestApp.adminKey)
        let session = try #require(answer["items", 0])
        let expected: JSONValue = [
            "organisation": "herning", "servicePoint": "it-hjaelp-herning", "date": "2014-03-12",
            "topics": ["moms", "sygedagpengerefusion"], "channel": "onSite", "outcome": "solved",
            "obstacles": ["manglende rettigheder"], "learnedThrough": "lokalavisen", "travelKm": 14,
            "language": "da",
        ]
        #expect(session.without("id", "createdAt", "updatedAt", "revision", "_links") == expected)
        #expect(await service.get("guidance-sessions").status == .unauthorized)
        let odense = try await service.makeKey(.partner, organisation: "odense")
        #expect(await service.get("guidance-sessions", key: odense)["_meta", "totalRecords"] == 1)
        let named = Self.body(of: Self.ofACompany, by: "odense").merged(
            with: ["obstacles": ["ring 070-174 06 05"]])
        let refused = await service.post("guidance-sessions", named, key: odense)
        #expect(refused.status == .unprocessableContent)
        #expect(refused.codes == ["personalData"])
    }
}
