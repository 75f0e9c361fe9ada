import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// Lists as CSV (api.md, Formats; decisions.md, 50 and 78).
@Suite struct ListCSVTests {
    /// Every list, with something in it.
    private static let lists = [
        "areas?country=dk&level=county", "organisations", "campaign-series", "campaigns",
        "campaigns/arsta-oppna-verkstad/enrolments", "participant-counts",
        "participant-counts/COUNT/revisions", "goals", "indicators", "indicators/ovana/observations",
        "publications", "strategies", "strategies/arsta-oppna-verkstad/items", "guidance-sessions",
        "audit-events", "keys",
    ]

    /// Shared by tests that change nothing, with the id of its count.
    private static let shared = Task {
        let service = try await TestApp.withDigidel2013()
        var count = ""
        for (collection, body) in posted + ResourceCase.all.map({ ($0.collection, $0.body) }) {
            let answer = await service.post(collection, body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
            if collection == "participant-counts" { count = answer["id"]?.string ?? "" }
        }
        let others: KeyValuePairs<String, JSONValue> = [
            "campaigns/arsta-oppna-verkstad/enrolments/motala-bibliotek": [
                "exemptReason": "Stängt, \"hela\" året"
            ],
            "indicators/ovana/observations/2011-12-31": ["value": .exactly("-1.5"), "source": "SCB"],
        ]
        for (target, body) in others {
            let answer = await service.ask(.put, target, body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        let item = await service.post(
            "strategies/arsta-oppna-verkstad/items",
            [
                "year": 2012, "kind": "obligation", "title": ["da": "=Post", "sv": "Post"],
                "affectedGroups": ["unge", "ældre"],
                "focusArea": ["number": 2, "name": ["da": "Digital post", "sv": "Digital post, ja"]],
            ])
        guard item.status == .created else { throw TestApp.Unexpected(item) }
        return (service: service, count: count)
    }

    private static let posted: [(String, JSONValue)] = [
        (
            "participant-counts",
            TestApp.count(["note": "@alla", "breakdowns": ["gender": ["woman": 40, "unknown": 2]]])
        ),
        ("indicators", ["id": "ovana", "name": "Ovana", "source": "SCB", "unit": "people"]),
        (
            "guidance-sessions",
            [
                "organisation": "motala-bibliotek", "date": "2012-01-01",
                "topics": ["moms", "bank; post"],
                "channel": "phone", "outcome": "partly", "travelKm": .exactly("14.5"),
            ]
        ), ("keys", ["role": "admin", "label": "x"]),
    ]

    private static let mediaType = "text/csv; charset=utf-8; header=present"

    private func get(
        _ service: TestApp, _ target: String, _ query: String, key: String? = TestApp.adminKey,
        fields: KeyValuePairs<String, String> = [:]
    ) async -> Answer {
        await service.get("\(target)\(target.contains("?") ? "&" : "?")\(query)", key: key, fields: fields)
    }

    /// The header, and each row's cells that are not empty, by their columns.
    private func read(_ answer: Answer) throws -> (header: [String], rows: [[String: String]]) {
        let reader = try CSVReader(answer.response.body)
        return (reader.header, try reader.map { try $0.get() })
    }

    // MARK: Every list

    @Test(arguments: lists)
    func everyListIsCSVToo(list: String) async throws {
        let (service, count) = try await Self.shared.value
        let list = list.replacing("COUNT", with: count)
        let csv = await get(service, list, "format=csv")
        #expect(csv.status == .ok, "\(csv.text)")
        #expect(csv.response.fields["Content-Type"] == Self.mediaType)
        #expect(csv.response.fields["Vary"] == "Accept, Accept-Language, Authorization")
        #expect(csv.response.fields["Link"] == nil)
        let accepted = await service.get(list, key: TestApp.adminKey, fields: ["Accept": "text/csv"])
        #expect(accepted.response.body == csv.response.body && accepted.etag == csv.etag)
        #expect(accepted.response.fields["Content-Type"] == Self.mediaType)
        #expect(accepted.response.fields["Vary"] == csv.response.fields["Vary"])

        let json = await get(service, list, "limit=200&format=json", fields: ["Accept": "text/csv"])
        #expect(json.response.fields["Content-Type"] == "application/json")
        #expect(json.response.fields["Vary"] == csv.response.fields["Vary"])
        #expect(json.etag != csv.etag)
        let items = try #require(json["items"]?.list)
        let (header, rows) = try read(csv)
        #expect(!items.isEmpty && rows.count == items.count)
        for (item, row) in zip(items, rows) { try expect(row, saysWhat: item, under: header) }
    }

    /// Every member has a column or, when it has members of its own, several.
    private func expect(_ row: [String: String], saysWhat item: JSONValue, under header: [String]) throws {
        for name in item.names where !["_links", "breakdowns"].contains(name) {
            let isThere = header.contains { $0 == name || $0.hasPrefix("\(name).") }
            #expect(isThere, "\(name)")
            switch item[name] {
            case .string(let text): #expect(row[name] == text || row[name] == "'\(text)", "\(name)")
            case .number(let number): #expect(row[name] == number.description, "\(name)")
            case .bool(let truth): #expect(row[name] == truth.description, "\(name)")
            default: break
            }
        }
        #expect(Set(row.keys).isSubset(of: header))
        #expect(!header.contains { $0.hasPrefix("_") })
    }

    @Test(arguments: lists)
    func whatTheClientHasIsNotSentAgain(list: String) async throws {
        let (service, count) = try await Self.shared.value
        let list = list.replacing("COUNT", with: count)
        // Keys say when they were last used.
        let csv = await get(service, list, "format=csv&limit=1")
        let etag = try #require(csv.etag)
        let known = await get(service, list, "format=csv&limit=1", fields: ["If-None-Match": etag])
        #expect(known.status == .notModified && known.response.body.isEmpty)
        #expect(known.etag == etag)
        for name in ["Vary", "Cache-Control"] {
            #expect(known.response.fields[name] == csv.response.fields[name])
        }
        let asJSON = await get(service, list, "limit=1", fields: ["If-None-Match": etag])
        #expect(asJSON.status == .ok)
        let stale = await get(service, list, "format=csv", fields: ["If-Match": "\"x\""])
        #expect(stale.status == .preconditionFailed)
    }

    @Test(arguments: lists)
    func otherFormatsAreRefused(list: String) async throws {
        let (service, count) = try await Self.shared.value
        let list = list.replacing("COUNT", with: count)
        for format in ["xml", "CSV", "json-stat", "csv,json", ""] {
            let answer = await get(service, list, "format=\(format)")
            #expect(answer.status == .badRequest, "\(format)")
            #expect(answer.faults == ["format": "malformed"])
        }
        let faults = await get(service, list, "format=csv&limit=0&page=-1&sort=x&cursor=x")
        #expect(faults.faults.keys.sorted() == ["cursor", "limit", "page", "sort"])
        #expect(faults.response.fields["Content-Type"] == "application/problem+json")
    }

    // MARK: Rows

    @Test func allRowsComeUnlessAPageIsAskedFor() async throws {
        let service = try await TestApp.make()
        let all = try read(await service.get("areas?format=csv")).rows.compactMap { $0["id"] }
        #expect(all.count == 789 && Set(all).count == 789)
        #expect(all == all.sorted())
        let counties = "areas?country=no&level=county&sort=-population"
        let rows = try read(await service.get("\(counties)&format=csv")).rows
        #expect(try await service.ids(counties, key: nil) == rows.compactMap { $0["id"] })
        #expect(rows.count == 15)
        for (query, expected) in [
            ("limit=5", Array(all.prefix(5))), ("page=1", Array(all.prefix(20))),
            ("page=3&limit=2", Array(all[4..<6])), ("page=0", []), ("page=1000", []),
        ] {
            let page = await service.get("areas?format=csv&\(query)")
            #expect(try read(page).rows.compactMap { $0["id"] } == expected, "\(query)")
            #expect(page.response.fields["Link"] != nil, "\(query)")
        }
        #expect(await service.get("areas?format=csv&limit=201").status == .badRequest)
    }

    /// The links are those of the same page as JSON.
    @Test func pagesAreLinkedByTheField() async throws {
        let service = try await TestApp.make()
        var target: String? = "areas?country=se&level=county&format=csv&limit=8"
        var ids: [String] = []
        while let page = target {
            let answer = await service.get(page)
            #expect(answer.response.fields["Content-Type"] == Self.mediaType)
            ids += try read(answer).rows.compactMap { $0["id"] }
            let links = (answer.response.fields["Link"] ?? "").components(separatedBy: ", ")
            #expect(links.contains("<\(TestApp.baseURL)/\(page)>; rel=\"self\""))
            target = links.first { $0.hasSuffix("rel=\"next\"") }.map { link in
                String(link.dropFirst(TestApp.baseURL.count + 2).prefix { $0 != ">" })
            }
            try #require(ids.count <= 21)
        }
        #expect(try await service.ids("areas?country=se&level=county", key: nil) == ids)
        #expect(ids.count == 21)
    }

    @Test func anEmptyListHasItsHeader() async throws {
        let service = try await TestApp.make()
        let empty = await service.get("campaign-series?format=csv")
        #expect(empty.status == .ok)
        #expect(empty.text == "id,name,description,createdAt,updatedAt,revision\r\n")
        #expect(await service.get("campaign-series?format=csv&limit=3&q=x").text == empty.text)
        let every = await service.get("campaign-series?format=csv&lang=all")
        #expect(
            every.text
                == "id,name.sv,name.nb,name.da,name.en,description.sv,description.nb,description.da,description.en,createdAt,updatedAt,revision\r\n"
        )
    }

    @Test(arguments: [
        ("text/csv;q=0.5, application/json", "application/json"), ("text/html", "application/json"),
        ("*/*", "application/json"), ("text/*", mediaType), ("application/json;q=0.1, text/csv", mediaType),
    ])
    func theFormThatIsPreferredIsAnswered(accept: String, mediaType: String) async throws {
        let service = try await Self.shared.value.service
        let answer = await service.get("strategies", fields: ["Accept": accept])
        #expect(answer.response.fields["Content-Type"] == mediaType)
    }

    // MARK: Columns

    @Test func eachLanguageHasAColumnWhenAllAreAskedFor() async throws {
        let service = try await Self.shared.value.service
        let every = try read(await service.get("organisations?format=csv&lang=all&q=verkstad"))
        #expect(
            every.header.prefix(8) == [
                "id", "kind", "area", "parent", "name.sv", "name.nb", "name.da", "name.en",
            ])
        #expect(every.rows.first?["name.sv"] == "Årsta Öppna Verkstad")
        #expect(every.rows.first?["name.en"] == "Årsta Open Workshop")
        #expect(every.rows.first?["name.nb"] == nil)
        let english = await service.get(
            "organisations?format=csv&q=verkstad", fields: ["Accept-Language": "en"])
        #expect(english.response.fields["Content-Language"] == "en")
        #expect(try read(english).rows.first?["name"] == "Årsta Open Workshop")
    }

    @Test func nestedMembersHaveDottedColumns() async throws {
        let service = try await Self.shared.value.service
        let items = "strategies/arsta-oppna-verkstad/items?format=csv"
        let danish = try read(await service.get(items, fields: ["Accept-Language": "da"]))
        #expect(
            danish.header == [
                "id", "strategy", "focusArea.number", "focusArea.name", "date", "year", "kind", "title",
                "affectedGroups", "createdAt", "updatedAt", "revision",
            ])
        #expect(danish.rows.first?["focusArea.number"] == "2")
        #expect(danish.rows.first?["focusArea.name"] == "Digital post")
        #expect(danish.rows.first?["affectedGroups"] == "unge; ældre")
        #expect(danish.rows.first?["title"] == "'=Post")
        let every = try read(await service.get("\(items)&lang=all"))
        #expect(every.rows.first?["focusArea.name.sv"] == "Digital post, ja")
        #expect(every.rows.first?["title.da"] == "'=Post")
        let count = try read(await service.get("participant-counts?format=csv", key: TestApp.adminKey))
        #expect(count.rows.first?["gender.woman"] == "40")
        #expect(count.header.contains("age.71+"))
        #expect(count.rows.first?["note"] == "'@alla")
        let campaign = try read(await service.get("campaigns?format=csv&country=no"))
        #expect(campaign.rows.first?["reporting.opensAt"] == "2012-01-01T00:00:00Z")
    }

