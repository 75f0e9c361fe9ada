import Foundation

/// Digihjelpen, from 2017: guidance in every Norwegian municipality. Its goal of today follows the calendar: places open
/// one after another until the end of 2027.
extension Demo {
    func loadDigihjelpen() async throws {
        try await organisations(in: .nb, Self.norwegianOrganisations)
        try await create("campaigns", [Self.digihjelpen])
        try await create("projects", [Self.digihjelpenProject])
        try await add([Self.mapping], to: "activities?project=digihjelpen-prosjekt")
        try await create("agreements", [Self.trainingAgreement])
        try await create("publications", Self.digihjelpenPublications)
        let places = try await municipalities(of: "no")
        try await create(
            "service-points",
            places.enumerated().map { number, place in
                Self.guidance(in: place, openFrom: Self.opening(of: number, of: places.count))
            })
        try await create("goals", [Self.guidanceEverywhere])
    }

    private static let norwegianOrganisations: [OrganisationRow] = [
        ("kmd", "agency", "no", "Kommunal- og moderniseringsdepartementet"),
        ("ks", "association", "no", "KS"), ("kompetanse-norge", "agency", "no", "Kompetanse Norge"),
        ("difi", "agency", "no", "Direktoratet for forvaltning og IKT"),
    ]

    private static let digihjelpen: JSONValue = [
        "id": "digihjelpen", "name": ["nb": "Digihjelpen"],
        "description": [
            "nb": "Veiledning i grunnleggende digitale ferdigheter i alle kommuner.",
            "en": "Guidance in basic digital skills in every municipality.",
        ],
        "startsOn": "2017-01-01", "endsOn": "2027-12-31", "countries": ["no"], "organiser": "kmd",
        "partners": ["ks", "kompetanse-norge", "difi"], "measures": ["attendances"],
        "timeZone": "Europe/Oslo",
    ]

    /// The dates of its milestones are invented.
    private static let digihjelpenProject: JSONValue = [
        "id": "digihjelpen-prosjekt", "name": ["nb": "Digihjelpen: prosjekt (demodatoer)"], "owner": "ks",
        "partners": ["kompetanse-norge", "difi"], "campaign": "digihjelpen", "areas": ["no"],
        "startsOn": "2017-01-01", "endsOn": "2019-05-31", "phase": "pilot",
        "milestones": [
            ["date": "2017-06-30", "title": ["nb": "Status i alle kommuner er kartlagt"]],
            ["date": "2018-06-01", "title": ["nb": "Opplæringsmateriell er utviklet"]],
            ["date": "2019-05-31", "title": ["nb": "Anbefaling er levert"]],
        ],
    ]

    private static let mapping: JSONValue = [
        "campaign": "digihjelpen", "project": "digihjelpen-prosjekt", "organiser": "ks", "type": "mapping",
        "title": [
            "nb": "Kartlegging av status i alle kommuner", "en": "Mapping of status in all municipalities",
        ],
        "from": "2017-01-01", "to": "2017-06-30", "precision": "halfYear", "languages": ["nb"],
    ]

    private static let trainingAgreement: JSONValue = [
        "id": "digihjelpen-opplaering", "parties": ["ks", "kompetanse-norge"],
        "subject": ["nb": "Hvem som leverer opplæringsmateriell til kommunene"],
        "signedOn": "2017-11-01", "deliverables": [["nb": "Opplæringsmateriell for veiledere"]],
    ]

    private static let digihjelpenPublications = [
        publication(
            "digihjelpen-materiell", "learningMaterial", "Opplæringsmateriell for Digihjelpen (demo)",
            by: "kompetanse-norge", on: "2018-06-01"),
        publication(
            "digihjelpen-anbefaling", "recommendation", "Anbefaling om kommunale veiledningstilbud (demo)",
            by: "ks", on: "2019-05-31"),
    ]

    private static func publication(
        _ id: JSONValue, _ kind: JSONValue, _ title: JSONValue, by publisher: JSONValue, on date: JSONValue
    ) -> JSONValue {
        [
            "id": id, "kind": kind, "title": ["nb": title], "publisher": publisher,
            "campaign": "digihjelpen", "project": "digihjelpen-prosjekt", "languages": ["nb"],
            "targetGroups": ["veiledere"], "publishedOn": date,
        ]
    }

    private static func guidance(in place: Place, openFrom: CalendarDate?) -> JSONValue {
        [
            "id": .string("digihjelpen-\(place.area)"),
            "name": ["nb": .string("Digihjelpen, \(place.name) (demo)")], "operator": "ks",
            "kind": "servicePoint", "area": .string(place.area), "languages": ["nb"],
            "openFrom": openFrom.map { .string("\($0)") } ?? .null,
        ]
    }

    /// Invented: evenly from the beginning of 2026, a little late at times.
    private static func opening(of number: Int, of count: Int) -> CalendarDate? {
        CalendarDate(year: 2026, month: 1, day: 1).map { $0 + (number * 730 / count + number * 37 % 60) }
    }

    private static let guidanceEverywhere: JSONValue = [
        "id": "digihjelpen",
        "name": [
            "nb": "Veiledning i alle kommuner", "sv": "Vägledning i alla Norges kommuner",
            "en": "Guidance in every municipality of Norway",
        ],
        "description": [
            "sv": "Alla siffror är demosiffror.", "nb": "Alle tall er demotall.",
            "en": "All figures are demo figures.",
        ],
        "campaign": "digihjelpen", "kind": "coverage", "predicate": "hasServicePoint", "targetPercent": 100,
        "startsOn": "2026-01-01", "endsOn": "2027-12-31",
    ]
}
