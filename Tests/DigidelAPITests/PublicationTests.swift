import HTTP
import Testing

@testable import DigidelAPI

@Suite struct PublicationTests {
    /// Shared by tests that change nothing.
    private static let shared = Task { try await library() }

    /// A report of IKT-lyftet, learning material in two languages, and a recommendation in Norwegian.
    private static func library() async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("digdir", area: "no")
        let publications: [JSONValue] = [
            [
                "id": "delrapport", "title": ["sv": "Delrapport för IKT-lyftet", "en": "Interim report"],
                "kind": "report", "publisher": "motala-bibliotek", "campaign": "digidel2013",
                "languages": ["sv"], "topics": ["projekt"], "publishedOn": "2010-06-01",
            ],
            [
                "id": "surfa-lugnt", "title": "Surfa lugnt", "description": "Övningar på lätt svenska",
                "kind": "learningMaterial", "publisher": "motala-bibliotek", "languages": ["sv", "ar"],
                "topics": ["e-legitimation", "bank, post"], "targetGroups": ["äldre", "nybörjare"],
                "licence": "CC BY 4.0", "publishedOn": "2012-02-29",
                "formats": [
                    ["mediaType": "application/pdf", "url": "https://example.se/a.pdf"],
                    ["mediaType": "text/html", "url": "https://example.se/a"],
                ],
            ],
            [
                "id": "anbefaling", "title": ["nb": "Anbefaling"], "kind": "recommendation",
                "publisher": "digdir", "languages": ["nb"], "targetGroups": ["äldre"],
                "publishedOn": "2012-03-01",
            ],
        ]
        for publication in publications {
            let answer = await service.post("publications", publication)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    @Test(arguments: [
        ("", ["anbefaling", "delrapport", "surfa-lugnt"]), ("kind=report", ["delrapport"]),
        ("kind=recommendation,learningMaterial", ["anbefaling", "surfa-lugnt"]), ("kind=guide", []),
        ("publisher=digdir", ["anbefaling"]),
        ("publisher=digdir,motala-bibliotek&kind=report", ["delrapport"]),
        ("campaign=digidel2013", ["delrapport"]), ("campaign=nowhere", []), ("project=nowhere", []),
        ("language=ar", ["surfa-lugnt"]), ("language=ar,nb", ["anbefaling", "surfa-lugnt"]),
        ("topic=e-legitimation", ["surfa-lugnt"]), ("topic=bank,%20post", ["surfa-lugnt"]),
        ("topic=bank", []),
        ("targetGroup=%C3%A4ldre", ["anbefaling", "surfa-lugnt"]),
        ("targetGroup=%C3%A4ldre&topic=projekt", []),
        ("from=2012-02-29", ["anbefaling", "surfa-lugnt"]), ("to=2012-02-29", ["delrapport", "surfa-lugnt"]),
        ("from=2012-02-29&to=2012-02-29", ["surfa-lugnt"]), ("from=2013-01-01&to=2012-01-01", []),
        ("q=%C3%B6vning", ["surfa-lugnt"]), ("q=interim", ["delrapport"]), ("q=pdf", []),
    ])
    func filtersCombine(query: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("publications?sort=id&\(query)", key: nil) == ids)
        let total = await service.get("publications?limit=1&\(query)")["_meta", "totalRecords"]
        #expect(total?.integer == ids.count)
    }

    @Test(arguments: [
        "kind=book", "kind=", "language=swedish", "language=sv,", "language=SV", "language=", "topic=",
        "from=2012", "to=2012-02-30", "publisher=", "q=",
        "language=\(Array(repeating: "sv", count: 21).joined(separator: ","))",
    ])
    func filtersHaveTheirForm(query: String) async throws {
        let service = try await Self.shared.value
        let answer = await service.get("publications?\(query)")
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer.faults == [String(query.prefix { $0 != "=" }): "malformed"])
    }

    @Test func theAnswerSaysAllThatWasSaid() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("publications/surfa-lugnt")
        #expect(answer["title"] == "Surfa lugnt")
        #expect(answer["languages"] == ["sv", "ar"])
        #expect(answer["topics"] == ["e-legitimation", "bank, post"])
        #expect(
            answer["formats"] == [
                ["mediaType": "application/pdf", "url": "https://example.se/a.pdf"],
                ["mediaType": "text/html", "url": "https://example.se/a"],
            ])
        let other = await service.get("publications/anbefaling")
        #expect(other["licence"] == nil && other["campaign"] == nil && other["description"] == nil)
        #expect(other["topics"] == [] && other["formats"] == [])
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "publications",
            [
                "id": "A", "title": [:], "description": "", "kind": "book", "publisher": "Å", "campaign": 1,
                "project": "", "languages": ["sv", "swedish", "SV"], "topics": ["", "a"],
                "targetGroups": "äldre", "licence": .string(String(repeating: "x", count: 201)),
                "formats": [["mediaType": "pdf", "url": "ftp://a.se"], "x", ["size": 1]],
                "publishedOn": "2012-02-30",
            ])
        #expect(answer.status == .badRequest)
        let places = [
            "id", "title", "description", "kind", "publisher", "campaign", "project", "languages/1",
            "languages/2", "topics/0", "targetGroups", "licence", "formats/0/mediaType", "formats/0/url",
            "formats/1", "formats/2/mediaType", "formats/2/url", "formats/2/size", "publishedOn",
        ]
        #expect(answer.faults == Dictionary(uniqueKeysWithValues: places.map { ("/\($0)", "malformed") }))
        let empty = await service.post("publications", [:])
        #expect(empty.faults.keys.sorted() == ["/kind", "/publishedOn", "/publisher", "/title"])
    }

    @Test(arguments: [
        ("application/pdf", true), ("application/vnd.oasis.opendocument.text", true), ("audio/x-m4a", true),
        ("image/svg+xml", true), ("text", false), ("text/", false), ("/html", false), ("a/b/c", false),
        ("text/html; charset=utf-8", false), ("text /html", false), ("", false), ("text/html\n", false),
        ("té/html", false), (String(repeating: "a", count: 126) + "/b", false),
    ])
    func aFormatIsAMediaType(mediaType: String, isOne: Bool) async throws {
        let service = try await TestApp.withDigidel2013()
        let answer = await service.post(
            "publications",
            [
                "title": "A b", "kind": "guide", "publisher": "motala-bibliotek",
                "publishedOn": "2012-01-01",
                "formats": [["mediaType": .string(mediaType), "url": "https://example.se/"]],
            ])
        #expect(answer.status == (isOne ? .created : .badRequest), "\(answer.text)")
    }

    @Test func referencesAndPersonalDataAreToldTogether() async throws {
        let service = try await Self.shared.value
        let wrong: JSONValue = [
            "publisher": "nobody", "campaign": "nowhere", "project": "nothing",
            "topics": ["bra", "eva@example.se"], "targetGroups": ["070-123 45 67"],
            "licence": "Fråga eva@example.se", "description": ["nb": "19811218-9876"],
        ]
        let faults = [
            "/publisher": "unknownOrganisation", "/campaign": "unknownCampaign",
            "/project": "unknownProject", "/topics/1": "personalData", "/targetGroups/0": "personalData",
            "/licence": "personalData", "/description/nb": "personalData",
        ]
        let body: JSONValue = [
            "title": "A b", "kind": "guide", "publishedOn": "2012-01-01",
        ]
        for answer in [
            await service.post("publications", body.merged(with: wrong)),
            await service.patch("publications/surfa-lugnt", wrong),
        ] {
            #expect(answer.status == .unprocessableContent)
            #expect(answer.faults == faults)
        }
    }
}
