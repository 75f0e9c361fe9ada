import HTTP
import Testing

@testable import DigidelAPI

@Suite struct StrategyTests {
    /// Shared by tests that change nothing.
    private static let shared = Task { try await service() }

    private static let items: KeyValuePairs<String, JSONValue> = [
        "Digital post for alle": [
            "date": "2014-11-01", "kind": "obligation", "affectedGroups": ["alle"],
            "focusArea": ["number": 2, "name": ["da": "Digital post", "en": "Digital mailbox"]],
        ],
        "Unge ansøger digitalt": [
            "year": 2012, "kind": "obligation", "affectedGroups": ["unge", "studerende, elever"],
            "focusArea": ["number": 1, "name": "Selvbetjening"],
        ],
        "De ældre": ["year": 2015, "kind": "obligation", "affectedGroups": ["ældre", "alle"]],
        "Halvvejs": ["date": "2012-01-01", "kind": "milestone"],
        "Rapport": [
            "date": "2014-12-31", "kind": "publication", "focusArea": ["number": 2, "name": "Post"],
        ],
    ]

    /// The Danish strategy with what becomes mandatory when, and another with one item.
    private static func service() async throws -> TestApp {
        let service = try await TestApp.make()
        for name in ["Digitaliseringsstrategi", "Another strategy"] {
            let answer = await service.post("strategies", ["name": .string(name)])
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        for (title, item) in items {
            let answer = await service.post(
                "strategies/digitaliseringsstrategi/items",
                item.merged(with: ["title": ["da": .string(title)]]))
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        let other = await service.post(
            "strategies/another-strategy/items", ["year": 2013, "kind": "milestone", "title": "Another"])
        guard other.status == .created else { throw TestApp.Unexpected(other) }
        return service
    }

    private func titles(_ query: String) async throws -> [String] {
        let service = try await Self.shared.value
        return try await service.items("strategies/digitaliseringsstrategi/items?\(query)", key: nil)
            .compactMap { $0["title"]?.string }
    }

    /// What becomes mandatory when, for whom (product.md, 7); a year comes on its first day, and goes on to its last.
    @Test(arguments: [
        ("", ["Unge ansøger digitalt", "Halvvejs", "Digital post for alle", "Rapport", "De ældre"]),
        ("limit=2", ["Unge ansøger digitalt", "Halvvejs", "Digital post for alle", "Rapport", "De ældre"]),
        ("kind=obligation&sort=-date", ["De ældre", "Digital post for alle", "Unge ansøger digitalt"]),
        ("kind=milestone,publication", ["Halvvejs", "Rapport"]),
        ("from=2012-06-01&to=2012-06-30", ["Unge ansøger digitalt"]),
        ("to=2012-01-01", ["Unge ansøger digitalt", "Halvvejs"]), ("to=2011-12-31", []),
        ("from=2014-12-31", ["Rapport", "De ældre"]), ("from=2015-12-31", ["De ældre"]),
        ("from=2016-01-01", []), ("from=2014-11-01&to=2014-11-01", ["Digital post for alle"]),
        ("group=alle", ["Digital post for alle", "De ældre"]),
        ("group=%C3%A6ldre&from=2015-01-01", ["De ældre"]),
        ("group=studerende,%20elever", ["Unge ansøger digitalt"]), ("group=studerende", []),
        ("focusArea=2", ["Digital post for alle", "Rapport"]), ("focusArea=999", []),
        ("q=aeldre", ["De ældre"]), ("q=digital&kind=obligation&focusArea=1", ["Unge ansøger digitalt"]),
    ])
    func itemsComeByDateAndAreFound(query: String, expected: [String]) async throws {
        // Of one day, in the order in which they were made.
        #expect(try await titles(query) == expected)
    }

    @Test(arguments: [
        "id", "strategy", "date", "year", "kind", "title", "createdAt", "updatedAt", "revision",
    ])
    func everySortVisitsEverythingOnce(member: String) async throws {
        for sort in [member, "-\(member)"] {
            #expect(try await Set(titles("limit=2&sort=\(sort)")).count == 5, "\(sort)")
        }
        #expect(try await titles("sort=-year,title").first == "De ældre")
    }

    @Test(arguments: [
        "kind=law", "from=2012", "to=x", "group=", "focusArea=0", "focusArea=1000", "focusArea=x", "q=",
        "sort=affectedGroups", "sort=focusArea",
    ])
    func filtersHaveTheirForm(query: String) async throws {
        let service = try await Self.shared.value
        let answer = await service.get("strategies/digitaliseringsstrategi/items?\(query)")
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer.faults == [String(query.prefix { $0 != "=" }): "malformed"])
    }

    @Test func anItemBelongsToItsStrategy() async throws {
        let service = try await Self.shared.value
        let item = try #require(
            try await service.items("strategies/digitaliseringsstrategi/items?focusArea=1").first)
        let id = try #require(item["id"]?.string)
        #expect(item["strategy"] == "digitaliseringsstrategi")
        let own = "strategies/digitaliseringsstrategi/items/\(id)"
        #expect(item["_links"]?["self"]?["href"] == .string("\(TestApp.baseURL)/\(own)"))
        let read = await service.get(own)
        #expect(read.json == item)
        #expect(read["year"] == 2012 && read["date"] == nil)
        #expect(read["focusArea"] == ["number": 1, "name": "Selvbetjening"])
        for target in [
            "strategies/another-strategy/items/\(id)", "strategies/nowhere/items/\(id)",
            "strategies/digitaliseringsstrategi/items/x", "strategies/nowhere/items",
        ] {
            #expect(await service.get(target).status == .notFound, "\(target)")
        }
        let foreign = await service.patch("strategies/another-strategy/items/\(id)", ["title": "x"])
        #expect(foreign.status == .notFound)
        let nowhere = await service.post(
            "strategies/nowhere/items", ["year": 2012, "kind": "milestone", "title": "x"])
        #expect(nowhere.status == .notFound)
    }

