import HTTP
import Testing

@testable import DigidelAPI

/// Digital competence in the Stockholm region's libraries, 2016 to 2018: a log whose dates are known to the season.
@Suite struct StockholmLibrariesTests {
    private static let shared = Task { try await programme() }

    private static func programme() async throws -> TestApp {
        let service = try await TestApp.make(at: "2018-12-15T10:00:00Z")
        try await service.makeOrganisations([
            ("regionbibliotek-stockholm", "regionalLibrary", "se-01", "Regionbibliotek Stockholm"),
            ("motala-kommun", "municipality", "se-0583", "Motala kommun"),
            ("botkyrka-kommun", "municipality", "se-0127", "Botkyrka kommun"),
            ("sodertalje-bibliotek", "library", "se-0181", "Södertälje bibliotek"),
        ])
        try await service.create(
            "projects",
            [
                [
                    "id": "digital-kompetens", "name": "Digital kompetens på länets bibliotek",
                    "owner": "regionbibliotek-stockholm", "areas": ["se-01"], "startsOn": "2016-01-01",
                    "endsOn": "2018-12-31",
                ]
            ])
        try await service.create("service-points", servicePoints)
        try await service.create("activities", log)
        return service
    }

    private static let servicePoints: [JSONValue] = [
        [
            "id": "digidelcenter-motala", "name": ["sv": "DigidelCenter Motala"], "operator": "motala-kommun",
            "kind": "digidelCenter", "area": "se-0583",
        ],
        [
            "id": "larcentrum", "name": ["sv": "Lärcentrum"], "operator": "regionbibliotek-stockholm",
            "kind": "learningCentre", "area": "se-01",
        ],
        [
            "id": "teknikpunkten", "name": ["sv": "Teknikpunkten", "en": "The Tech Point"],
            "operator": "regionbibliotek-stockholm", "kind": "servicePoint", "area": "se-01",
        ],
        [
            "id": "medborgarkontoret-fittja", "name": "Medborgarkontoret i Fittja bibliotek",
            "operator": "botkyrka-kommun", "kind": "citizenOffice", "area": "se-0127",
        ],
    ]

    private static func activity(
        _ type: JSONValue, _ title: JSONValue, _ from: JSONValue, _ to: JSONValue, _ precision: JSONValue,
        visited: JSONValue = []
    ) -> JSONValue {
        [
            "project": "digital-kompetens", "organiser": "regionbibliotek-stockholm", "type": type,
            "title": title, "from": from, "to": to, "precision": precision, "visited": visited,
        ]
    }

    private static let log = [
        activity("survey", "Enkät till länets bibliotek", "2016-03-01", "2016-05-31", "season"),
        activity(
            "workshop", "Workshoppar om digital handledning", "2016-09-01", "2017-05-31", "season"),
        activity("conference", "Regional konferens 2016", "2016-11-01", "2016-11-30", "month"),
        activity(
            "mapping", "Kartläggning av medborgarservice", "2017-01-01", "2017-06-30", "halfYear"),
        activity(
            "studyVisit", "Studieresa till Östergötland", "2017-03-01", "2017-05-31", "season",
            visited: [["servicePoint": "digidelcenter-motala"], ["organisation": "motala-kommun"]]),
        activity(
            "studyVisit", "Besök hos servicepunkter i länet", "2017-07-01", "2017-12-31", "halfYear",
            visited: [
                ["servicePoint": "larcentrum"], ["servicePoint": "teknikpunkten"],
                ["servicePoint": "medborgarkontoret-fittja"],
            ]),
        activity("workshop", "Workshop om nationella minoriteter", "2017-09-01", "2017-11-30", "season"),
        activity("conference", "Regional konferens 2017", "2017-10-12", "2017-10-13", "day"),
        activity("interview", "Telefonintervjuer", "2017-12-01", "2018-02-28", "season"),
        activity("other", "Slutredovisning", "2018-01-01", "2018-12-31", "year"),
    ]

