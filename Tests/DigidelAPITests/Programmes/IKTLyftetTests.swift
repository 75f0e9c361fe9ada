import HTTP
import Testing

@testable import DigidelAPI

/// IKT-lyftet, 2009 to 2011: a national project with a local one in every county, that passes into Digidel2013.
@Suite struct IKTLyftetTests {
    private static let shared = Task { try await programme() }

    private struct Library {
        let id: String
        let area: String
        let name: String
        /// What its local project gets, in kronor.
        let amount: Int
    }

    private static let libraries = [
        Library(id: "stockholm", area: "se-01", name: "Regionbibliotek Stockholm", amount: 450_000),
        Library(id: "uppsala", area: "se-03", name: "Länsbibliotek Uppsala", amount: 120_000),
        Library(id: "sormland", area: "se-04", name: "Länsbibliotek Sörmland", amount: 110_000),
        Library(id: "ostergotland", area: "se-05", name: "Länsbibliotek Östergötland", amount: 150_000),
        Library(id: "jonkoping", area: "se-06", name: "Länsbibliotek Jönköping", amount: 125_000),
        Library(id: "kronoberg", area: "se-07", name: "Regionbibliotek Kronoberg", amount: 90_000),
        Library(id: "kalmar", area: "se-08", name: "Regionbibliotek Kalmar", amount: 95_000),
        Library(id: "gotland", area: "se-09", name: "Gotlands länsbibliotek", amount: 40_000),
        Library(id: "blekinge", area: "se-10", name: "Länsbibliotek Blekinge", amount: 60_000),
        Library(id: "skane", area: "se-12", name: "Regionbibliotek Skåne", amount: 300_000),
        Library(id: "halland", area: "se-13", name: "Regionbibliotek Halland", amount: 105_000),
        Library(id: "vastra-gotaland", area: "se-14", name: "Kultur i Väst", amount: 380_000),
        Library(id: "varmland", area: "se-17", name: "Länsbibliotek Värmland", amount: 100_000),
        Library(id: "orebro", area: "se-18", name: "Örebro länsbibliotek", amount: 108_000),
        Library(id: "vastmanland", area: "se-19", name: "Länsbibliotek Västmanland", amount: 98_000),
        Library(id: "dalarna", area: "se-20", name: "Länsbibliotek Dalarna", amount: 102_000),
        Library(id: "gavleborg", area: "se-21", name: "Länsbibliotek Gävleborg", amount: 101_000),
        Library(id: "vasternorrland", area: "se-22", name: "Länsbibliotek Västernorrland", amount: 88_000),
        Library(id: "jamtland", area: "se-23", name: "Jämtlands läns bibliotek", amount: 55_000),
        Library(id: "vasterbotten", area: "se-24", name: "Länsbiblioteket i Västerbotten", amount: 99_000),
        Library(id: "norrbotten", area: "se-25", name: "Norrbottens länsbibliotek", amount: 92_000),
    ]

    private static func programme() async throws -> TestApp {
        let service = try await TestApp.make(at: "2011-06-30T10:00:00Z")
        try await service.makeOrganisations(
            libraries.map { (id: $0.id, kind: "regionalLibrary", area: $0.area, name: $0.name) })
        try await service.create(
            "campaigns",
            [
                [
                    "id": "ikt-lyftet", "name": "IKT-lyftet", "startsOn": "2009-09-01",
                    "endsOn": "2011-05-31",
                    "countries": ["se"], "organiser": "stockholm", "measures": ["attendances"],
                    "funding": [["funder": "Statligt bidrag", "amount": 2_000_000, "currency": "SEK"]],
                ],
                [
                    "id": "digidel2013", "name": "Digidel2013", "startsOn": "2011-01-01",
                    "endsOn": "2013-12-31",
                    "countries": ["se"], "organiser": "stockholm", "measures": ["newlyIncluded"],
                    "predecessor": "ikt-lyftet",
                ],
            ])
        for library in libraries {
            try await service.place("campaigns/ikt-lyftet/enrolments/\(library.id)", [:])
        }
        try await service.create("projects", libraries.map(project))
        try await service.create(
            "publications",
            [
                [
                    "id": "ikt-lyftet-delrapport", "title": "IKT-lyftet: delrapport", "kind": "report",
                    "publisher": "stockholm", "campaign": "ikt-lyftet", "languages": ["sv"],
                    "topics": ["digital delaktighet"], "licence": "CC BY 4.0", "publishedOn": "2010-10-15",
                    "formats": [
                        [
                            "mediaType": "application/pdf",
                            "url": "https://bibliotek.example.se/ikt-lyftet-delrapport.pdf",
                        ]
                    ],
                ]
            ])
        return service
    }

