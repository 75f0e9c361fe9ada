import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct ActivityTests {
    /// Shared by tests that change nothing.
    private static let shared = Task { try await log() }

    /// The log of a region's libraries: a survey in spring, a visit from autumn to spring, a day's course, a year's fair.
    private static func log() async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("regionbibliotek", area: "se-01")
        try await service.makeServicePoint(
            "digidelcenter-motala", LocalisedText([.sv: "DigidelCenter", .en: "Centre"]))
        try await service.makeServicePoint("teknikpunkten", LocalisedText([.sv: "Teknikpunkten"]))
        let project = await service.post(
            "projects",
            [
                "id": "digital-kompetens", "name": "Digital kompetens", "owner": "regionbibliotek",
                "startsOn": "2016-01-01",
            ])
        guard project.status == .created else { throw TestApp.Unexpected(project) }
        let activities: [JSONValue] = [
            [
                "title": "Enkät", "organiser": "regionbibliotek", "type": "survey",
                "project": "digital-kompetens", "from": "2016-03-01", "to": "2016-05-31",
                "precision": "season", "topics": ["e-legitimation"], "languages": ["sv", "ar"],
            ],
            [
                "title": ["sv": "Studiebesök", "en": "Study visit"], "organiser": "regionbibliotek",
                "type": "studyVisit", "project": "digital-kompetens", "coOrganisers": ["motala-bibliotek"],
                "visited": [
                    ["organisation": "motala-bibliotek"], ["servicePoint": "teknikpunkten"],
                    ["servicePoint": "digidelcenter-motala", "organisation": .null],
                ], "from": "2016-09-01", "to": "2017-05-31", "precision": "season",
            ],
            [
                "title": "Kurs", "organiser": "motala-bibliotek", "type": "course",
                "campaign": "digidel2013", "servicePoint": "teknikpunkten", "from": "2016-10-03",
                "targetGroups": ["äldre", "nyanlända"], "freeOfCharge": .bool(true),
                "url": "https://motala.example/kurs",
            ],
            [
                "title": "Mässa", "organiser": "motala-bibliotek", "type": "fair", "area": "se-0180",
                "from": "2016-01-01", "to": "2016-12-31", "precision": "year",
            ],
        ]
        for activity in activities {
            let answer = await service.post("activities", activity)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    private static let body: JSONValue = [
        "title": "Drop-in", "organiser": "motala-bibliotek", "type": "dropIn", "from": "2012-06-01",
    ]

    // MARK: Reading

    @Test(arguments: [
        ("", ["Enkät", "Kurs", "Mässa", "Studiebesök"]), ("campaign=digidel2013", ["Kurs"]),
        ("project=digital-kompetens,none", ["Enkät", "Studiebesök"]),
        ("organiser=motala-bibliotek", ["Kurs", "Mässa"]), ("type=course,fair", ["Kurs", "Mässa"]),
        ("area=se-01", ["Enkät", "Mässa", "Studiebesök"]), ("area=se-0180", ["Mässa"]), ("area=no", []),
        ("servicePoint=teknikpunkten", ["Kurs"]), ("visited=teknikpunkten", ["Studiebesök"]),
        ("visited=none,motala-bibliotek", ["Studiebesök"]), ("visited=regionbibliotek", []),
        ("targetGroup=%C3%A4ldre", ["Kurs"]), ("targetGroup=barn", []), ("topic=e-legitimation", ["Enkät"]),
        ("language=ar,fi", ["Enkät"]), ("language=fi", []),
        ("from=2017-01-01", ["Studiebesök"]), ("to=2016-02-29", ["Mässa"]),
        ("from=2016-05-31&to=2016-06-30", ["Enkät", "Mässa"]),
        ("from=2016-10-03&to=2016-10-03", ["Kurs", "Mässa", "Studiebesök"]),
        ("q=studiebesok", ["Studiebesök"]), ("q=visits", ["Studiebesök"]), ("q=kurser", ["Kurs"]),
        ("type=course&targetGroup=nyanl%C3%A4nda&from=2016-10-01&to=2016-10-31&area=se", ["Kurs"]),
    ])
    func filtersCombine(query: String, titles: [String]) async throws {
        let service = try await Self.shared.value
        let items = try await service.items("activities?sort=title&\(query)", key: nil)
        #expect(items.map { $0["title"]?.string } == titles)
    }

    @Test(arguments: [
        "type=party", "from=2016", "language=svenska", "language=sv,", "topic=", "sort=visited",
        "sort=periodText",
    ])
    func otherFiltersAreRefused(query: String) async throws {
        let service = try await Self.shared.value
        #expect(await service.get("activities?\(query)").status == .badRequest)
    }

    @Test(arguments: [
        ("-from", ["Kurs", "Studiebesök", "Enkät", "Mässa"]),
        ("to", ["Enkät", "Kurs", "Mässa", "Studiebesök"]),
        ("-freeOfCharge,type", ["Kurs", "Mässa", "Studiebesök", "Enkät"]),
        ("-servicePoint,-precision,area,-id", ["Kurs", "Mässa", "Studiebesök", "Enkät"]),
    ])
    func aListIsSortedByAnyScalarMember(sort: String, titles: [String]) async throws {
        let service = try await Self.shared.value
        let items = try await service.items("activities?limit=1&sort=\(sort)", key: nil)
        #expect(items.map { $0["title"]?.string } == titles)
    }

    /// Which service points were visited? One GET tells their names, and when.
    @Test func whatWasVisitedIsToldWithItsName() async throws {
        let service = try await Self.shared.value
        let visits = await service.get("activities?type=studyVisit", fields: ["Accept-Language": "en"])
        #expect(
            visits["items", 0, "visited"] == [
                ["servicePoint": "teknikpunkten", "name": "Teknikpunkten"],
                ["servicePoint": "digidelcenter-motala", "name": "Centre"],
                ["organisation": "motala-bibliotek", "name": "motala-bibliotek"],
            ])
        #expect(visits["items", 0, "periodText"] == "autumn 2016 - spring 2017")
        let all = await service.get("activities?type=studyVisit&lang=all")
        #expect(all["items", 0, "visited", 1, "name"] == ["sv": "DigidelCenter", "en": "Centre"])
        #expect(
            all["items", 0, "periodText"] == [
                "sv": "hösten 2016 - våren 2017", "nb": "høsten 2016 - våren 2017",
                "da": "efteråret 2016 - foråret 2017", "en": "autumn 2016 - spring 2017",
            ])
    }

    @Test func aListIsCSVToo() async throws {
        let service = try await Self.shared.value
        let csv = await service.get("activities?type=course&format=csv")
        let lines = csv.text.split(separator: "\r\n")
        #expect(
            lines.first
                == "id,campaign,project,organiser,coOrganisers,type,title,area,servicePoint,visited,from,to,precision,periodText,languages,targetGroups,topics,freeOfCharge,url,createdAt,updatedAt,revision"
        )
        #expect(
            lines.last?.contains(
                ",digidel2013,,motala-bibliotek,,course,Kurs,se-0583,teknikpunkten,,2016-10-03,2016-10-03,day,3 oktober 2016,,äldre; nyanlända,,true,https://motala.example/kurs,"
            ) == true, "\(csv.text)")
        let all = await service.get("activities?type=course&format=csv&lang=all")
        #expect(all.text.contains(",periodText.sv,periodText.nb,periodText.da,periodText.en,"))
        #expect(all.text.contains(",3 oktober 2016,3 oktober 2016,3. oktober 2016,3 October 2016,"))
    }

    // MARK: Rules

    @Test func whatIsLeftOutGetsItsDefault() async throws {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        let created = await service.post("activities", Self.body)
        #expect(created.status == .created, "\(created.text)")
        #expect(created["area"] == "se-0583")
        #expect(created["to"] == "2012-06-01")
        #expect(created["precision"] == "day")
        #expect(created["periodText"] == "1 juni 2012")
        for list in ["coOrganisers", "visited", "languages", "targetGroups", "topics"] {
            #expect(created[list] == [])
        }
        let absent: Set = ["campaign", "project", "servicePoint", "freeOfCharge", "url"]
        #expect(created.json?.names.isDisjoint(with: absent) == true)
        let read = await service.get(created.created)
        #expect(read["title"] == "Drop-in")
        #expect(await service.get("activities/none").status == .notFound)
        #expect(await service.get("activities/0156a3c1-4e00-7b3a-9d21-6c0f5e8a7b14").status == .notFound)
    }

    /// Names of what was visited and the period in words, too.
    @Test func whatIsShownCanBePutBack() async throws {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        try await service.makeServicePoint("punkt", LocalisedText([.sv: "Punkt"]))
        let body = Self.body.merged(with: [
            "visited": [["servicePoint": "punkt"]], "precision": "month", "to": "2012-06-30",
        ])
        let created = await service.post("activities", body)
        #expect(created.status == .created, "\(created.text)")
        for target in [created.created, created.created + "?lang=all"] {
            let shown = await service.get(target)
            let put = await service.put(created.created, try #require(shown.json))
            #expect(put.status == .ok, "\(put.text)")
            #expect(put["visited"] == [["servicePoint": "punkt", "name": "Punkt"]])
            #expect(put["periodText"] == "juni 2012")
        }
        let patched = await service.patch(
            created.created, ["visited": .null, "area": .null, "to": "2012-07-31"])
        #expect(patched.status == .ok, "\(patched.text)")
        #expect(patched["visited"] == [])
        #expect(patched["area"] == "se-0583")
        #expect(patched["periodText"] == "juni 2012 - juli 2012")
        // But the names are not a client's to give.
        let named = await service.post(
            "activities", Self.body.merged(with: ["visited": [["servicePoint": "punkt", "name": "Punkt"]]]))
        #expect(named.faults == ["/visited/0/name": "malformed"])
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let malformed = await service.post(
            "activities",
            [
                "type": "party", "precision": "month", "from": "2016-10-01", "languages": ["svenska"],
                "targetGroups": [""], "topics": "x", "freeOfCharge": "yes", "url": "motala",
                "visited": [
                    [:], ["servicePoint": "a-b", "organisation": "c-d"], ["organisation": "A"], 5,
                ],
            ])
        #expect(malformed.status == .badRequest)
        let pointers = [
            "/organiser", "/type", "/title", "/to", "/languages/0", "/targetGroups/0", "/topics",
            "/freeOfCharge", "/url", "/visited/0/servicePoint", "/visited/1/servicePoint",
            "/visited/2/organisation", "/visited/3", "/visited/3/servicePoint",
        ]
        #expect(malformed.faults.merging([:]) { first, _ in first }.keys.sorted() == pointers.sorted())
        let broken = await service.post(
            "activities",
            [
                "title": "Mejla a@b.example", "organiser": "none", "coOrganisers": ["none"], "type": "other",
                "campaign": "none", "project": "none", "servicePoint": "none", "area": "se-9999",
                "visited": [["servicePoint": "none"], ["organisation": "none"]],
                "from": "2016-03-02", "to": "2016-05-30", "precision": "season",
                "targetGroups": ["a@b.example"], "topics": ["a@b.example"],
            ])
        #expect(broken.status == .unprocessableContent)
        #expect(
            broken.faults == [
                "/title/sv": "personalData", "/targetGroups/0": "personalData", "/topics/0": "personalData",
                "/organiser": "unknownOrganisation", "/coOrganisers/0": "unknownOrganisation",
                "/campaign": "unknownCampaign", "/project": "unknownProject", "/area": "unknownArea",
                "/servicePoint": "unknownServicePoint",
                "/visited/0/servicePoint": "unknownServicePoint",
                "/visited/1/organisation": "unknownOrganisation",
                "/from": "precisionMismatch", "/to": "precisionMismatch",
            ])
        let reversed = await service.post("activities", Self.body.merged(with: ["to": "2012-05-31"]))
        #expect(reversed.status == .unprocessableContent)
        #expect(reversed.faults == ["/to": "periodReversed"])
    }

    // MARK: Who may write

    @Test func aPartnerWritesItsOwnOrganisationsActivities() async throws {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        try await service.makeOrganisation("linkoping", area: "se-0580")
        let motala = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let linkoping = try await service.makeKey(.partner, organisation: "linkoping")

        let foreign = await service.post("activities", Self.body, key: linkoping)
        #expect(foreign.status == .forbidden)
        #expect(foreign.faults == ["/organiser": "foreignOrganisation"])
        #expect(await service.post("activities", Self.body, key: nil).status == .unauthorized)
        let created = await service.post("activities", Self.body, key: motala)
        #expect(created.status == .created)

        let item = created.created
        #expect(await service.patch(item, ["type": "fair"], key: linkoping).status == .forbidden)
        #expect(await service.put(item, Self.body, key: linkoping).status == .forbidden)
        #expect(await service.patch(item, ["type": "fair"], key: motala).status == .ok)
        #expect(
            await service.put(item, Self.body, ifMatch: created.etag, key: motala).status
                == .preconditionFailed)
        #expect(await service.patch(item, ["organiser": "linkoping"], key: motala).status == .forbidden)
        #expect(await service.patch(item, ["organiser": "linkoping"]).status == .ok)
        #expect(await service.patch(item, ["type": "fair"], key: motala).status == .forbidden)
    }
}

extension TestApp {
    /// A service point in Motala.
    func makeServicePoint(_ id: String, _ name: LocalisedText) async throws {
        try await app.database.execute(
            """
            insert into service_points (id, name, operator, kind, area)
            values (\(id), \(name), 'motala-bibliotek', 'helpDesk', 'se-0583')
            """)
    }
}
