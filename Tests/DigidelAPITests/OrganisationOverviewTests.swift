import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct OrganisationOverviewTests {
    /// A library that has a part in everything there is, another that has none, and drafts.
    private func service() async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        for id in ["linkoping", "vadstena"] { try await service.makeOrganisation(id) }
        let campaign: JSONValue = [
            "name": "Kampanj", "startsOn": "2012-01-01", "endsOn": "2012-12-31", "countries": ["se"],
            "organiser": "motala-bibliotek", "measures": ["attendances", "newlyIncluded"],
        ]
        let things: [(String, JSONValue)] = [
            ("campaigns", campaign.merged(with: ["id": "alla", "partners": ["linkoping"]])),
            ("campaigns", campaign.merged(with: ["id": "egen", "organiser": "linkoping"])),
            (
                "campaigns",
                campaign.merged(with: ["id": "utkast", "organiser": "linkoping", "draft": .bool(true)])
            ),
            (
                "projects",
                ["id": "eget", "name": "Eget", "owner": "linkoping", "startsOn": "2012-01-01"]
            ),
            (
                "projects",
                [
                    "id": "annat", "name": "Annat", "owner": "motala-bibliotek", "partners": ["linkoping"],
                    "startsOn": "2012-02-01",
                ]
            ),
            (
                "service-points",
                [
                    "id": "punkt", "name": "Punkt", "operator": "linkoping", "kind": "helpDesk",
                    "area": "se-0580",
                ]
            ),
            (
                "agreements",
                [
                    "id": "avtal", "subject": "Avtal", "parties": ["motala-bibliotek", "linkoping"],
                    "signedOn": "2012-01-01",
                ]
            ),
            (
                "publications",
                [
                    "id": "skrift", "title": "Skrift", "kind": "guide", "publisher": "linkoping",
                    "publishedOn": "2012-01-01",
                ]
            ),
            (
                "participant-counts",
                TestApp.count(["organisation": "linkoping", "externalId": "a", "value": 7])
            ),
            (
                "participant-counts",
                TestApp.count([
                    "organisation": "linkoping", "externalId": "b", "value": 5, "measure": "attendances",
                    "campaign": "alla",
                ])
            ),
        ]
        for (collection, body) in things {
            let answer = await service.post(collection, body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        for day in 1...22 {
            let answer = await service.post(
                "activities",
                [
                    "title": .string("Kurs \(day)"), "type": "course",
                    "organiser": day == 22 ? "motala-bibliotek" : "linkoping", "coOrganisers": ["linkoping"],
                    "from": .string("2012-06-\(day < 10 ? "0" : "")\(day)"),
                ])
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    @Test func allThatItHasAPartIn() async throws {
        let service = try await service()
        let overview = await service.get("organisations/linkoping/overview")
        #expect(overview.status == .ok, "\(overview.text)")
        #expect(
            overview["organisation"] == [
                "id": "linkoping", "name": "linkoping", "kind": "library", "area": "se-0583",
                "membership": "active",
            ])
        #expect(
            overview["campaigns"] == [
                ["id": "alla", "name": "Kampanj", "role": "partner"],
                ["id": "egen", "name": "Kampanj", "role": "organiser"],
                ["id": "digidel2013", "name": "Digidel2013", "role": "enrolled"],
            ])
        #expect(
            overview["reported"] == [
                ["campaign": "alla", "measure": "attendances", "value": 5],
                ["campaign": "digidel2013", "measure": "newlyIncluded", "value": 7],
            ])
        func ids(_ member: String, _ name: String = "id") -> [String] {
            overview[member]?.list?.compactMap { $0[name]?.string } ?? []
        }
        #expect(ids("projects") == ["annat", "eget"])
        #expect(ids("servicePoints") == ["punkt"])
        #expect(ids("agreements") == ["avtal"])
        #expect(ids("publications") == ["skrift"])
        #expect(ids("activities", "title") == (3...22).reversed().map { "Kurs \($0)" })
        // Each thing is as it is shown by itself.
        for (member, item) in [
            ("projects", "projects/annat"), ("servicePoints", "service-points/punkt"),
            ("agreements", "agreements/avtal"), ("publications", "publications/skrift"),
        ] {
            #expect(overview[member, 0] == (await service.get(item)).json)
        }
        let item = "\(TestApp.baseURL)/organisations/linkoping"
        #expect(overview["_links", "self", "href"]?.string == "\(item)/overview")
        #expect(overview["_links", "item", "href"]?.string == item)

        let etag = try #require(overview.etag)
        let known = await service.get(
            "organisations/linkoping/overview", fields: ["If-None-Match": etag])
        #expect(known.status == .notModified)
    }

    @Test func whoHasDoneNothingHasEmptyLists() async throws {
        let service = try await service()
        let overview = await service.get("organisations/vadstena/overview")
        for member in [
            "campaigns", "projects", "servicePoints", "activities", "reported", "agreements", "publications",
        ] {
            #expect(overview[member] == [], "\(member)")
        }
        #expect(await service.get("organisations/none/overview").status == .notFound)
        #expect(await service.get("organisations/vadstena/overview?q=x").status == .badRequest)
    }

    /// What was withdrawn is not reported; what counts 0 is.
    @Test func whatCountsNoMoreIsLeftOut() async throws {
        let service = try await service()
        let zero = await service.post(
            "participant-counts",
            TestApp.count(["organisation": "vadstena", "externalId": "z", "value": 0]))
        #expect(
            await service.get("organisations/vadstena/overview")["reported"] == [
                ["campaign": "digidel2013", "measure": "newlyIncluded", "value": 0]
            ])
        _ = await service.ask(.delete, zero.created, fields: ["If-Match": "*"])
        #expect(await service.get("organisations/vadstena/overview")["reported"] == [])
    }
}