    /// Gotland is one municipality; every third project ends with 2010.
    private static func project(_ library: Library) -> JSONValue {
        [
            "id": .string("ikt-lyftet-\(library.id)"), "owner": .string(library.id),
            "campaign": "ikt-lyftet",
            "areas": [.string(area(of: library))], "name": .string("IKT-lyftet, \(library.name)"),
            "description": .string("Handledare utbildas, \(library.name)."),
            "startsOn": "2009-09-01", "endsOn": .string(endsOn(library)), "funding": funding(library),
        ]
    }

    private static func area(of library: Library) -> String {
        library.id == "gotland" ? "se-0980" : library.area
    }

    private static func endsOn(_ library: Library) -> String {
        library.amount < 95_000 ? "2010-12-31" : "2011-05-31"
    }

    private static func funding(_ library: Library) -> JSONValue {
        [
            ["funder": "Statligt bidrag", "amount": .whole(library.amount), "currency": "SEK"],
            ["funder": .string(library.name)],
        ]
    }

    @Test func whichCountiesTakePart() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("campaigns/ikt-lyftet/enrolments?sort=area&limit=200")
        let expected = Self.libraries.map { library -> JSONValue in
            [.string(library.id), .string(library.name), .string(library.area)]
        }
        #expect(answer.table("organisation", "name", "area") == .array(expected))
        #expect(answer["_meta", "totalRecords"] == 21)
    }

    @Test func whatEachLocalProjectDoesAndWhoFundsIt() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("projects?campaign=ikt-lyftet&limit=200")
        let expected = Self.libraries.map { library -> JSONValue in
            [
                .string("ikt-lyftet-\(library.id)"), .string(library.id), [.string(Self.area(of: library))],
                .string("IKT-lyftet, \(library.name)"), .string("Handledare utbildas, \(library.name)."),
                "2009-09-01", .string(Self.endsOn(library)), Self.funding(library), "regular",
            ]
        }
        let columns = answer.table(
            "id", "owner", "areas", "name", "description", "startsOn", "endsOn", "funding", "phase")
        #expect(columns == .array(expected))
    }

    @Test(arguments: [
        ("area=se-05", ["ikt-lyftet-ostergotland"]), ("area=se-09", ["ikt-lyftet-gotland"]),
        ("area=se-0980,se-05", ["ikt-lyftet-gotland", "ikt-lyftet-ostergotland"]),
        ("owner=skane", ["ikt-lyftet-skane"]), ("area=no", []),
    ])
    func aCountyFindsItsProject(query: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("projects?sort=id&\(query)", key: nil) == ids)
    }

    @Test func whatGoesOnInSpring2011() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(
            "projects?campaign=ikt-lyftet&from=2011-03-01&to=2011-05-31&sort=id&limit=200")
        let going = Self.libraries.filter { Self.endsOn($0) == "2011-05-31" }.map(\.id).sorted()
        #expect(going.count == 15)
        #expect(answer.table("owner") == .array(going.map { [.string($0)] }))
    }

    @Test func whoFundsTheWholeAndWhatFollows() async throws {
        let service = try await Self.shared.value
        let campaign = await service.get("campaigns/ikt-lyftet")
        #expect(
            campaign["funding"] == [["funder": "Statligt bidrag", "amount": 2_000_000, "currency": "SEK"]])
        #expect(campaign["organiser"] == "stockholm")
        #expect(campaign["successors"] == ["digidel2013"])
        #expect(campaign["predecessor"] == nil)
        #expect(campaign["state"] == "reporting")
    }

    @Test func digidel2013KnowsItsPredecessor() async throws {
        let service = try await Self.shared.value
        let campaign = await service.get("campaigns/digidel2013")
        #expect(campaign["predecessor"] == "ikt-lyftet")
        #expect(campaign["successors"] == [])
    }

    @Test func theInterimReportIsThere() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("publications?campaign=ikt-lyftet&kind=report")
        let expected: JSONValue = [
            [
                "ikt-lyftet-delrapport", "IKT-lyftet: delrapport", "report", "stockholm", "ikt-lyftet",
                ["sv"], ["digital delaktighet"], "CC BY 4.0", "2010-10-15",
                [
                    [
                        "mediaType": "application/pdf",
                        "url": "https://bibliotek.example.se/ikt-lyftet-delrapport.pdf",
                    ]
                ],
            ]
        ]
        let columns = answer.table(
            "id", "title", "kind", "publisher", "campaign", "languages", "topics", "licence", "publishedOn",
            "formats")
        #expect(columns == expected)
    }
}