    @Test func listsAreJoinedAndObjectsAreJSON() async throws {
        let service = try await Self.shared.value.service
        let publication = try read(await service.get("publications?format=csv")).rows.first
        #expect(publication?["languages"] == "sv; ar")
        #expect(
            publication?["formats"] == #"[{"mediaType":"text/html","url":"https://verkstan.example.se/"}]"#)
        let goal = try read(await service.get("goals?format=csv&lang=all&q=verkstad")).rows.first
        #expect(goal?["milestones"] == #"[{"date":"2012-06-30","value":400}]"#)
        let observation = await service.get("indicators/ovana/observations?format=csv")
        // A number is no formula, though it begins like one.
        #expect(observation.text.contains("2011-12-31,ovana,-1.5,SCB,"))
        let enrolment = await service.get("campaigns/arsta-oppna-verkstad/enrolments?format=csv")
        #expect(enrolment.text.contains(#","Stängt, ""hela"" året","#))
    }

    @Test func whatLooksLikeAFormulaIsGuarded() async throws {
        let service = try await TestApp.make()
        let names = ["=1+1", "+46", "-5", "@x", "'=1", " =1", "a=b", "\"=1\"", "\n=1", "Å, ä; ö"]
        for (number, name) in names.enumerated() {
            let body: JSONValue = ["id": .string("series-\(number)"), "name": .string(name)]
            let created = await service.post("campaign-series", body)
            #expect(created.status == .created, "\(created.text)")
        }
        let csv = await service.get("campaign-series?format=csv&sort=id")
        let guarded = ["'=1+1", "'+46", "'-5", "'@x"] + names.dropFirst(4)
        #expect(try read(csv).rows.map { $0["name"] } == guarded)
        #expect(csv.text.components(separatedBy: "\r\n").count == names.count + 2)
        #expect(csv.text.contains("series-4,'=1,"))
        #expect(csv.text.contains(#"series-7,"""=1""","#))
    }

    @Test func mailboxesAreForKeysHereToo() async throws {
        let service = try await TestApp.make()
        let created = await service.post(
            "organisations",
            ["id": "ab", "name": "A", "kind": "other", "area": "se", "contactMailbox": "info@a.example"])
        #expect(created.status == .created)
        let open = await service.get("organisations?format=csv")
        #expect(!open.text.contains("contactMailbox") && !open.text.contains("info@a.example"))
        let keyed = try read(await service.get("organisations?format=csv", key: TestApp.adminKey))
        #expect(keyed.rows.first?["contactMailbox"] == "info@a.example")
    }

    @Test func whoMayNotReadTheListMayNotReadItAsCSV() async throws {
        let service = try await Self.shared.value.service
        for list in ["participant-counts", "guidance-sessions", "keys", "audit-events"] {
            #expect(await service.get("\(list)?format=csv").status == .unauthorized)
        }
        #expect(await service.get("strategies/nowhere/items?format=csv").status == .notFound)
    }
}
