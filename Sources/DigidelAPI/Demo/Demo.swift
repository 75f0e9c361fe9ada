import Foundation

import HTTP

/// Loads the history of the field as demo data, through the API itself and safe to repeat: seven programmes with the
/// figures that were published, and invented ones, marked as demo, where none were.
package struct Demo: Sendable {
    /// What the API answered when it should have taken the data.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let app: App
    private let adminKey: String

    /// `adminKey` is the app's own.
    package init(_ app: App, adminKey: String) {
        self.app = app
        self.adminKey = adminKey
    }

    /// What is loaded, one file each. The network comes first: the others refer to its members.
    private var programmes: [() async throws -> Void] {
        [
            loadNetwork, loadIKTLyftet, loadDigidel2013, loadDigihjelpen, loadStockholmLibraries,
            loadCampaignWeeks, loadITForAll,
        ]
    }

    /// Throws `Failure` when something is refused for another reason than being there already.
    package func load() async throws {
        for load in programmes { try await load() }
    }

    // MARK: What programmes are made of

    /// A municipality.
    struct Place {
        let area: String
        let name: String
        let parent: String
        let population: Int
    }

    /// A country's municipalities, the largest first.
    func municipalities(of country: String) async throws -> [Place] {
        var places: [Place] = []
        for page in 1...2 {
            let list = try await get(
                "areas?country=\(country)&level=municipality&sort=-population&limit=200&page=\(page)")
            places += list.items.compactMap(Place.init)
        }
        return places
    }

    typealias OrganisationRow = (id: String, kind: String, area: String, name: String)

    /// Organisations, with their names in that language.
    func organisations(in language: Language = .sv, _ rows: [OrganisationRow]) async throws {
        try await create(
            "organisations",
            rows.map { row in
                [
                    "id": .string(row.id), "kind": .string(row.kind), "area": .string(row.area),
                    "name": .object([language.rawValue: .string(row.name)]),
                ]
            })
    }

    // MARK: How

    /// Things with an id of ours: one that is taken has been loaded before, and stays as it is.
    func create(_ collection: String, _ bodies: [JSONValue]) async throws {
        for body in bodies {
            let response = try await send(.post, collection, body)
            let isTaken =
                response.status == .conflict
                && String(decoding: response.body, as: UTF8.self).contains("\"idTaken\"")
            guard response.status == .created || isTaken else {
                throw failure("POST \(collection)", response)
            }
        }
    }

    /// Things that the service names: those that are missing of the list, which nobody else adds to as a rule.
    func add(_ bodies: [JSONValue], to list: String) async throws {
        let collection = String(list.prefix { $0 != "?" })
        let existing = try await get(list).total
        for body in bodies.dropFirst(existing) {
            let response = try await send(.post, collection, body)
            guard response.status == .created else { throw failure("POST \(collection)", response) }
        }
    }

    /// Things whose place is known: what is there is replaced by the same.
    func put(_ target: String, _ body: JSONValue) async throws {
        let response = try await send(.put, target, body)
        guard [.ok, .created].contains(response.status) else { throw failure("PUT \(target)", response) }
    }

    /// Counts, each with an externalId. What was reported before stays as it is, also when it has been corrected.
    func report(_ counts: [JSONValue]) async throws {
        let target = "participant-counts/batch?mode=atomic&onExisting=skip"
        let response = try await send(.post, target, .array(counts))
        guard response.status == .ok,
            case .object(let answer) = try JSONValue(parsing: response.body),
            case .object(let tallies)? = answer["tallies"], tallies["rejected"] == 0
        else { throw failure("POST \(target)", response) }
    }

    /// Opens a survey, takes its responses by respondent and publishes it, from where it has come to.
    func hold(_ survey: String, responses: [(respondent: String, body: JSONValue)]) async throws {
        func act(_ act: String) async throws {
            let response = try await send(.post, "surveys/\(survey)/\(act)", [:])
            guard response.status == .ok else { throw failure("POST \(survey)/\(act)", response) }
        }
        guard case .object(let members) = try await get("surveys/\(survey)") else { return }
        let state = members["state"]
        if state == "draft" { try await act("open") }
        if state == "draft" || state == "open" {
            for response in responses {
                try await put("surveys/\(survey)/responses/\(response.respondent)", response.body)
            }
            try await act("close")
        }
        if state != "published" { try await act("publish") }
    }

    func get(_ target: String) async throws -> JSONValue {
        let response = try await send(.get, target)
        guard response.status == .ok else { throw failure("GET \(target)", response) }
        return try JSONValue(parsing: response.body)
    }

    private func send(_ method: Method, _ target: String, _ body: JSONValue? = nil) async throws -> Response {
        var request = Request(method, "/v1/\(target)", fields: ["Authorization": "Bearer \(adminKey)"])
        if let body {
            var json = JSONWriter()
            json.value(body)
            request.body = json.bytes
            request.fields.add("Content-Type", "application/json")
        }
        return await app.respond(to: request)
    }

    private func failure(_ what: String, _ response: Response) -> Failure {
        Failure(
            description:
                "\(what): \(response.status.rawValue) \(String(decoding: response.body, as: UTF8.self))")
    }
}

extension Demo.Place {
    /// Nil when the item is no area below another.
    fileprivate init?(_ item: JSONValue) {
        guard case .object(let area) = item, case .string(let id)? = area["id"],
            case .string(let name)? = area["name"], case .string(let parent)? = area["parent"],
            case .number(let population)? = area["population"]
        else { return nil }
        self.init(area: id, name: name, parent: parent, population: Int("\(population)") ?? 0)
    }
}

extension JSONValue {
    /// Of a list's answer.
    fileprivate var items: [JSONValue] {
        guard case .object(let members) = self, case .array(let items)? = members["items"] else { return [] }
        return items
    }

    /// Of a list's answer: how many there are in all.
    fileprivate var total: Int {
        guard case .object(let members) = self, case .object(let meta)? = members["_meta"],
            case .number(let total)? = meta["totalRecords"]
        else { return 0 }
        return Int("\(total)") ?? 0
    }
}
