import Foundation

/// IKT-lyftet, 2009 to 2011: every county's library with a local project of its own.
extension Demo {
    func loadIKTLyftet() async throws {
        try await organisations(
            Self.countyLibraries.map { ($0.id, "regionalLibrary", $0.area, $0.name) })
        try await create("campaigns", [Self.iktLyftet])
        for library in Self.countyLibraries {
            try await put("campaigns/ikt-lyftet/enrolments/\(library.id)", [:])
        }
        try await create("projects", Self.countyLibraries.map(Self.localProject))
        try await report(Self.countyLibraries.map(Self.attendances))
        try await create("goals", [Self.attendanceGoal])
        try await create("publications", [Self.interimReport])
    }

    /// A participant; its visits are invented.
    private typealias CountyLibrary = (id: String, area: String, name: String, visits: Int)

    private static let countyLibraries: [CountyLibrary] = [
        ("regionbibliotek-stockholm", "se-01", "Regionbibliotek Stockholm", 5200),
        ("lansbibliotek-uppsala", "se-03", "Länsbibliotek Uppsala", 1100),
        ("lansbibliotek-sormland", "se-04", "Länsbibliotek Sörmland", 900),
        ("lansbibliotek-ostergotland", "se-05", "Länsbibliotek Östergötland", 1700),
        ("lansbibliotek-jonkoping", "se-06", "Länsbibliotek Jönköping", 1200),
        ("regionbibliotek-kronoberg", "se-07", "Regionbibliotek Kronoberg", 700),
        ("regionbibliotek-kalmar", "se-08", "Regionbibliotek Kalmar", 950),
        ("lansbibliotek-gotland", "se-09", "Gotlands länsbibliotek", 300),
        ("lansbibliotek-blekinge", "se-10", "Länsbibliotek Blekinge", 600),
        ("regionbibliotek-skane", "se-12", "Regionbibliotek Skåne", 3100),
        ("regionbibliotek-halland", "se-13", "Regionbibliotek Halland", 1000),
        ("kultur-i-vast", "se-14", "Kultur i Väst", 4300),
        ("lansbibliotek-varmland", "se-17", "Länsbibliotek Värmland", 1150),
        ("lansbibliotek-orebro", "se-18", "Örebro länsbibliotek", 1050),
        ("lansbibliotek-vastmanland", "se-19", "Länsbibliotek Västmanland", 980),
        ("lansbibliotek-dalarna", "se-20", "Länsbibliotek Dalarna", 1250),
        ("lansbibliotek-gavleborg", "se-21", "Länsbibliotek Gävleborg", 1020),
        ("lansbibliotek-vasternorrland", "se-22", "Länsbibliotek Västernorrland", 870),
        ("lansbibliotek-jamtland", "se-23", "Jämtlands läns bibliotek", 640),
        ("lansbibliotek-vasterbotten", "se-24", "Länsbiblioteket i Västerbotten", 990),
        ("lansbibliotek-norrbotten", "se-25", "Norrbottens länsbibliotek", 920),
    ]

    private static let iktLyftet: JSONValue = [
        "id": "ikt-lyftet", "name": ["sv": "IKT-lyftet"],
        "description": [
            "sv":
                "Nationellt projekt med ett lokalt projekt i varje län, 2009–2011. Siffrorna är demosiffror."
        ],
        "startsOn": "2009-09-01", "endsOn": "2011-05-31", "countries": ["se"],
        "organiser": "regionbibliotek-stockholm", "measures": ["attendances"],
        "funding": [["funder": "Statligt bidrag"]],
    ]

    private static func localProject(of library: CountyLibrary) -> JSONValue {
        [
            "id": .string("ikt-lyftet-\(library.area)"), "owner": .string(library.id),
            "campaign": "ikt-lyftet",
            "name": ["sv": .string("IKT-lyftet, \(library.name)")], "areas": [.string(library.area)],
            "startsOn": "2009-09-01", "endsOn": "2011-05-31",
            "funding": [
                ["funder": "Statligt bidrag"], ["funder": .string(library.name)],
            ],
        ]
    }

    private static func attendances(of library: CountyLibrary) -> JSONValue {
        [
            "organisation": .string(library.id), "campaign": "ikt-lyftet", "measure": "attendances",
            "value": .number(.init(library.visits)), "period": "2010", "area": .string(library.area),
            "channel": "onSite", "externalId": "demo-2010", "note": .string(DemoFigures.note),
        ]
    }

    private static let attendanceGoal: JSONValue = [
        "id": "ikt-lyftet", "name": ["sv": "30 000 besök i IKT-lyftet", "en": "30,000 visits in IKT-lyftet"],
        "description": ["sv": "Ett demomål.", "en": "A demo goal."], "campaign": "ikt-lyftet",
        "kind": "contribution", "measure": "attendances", "target": 30_000,
    ]

    /// That there was one is published; its date is invented.
    private static let interimReport: JSONValue = [
        "id": "ikt-lyftet-delrapport", "title": ["sv": "IKT-lyftet: delrapport (demo)"], "kind": "report",
        "publisher": "regionbibliotek-stockholm", "campaign": "ikt-lyftet", "languages": ["sv"],
        "topics": ["digital delaktighet"], "publishedOn": "2010-10-15",
    ]
}
