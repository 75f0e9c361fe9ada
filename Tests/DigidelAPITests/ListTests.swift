import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// What all lists have in common: pages, cursors, links and sorting.
@Suite struct ListTests {
    /// A list and the members that openapi.yaml lets it be sorted by.
    struct List: Sendable, CustomTestStringConvertible {
        let collection: String
        let members: [String]
        var testDescription: String { collection }

        static let all = [
            "areas", "organisations", "campaign-series", "campaigns", "participant-counts", "goals", "keys",
            "publications", "strategies", "guidance-sessions",
        ].map { collection in List(collection: collection, members: (try? sortMembers(collection)) ?? []) }

        /// The names in the pattern of the list's parameter `sort`: `^-?(id|name)$`.
        private static func sortMembers(_ collection: String) throws -> [String] {
            let document = try OpenAPIDocument.load()
            let operation = try document.operation("GET", "/v1/\(collection)")
            for reference in operation.node["parameters"]?.list ?? [] {
                let parameter = try document.resolve(reference)
                guard parameter["name"]?.string == "sort" else { continue }
                let pattern = parameter["schema"]?["items"]?["pattern"]?.string ?? ""
                return pattern.dropFirst("^-?(".count).dropLast(")$".count).split(separator: "|").map(
                    String.init)
            }
            return []
        }
    }

    // MARK: Things to list

    /// Shared by tests that change nothing.
    private static let shared = Task { try await service() }

    /// Five of everything, different and alike in some members, some of them without the optional ones.
    private static func service() async throws -> TestApp {
        let service = try await TestApp.make()
        for number in 1...5 { try await add(number, to: service) }
        return service
    }

