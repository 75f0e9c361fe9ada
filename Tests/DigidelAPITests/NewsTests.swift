import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct NewsTests {
    /// One thing of each kind, published at noon of a day of its own in June 2012, and drafts.
    private static let shared = Task { () async throws -> TestApp in
        let service = try await TestApp.withDigidel2013()
        try await service.makeServicePoint("punkt", LocalisedText([.sv: "Punkt"]))
        let campaign = await service.post(
            "campaigns",
            [
                "id": "utkast", "name": "Utkast", "draft": .bool(true), "startsOn": "2012-01-01",
                "endsOn": "2012-12-31", "countries": ["se"], "organiser": "motala-bibliotek",
                "measures": ["attendances"],
            ])
        let goal = await service.post(
            "goals",
            [
                "id": "utkast", "name": "Utkast", "campaign": "utkast", "kind": "contribution",
                "measure": "attendances", "target": 1,
            ])
        let project = await service.post(
            "projects",
            [
                "id": "projekt", "name": ["sv": "Projekt", "en": "Project"], "owner": "motala-bibliotek",
                "startsOn": "2012-01-01",
            ])
        let activity = await service.post(
            "activities",
            ["title": "Kurs", "organiser": "motala-bibliotek", "type": "course", "from": "2012-06-01"])
        for answer in [campaign, goal, project, activity] where answer.status != .created {
            throw TestApp.Unexpected(answer)
        }
        for statement in statements { try await service.app.database.execute(statement) }
        return service
    }

    private static let statements: [SQL] = [
        """
        insert into agreements (id, subject, parties, signed_on, valid_from, created_at)
        values ('avtal', '{"sv": "Avtal"}', '{motala-bibliotek}', '2012-01-01', '2012-01-01', '2012-06-01T12:00Z')
        """,
        """
        insert into publications (id, title, kind, publisher, published_on, created_at)
        values ('skrift', '{"sv": "Skrift"}', 'guide', 'motala-bibliotek', '2010-01-01', '2012-06-02T12:00Z')
        """,
        """
        insert into strategies (id, name, created_at) values ('strategi', '{"sv": "Strategi"}', '2012-06-03T12:00Z')
        """,
        """
        insert into surveys (id, title, frame, questions, opened_at, created_at)
        values ('enkat', '{"sv": "Enkät"}', '{}', '[]', '2012-06-04T12:00Z', '2011-01-01'),
            ('utkast', '{"sv": "Utkast"}', '{}', '[]', null, '2012-06-04T12:00Z')
        """,
        "update organisations set created_at = '2012-06-05T12:00Z'",
        "update projects set created_at = '2012-06-06T12:00Z'",
        "update activities set created_at = '2012-06-07T12:00Z'",
        "update service_points set created_at = '2012-06-08T12:00Z'",
        "update goals set created_at = '2012-06-09T12:00Z'",
        "update campaigns set announced_at = '2012-06-10T12:00Z', created_at = '2011-01-01' where id = 'digidel2013'",
    ]

    private static let kinds = [
        "goal", "campaign", "servicePoint", "activity", "project", "organisation", "survey", "strategy",
        "publication", "agreement",
    ]

    @Test func theLatestComesFirst() async throws {
        let service = try await Self.shared.value
        let news = await service.get("news?since=2012-01-01")
        #expect(news.status == .ok, "\(news.text)")
        #expect(news["_meta", "totalRecords"] == 10)
        let items = news["items"]?.list ?? []
        // A goal is told of with its campaign, when that is published.
        #expect(Set(items.prefix(2).compactMap { $0["kind"]?.string }) == ["goal", "campaign"])
        #expect(items.dropFirst(2).map { $0["kind"]?.string } == Self.kinds.dropFirst(2).map(\.self))
        #expect(items.allSatisfy { $0.names == ["kind", "id", "title", "createdAt", "href"] })
        #expect(items.map { $0["title"]?.string }.contains("Utkast") == false)
        for item in items {
            let href = item["href"]?.string ?? ""
            #expect(href.hasPrefix(TestApp.baseURL + "/") && href.hasSuffix(item["id"]?.string ?? "?"))
            guard ["campaign", "goal", "project", "activity", "organisation"].contains(item["kind"]?.string)
            else { continue }
            #expect(await service.get(String(href.dropFirst(TestApp.baseURL.count + 1))).status == .ok)
        }
        #expect(news.response.fields["Link"]?.contains("since=2012-01-01") == true)
    }

    @Test(arguments: [
        ("since=2012-06-06", 5), ("since=2012-06-10", 2), ("since=2012-06-11", 0),
        ("since=2012-01-01&kind=project", 1), ("since=2012-01-01&kind=project,survey,strategy", 3),
    ])
    func filtersCombine(query: String, number: Int) async throws {
        let service = try await Self.shared.value
        #expect(await service.get("news?\(query)")["_meta", "totalRecords"]?.integer == number)
    }

    @Test func itIsPagedAndSorted() async throws {
        let service = try await Self.shared.value
        for sort in ["", "&sort=createdAt", "&sort=title", "&sort=-kind,id", "&sort=id"] {
            let items = try await service.items("news?since=2012-01-01&limit=3\(sort)", key: nil)
            #expect(Set(items.compactMap { $0["kind"]?.string }) == Set(Self.kinds), "\(sort)")
            #expect(items.count == 10)
        }
        #expect(
            try await service.ids("news?since=2012-01-01&sort=title&limit=1", key: nil).first == "digidel2013"
        )
    }

    @Test func titlesFollowTheLanguage() async throws {
        let service = try await Self.shared.value
        let target = "news?since=2012-01-01&kind=project"
        #expect(await service.get(target)["items", 0, "title"] == "Projekt")
        let english = await service.get(target, fields: ["Accept-Language": "en"])
        #expect(english["items", 0, "title"] == "Project")
        #expect(
            await service.get(target + "&lang=all")["items", 0, "title"] == [
                "sv": "Projekt", "en": "Project",
            ])
        let csv = await service.get(target + "&format=csv")
        let line = csv.text.split(separator: "\r\n")
        #expect(line.first == "kind,id,title,createdAt,href")
        #expect(
            line.last
                == "project,projekt,Projekt,2012-06-06T12:00:00Z,\(TestApp.baseURL)/projects/projekt")
    }

    @Test(arguments: [
        "news?since=", "news?since=2012", "news?since=2012-01-01&kind=area",
    ])
    func whatIsNoDayOrKindIsRefused(target: String) async throws {
        let service = try await Self.shared.value
        #expect(await service.get(target).status == .badRequest)
    }
}
