import HTTP
import Testing

@testable import DigidelAPI

@Suite struct ProjectTests {
    /// Shared by tests that change nothing.
    private static let shared = Task { try await counties() }

    /// IKT-lyftet: two county libraries' projects within it, one that goes on, and one of its own in Oslo.
    private static func counties() async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("lanbibliotek-ostergotland", area: "se-05")
        try await service.makeOrganisation("deichman", area: "no-0301")
        let projects: [JSONValue] = [
            [
                "id": "ikt-ostergotland", "name": ["sv": "IKT-lyftet i Östergötland", "en": "ICT lift"],
                "owner": "lanbibliotek-ostergotland", "partners": ["motala-bibliotek"],
                "campaign": "digidel2013", "areas": ["se-05"], "startsOn": "2009-09-01",
                "endsOn": "2011-05-31", "phase": "rollout",
                "funding": [["funder": "Statens kulturråd", "amount": 150_000, "currency": "SEK"]],
                "milestones": [["date": "2010-06-30", "title": ["sv": "Delrapport", "en": "Report"]]],
            ],
            [
                "id": "surfplattor", "name": "Surfplattor i Motala", "owner": "motala-bibliotek",
                "description": "Låna en platta med hjälp.", "campaign": "digidel2013",
                "areas": ["se-0583", "se-0580"], "startsOn": "2012-01-01", "phase": "pilot",
            ],
            [
                "id": "oslo", "name": ["nb": "Digital hverdag"], "owner": "deichman", "areas": ["no"],
                "startsOn": "2012-03-01", "endsOn": "2012-03-31",
            ],
        ]
        for project in projects {
            let answer = await service.post("projects", project)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    private static let body: JSONValue = [
        "name": "Årets lyft", "owner": "motala-bibliotek", "startsOn": "2012-01-01",
    ]

    // MARK: Reading

    @Test(arguments: [
        ("", ["ikt-ostergotland", "oslo", "surfplattor"]),
        ("campaign=digidel2013", ["ikt-ostergotland", "surfplattor"]),
        ("owner=motala-bibliotek,deichman", ["oslo", "surfplattor"]),
        ("partner=motala-bibliotek", ["ikt-ostergotland"]), ("partner=deichman", []),
        ("phase=pilot,regular", ["oslo", "surfplattor"]), ("phase=rollout", ["ikt-ostergotland"]),
        ("area=se-05", ["ikt-ostergotland", "surfplattor"]), ("area=se-0580", ["surfplattor"]),
        ("area=no-0301", []), ("area=no", ["oslo"]),
        ("area=se,no", ["ikt-ostergotland", "oslo", "surfplattor"]),
        ("from=2011-06-01", ["oslo", "surfplattor"]), ("to=2011-12-31", ["ikt-ostergotland"]),
        ("from=2011-05-31&to=2012-01-01", ["ikt-ostergotland", "surfplattor"]),
        ("from=2012-04-01&to=2012-05-01", ["surfplattor"]), ("from=2090-01-01", ["surfplattor"]),
        ("q=ostergotland", ["ikt-ostergotland"]), ("q=plattor%20motala", ["surfplattor"]),
        ("q=hjalp", ["surfplattor"]), ("campaign=digidel2013&area=se-05&phase=pilot", ["surfplattor"]),
        ("campaign=none", []),
    ])
    func filtersCombine(query: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("projects?sort=id&\(query)", key: nil) == ids)
    }

    @Test(arguments: ["phase=trial", "from=2011", "to=x", "q=", "colour=red", "sort=areas"])
    func otherFiltersAreRefused(query: String) async throws {
        let service = try await Self.shared.value
        #expect(await service.get("projects?\(query)").status == .badRequest)
    }