    private static func add(_ number: Int, to service: TestApp) async throws {
        let isEven = number.isMultiple(of: 2)
        let first = "organisation-1"
        let id = JSONValue.string("organisation-\(number)")
        let text: JSONValue = isEven ? .null : .string("text \(9 - number)")
        let bodies: KeyValuePairs<String, JSONValue> = [
            "organisations": [
                "id": id, "kind": isEven ? "library" : "agency", "area": .string("se-058\(number % 3)"),
                "name": [isEven ? "sv" : "en": .string("Näme \(number / 3), \"x\"")],
                "parent": number > 1 && isEven ? .string(first) : .null,
                "website": isEven ? "https://a.example/?a=b,c" : .null,
                "memberSince": isEven ? .null : "2009-05-01",
            ],
            "campaign-series": ["id": .string("series-\(number)"), "name": "Lika", "description": text],
            "campaigns": [
                "id": .string("campaign-\(number)"), "name": .string("Campaign \(number % 2)"),
                "startsOn": .string("201\(number % 3)-01-01"), "endsOn": "2013-12-31", "countries": ["se"],
                "organiser": .string(first), "measures": ["attendances"], "description": text,
                "series": isEven ? .string("series-\(number)") : .null,
                "predecessor": number == 1 ? .null : .string("campaign-1"),
                "timeZone": isEven ? "Europe/Oslo" : .null,
            ],
            "participant-counts": [
                "organisation": .string(first), "campaign": "campaign-1", "measure": "attendances",
                "value": .number(Decimal(number % 3)), "from": "2012-01-01",
                "to": .string("2012-01-0\(9 - number % 3)"), "area": .string("se-058\(number % 3)"),
                "channel": isEven ? "phone" : "onSite", "evidence": isEven ? "estimated" : .null,
                "note": text, "externalId": isEven ? .string("key, \(number)") : .null,
            ],
            "goals": [
                "id": .string("goal-\(number)"), "name": "Mål", "kind": "contribution",
                "measure": "attendances",
                "target": .exactly(isEven ? "1000.5" : "99"), "startsOn": "2012-01-01",
                "endsOn": "2012-12-31",
                "campaign": isEven ? "campaign-1" : .null, "description": text,
                "tolerance": .exactly("0.\(number % 3)5"), "cancelled": .bool(number == 3),
            ],
            "keys": [
                "role": isEven ? "partner" : "admin", "label": .string("label \(number % 2)"),
                "organisation": isEven ? id : .null,
                "expiresAt": isEven ? .string("204\(number % 10)-01-01T00:00:00.5Z") : .null,
            ],
            "publications": [
                "id": .string("publication-\(number)"), "title": [isEven ? "sv" : "nb": "Rapport"],
                "kind": isEven ? "report" : "guide", "publisher": .string(first), "description": text,
                "campaign": isEven ? "campaign-1" : .null, "licence": isEven ? "CC0" : .null,
                "publishedOn": .string("201\(number % 3)-01-01"),
            ],
            "strategies": [
                "id": .string("strategy-\(number)"), "name": .string("Plan \(number % 2)"),
                "description": text,
            ],
            "guidance-sessions": [
                "organisation": .string(first), "date": .string("201\(number % 3)-01-01"),
                "channel": isEven ? "phone" : "mixed", "outcome": isEven ? "solved" : "partly",
                "learnedThrough": text, "travelKm": isEven ? .exactly("1.\(number)") : .null,
                "durationMinutes": isEven ? .null : .number(Decimal(number)),
                "language": isEven ? "ar" : .null,
            ],
        ]
        for (collection, body) in bodies {
            let answer = await service.post(collection, body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
    }

    // MARK: Sorting

    @Test func openAPIKnowsWhatListsAreSortedBy() {
        for list in List.all { #expect(list.members.contains("id") && list.members.count > 5, "\(list)") }
    }

    /// By each member, rising and falling, from the first page to the last by the links `next`: everything comes once,
    /// in order, also what other things are added meanwhile.
    @Test(arguments: List.all)
    func everySortVisitsEverythingOnce(list: List) async throws {
        let service = try await Self.service()
        let filter = list.collection == "areas" ? "country=dk&limit=50" : "limit=3"
        var last = 5
        for member in list.members {
            for sort in [member, "-\(member)"] {
                let before = Set(try await service.ids("\(list.collection)?\(filter)"))
                var visited: [JSONValue] = []
                var next: String? = "\(list.collection)?sort=\(sort)&\(filter)"
                while let target = next {
                    let page = await service.get(target, key: TestApp.adminKey)
                    #expect(page.status == .ok, "\(sort): \(page.text)")
                    if visited.isEmpty, last < 15 {
                        last += 1
                        try await Self.add(last, to: service)
                    }
                    visited += page["items"]?.list ?? []
                    try #require(visited.count < 1000, "\(sort) never ends")
                    next = page["_links", "next", "href"]?.string.map(below)
                }
                let ids = visited.compactMap { $0["id"]?.string }
                #expect(Set(ids).count == ids.count, "\(sort)")
                #expect(before.isSubset(of: ids), "\(sort)")
                try expectOrder(of: visited, by: sort)
            }
        }
    }

    /// Texts are in the database's order, which this does not know; dates, numbers and flags it does.
    private func expectOrder(of items: [JSONValue], by sort: String) throws {
        let member = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
        let values = items.compactMap { $0[member] }
        let isOrdered = zip(values, values.dropFirst()).allSatisfy { first, second in
            let (first, second) = sort.hasPrefix("-") ? (second, first) : (first, second)
            return switch (first, second) {
            case (.number(let first), .number(let second)): first <= second
            case (.bool(let first), .bool(let second)): !first || second
            case (.string(let first), .string(let second))
            where member.hasSuffix("At") || member.hasSuffix("On"):
                (Instant(first) ?? .now, first) <= (Instant(second) ?? .now, second)
            default: true
            }
        }
        #expect(isOrdered, "\(sort)")
    }

    @Test func severalMembersSortOneAfterAnother() async throws {
        let service = try await Self.shared.value
        let items = try await service.items("participant-counts?sort=-channel,value,-to&limit=2")
        let keys = items.map { "\($0["channel"]?.string ?? "") \($0["value"]?.integer ?? -1)" }
        #expect(keys == ["phone 1", "phone 2", "onSite 0", "onSite 1", "onSite 2"])
        let byID = try await service.ids("goals?sort=-kind,-id&limit=2")
        #expect(byID == ["goal-5", "goal-4", "goal-3", "goal-2", "goal-1"])
    }

    @Test func withoutASortThingsComeInTheOrderOfTheirCreation() async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("goals?limit=2") == (1...5).map { "goal-\($0)" })
        #expect(await service.get("areas?limit=2")["items", 1, "id"] == "dk-0101")
    }

    @Test(arguments: List.all)
    func otherSortsAreRefused(list: List) async throws {
        let service = try await Self.shared.value
        let sorts = [
            "colour", "", "-", "id,", "id,id", "id,-id", "--id", "ID", "_links", "id;drop", "id%20desc",
        ]
        for sort in sorts {
            let answer = await service.get("\(list.collection)?sort=\(sort)", key: TestApp.adminKey)
            #expect(answer.status == .badRequest, "\(sort)")
            #expect(answer.faults == ["sort": "malformed"])
        }
    }

    // MARK: Pages

    @Test(arguments: List.all)
    func pagesAndTheirLinksLeadThroughTheList(list: List) async throws {
        let service = try await Self.shared.value
        let filter = list.collection == "areas" ? "parent=se-20,se-23&sort=code&" : ""
        let total = list.collection == "areas" ? 23 : 5
        let key = TestApp.adminKey
        let base = "\(TestApp.baseURL)/\(list.collection)?\(filter)"
        let second = await service.get("\(list.collection)?\(filter)limit=2&page=2", key: key)
        #expect(
            second["_meta"] == ["totalRecords": .number(Decimal(total)), "page": 2, "limit": 2, "count": 2])
        let links = try #require(second["_links"])
        #expect(links["self"]?["href"]?.string == base + "limit=2&page=2")
        #expect(links["first"]?["href"]?.string == base + "limit=2&page=1")
        #expect(links["prev"]?["href"]?.string == base + "limit=2&page=1")
        let last = (total + 1) / 2
        #expect(links["last"]?["href"]?.string == base + "limit=2&page=\(last)")
        #expect(links["next"]?["href"]?.string?.hasPrefix(base + "limit=2&page=3&cursor=") == true)
        for relation in links.names {
            let address = try #require(links[relation]?["href"]?.string)
            #expect(second.response.fields["Link"]?.contains("<\(address)>; rel=\"\(relation)\"") == true)
            #expect(links[relation]?["rel"]?.string == relation)
            #expect(await service.get(below(address), key: key).status == .ok)
        }
        // By page or by cursor, it is the same third page.
        let next = try #require(links["next"]?["href"]?.string)
        let byCursor = await service.get(below(next), key: key)
        let byPage = await service.get("\(list.collection)?\(filter)limit=2&page=3", key: key)
        #expect(byCursor["items"] == byPage["items"])
        #expect(byCursor["_meta"] == byPage["_meta"])
    }

