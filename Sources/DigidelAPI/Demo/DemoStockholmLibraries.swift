import Foundation

/// Digital competence in the Stockholm region's libraries, 2016 to 2018: a log whose dates are known to the season.
extension Demo {
    func loadStockholmLibraries() async throws {
        try await organisations(Self.hosts)
        try await create("projects", [Self.digitalCompetence])
        try await create("service-points", Self.visitedPoints)
        try await add(Self.log, to: "activities?project=\(Self.digitalCompetenceID)")
        try await create("goals", [Self.pointsInTheCounty])
    }

    private static let hosts: [OrganisationRow] = [
        ("stockholms-stad", "municipality", "se-0180", "Stockholms stad"),
        ("botkyrka-kommun", "municipality", "se-0127", "Botkyrka kommun"),
        ("sollentuna-kommun", "municipality", "se-0163", "Sollentuna kommun"),
        ("sodertalje-kommun", "municipality", "se-0181", "Södertälje kommun"),
    ]

    private static let digitalCompetenceID = "digital-kompetens-stockholm"

    private static let digitalCompetence: JSONValue = [
        "id": .string(digitalCompetenceID),
        "name": [
            "sv": "Digital kompetens på biblioteken i Stockholms län",
            "en": "Digital competence in the Stockholm region's libraries",
        ],
        "owner": "regionbibliotek-stockholm", "areas": ["se-01"], "startsOn": "2016-01-01",
        "endsOn": "2018-12-31",
    ]

    /// Where each is lies within a kilometre or so. The days on which the demo ones opened are invented.
    private static let visitedPoints: [JSONValue] = [
        point(
            "digidelcenter-motala", "DigidelCenter Motala", "digidelCenter", "motala-kommun", "se-0583",
            at: ("58.538", "15.047")),
        point(
            "digidelcenter-helsingborg", "DigidelCenter Helsingborg", "digidelCenter", "helsingborg-stad",
            "se-1283", at: ("56.047", "12.694")),
        point(
            "larcentrum", "Lärcentrum (demo)", "learningCentre", "sollentuna-kommun", "se-0163",
            at: ("59.428", "17.951"), openFrom: "2016-09-01"),
        point(
            "teknikpunkten", "Teknikpunkten (demo)", "servicePoint", "sodertalje-kommun", "se-0181",
            at: ("59.195", "17.626"), openFrom: "2017-03-01"),
        point(
            "medborgarkontoret-fittja", "Medborgarkontoret i Fittja", "citizenOffice", "botkyrka-kommun",
            "se-0127", at: ("59.248", "17.861")),
        point(
            "kista-bibliotek", "Kista bibliotek", "helpDesk", "stockholms-stad", "se-0180",
            at: ("59.403", "17.944")),
    ]

    private static func point(
        _ id: String, _ name: String, _ kind: String, _ host: String, _ area: String,
        at place: (lat: String, lon: String), openFrom: JSONValue = .null
    ) -> JSONValue {
        [
            "id": .string(id), "name": ["sv": .string(name)], "kind": .string(kind),
            "operator": .string(host), "area": .string(area), "languages": ["sv", "en"],
            "openFrom": openFrom,
            "location": [
                "lat": .number(Decimal(string: place.lat) ?? 0),
                "lon": .number(Decimal(string: place.lon) ?? 0),
            ],
        ]
    }

    /// What was done is published; the seasons are as they may have been.
    private static let log: [JSONValue] = [
        entry("survey", "Enkät till länets bibliotek", "2016-03-01", "2016-05-31", "season"),
        entry("workshop", "Workshoppar om digital handledning", "2016-09-01", "2017-05-31", "season"),
        entry("conference", "Regional konferens", "2016-11-01", "2016-11-30", "month"),
        entry("mapping", "Kartläggning av medborgarservice", "2017-01-01", "2017-06-30", "halfYear"),
        entry(
            "studyVisit", "Studieresa till DigidelCenter", "2017-03-01", "2017-05-31", "season",
            visited: ["digidelcenter-motala", "digidelcenter-helsingborg"]),
        entry(
            "studyVisit", "Besök hos servicepunkter i länet", "2017-07-01", "2017-12-31", "halfYear",
            visited: ["larcentrum", "teknikpunkten", "medborgarkontoret-fittja", "kista-bibliotek"]),
        entry("interview", "Telefonintervjuer", "2017-12-01", "2018-02-28", "season"),
    ]

    private static func entry(
        _ type: String, _ title: String, _ from: String, _ to: String, _ precision: String,
        visited: [String] = []
    ) -> JSONValue {
        [
            "project": .string(digitalCompetenceID), "organiser": "regionbibliotek-stockholm",
            "type": .string(type), "title": ["sv": .string(title)], "from": .string(from),
            "to": .string(to), "precision": .string(precision),
            "visited": .array(visited.map { ["servicePoint": .string($0)] }),
        ]
    }

    private static let pointsInTheCounty: JSONValue = [
        "id": "servicepunkter-stockholm",
        "name": [
            "sv": "Servicepunkter i fyra av länets kommuner",
            "en": "Service points in four of the county's municipalities",
        ],
        "description": ["sv": "Ett demomål.", "en": "A demo goal."], "kind": "coverage",
        "predicate": "hasServicePoint", "target": 4, "scope": ["areas": ["se-01"]],
        "startsOn": "2016-01-01", "endsOn": "2018-12-31",
    ]
}
