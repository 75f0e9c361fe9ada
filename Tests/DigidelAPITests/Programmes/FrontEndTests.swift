import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// What a web or mobile front end asks, each by one GET. It is Wednesday 3 October 2018.
@Suite struct FrontEndTests {
    private static let shared = Task { try await programme() }

    private static func programme() async throws -> TestApp {
        let service = try await TestApp.make(at: "2018-10-03T10:00:00Z")
        try await service.makeOrganisations([
            ("stockholm-bibliotek", "library", "se-0180", "Stockholms stadsbibliotek"),
            ("sodertalje-bibliotek", "library", "se-0181", "Södertälje bibliotek"),
            ("motala-bibliotek", "library", "se-0583", "Motala bibliotek"),
        ])
        try await service.create("campaigns", campaigns)
        try await service.place("campaigns/veckan/enrolments/stockholm-bibliotek", [:])
        try await service.create("projects", [project])
        try await service.create("service-points", servicePoints)
        try await service.create("activities", activities)
        try await service.create("agreements", [agreement])
        try await service.create("publications", publications)
        try await service.report([
            count("attendances", 42), count("attendances", 8), count("newlyIncluded", 5),
        ])
        return service
    }

    private static let campaigns: [JSONValue] = [
        [
            "id": "veckan", "name": "Veckan", "startsOn": "2018-10-01", "endsOn": "2018-10-07",
            "countries": ["se"],
            "organiser": "motala-bibliotek", "measures": ["attendances", "newlyIncluded"],
        ],
        [
            "id": "aret", "name": "Året", "startsOn": "2018-01-01", "endsOn": "2018-12-31",
            "countries": ["se"],
            "organiser": "stockholm-bibliotek", "measures": ["attendances"],
        ],
        [
            "id": "tillsammans", "name": "Tillsammans", "startsOn": "2018-01-01", "endsOn": "2018-12-31",
            "countries": ["se"], "organiser": "motala-bibliotek", "partners": ["stockholm-bibliotek"],
            "measures": ["attendances"],
        ],
    ]

    private static let project: JSONValue = [
        "id": "digital-i-dag", "name": "Digital i dag", "owner": "stockholm-bibliotek",
        "startsOn": "2018-01-01",
        "areas": ["se-0180"],
    ]

    private static let agreement: JSONValue = [
        "id": "samverkan", "subject": "Samverkan om handledare",
        "parties": ["stockholm-bibliotek", "motala-bibliotek"], "signedOn": "2018-02-01",
    ]

    private static func point(
        _ id: String, _ languages: JSONValue, at place: (lat: String, lon: String)?,
        _ changes: JSONValue = [:]
    ) -> JSONValue {
        let point: JSONValue = [
            "id": .string(id), "name": .string(id), "operator": "stockholm-bibliotek", "kind": "helpDesk",
            "area": "se-0180", "languages": languages,
        ]
        let location: JSONValue =
            place.map { ["location": ["lat": .exactly($0.lat), "lon": .exactly($0.lon)]] } ?? [:]
        return point.merged(with: location).merged(with: changes)
    }

    private static let servicePoints = [
        point("kista", ["sv", "ar"], at: ("59.4027", "17.944")),
        point("kulturhuset", ["sv", "ar", "so"], at: ("59.332", "18.064"), ["openFrom": "2018-10-03"]),
        point("rinkeby", ["sv", "so"], at: ("59.3882", "17.9287")),
        point("tensta", ["sv", "ar"], at: ("59.3945", "17.9012"), ["openTo": "2018-10-02"]),
        point("farsta", ["sv", "ar"], at: ("59.2435", "18.0933"), ["openFrom": "2018-10-04"]),
        point(
            "sodertalje", ["sv", "ar"], at: ("59.1955", "17.6253"),
            ["operator": "sodertalje-bibliotek", "area": "se-0181"]),
        point("bokbussen", ["sv", "ar"], at: nil),
    ]