    @Test func theFirstAndTheLastPageEndTheList() async throws {
        let service = try await Self.shared.value
        let first = await service.get("goals?limit=3")
        #expect(first["_links"]?.names == ["self", "first", "next", "last"])
        let last = await service.get("goals?limit=3&page=2")
        #expect(last["_links"]?.names == ["self", "first", "prev", "last"])
        #expect(last["_meta", "count"] == 2)
        let exact = await service.get("goals?limit=5")
        #expect(exact["_links"]?.names == ["self", "first", "last"])
        let none = await service.get("goals?q=nothing")
        #expect(none["_meta"] == ["totalRecords": 0, "page": 1, "limit": 20, "count": 0])
        #expect(none["_links", "last", "href"] == .string("\(TestApp.baseURL)/goals?q=nothing&page=1"))
    }

    @Test(arguments: List.all)
    func pagesOutsideTheListAreEmpty(list: List) async throws {
        let service = try await Self.shared.value
        for page in ["0", "1000", "1000000"] {
            let answer = await service.get("\(list.collection)?page=\(page)&limit=200", key: TestApp.adminKey)
            #expect(answer.status == .ok)
            #expect(answer["items"] == [])
            #expect(answer["_meta", "page"]?.integer == Int(page))
            #expect(answer["_meta", "count"] == 0)
            let total = list.collection == "areas" ? 789 : 5
            #expect(answer["_meta", "totalRecords"]?.integer == total)
            #expect(answer["_links", "next"] == nil)
        }
    }