    @Test(arguments: [
        ("name", ["oslo", "ikt-ostergotland", "surfplattor"]),
        ("-startsOn", ["oslo", "surfplattor", "ikt-ostergotland"]),
        ("endsOn", ["ikt-ostergotland", "oslo", "surfplattor"]),
        ("campaign,-id", ["oslo", "surfplattor", "ikt-ostergotland"]),
        ("phase", ["surfplattor", "oslo", "ikt-ostergotland"]),
    ])
    func aListIsSortedByAnyScalarMember(sort: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("projects?limit=1&sort=\(sort)", key: nil) == ids)
    }

    @Test func textsFollowTheLanguage() async throws {
        let service = try await Self.shared.value
        let english = await service.get("projects/ikt-ostergotland", fields: ["Accept-Language": "en"])
        #expect(english["name"] == "ICT lift")
        #expect(english["milestones"] == [["date": "2010-06-30", "title": "Report"]])
        let all = await service.get("projects/ikt-ostergotland?lang=all")
        #expect(all["milestones", 0, "title"] == ["sv": "Delrapport", "en": "Report"])
        #expect(
            all["funding"] == [["funder": "Statens kulturråd", "amount": 150_000, "currency": "SEK"]])
    }

    @Test func aListIsCSVToo() async throws {
        let service = try await Self.shared.value
        let csv = await service.get("projects?sort=id&format=csv&owner=lanbibliotek-ostergotland")
        let lines = csv.text.split(separator: "\r\n")
        #expect(
            lines.first
                == "id,owner,partners,campaign,areas,name,description,startsOn,endsOn,funding,phase,milestones,createdAt,updatedAt,revision"
        )
        #expect(lines.count == 2)
        #expect(
            lines.last?.hasPrefix(
                "ikt-ostergotland,lanbibliotek-ostergotland,motala-bibliotek,digidel2013,se-05,IKT-lyftet i Östergötland,,2009-09-01,2011-05-31,"
            ) == true)
    }

    // MARK: Rules

    @Test func whatIsLeftOutGetsItsDefault() async throws {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        let created = await service.post("projects", Self.body)
        #expect(created.status == .created, "\(created.text)")
        #expect(created["id"] == "arets-lyft")
        #expect(created["phase"] == "regular")
        for list in ["partners", "areas", "funding", "milestones"] { #expect(created[list] == []) }
        #expect(created.json?.names.isDisjoint(with: ["endsOn", "campaign", "description"]) == true)
        #expect(await service.post("projects", Self.body).codes == ["idTaken"])
        // What is shown in every language can be put back.
        let shown = await service.get("projects/arets-lyft?lang=all")
        let put = await service.put("projects/arets-lyft", try #require(shown.json))
        #expect(put.status == .ok, "\(put.text)")
        #expect(put["revision"] == 2)
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let malformed = await service.post(
            "projects",
            [
                "phase": "trial", "partners": ["A"], "areas": ["x"], "funding": [["amount": -1]],
                "milestones": [["date": "2012"]], "colour": "red",
            ])
        #expect(malformed.status == .badRequest)
        let pointers = [
            "/owner", "/name", "/startsOn", "/phase", "/partners/0", "/areas/0", "/funding/0/funder",
            "/funding/0/amount", "/milestones/0/date", "/milestones/0/title", "/colour",
        ]
        #expect(malformed.faults == Dictionary(uniqueKeysWithValues: pointers.map { ($0, "malformed") }))
        let broken = await service.post(
            "projects",
            [
                "name": "Ring 0142-123 45", "owner": "nobody", "campaign": "none",
                "partners": ["motala-bibliotek", "none"], "areas": ["se-05", "se-9999"],
                "startsOn": "2012-02-01", "endsOn": "2012-01-31", "funding": [["funder": "a@b.example"]],
                "milestones": [["date": "2012-02-01", "title": ["en": "Mail a@b.example"]]],
            ])
        #expect(broken.status == .unprocessableContent)
        #expect(
            broken.faults == [
                "/owner": "unknownOrganisation", "/campaign": "unknownCampaign",
                "/partners/1": "unknownOrganisation", "/areas/1": "unknownArea", "/endsOn": "periodReversed",
                "/name/sv": "personalData", "/funding/0/funder": "personalData",
                "/milestones/0/title/en": "personalData",
            ])
    }

    // MARK: Who may write

    @Test func aPartnerWritesItsOwnOrganisationsProjects() async throws {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        try await service.makeOrganisation("linkoping", area: "se-0580")
        let motala = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let linkoping = try await service.makeKey(.partner, organisation: "linkoping")
        let coordinator = try await service.makeKey(.coordinator)

        let foreign = await service.post("projects", Self.body, key: linkoping)
        #expect(foreign.status == .forbidden)
        #expect(foreign.faults == ["/owner": "foreignOrganisation"])
        #expect(await service.post("projects", Self.body, key: nil).status == .unauthorized)
        #expect(await service.post("projects", Self.body, key: motala).status == .created)

        let item = "projects/arets-lyft"
        let changes: JSONValue = ["phase": "pilot"]
        #expect(await service.patch(item, changes, ifMatch: nil, key: linkoping).status == .forbidden)
        #expect(await service.put(item, Self.body, key: linkoping).status == .forbidden)
        #expect(await service.patch(item, changes, ifMatch: nil, key: motala).status == .preconditionRequired)
        #expect(
            await service.patch(item, changes, ifMatch: "\"7-sv\"", key: motala).status == .preconditionFailed
        )
        #expect(await service.patch(item, changes, key: motala).status == .ok)
        // It cannot be handed over, but by a coordinator.
        let handedOver = await service.patch(item, ["owner": "linkoping"], key: motala)
        #expect(handedOver.status == .forbidden)
        #expect(handedOver.faults == ["/owner": "foreignOrganisation"])
        #expect(await service.patch(item, ["owner": "linkoping"], key: coordinator).status == .ok)
        #expect(await service.patch(item, changes, key: motala).status == .forbidden)
        #expect(await service.patch(item, changes, key: linkoping).status == .ok)
        #expect(await service.patch("projects/none", changes, key: motala).status == .notFound)
    }
}