    @Test func textsFollowTheLanguage() async throws {
        let service = try await Self.shared.value
        let list = "strategies/digitaliseringsstrategi/items?focusArea=2&kind=obligation"
        let english = await service.get(list, fields: ["Accept-Language": "en"])
        #expect(english["items", 0, "focusArea", "name"] == "Digital mailbox")
        let every = await service.get("\(list)&lang=all")
        #expect(
            every["items", 0, "focusArea", "name"] == ["da": "Digital post", "en": "Digital mailbox"])
    }

    // MARK: Writing

    @Test(
        arguments: [[:], ["date": "2012-01-01", "year": 2012], ["date": .null, "year": .null]] as [JSONValue])
    func anItemHasADateOrAYear(dates: JSONValue) async throws {
        let service = try await Self.shared.value
        let item: JSONValue = ["kind": "milestone", "title": "eva@example.se"]
        let answer = await service.post("strategies/another-strategy/items", item.merged(with: dates))
        #expect(answer.status == .unprocessableContent)
        #expect(answer.faults == ["/date": "dateOrYear", "/title/sv": "personalData"])
    }

    @Test func aYearMayBecomeADate() async throws {
        let service = try await Self.service()
        let item = await service.post(
            "strategies/another-strategy/items",
            [
                "year": 2014, "kind": "obligation", "title": "Post",
                "focusArea": ["number": 3, "name": "Post"],
            ])
        let target = item.created
        #expect(target.hasPrefix("strategies/another-strategy/items/"))
        let both = await service.patch(target, ["date": "2014-11-01"], ifMatch: item.etag)
        #expect(both.faults == ["/date": "dateOrYear"])
        let dated = await service.patch(target, ["date": "2014-11-01", "year": .null], ifMatch: item.etag)
        #expect(dated.status == .ok, "\(dated.text)")
        #expect(dated["date"] == "2014-11-01" && dated["year"] == nil && dated["revision"] == 2)
        #expect(dated["focusArea"] == ["number": 3, "name": "Post"])
        #expect(await service.patch(target, ["title": "x"], ifMatch: item.etag).status == .preconditionFailed)
        let focused = await service.patch(target, ["focusArea": ["number": 4]])
        #expect(focused["focusArea"] == ["number": 4, "name": "Post"])
        #expect(await service.patch(target, ["focusArea": .null])["focusArea"] == nil)
        #expect(await service.patch(target, ["strategy": "other"])["strategy"] == "another-strategy")
        let read = await service.get("\(target)?lang=all", key: TestApp.adminKey)
        let put = await service.put("\(target)?lang=all", try #require(read.json), ifMatch: read.etag)
        #expect(put.json?.without("revision", "updatedAt") == read.json?.without("revision", "updatedAt"))
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "strategies/another-strategy/items",
            [
                "id": "x", "strategy": "another-strategy", "focusArea": ["number": 0, "text": "x"],
                "date": "x", "year": 1899, "kind": "law", "affectedGroups": ["", 1],
            ])
        #expect(answer.status == .badRequest)
        let places = [
            "id", "strategy", "focusArea/number", "focusArea/name", "focusArea/text", "date", "year", "kind",
            "title", "affectedGroups/0", "affectedGroups/1",
        ]
        #expect(answer.faults == Dictionary(uniqueKeysWithValues: places.map { ("/\($0)", "malformed") }))
        let personal = await service.post(
            "strategies/another-strategy/items",
            [
                "year": 2012, "kind": "obligation", "title": "Bra", "affectedGroups": ["070-123 45 67"],
                "focusArea": ["number": 1, "name": ["en": "eva@example.se"]],
            ])
        #expect(
            personal.faults == ["/affectedGroups/0": "personalData", "/focusArea/name/en": "personalData"])
    }

    @Test func onlyCoordinatorsWrite() async throws {
        let service = try await Self.service()
        let body: JSONValue = ["year": 2012, "kind": "milestone", "title": "x"]
        let list = "strategies/another-strategy/items"
        let item = await service.post(list, body).created
        try await service.makeOrganisation()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        for (key, status) in [(nil, Status.unauthorized), (partner, .forbidden)] {
            #expect(await service.post(list, body, key: key).status == status)
            #expect(await service.put(item, body, key: key).status == status)
            #expect(await service.patch(item, body, key: key).status == status)
            #expect(await service.get(item, key: key).status == .ok)
        }
        #expect(await service.post(list, body, key: coordinator).status == .created)
        #expect(await service.put(item, body, key: coordinator).status == .ok)
        #expect(await service.put(item, body, ifMatch: nil).status == .preconditionRequired)
    }

    @Test func itemsAreCountedByTheirStrategy() async throws {
        let service = try await Self.shared.value
        let own = await service.get("strategies/digitaliseringsstrategi/items?limit=1")
        #expect(own["_meta", "totalRecords"] == 5)
        #expect(await service.get("strategies/another-strategy/items")["_meta", "totalRecords"] == 1)
    }
}