    @Test func theWholeLog() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(
            "activities?project=digital-kompetens&sort=from,to", fields: ["Accept-Language": "en"])
        let expected: JSONValue = [
            ["survey", "Enkät till länets bibliotek", "season", "spring 2016"],
            ["workshop", "Workshoppar om digital handledning", "season", "autumn 2016 - spring 2017"],
            ["conference", "Regional konferens 2016", "month", "November 2016"],
            ["mapping", "Kartläggning av medborgarservice", "halfYear", "spring 2017"],
            ["studyVisit", "Studieresa till Östergötland", "season", "spring 2017"],
            ["studyVisit", "Besök hos servicepunkter i länet", "halfYear", "autumn 2017"],
            ["workshop", "Workshop om nationella minoriteter", "season", "autumn 2017"],
            ["conference", "Regional konferens 2017", "day", "12 October 2017 - 13 October 2017"],
            ["interview", "Telefonintervjuer", "season", "winter 2017/2018"],
            ["other", "Slutredovisning", "year", "2018"],
        ]
        #expect(answer.table("type", "title", "precision", "periodText") == expected)
    }

    /// A half-year or a conference that only overlaps the autumn belongs to it.
    @Test func whatWasDoneInAutumn2017() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("activities?from=2017-09-01&to=2017-11-30&sort=from")
        let expected: JSONValue = [
            [
                "studyVisit", "Besök hos servicepunkter i länet", "2017-07-01", "2017-12-31", "halfYear",
                "hösten 2017", "se-01",
            ],
            [
                "workshop", "Workshop om nationella minoriteter", "2017-09-01", "2017-11-30", "season",
                "hösten 2017", "se-01",
            ],
            [
                "conference", "Regional konferens 2017", "2017-10-12", "2017-10-13", "day",
                "12 oktober 2017 - 13 oktober 2017", "se-01",
            ],
        ]
        let columns = answer.table("type", "title", "from", "to", "precision", "periodText", "area")
        #expect(columns == expected)
    }

    @Test func whichServicePointsWereVisited() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("activities?project=digital-kompetens&type=studyVisit&sort=from")
        let expected: JSONValue = [
            [
                "Studieresa till Östergötland", "våren 2017",
                [
                    ["servicePoint": "digidelcenter-motala", "name": "DigidelCenter Motala"],
                    ["organisation": "motala-kommun", "name": "Motala kommun"],
                ],
            ],
            [
                "Besök hos servicepunkter i länet", "hösten 2017",
                [
                    ["servicePoint": "larcentrum", "name": "Lärcentrum"],
                    ["servicePoint": "teknikpunkten", "name": "Teknikpunkten"],
                    [
                        "servicePoint": "medborgarkontoret-fittja",
                        "name": "Medborgarkontoret i Fittja bibliotek",
                    ],
                ],
            ],
        ]
        #expect(answer.table("title", "periodText", "visited") == expected)
        let english = await service.get(
            "activities?visited=teknikpunkten", fields: ["Accept-Language": "en"])
        #expect(english["items", 0, "visited", 1, "name"] == "The Tech Point")
    }

    @Test(arguments: [
        ("visited=digidelcenter-motala", ["Studieresa till Östergötland"]),
        ("visited=motala-kommun", ["Studieresa till Östergötland"]),
        (
            "visited=larcentrum,motala-kommun",
            ["Studieresa till Östergötland", "Besök hos servicepunkter i länet"]
        ),
        ("visited=sodertalje-bibliotek", []),
        ("type=conference", ["Regional konferens 2016", "Regional konferens 2017"]),
        ("area=se-01&type=interview", ["Telefonintervjuer"]), ("area=se-05", []),
        ("from=2018-03-01", ["Slutredovisning"]),
        ("to=2016-08-31", ["Enkät till länets bibliotek"]),
    ])
    func theLogIsSearched(query: String, titles: [String]) async throws {
        let service = try await Self.shared.value
        let answer = await service.get("activities?sort=from&\(query)")
        #expect(answer.table("title") == .array(titles.map { [.string($0)] }))
    }

    /// What is read can be put back as it is.
    @Test func anEntryIsCorrected() async throws {
        let service = try await Self.shared.value
        let visit = await service.get(
            "activities?visited=digidelcenter-motala&lang=all", key: TestApp.adminKey)
        let entry = try #require(visit["items", 0])
        let id = try #require(entry["id"]?.string)
        let same = await service.put("activities/\(id)?lang=all", entry)
        #expect(same.status == .ok, "\(same.text)")
        #expect(same["visited"] == entry["visited"])
        let texts: JSONValue = [
            "sv": "våren 2017", "nb": "våren 2017", "da": "foråret 2017", "en": "spring 2017",
        ]
        #expect(entry["periodText"] == texts)
    }

    @Test(arguments: [
        ("season", "2017-03-02", "2017-05-31", ["/from": "precisionMismatch"]),
        ("season", "2017-03-01", "2017-06-30", ["/to": "precisionMismatch"]),
        ("season", "2017-12-01", "2018-03-31", ["/to": "precisionMismatch"]),
        (
            "halfYear", "2017-04-01", "2017-09-30",
            ["/from": "precisionMismatch", "/to": "precisionMismatch"]
        ),
        ("month", "2017-02-01", "2017-02-27", ["/to": "precisionMismatch"]),
        ("year", "2017-01-01", "2017-06-30", ["/to": "precisionMismatch"]),
        ("day", "2017-03-02", "2017-03-01", ["/to": "periodReversed"]),
    ])
    func aSeasonIsAWholeOne(
        precision: String, from: String, to: String, faults: [String: String]
    ) async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "activities",
            Self.activity("other", "Fel", .string(from), .string(to), .string(precision)))
        #expect(answer.status == .unprocessableContent, "\(answer.text)")
        #expect(answer.faults == faults)
    }
}