    private static func activity(
        _ title: JSONValue, _ area: JSONValue, _ from: JSONValue, _ groups: JSONValue,
        _ changes: JSONValue = [:]
    ) -> JSONValue {
        let activity: JSONValue = [
            "organiser": "stockholm-bibliotek", "type": "dropIn", "title": title, "area": area,
            "from": from,
            "targetGroups": groups, "freeOfCharge": .bool(true),
            "url": "https://bibliotek.example.se/drop-in",
        ]
        return activity.merged(with: changes)
    }

    private static let activities = [
        activity("Drop-in", "se-0180", "2018-10-03", ["seniorer", "nyanlända"]),
        activity(
            "Surfa lugnt", "se-0181", "2018-10-01", ["seniorer"],
            ["to": "2018-10-31", "precision": "month", "organiser": "sodertalje-bibliotek"]),
        activity("Koda", "se-0180", "2018-10-04", ["unga"]),
        activity("Förra veckan", "se-0180", "2018-09-30", ["seniorer"]),
        activity("Nästa vecka", "se-0180", "2018-10-08", ["seniorer"]),
        activity("I Motala", "se-0583", "2018-10-03", ["seniorer"], ["organiser": "motala-bibliotek"]),
    ]

    private static let publications: [JSONValue] = [
        [
            "id": "handledning", "kind": "guide", "publisher": "stockholm-bibliotek",
            "publishedOn": "2018-05-01",
            "title": ["sv": "Handledning för bibliotekens öppna hus"],
            "description": ["sv": "Studiebesöken för äldre."],
        ],
        [
            "id": "laering", "kind": "learningMaterial", "publisher": "motala-bibliotek",
            "publishedOn": "2018-05-02", "title": ["nb": "Læring og øvelser i kommunene"],
        ],
        [
            "id": "abc", "kind": "learningMaterial", "publisher": "motala-bibliotek",
            "publishedOn": "2018-05-03", "title": ["da": "Borgernes kørekort"],
            "description": ["da": "Vejledninger om selvbetjening for ældre."],
        ],
    ]

    private static func count(_ measure: JSONValue, _ value: Int) -> JSONValue {
        [
            "organisation": "stockholm-bibliotek", "campaign": "veckan", "measure": measure,
            "value": .whole(value),
            "from": "2018-10-01", "to": "2018-10-02", "area": "se-0180", "channel": "onSite",
            "evidence": measure == "newlyIncluded" ? "estimated" : .null,
        ]
    }

    // MARK: Near me, this week

