import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct AgreementTests {
    private static let item = "agreements/samverkan-om-digidel"

    private static func service(at now: String = TestApp.now) async throws -> TestApp {
        let service = try await TestApp.make(at: now)
        try await service.makeOrganisation()
        try await service.makeOrganisation("kungliga-biblioteket", area: "se-0180")
        return service
    }

    private static func agreement(_ changes: JSONValue = [:]) -> JSONValue {
        let agreement: JSONValue = [
            "id": "samverkan-om-digidel", "parties": ["kungliga-biblioteket", "motala-bibliotek"],
            "subject": ["sv": "Samverkan om Digidel", "en": "Co-operation"], "signedOn": "2011-05-12",
            "validFrom": "2011-07-01", "validTo": "2012-12-31",
            "deliverables": [["sv": "Utbildningsmaterial", "en": "Material"], ["sv": "Handledare"]],
        ]
        return agreement.merged(with: changes)
    }

    // MARK: One of them

    @Test func anAgreementComesBackAsItWasGiven() async throws {
        let service = try await Self.service()
        let created = await service.post("agreements", Self.agreement(["id": .null]))
        #expect(created.status == .created, "\(created.text)")
        #expect(created.created == Self.item)
        #expect(created["subject"] == "Samverkan om Digidel")
        let all = await service.get("\(Self.item)?lang=all")
        #expect(
            all.json?.without("createdAt", "updatedAt", "_links")
                == Self.agreement(["state": "inForce", "revision": 1]))
        let english = await service.get(Self.item, fields: ["Accept-Language": "en"])
        #expect(english["subject"] == "Co-operation")
        #expect(english["deliverables"] == ["Material", "Handledare"])
        #expect(await service.post("agreements", Self.agreement()).faults == ["/id": "idTaken"])
        let least = await service.post(
            "agreements", ["parties": ["motala-bibliotek"], "subject": "Minst", "signedOn": "2012-01-01"])
        #expect(least["validFrom"] == "2012-01-01", "\(least.text)")
        #expect(least["deliverables"] == [])
        #expect(least["validTo"] == nil)
        #expect(least["state"] == "inForce")
    }

    @Test func itIsReplacedAndPatchedByItsRevision() async throws {
        let service = try await Self.service()
        _ = await service.post("agreements", Self.agreement())
        #expect(await service.put(Self.item, Self.agreement(), ifMatch: nil).status == .preconditionRequired)
        #expect(await service.patch(Self.item, [:], ifMatch: "\"9\"").status == .preconditionFailed)
        #expect(await service.patch("agreements/nothing", [:]).status == .notFound)
        let read = await service.get("\(Self.item)?lang=all", key: TestApp.adminKey)
        let put = await service.put(
            Self.item, try #require(read.json).merged(with: ["deliverables": ["Rapport"]]), ifMatch: read.etag
        )
        #expect(put.status == .ok, "\(put.text)")
        #expect(put["deliverables"] == ["Rapport"])
        let patched = await service.patch(Self.item, ["terminatedOn": "2012-06-30"])
        #expect(patched["state"] == "terminated", "\(patched.text)")
        #expect(patched["revision"] == 3)
        #expect(await service.patch(Self.item, ["terminatedOn": .null])["state"] == "inForce")
        // Without validFrom it is valid from the day it was signed.
        let replaced = await service.put(Self.item, Self.agreement(["validFrom": .null]))
        #expect(replaced["validFrom"] == "2011-05-12")
    }

    @Test func faultsAreToldTogether() async throws {
        let service = try await Self.service()
        let malformed = await service.post(
            "agreements",
            [
                "id": "A", "parties": [], "subject": ["fi": "x"], "signedOn": "2012", "validFrom": 1,
                "validTo": "", "terminatedOn": "2012-13-01", "deliverables": [["sv": ""], "ok", 5],
                "colour": "red",
            ])
        #expect(malformed.status == .badRequest)
        #expect(
            Set(malformed.faults.keys) == [
                "/id", "/parties", "/subject", "/signedOn", "/validFrom", "/validTo", "/terminatedOn",
                "/deliverables/0", "/deliverables/2", "/colour",
            ])
        let empty = await service.post("agreements", [:])
        #expect(Set(empty.faults.keys) == ["/parties", "/subject", "/signedOn"])
        let broken = await service.post(
            "agreements",
            Self.agreement([
                "parties": ["motala-bibliotek", "nobody"], "subject": "Ring 0141-22 33 44",
                "deliverables": ["x", ["en": "anna@example.se"]], "validTo": "2011-06-30",
                "terminatedOn": "2011-05-11",
            ]))
        #expect(broken.status == .unprocessableContent)
        #expect(
            broken.faults == [
                "/parties/1": "unknownOrganisation", "/subject/sv": "personalData",
                "/deliverables/1/en": "personalData", "/validTo": "periodReversed",
                "/terminatedOn": "periodReversed",
            ])
        let nameless = await service.post(
            "agreements", Self.agreement(["id": .null, "subject": ["sv": "!"], "validTo": .null]))
        #expect(nameless.faults == ["/id": "malformed"])
    }

    @Test func onlyCoordinatorsWrite() async throws {
        let service = try await Self.service()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        for (key, status) in [(nil, Status.unauthorized), (partner, .forbidden), (coordinator, .created)] {
            #expect(await service.post("agreements", Self.agreement(), key: key).status == status)
        }
        for (key, status) in [(nil, Status.unauthorized), (partner, .forbidden), (coordinator, .ok)] {
            #expect(await service.put(Self.item, Self.agreement(), key: key).status == status)
            #expect(await service.patch(Self.item, [:], key: key).status == status)
        }
    }

    // MARK: The state

    @Test(
        arguments: [
            (["signedOn": "2012-06-30"], "inForce"), (["validFrom": "2012-07-01"], "signed"),
            (["validFrom": "2012-06-30"], "inForce"), (["validTo": "2012-06-30"], "inForce"),
            (["validTo": "2012-06-29"], "expired"), (["terminatedOn": "2012-06-30"], "terminated"),
            (["terminatedOn": "2012-07-01"], "inForce"),
            (["validTo": "2012-01-31", "terminatedOn": "2012-02-01"], "terminated"),
            (["validFrom": "2012-12-01", "terminatedOn": "2012-06-01"], "terminated"),
        ] as [(JSONValue, String)])
    func theStateFollowsTheDates(dates: JSONValue, state: String) async throws {
        let service = try await Self.service()
        let dated = Self.agreement(["validFrom": .null, "validTo": .null]).merged(with: dates)
        let created = await service.post("agreements", dated)
        #expect(created["state"]?.string == state, "\(created.text)")
        #expect(try await service.ids("agreements?state=\(state)") == ["samverkan-om-digidel"])
        let isInForce = try await !service.ids("agreements?on=2012-06-30").isEmpty
        #expect(isInForce == (state == "inForce"))
    }

    /// By the calendar in Sweden, and so does the ETag; the revision, which writers name, stays.
    @Test func theStateChangesAtMidnight() async throws {
        let service = try await Self.service(at: "2012-12-31T22:59:59Z")
        _ = await service.post("agreements", Self.agreement())
        let before = await service.get(Self.item)
        service.clock.set("2012-12-31T23:00:00Z")
        let after = await service.get(Self.item, fields: ["If-None-Match": try #require(before.etag)])
        #expect(before["state"] == "inForce")
        #expect(after.status == .ok)
        #expect(after["state"] == "expired")
        #expect(after["revision"] == before["revision"])
        #expect(await service.patch(Self.item, ["validTo": "2013-12-31"], ifMatch: before.etag).status == .ok)
    }

    // MARK: Lists

    @Test(arguments: [
        ("", ["ekonomi", "samverkan", "skola"]), ("state=signed,expired", ["ekonomi", "skola"]),
        ("state=inForce", ["samverkan"]), ("state=terminated", []),
        ("party=motala-bibliotek", ["ekonomi", "samverkan"]),
        ("party=kungliga-biblioteket,nobody", ["samverkan", "skola"]),
        ("party=nobody", []), ("on=2012-01-31", ["ekonomi", "samverkan"]), ("on=2012-02-01", ["samverkan"]),
        ("on=2012-09-14", ["samverkan", "skola"]), ("on=2012-09-15", ["samverkan"]),
        ("from=2012-02-01", ["samverkan", "skola"]), ("to=2010-12-31", []), ("to=2011-01-01", ["ekonomi"]),
        ("from=2012-01-31&to=2012-01-31", ["ekonomi", "samverkan"]),
        ("from=2012-09-15&to=2012-10-01", ["samverkan", "skola"]), ("from=2013-01-01", []),
        ("q=cooperation", []), ("q=co-operation", ["samverkan"]), ("q=school", ["skola"]),
        ("state=signed&party=kungliga-biblioteket&q=skol", ["skola"]),
    ])
    func filtersCombine(query: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("agreements?sort=id&\(query)", key: nil) == ids, "\(query)")
    }

    private static let shared = Task {
        let service = try await AgreementTests.service()
        for changes in [
            ["id": "samverkan"],
            [
                "id": "ekonomi", "parties": ["motala-bibliotek"], "subject": ["sv": "Ekonomi", "en": .null],
                "signedOn": "2011-01-01", "validFrom": .null, "validTo": "2012-01-31", "deliverables": [],
            ],
            [
                "id": "skola", "parties": ["kungliga-biblioteket"],
                "subject": ["sv": "Skolor", "en": "Schools"],
                "signedOn": "2012-01-01", "validFrom": "2012-09-01", "validTo": .null,
                "terminatedOn": "2012-09-15",
            ],
        ] as [JSONValue] {
            let created = await service.post("agreements", agreement(changes))
            guard created.status == .created else { throw TestApp.Unexpected(created) }
        }
        return service
    }

    @Test(arguments: ["state=valid", "on=today", "from=2012", "sort=parties", "near=1,2"])
    func whatCannotBeAskedIsRefused(query: String) async throws {
        #expect(try await Self.shared.value.get("agreements?\(query)").status == .badRequest)
    }

    @Test(arguments: [
        ("subject", ["ekonomi", "samverkan", "skola"]), ("state", ["ekonomi", "samverkan", "skola"]),
        ("-signedOn", ["skola", "samverkan", "ekonomi"]), ("validTo", ["ekonomi", "samverkan", "skola"]),
        ("terminatedOn,-id", ["skola", "samverkan", "ekonomi"]),
    ])
    func theListIsSorted(sort: String, ids: [String]) async throws {
        #expect(try await Self.shared.value.ids("agreements?sort=\(sort)&limit=1") == ids)
    }

    @Test func theListComesAsCSV() async throws {
        let csv = try await Self.shared.value.get("agreements?format=csv&sort=id")
        let lines = csv.text.split(separator: "\r\n")
        #expect(
            lines[0]
                == "id,parties,subject,signedOn,validFrom,validTo,terminatedOn,deliverables,state,createdAt,updatedAt,revision"
        )
        #expect(
            lines[1].hasPrefix(
                "ekonomi,motala-bibliotek,Ekonomi,2011-01-01,2011-01-01,2012-01-31,,,expired,"))
        #expect(
            lines[2].hasPrefix(
                "samverkan,kungliga-biblioteket; motala-bibliotek,Samverkan om Digidel,2011-05-12,2011-07-01,2012-12-31,,Utbildningsmaterial; Handledare,inForce,"
            ))
    }
}
