import HTTP
import Testing

@testable import DigidelAPI

@Suite struct OrganisationTests {
    /// Shared by tests that change nothing.
    private static let shared = Task { try await network() }

    /// Libraries in Motala and Linköping, an agency in Oslo that has applied, a company that has left.
    private static func network() async throws -> TestApp {
        let service = try await TestApp.make()
        let organisations: [JSONValue] = [
            [
                "id": "motala-bibliotek", "kind": "library", "area": "se-0583", "name": "Motala bibliotek",
                "contactMailbox": "info@bibliotek.example",
            ],
            [
                "id": "linkoping-bibliotek", "kind": "library", "area": "se-0580",
                "name": ["sv": "Linköpings bibliotek"],
            ],
            [
                "id": "digdir", "kind": "agency", "area": "no", "membership": "applied",
                "name": ["nb": "Digitaliseringsdirektoratet", "en": "Norwegian Digitalisation Agency"],
            ],
            [
                "id": "bolaget", "kind": "company", "area": "se-05", "membership": "left", "name": "Bolaget",
                "memberSince": "2009-05-01", "parent": "digdir", "website": "http://bolaget.example/om?a=b",
            ],
        ]
        for organisation in organisations {
            let answer = await service.post("organisations", organisation)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    @Test(arguments: [
        ("", ["bolaget", "digdir", "linkoping-bibliotek", "motala-bibliotek"]),
        ("kind=library", ["linkoping-bibliotek", "motala-bibliotek"]),
        ("kind=agency,company", ["bolaget", "digdir"]),
        ("area=se-0583", ["motala-bibliotek"]),
        ("area=se-05", ["bolaget", "linkoping-bibliotek", "motala-bibliotek"]),
        ("area=se-05&kind=library&q=motala", ["motala-bibliotek"]),
        ("area=se", ["bolaget", "linkoping-bibliotek", "motala-bibliotek"]),
        ("area=no,se-0583", ["digdir", "motala-bibliotek"]), ("area=se-0180", []), ("area=mars", []),
        ("membership=applied,left", ["bolaget", "digdir"]),
        ("membership=active&area=no", []),
        ("q=agency", ["digdir"]), ("q=LINK%C3%96PINGS", ["linkoping-bibliotek"]), ("q=sv", []),
    ])
    func filtersCombine(query: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("organisations?sort=id&\(query)", key: nil) == ids)
    }

    @Test func theMailboxIsShownToKeysOnly() async throws {
        let service = try await Self.shared.value
        let partner = try await service.makeKey(.partner, organisation: "bolaget")
        for target in ["organisations/motala-bibliotek", "organisations?kind=library&q=motala"] {
            let open = await service.get(target)
            #expect(open.status == .ok)
            #expect(!open.text.contains("info@bibliotek.example"))
            let keyed = await service.get(target, key: partner)
            #expect(keyed.text.contains("info@bibliotek.example"))
            #expect(keyed.etag != open.etag)
            // What was cached without the mailbox is not taken for the answer with it.
            let etag = try #require(open.etag)
            #expect(await service.get(target, key: partner, fields: ["If-None-Match": etag]).status == .ok)
        }
    }

    @Test func membershipIsActiveUnlessSaid() async throws {
        let service = try await Self.shared.value
        #expect(await service.get("organisations/motala-bibliotek")["membership"] == "active")
        #expect(await service.get("organisations/digdir")["membership"] == "applied")
        let left = await service.get("organisations/bolaget")
        #expect(left["memberSince"] == "2009-05-01")
        #expect(left["parent"] == "digdir")
        #expect(left["website"] == "http://bolaget.example/om?a=b")
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "organisations",
            [
                "id": "A", "kind": "club", "area": "sweden", "name": [:], "website": "ftp://a.se",
                "parent": 5,
                "contactMailbox": "nobody", "membership": "", "memberSince": "2011-02-29", "colour": "red",
            ])
        #expect(answer.status == .badRequest)
        let names = [
            "id", "kind", "area", "name", "website", "parent", "contactMailbox", "membership", "memberSince",
            "colour",
        ]
        #expect(answer.faults == Dictionary(uniqueKeysWithValues: names.map { ("/\($0)", "malformed") }))
        let empty = await service.post("organisations", [:])
        #expect(empty.faults == ["/kind": "malformed", "/area": "malformed", "/name": "malformed"])
    }

    @Test(
        arguments: [
            ["sv": ""], ["sv": " "], ["fi": "Kirjasto"], ["sv": 1], ["sv": .null], 7, ["a"], "", "\u{07}",
            .string(String(repeating: "å", count: 201)),
        ] as [JSONValue])
    func aNameSaysSomethingInALanguageOfTheNetwork(name: JSONValue) async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "organisations", ["id": "name", "kind": "other", "area": "se", "name": name])
        #expect(answer.status == .badRequest)
        #expect(answer.faults == ["/name": "malformed"])
    }

    @Test func referencesThatLeadNowhereAreToldTogether() async throws {
        let service = try await Self.shared.value
        let faults = ["/area": "unknownArea", "/parent": "unknownOrganisation"]
        let new = await service.post(
            "organisations", ["kind": "other", "area": "se-9999", "name": "Nytt", "parent": "nowhere"])
        #expect(new.status == .unprocessableContent)
        #expect(new.faults == faults)
        let changed = await service.patch("organisations/bolaget", ["area": "se-9999", "parent": "nowhere"])
        #expect(changed.status == .unprocessableContent)
        #expect(changed.faults == faults)
    }

    /// Text is stored and shown as it came: quotes, backslashes, emoji, and what looks like SQL or HTML.
    @Test func textComesBackAsItWas() async throws {
        let service = try await TestApp.make()
        let name =
            "\"Bok\\bussen\" 📚 '; drop table organisations; -- <b>&amp;</b> e\u{301}\tå\nny rad {\"sv\"}"
        let created = await service.post(
            "organisations", ["id": "bokbussen", "kind": "library", "area": "se-0583", "name": .string(name)])
        #expect(created["name"] == .string(name))
        #expect(await service.get("organisations/bokbussen")["name"] == .string(name))
    }
}
