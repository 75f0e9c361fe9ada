import HTTP
import Testing

@testable import DigidelAPI

/// A resource that is created by POST and changed by PUT and PATCH: what tests of all of them need to know.
struct ResourceCase: Sendable, CustomTestStringConvertible {
    let collection: String
    /// The least role that may write.
    let role: Role
    /// What says how it is called.
    var nameMember = "name"
    var hasDescription = true
    /// Creates one whose id is derived from its name: `arsta-oppna-verkstad`.
    let body: JSONValue
    /// An optional member of `body`, for which `withoutIt` stands when it is taken out.
    let optional: String
    let withoutIt: JSONValue?

    var testDescription: String { collection }

    static let all = [organisation, campaignSeries, campaign, goal, publication, strategy]

    /// The target of the thing that `body` creates.
    var item: String { "\(collection)/arsta-oppna-verkstad" }

    /// The role that may not write.
    var tooLow: Role { role == .admin ? .coordinator : .partner }

    /// A name as the only member.
    func named(_ name: JSONValue) -> JSONValue { .object([nameMember: name]) }

    /// `body` with another name.
    func body(name: String) -> JSONValue { body.merged(with: named(.string(name))) }

    /// A service that has what `body` refers to.
    func service() async throws -> TestApp {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        return service
    }

    /// A service that has what `body` creates, for tests that change nothing.
    func sharedService() async throws -> TestApp {
        guard let service = Self.shared[collection] else {
            throw ContractError("\(collection) is not shared")
        }
        return try await service.value
    }

    private static let shared = Dictionary(
        uniqueKeysWithValues: all.map { resource in
            (resource.collection, Task { try await resource.serviceWithItem() })
        })

    /// A service that has what `body` creates.
    func serviceWithItem() async throws -> TestApp {
        let service = try await service()
        let created = await service.post(collection, body)
        #expect(created.status == .created, "\(created.text)")
        return service
    }

    private static let name: JSONValue = ["sv": "Årsta Öppna Verkstad", "en": "Årsta Open Workshop"]

    private static let organisation = ResourceCase(
        collection: "organisations", role: .admin, hasDescription: false,
        body: [
            "name": name, "kind": "association", "area": "se-0180", "website": "https://verkstan.example.se/",
            "parent": "motala-bibliotek", "membership": "applied", "memberSince": "2009-05-01",
        ], optional: "website", withoutIt: nil)

    private static let campaignSeries = ResourceCase(
        collection: "campaign-series", role: .coordinator,
        body: ["name": name, "description": ["nb": "Hver høst"]], optional: "description", withoutIt: nil)

    private static let campaign = ResourceCase(
        collection: "campaigns", role: .coordinator,
        body: [
            "name": name, "startsOn": "2012-01-01", "endsOn": "2012-12-31", "countries": ["se", "no"],
            "organiser": "motala-bibliotek", "measures": ["attendances"], "partners": ["motala-bibliotek"],
            "reporting": ["opensAt": "2012-01-01T00:00:00Z", "closesAt": "2013-01-31T23:00:00Z"],
        ], optional: "reporting", withoutIt: [:])

    private static let goal = ResourceCase(
        collection: "goals", role: .coordinator,
        body: [
            "name": name, "kind": "contribution", "measure": "attendances", "target": 1000,
            "startsOn": "2012-01-01", "endsOn": "2012-12-31", "baseline": ["value": 10, "source": "SCB"],
            "milestones": [["date": "2012-06-30", "value": 400]],
        ], optional: "milestones", withoutIt: [])

    private static let publication = ResourceCase(
        collection: "publications", role: .coordinator, nameMember: "title",
        body: [
            "title": name, "kind": "guide", "publisher": "motala-bibliotek", "languages": ["sv", "ar"],
            "topics": ["e-legitimation"], "targetGroups": ["äldre"], "licence": "CC BY 4.0",
            "formats": [["mediaType": "text/html", "url": "https://verkstan.example.se/"]],
            "publishedOn": "2012-05-01",
        ], optional: "formats", withoutIt: [])

    private static let strategy = ResourceCase(
        collection: "strategies", role: .coordinator,
        body: ["name": name, "description": ["da": "Hver for sig"]], optional: "description", withoutIt: nil)
}
