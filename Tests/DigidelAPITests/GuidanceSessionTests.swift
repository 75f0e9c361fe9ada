import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct GuidanceSessionTests {
    /// The case of product.md, system 7, with some members put in the place of others; null takes a member out.
    private static func session(_ changes: [String: JSONValue] = [:]) -> JSONValue {
        let session: JSONValue = [
            "organisation": "motala-bibliotek", "date": "2012-06-30",
            "topics": ["moms", "sygedagpenge"], "channel": "onSite", "outcome": "solved",
            "obstacles": ["manglende rettigheder"], "learnedThrough": "lokalavisen", "travelKm": 14,
            "durationMinutes": 50, "language": "da",
        ]
        return session.merged(with: .object(changes))
    }

    /// Two libraries and a service point of the one, in the other's county.
    private static func network() async throws -> TestApp {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        try await service.makeOrganisation("arsta", area: "se-0180")
        try await service.app.database.execute(
            """
            insert into service_points (id, name, operator, kind, area)
            values ('arsta-hjalp', '{"sv": "Årsta"}', 'motala-bibliotek', 'helpDesk', 'se-0180')
            """)
        return service
    }

    private static func add(_ sessions: [JSONValue], to service: TestApp) async throws {
        for session in sessions {
            let answer = await service.post("guidance-sessions", session)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
    }

    // MARK: One by one

    @Test func aSessionIsStoredAsItWasReported() async throws {
        let service = try await Self.network()
        let session = Self.session(["servicePoint": "arsta-hjalp", "travelKm": .exactly("14.25")])
        let created = await service.post("guidance-sessions", session)
        #expect(created.status == .created, "\(created.text)")
        let added = ["id", "createdAt", "updatedAt", "revision", "_links"]
        #expect(created.json?.names == session.names.union(added))
        for name in session.names { #expect(created[name] == session[name], "\(name)") }
        #expect(created["revision"] == 1)
        #expect(created["_links", "self", "href"]?.string == created.location)
        let read = await service.get(created.created, key: TestApp.adminKey)
        #expect(read.json == created.json && read.etag == created.etag)
        let required = Self.session([
            "topics": .null, "obstacles": .null, "learnedThrough": .null, "travelKm": .null,
            "durationMinutes": .null, "language": .null,
        ])
        let least = await service.post("guidance-sessions", required)
        #expect(least["topics"] == [] && least["obstacles"] == [] && least["travelKm"] == nil)
    }

    @Test func aPartnerReportsAndSeesItsOwn() async throws {
        let service = try await Self.network()
        let motala = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let arsta = try await service.makeKey(.partner, organisation: "arsta")
        let coordinator = try await service.makeKey(.coordinator)
        let created = await service.post("guidance-sessions", Self.session(), key: motala)
        #expect(created.status == .created)
        let foreign = await service.post("guidance-sessions", Self.session(), key: arsta)
        #expect(foreign.status == .forbidden)
        #expect(foreign.faults == ["/organisation": "foreignOrganisation"])
        // Also of an organisation that there is not.
        let unknown = Self.session(["organisation": "nowhere"])
        #expect(await service.post("guidance-sessions", unknown, key: arsta).status == .forbidden)
        #expect(await service.post("guidance-sessions", Self.session(), key: nil).status == .unauthorized)
        #expect(await service.post("guidance-sessions", Self.session(), key: coordinator).status == .created)
        for (key, status, total) in [
            (motala, Status.ok, 2), (arsta, .notFound, 0), (coordinator, .ok, 2), (nil, .unauthorized, nil),
        ] as [(String?, Status, Int?)] {
            #expect(await service.get(created.created, key: key).status == status)
            let list = await service.get("guidance-sessions", key: key)
            #expect(list["_meta", "totalRecords"]?.integer == total)
            #expect(list["items"]?.count == total)
        }
        let all = await service.get("guidance-sessions?organisation=motala-bibliotek", key: arsta)
        #expect(all["items"] == [] && all["_meta", "totalRecords"] == 0)
        for id in ["x", "0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e"] {
            #expect(await service.get("guidance-sessions/\(id)", key: motala).status == .notFound)
        }
        let put = await service.put(created.created, Self.session())
        #expect(put.status == .methodNotAllowed)
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.network()
        let malformed = await service.post(
            "guidance-sessions",
            [
                "id": "x", "servicePoint": "Å", "date": "2012", "topics": ["", "a"], "channel": "letter",
                "outcome": "unknown", "obstacles": "none",
                "learnedThrough": .string(String(repeating: "x", count: 81)),
                "travelKm": 20_001, "durationMinutes": .exactly("1.5"), "language": "danish",
            ])
        #expect(malformed.status == .badRequest)
        let places = [
            "id", "organisation", "servicePoint", "date", "topics/0", "channel", "outcome", "obstacles",
            "learnedThrough", "travelKm", "durationMinutes", "language",
        ]
        #expect(malformed.faults == Dictionary(uniqueKeysWithValues: places.map { ("/\($0)", "malformed") }))
        let broken = await service.post(
            "guidance-sessions",
            Self.session([
                "organisation": "nowhere", "servicePoint": "nothing", "date": "2012-07-01",
                "topics": ["moms", "eva@example.se"], "obstacles": ["070-123 45 67"],
                "learnedThrough": "19811218-9876", "travelKm": .exactly("0.1234567"),
            ]))
        #expect(broken.status == .unprocessableContent)
        #expect(
            broken.faults == [
                "/organisation": "unknownOrganisation", "/servicePoint": "unknownServicePoint",
                "/date": "periodInFuture", "/topics/1": "personalData", "/obstacles/0": "personalData",
                "/learnedThrough": "personalData", "/travelKm": "tooManyDecimals",
            ])
    }

    /// By the Swedish calendar: at 22:30 UTC it is the next day there.
    @Test func todayIsNotInTheFuture() async throws {
        let service = try await Self.network()
        let tomorrow = Self.session(["date": "2012-07-01"])
        service.clock.set("2012-06-30T21:59:59Z")
        #expect(await service.post("guidance-sessions", tomorrow).status == .unprocessableContent)
        service.clock.set("2012-06-30T22:00:00Z")
        #expect(await service.post("guidance-sessions", tomorrow).status == .created)
    }

    @Test func aRepeatedReportCountsOnce() async throws {
        let service = try await Self.network()
        for _ in 1...3 {
            let answer = await service.ask(
                .post, "guidance-sessions", Self.session(), fields: ["Idempotency-Key": "k"])
            #expect(answer.status == .created)
        }
        #expect(await service.get("guidance-sessions/summary")["total"] == 1)
    }

    /// Shared by tests that change nothing.
    private static let shared = Task {
        let service = try await network()
        try await add(
            [
                session(["date": "2012-01-01", "topics": ["moms"], "travelKm": .null]),
                session(["date": "2012-02-01", "channel": "phone", "outcome": "referred"]),
                session(["date": "2012-03-01", "organisation": "arsta", "language": .null]),
                session(["date": "2012-04-01", "servicePoint": "arsta-hjalp", "topics": ["moms, skat"]]),
            ], to: service)
        return service
    }

    @Test(arguments: [
        ("", [1, 2, 3, 4]), ("organisation=arsta", [3]),
        ("organisation=arsta,motala-bibliotek", [1, 2, 3, 4]),
        ("servicePoint=arsta-hjalp", [4]), ("servicePoint=nowhere", []), ("from=2012-02-01", [2, 3, 4]),
        ("to=2012-02-01", [1, 2]), ("from=2012-02-01&to=2012-03-01", [2, 3]),
        // The service point's area, else the organisation's.
        ("area=se-0583", [1, 2]), ("area=se-01", [3, 4]), ("area=se", [1, 2, 3, 4]), ("area=no", []),
        ("area=se-0180&organisation=motala-bibliotek", [4]),
        ("topic=moms", [1, 2, 3]), ("topic=moms,%20skat", [4]), ("outcome=referred", [2]),
        ("outcome=solved,notSolved", [1, 3, 4]), ("channel=phone", [2]), ("channel=mixed,remote", []),
    ])
    func filtersCombine(query: String, months: [Int]) async throws {
        let service = try await Self.shared.value
        let dates = try await service.items("guidance-sessions?sort=date&limit=2&\(query)").map { $0["date"] }
        #expect(dates == months.map { .string("2012-0\($0)-01") })
        // What the summary has a filter for as well.
        guard !["topic", "outcome", "channel"].contains(where: query.hasPrefix) else { return }
        #expect(await service.get("guidance-sessions/summary?\(query)")["total"]?.integer == months.count)
    }

    @Test(arguments: [
        "outcome=good", "channel=", "topic=", "from=2012", "area=", "sort=topics", "sort=area", "q=moms",
    ])
    func filtersHaveTheirForm(query: String) async throws {
        let service = try await Self.shared.value
        let answer = await service.get("guidance-sessions?\(query)", key: TestApp.adminKey)
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer.faults == [String(query.prefix { $0 != "=" }): "malformed"])
    }

    @Test(arguments: [
        "id", "organisation", "servicePoint", "date", "channel", "outcome", "learnedThrough", "travelKm",
        "durationMinutes", "language", "createdAt", "updatedAt", "revision",
    ])
    func everySortVisitsEverythingOnce(member: String) async throws {
        let service = try await Self.shared.value
        for sort in [member, "-\(member)"] {
            let ids = try await service.ids("guidance-sessions?limit=1&sort=\(sort)")
            #expect(ids.count == 4 && Set(ids).count == 4, "\(sort)")
        }
    }

    // MARK: What they amount to

    /// So many sessions with each outcome, topic and way of learning of the offer, by how far somebody travelled.
    private static func summarised() async throws -> TestApp {
        let service = try await network()
        let kinds: [(outcome: String, topics: [String], through: String?, kilometres: [Int])] = [
            ("solved", ["moms", "bank"], "tidning", [1, 2, 3, 4, 5, 6, 7]),
            ("referred", ["moms"], "bibliotek", [10, 20, 30, 40, 50, 60]),
            ("notSolved", ["pass"], nil, [100, 200]),
        ]
        for kind in kinds {
            try await add(
                kind.kilometres.map { kilometres in
                    session([
                        "outcome": .string(kind.outcome), "topics": .array(kind.topics.map { .string($0) }),
                        "learnedThrough": kind.through.map { .string($0) } ?? .null, "obstacles": .null,
                        "travelKm": .number(Decimal(kilometres)),
                    ])
                }, to: service)
        }
        return service
    }

    private static func entry(_ key: String, _ count: Int?) -> JSONValue {
        [
            "key": .string(key), "count": count.map { .number(Decimal($0)) } ?? .null,
            "suppressed": .bool(count == nil),
        ]
    }

    @Test func theSummaryTellsTheFrequentFirstAndHidesTheFew() async throws {
        let service = try await Self.summarised()
        let open = await service.get("guidance-sessions/summary")
        #expect(open.status == .ok, "\(open.text)")
        #expect(open["total"] == 15)
        // Many topics of one session: what is hidden does not follow from the rest.
        #expect(
            open["topics"]
                == [Self.entry("moms", 13), Self.entry("bank", 7), Self.entry("pass", nil)])
        // The total would tell the one that is few: another hides with it, and their order tells nothing.
        #expect(
            open["outcomes"]
                == [Self.entry("solved", 7), Self.entry("notSolved", nil), Self.entry("referred", nil)])
        #expect(open["learnedThrough"] == [Self.entry("tidning", 7), Self.entry("bibliotek", 6)])
        #expect(open["obstacles"] == [])
        #expect(open["travelKm"] == ["count": 15, "q1": .exactly("4.5"), "median": 10, "q3": 45])
        #expect(
            open["_links", "self", "href"] == .string("\(TestApp.baseURL)/guidance-sessions/summary"))
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let own = await service.get("guidance-sessions/summary?organisation=motala-bibliotek", key: partner)
        #expect(own["outcomes"] == open["outcomes"])
        let coordinator = try await service.makeKey(.coordinator)
        let full = await service.get("guidance-sessions/summary", key: coordinator)
        #expect(
            full["outcomes"]
                == [Self.entry("solved", 7), Self.entry("referred", 6), Self.entry("notSolved", 2)])
        #expect(full["topics"]?.list?.last == Self.entry("pass", 2))
        #expect(full.etag != open.etag)
        let etag = try #require(open.etag)
        let again = await service.get("guidance-sessions/summary", fields: ["If-None-Match": etag])
        #expect(again.status == .notModified)
    }

    @Test func quartilesOfFewJourneysAreHidden() async throws {
        let service = try await Self.network()
        let hidden: JSONValue = ["count": 4, "q1": .null, "median": .null, "q3": .null]
        for number in 1...4 {
            try await Self.add([Self.session(["travelKm": .exactly("0.\(number)")])], to: service)
        }
        try await Self.add([Self.session(["travelKm": .null])], to: service)
        #expect(await service.get("guidance-sessions/summary")["travelKm"] == hidden)
        let full = await service.get("guidance-sessions/summary", key: TestApp.adminKey)
        #expect(
            full["travelKm"]
                == ["count": 4, "q1": .exactly("0.175"), "median": .exactly("0.25"), "q3": .exactly("0.325")])
        try await Self.add([Self.session(["travelKm": 0])], to: service)
        let open = await service.get("guidance-sessions/summary")
        #expect(
            open["travelKm"]
                == ["count": 5, "q1": .exactly("0.1"), "median": .exactly("0.2"), "q3": .exactly("0.3")])
    }

    @Test func nothingAmountsToNothing() async throws {
        let service = try await TestApp.make()
        let summary = await service.get("guidance-sessions/summary?area=dk")
        #expect(
            summary.json?.without("_links") == [
                "total": 0, "topics": [], "outcomes": [], "obstacles": [], "learnedThrough": [],
                "travelKm": ["count": 0, "q1": .null, "median": .null, "q3": .null],
            ])
        #expect(
            summary["_links", "self", "href"]
                == .string("\(TestApp.baseURL)/guidance-sessions/summary?area=dk"))
        #expect(await service.get("guidance-sessions/summary?topic=moms").status == .badRequest)
    }
}