    /// Within 14 km of Sergels torg, in Arabic, open today.
    @Test func servicePointsNearMeThatSpeakMyLanguageAndAreOpen() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(
            "service-points?near=59.3326,18.0649&radiusKm=14&language=ar&on=2018-10-03")
        #expect(answer.table("id") == [["kulturhuset"], ["kista"]])
        #expect(answer["items", 0, "location"] == ["lat": .exactly("59.332"), "lon": .exactly("18.064")])
        let distances = (answer["items"]?.list ?? []).compactMap { item -> Double? in
            guard case .number(let distance)? = item["distanceKm"] else { return nil }
            return NSDecimalNumber(decimal: distance).doubleValue
        }
        let expected = [0.084, 10.377]
        #expect(distances.count == 2)
        #expect(zip(distances, expected).allSatisfy { abs($0 - $1) < 0.03 }, "\(distances)")
    }

    @Test(arguments: [
        ("near=59.3326,18.0649", ["kulturhuset", "rinkeby", "farsta", "kista", "tensta"]),
        (
            "near=59.3326,18.0649&radiusKm=30&on=2018-10-03",
            ["kulturhuset", "rinkeby", "kista", "sodertalje"]
        ),
        ("near=59.3326,18.0649&radiusKm=30&area=se-0181", ["sodertalje"]),
        ("near=59.3326,18.0649&radiusKm=14&sort=-distanceKm&language=so", ["rinkeby", "kulturhuset"]),
        ("language=ar&on=2018-10-03&sort=id", ["bokbussen", "kista", "kulturhuset", "sodertalje"]),
    ])
    func servicePointsAreFound(query: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("service-points?\(query)", key: nil) == ids)
    }

    @Test func whatGoesOnThisWeekInMyCountyForMe() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(
            "activities?area=se-01&targetGroup=seniorer&from=2018-10-01&to=2018-10-07&sort=from,title")
        let expected: JSONValue = [
            [
                "Surfa lugnt", "sodertalje-bibliotek", "se-0181", "oktober 2018", ["seniorer"], .bool(true),
                "https://bibliotek.example.se/drop-in",
            ],
            [
                "Drop-in", "stockholm-bibliotek", "se-0180", "3 oktober 2018", ["seniorer", "nyanlända"],
                .bool(true), "https://bibliotek.example.se/drop-in",
            ],
        ]
        let columns = answer.table(
            "title", "organiser", "area", "periodText", "targetGroups", "freeOfCharge", "url")
        #expect(columns == expected)
    }

    // MARK: An organisation

    @Test func allThatAnOrganisationDoes() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("organisations/stockholm-bibliotek/overview")
        let organisation: JSONValue = [
            "id": "stockholm-bibliotek", "name": "Stockholms stadsbibliotek", "kind": "library",
            "area": "se-0180", "membership": "active",
        ]
        #expect(answer["organisation"] == organisation)
        func rows(_ member: String, _ columns: String...) -> Set<String> {
            Set((answer[member]?.table(columns).list ?? []).map { "\($0)" })
        }
        func expected(_ rows: [JSONValue]...) -> Set<String> {
            Set(rows.map { "\(JSONValue.array($0))" })
        }
        #expect(
            rows("campaigns", "id", "name", "role")
                == expected(
                    ["aret", "Året", "organiser"], ["tillsammans", "Tillsammans", "partner"],
                    ["veckan", "Veckan", "enrolled"]))
        #expect(rows("projects", "id", "name") == expected(["digital-i-dag", "Digital i dag"]))
        #expect(
            rows("servicePoints", "id")
                == expected(
                    ["kista"], ["kulturhuset"], ["rinkeby"], ["tensta"], ["farsta"], ["bokbussen"]))
        #expect(
            rows("activities", "title")
                == expected(["Drop-in"], ["Koda"], ["Förra veckan"], ["Nästa vecka"]))
        #expect(
            rows("reported", "campaign", "measure", "value")
                == expected(["veckan", "attendances", 50], ["veckan", "newlyIncluded", 5]))
        #expect(rows("agreements", "id") == expected(["samverkan"]))
        #expect(rows("publications", "id") == expected(["handledning"]))
        #expect(await service.get("organisations/ingen/overview").status == .notFound)
    }

    // MARK: News

    /// One of each kind, and drafts that nobody shall hear of.
    @Test func whatIsNewSinceADay() async throws {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        let things: [(kind: String, collection: String, body: JSONValue)] = [
            (
                "campaign", "campaigns",
                [
                    "id": "kampanj", "name": ["sv": "Kampanj", "en": "Campaign"],
                    "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                    "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["attendances"],
                ]
            ),
            (
                "goal", "goals",
                [
                    "id": "mal", "name": "Mål", "kind": "contribution", "campaign": "kampanj",
                    "measure": "attendances", "target": 10,
                ]
            ),
            (
                "project", "projects",
                [
                    "id": "projekt", "name": "Projekt", "owner": "motala-bibliotek",
                    "startsOn": "2012-01-01",
                ]
            ),
            (
                "activity", "activities",
                [
                    "title": "Aktivitet", "organiser": "motala-bibliotek", "type": "fair",
                    "from": "2012-03-01",
                ]
            ),
            (
                "servicePoint", "service-points",
                [
                    "id": "punkt", "name": "Punkt", "operator": "motala-bibliotek", "kind": "helpDesk",
                    "area": "se-0583",
                ]
            ),
            (
                "agreement", "agreements",
                [
                    "id": "avtal", "subject": "Avtal", "parties": ["motala-bibliotek"],
                    "signedOn": "2012-01-01",
                ]
            ),
            (
                "publication", "publications",
                [
                    "id": "skrift", "title": "Skrift", "kind": "guide", "publisher": "motala-bibliotek",
                    "publishedOn": "2012-01-01",
                ]
            ),
            ("strategy", "strategies", ["id": "strategi", "name": "Strategi"]),
            (
                "survey", "surveys",
                [
                    "id": "enkat", "title": "Enkät", "frame": ["organisations": ["motala-bibliotek"]],
                    "questions": [["id": "q1", "text": "Fråga?", "type": "yesNo"]],
                ]
            ),
        ]
        var ids: [String] = []
        for thing in things { ids += try await service.create(thing.collection, [thing.body]) }
        try await service.act("surveys/enkat/open")
        var draft = things[0].body.merged(with: ["id": "utkast", "draft": .bool(true)])
        try await service.create("campaigns", [draft])
        draft = things[8].body.merged(with: ["id": "utkast"])
        try await service.create("surveys", [draft])

        let created = await service.get("projects/projekt")["createdAt"]?.string ?? ""
        let day = String(created.prefix(10))
        let answer = await service.get("news?since=\(day)&sort=createdAt&limit=200")
        let rows = (answer.table("kind", "id", "title").list ?? []).map { "\($0)" }
        var expected = zip(things, ids).map { thing, id -> JSONValue in
            let title = thing.body["title"] ?? thing.body["name"] ?? thing.body["subject"] ?? .null
            return [.string(thing.kind), .string(id), title["sv"] ?? title]
        }
        expected.append(["organisation", "motala-bibliotek", "motala-bibliotek"])
        #expect(Set(rows) == Set(expected.map { "\($0)" }))
        #expect(rows.count == expected.count)
        for (thing, id) in zip(things, ids) {
            let item = answer["items"]?.list?.first { $0["id"]?.string == id }
            #expect(item?["href"]?.string == "\(TestApp.baseURL)/\(thing.collection)/\(id)")
        }
        let some = await service.get(
            "news?since=\(day)&kind=campaign,strategy", fields: ["Accept-Language": "en"])
        #expect(some.table("kind", "title") == [["strategy", "Strategi"], ["campaign", "Campaign"]])
    }

    // MARK: Searching

    /// By any form of a word, and by how it is spelt on a keyboard without its letters.
    @Test(arguments: [
        ("bibliotek", ["handledning"]), ("biblioteket", ["handledning"]), ("öppna", ["handledning"]),
        ("oppna", ["handledning"]), ("ÖPPNA HUS", ["handledning"]), ("studiebesök", ["handledning"]),
        ("studiebesok", ["handledning"]), ("äldre", ["handledning"]), ("aldre", ["handledning"]),
        ("kommuner", ["laering"]), ("øvelse", ["laering"]), ("ovelser", ["laering"]),
        ("laering", ["laering"]), ("læring kommune", ["laering"]), ("borgere", ["abc"]),
        ("kørekort", ["abc"]),
        ("korekort", ["abc"]), ("vejledning", ["abc"]), ("ældre", ["abc"]), ("aeldre", ["abc"]),
        ("bibliotek kommuner", []), ("zebra", []),
    ])
    func textsAreFoundByStemAndByPlainSpelling(text: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        let query = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        #expect(try await service.ids("publications?q=\(query)", key: nil) == ids)
    }

    @Test(arguments: [
        ("organisations?q=sodertalje", ["sodertalje-bibliotek"]), ("campaigns?q=aret", ["aret"]),
        ("projects?q=digital", ["digital-i-dag"]), ("agreements?q=handledare", ["samverkan"]),
        ("service-points?q=kulturhus", ["kulturhuset"]),
    ])
    func everyListIsSearched(target: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids(target, key: nil) == ids)
    }
}
