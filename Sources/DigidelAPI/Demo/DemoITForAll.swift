import Foundation

/// IT for all and IT help for companies in Denmark, 2007 to 2015.
extension Demo {
    func loadITForAll() async throws {
        try await organisations(
            in: .da,
            [
                ("kulturstyrelsen", "agency", "dk", "Kulturstyrelsen"),
                ("digitaliseringsstyrelsen", "agency", "dk", "Digitaliseringsstyrelsen"),
            ] + Self.pilots.map { (id: $0.library, kind: "library", area: $0.area, name: $0.name) })
        try await create("campaigns", [Self.itForAll])
        try await create("agreements", [Self.partnership])
        try await create("projects", [Self.pilot, Self.rollOut])
        try await create("strategies", [Self.strategy])
        try await add(Self.duties, to: "strategies/\(Self.strategyID)/items")
        try await report(Self.pilots.map(Self.guides))
        try await create("goals", [Self.guideGoal])
        try await add(Self.sessions, to: "guidance-sessions?organisation=\(Self.pilots[0].library)")
    }

    /// A library of the pilot; how many guides it trained is invented.
    private typealias Pilot = (library: String, area: String, name: String, guides: Int)

    private static let pilots: [Pilot] = [
        ("herning-bibliotekerne", "dk-0657", "Herning Bibliotekerne", 34),
        ("horsens-bibliotek", "dk-0615", "Horsens Bibliotek", 28),
        ("esbjerg-bibliotek", "dk-0561", "Esbjerg Kommunes Biblioteker", 31),
        ("odense-biblioteker", "dk-0461", "Odense Biblioteker og Borgerservice", 62),
        ("rudersdal-biblioteker", "dk-0230", "Rudersdal Bibliotekerne", 20),
    ]

    private static let itForAll: JSONValue = [
        "id": "it-for-alle", "name": ["da": "It for alle", "en": "IT for all"],
        "description": ["da": "Tallene er demotal.", "en": "The figures are demo figures."],
        "startsOn": "2007-01-01", "endsOn": "2015-12-31", "countries": ["dk"],
        "organiser": "kulturstyrelsen",
        "partners": ["digitaliseringsstyrelsen"], "measures": ["attendances", "supportersTrained"],
        "timeZone": "Europe/Copenhagen",
    ]

    /// Its dates are invented.
    private static let partnership: JSONValue = [
        "id": "it-for-alle-samarbejde", "parties": ["kulturstyrelsen", "digitaliseringsstyrelsen"],
        "subject": ["da": "Bibliotekernes hjælp til digital selvbetjening (demodatoer)"],
        "signedOn": "2011-12-01", "validFrom": "2012-01-01", "validTo": "2015-12-31",
        "deliverables": [["da": "Kampagneuger for borger.dk"], ["da": "Uddannelse af vejledere"]],
    ]

    private static let pilot: JSONValue = [
        "id": "it-hjaelp-pilot", "name": ["da": "It-hjælp til virksomheder: pilot (demodatoer)"],
        "owner": "kulturstyrelsen", "campaign": "it-for-alle",
        "partners": .array(pilots.map { .string($0.library) }),
        "areas": .array(pilots.map { .string($0.area) }), "startsOn": "2013-09-01",
        "endsOn": "2014-06-30", "phase": "pilot",
    ]

    private static let rollOut: JSONValue = [
        "id": "it-hjaelp", "name": ["da": "It-hjælp til virksomheder (demodatoer)"],
        "owner": "kulturstyrelsen",
        "campaign": "it-for-alle", "areas": ["dk"], "startsOn": "2014-09-01", "endsOn": "2015-12-31",
        "phase": "rollout",
    ]

    // MARK: The strategy

    private static let strategyID = "digitaliseringsstrategi-2011-2015"

    private static let strategy: JSONValue = [
        "id": .string(strategyID),
        "name": [
            "da": "Den fællesoffentlige digitaliseringsstrategi 2011-2015",
            "en": "The joint public digitisation strategy 2011-2015",
        ],
        "description": ["da": "Tolv fokusområder.", "en": "Twelve focus areas."],
    ]

    /// What becomes mandatory step by step.
    private static let duties: [JSONValue] = [
        duty(2012, da: "Selvbetjening for unge", en: "Self-service for young people", ["unge"]),
        duty(2014, da: "Digital postkasse for alle", en: "A digital mailbox for all", ["alle"]),
        duty(2015, da: "Selvbetjening for ældre", en: "Self-service for the elderly", ["ældre"]),
    ]

    private static func duty(
        _ year: Int, da: JSONValue, en: JSONValue, _ groups: JSONValue
    ) -> JSONValue {
        [
            "kind": "obligation", "year": .number(.init(year)), "title": ["da": da, "en": en],
            "affectedGroups": groups,
        ]
    }

    // MARK: Guides and guidance

    private static func guides(at pilot: Pilot) -> JSONValue {
        [
            "organisation": .string(pilot.library), "campaign": "it-for-alle",
            "measure": "supportersTrained",
            "value": .number(.init(pilot.guides)), "period": "2013-Q4", "area": .string(pilot.area),
            "channel": "onSite", "externalId": "demo-2013-q4", "note": .string(DemoFigures.note),
        ]
    }

    private static let guideGoal: JSONValue = [
        "id": "it-for-alle-vejledere",
        "name": ["da": "200 vejledere", "sv": "200 vägledare", "en": "200 guides"],
        "description": ["da": "Et demomål.", "sv": "Ett demomål.", "en": "A demo goal."],
        "campaign": "it-for-alle",
        "kind": "contribution", "measure": "supportersTrained", "target": 200, "startsOn": "2013-09-01",
        "endsOn": "2014-06-30",
    ]

    /// The case that was told of, and invented ones beside it.
    private static let sessions: [JSONValue] =
        [
            session(
                ["moms", "sygedagpengerefusion"], "solved", ["manglende rettigheder"], "lokalavisen", 14)
        ]
        + (0..<29).map { number in
            session(
                [["moms"], ["digital postkasse"], ["sygedagpengerefusion"], ["borger.dk", "NemID"]][
                    number % 4],
                ["solved", "solved", "partly", "solved", "referred", "notSolved"][number % 6],
                [["intet NemID"], [], ["manglende rettigheder"]][number % 3],
                ["lokalavisen", "biblioteket", "kommunen"][number % 3], (number * 7) % 23)
        }

    private static func session(
        _ topics: JSONValue, _ outcome: JSONValue, _ obstacles: JSONValue, _ learnedThrough: JSONValue,
        _ travelKm: Int
    ) -> JSONValue {
        [
            "organisation": .string(pilots[0].library), "date": "2014-03-12", "topics": topics,
            "channel": "onSite", "outcome": outcome, "obstacles": obstacles,
            "learnedThrough": learnedThrough, "travelKm": .number(.init(travelKm)), "language": "da",
        ]
    }
}