    @Test(arguments: List.all)
    func limitsAndPagesHaveBounds(list: List) async throws {
        let service = try await Self.shared.value
        let queries = [
            "limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=1.0", "limit=+1",
            "limit=99999999999999999999", "page=-1", "page=x", "page=1000001", "page=99999999999999999999",
        ]
        for query in queries {
            let answer = await service.get("\(list.collection)?\(query)", key: TestApp.adminKey)
            #expect(answer.status == .badRequest, "\(query)")
            #expect(answer.faults.count == 1)
        }
        let both = await service.get(
            "\(list.collection)?limit=0&page=-1&sort=x&cursor=x", key: TestApp.adminKey)
        #expect(both.faults.keys.sorted() == ["cursor", "limit", "page", "sort"])
        let most = await service.get("\(list.collection)?limit=200", key: TestApp.adminKey)
        #expect(most.status == .ok)
        #expect(most["items"]?.count == (list.collection == "areas" ? 200 : 5))
    }

    @Test func twentyItemsMakeAPageUnlessSaid() async throws {
        let service = try await Self.shared.value
        #expect(await service.get("areas")["items"]?.count == 20)
        #expect(await service.get("areas")["_meta", "limit"] == 20)
    }

    // MARK: Cursors

    @Test(arguments: List.all)
    func cursorsThatNoListGaveAreRefused(list: List) async throws {
        let service = try await Self.shared.value
        func encoded(_ texts: [String]) -> String {
            let data = (try? JSONEncoder().encode(texts)) ?? Data()
            return data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
        }
        for member in list.members {
            let other = member == "id" ? "-id" : "id"
            let sorted = "\(list.collection)?sort=\(member)&limit=2"
            let page = await service.get("\(list.collection)?sort=\(other)&limit=2", key: TestApp.adminKey)
            let next = try #require(page["_links", "next", "href"]?.string)
            let ofAnotherSort = String(try #require(next.split(separator: "cursor=").last))
            let cursors = [
                "x", "%21", "", ofAnotherSort, encoded([]), encoded([member]),
                encoded([member, "a", "b", "c"]), encoded([member, "\u{0}", "\u{0}"]),
                encoded([member, "\u{0}"]),
            ]
            for cursor in cursors {
                let answer = await service.get("\(sorted)&cursor=\(cursor)", key: TestApp.adminKey)
                #expect(answer.status == .badRequest, "\(member): \(cursor) \(answer.text)")
                #expect(answer.faults == ["cursor": "malformed"])
            }
            // Of the right form, but perhaps of no value of the member.
            for value in ["'", "x", "-1", "99999999999999999999", "2012-13-01", "infinity", "NaN", ""] {
                let values = member == "id" ? [member, value] : [member, value, value]
                let answer = await service.get("\(sorted)&cursor=\(encoded(values))", key: TestApp.adminKey)
                #expect([.ok, .badRequest].contains(answer.status), "\(member): \(value) \(answer.text)")
            }
        }
    }

    /// The target below `/v1/` of an address.
    private func below(_ address: String) -> String { String(address.dropFirst(TestApp.baseURL.count + 1)) }
}
