import Foundation

import HTTP

/// Loads the history of the network as demo data, through the API itself and safe to repeat: Digidel2013 with its goal
/// and invented figures, the survey's view beside it, its predecessor IKT-lyftet, and eMedborgarveckan 2015 and 2016 with the published totals.
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

    /// Throws `Failure` when something is refused for another reason than being there already.
    package func load() async throws {
        let reporters = try await organisations()
        try await campaigns()
        for (number, reporter) in reporters.enumerated() {
            for report in DemoFigures.reports(number: number, population: reporter.population) {
                try await post("participant-counts", count(report, by: reporter))
            }
        }
        try await publishedTotals()
    }

    // MARK: Who

    private struct Place {
        let area: String
        let name: String
        let parent: String
        let population: Int
    }

    private struct Reporter {
        let id: String
        let area: String
        let population: Int
    }

    /// The coordination office, and the libraries of the three largest municipalities of every county.
    private func organisations() async throws -> [Reporter] {
        try await post(
            "organisations",
            organisation(
                "digidel-kansli", "association", "se", sv: "Digidels kansli", en: "The Digidel office"))
        var reporters: [Reporter] = []
        var perCounty: [String: Int] = [:]
        for place in try await municipalities() where perCounty[place.parent, default: 0] < 3 {
            perCounty[place.parent, default: 0] += 1
            guard let slug = Slug.derived(from: place.name) else { continue }
            let id = "\(slug)-bibliotek"
            try await post(
                "organisations",
                organisation(
                    id, "library", place.area, sv: "\(place.name) bibliotek", en: "\(place.name) library"))
            reporters.append(Reporter(id: id, area: place.area, population: place.population))
        }
        return reporters
    }

    private func organisation(_ id: String, _ kind: String, _ area: String, sv: String, en: String)
        -> JSONValue
    {
        .object([
            "id": .string(id), "kind": .string(kind), "area": .string(area),
            "name": .object(["sv": .string(sv), "en": .string(en)]),
        ])
    }

    /// Sweden's municipalities, the largest first.
    private func municipalities() async throws -> [Place] {
        var places: [Place] = []
        for page in 1...2 {
            let list = try await get(
                "areas?country=se&level=municipality&sort=-population&limit=200&page=\(page)")
            guard case .object(let members) = list, case .array(let items)? = members["items"] else {
                continue
            }
            places += items.compactMap(Self.place)
        }
        return places
    }

    private static func place(_ item: JSONValue) -> Place? {
        guard case .object(let area) = item, case .string(let id)? = area["id"],
            case .string(let name)? = area["name"], case .string(let parent)? = area["parent"],
            case .number(let population)? = area["population"]
        else { return nil }
        return Place(area: id, name: name, parent: parent, population: Int("\(population)") ?? 0)
    }

    // MARK: What

    private func campaigns() async throws {
        try await post("campaigns", DemoCampaigns.iktLyftet)
        try await post("campaigns", DemoCampaigns.digidel2013)
        try await post("goals", DemoCampaigns.goal)
        try await post("indicators", DemoSurvey.indicator)
        for (date, observation) in DemoSurvey.observations {
            try await send(.put, "indicators/\(DemoSurvey.id)/observations/\(date)", observation)
        }
        try await post("goals", DemoSurvey.goal)
        try await post("campaign-series", DemoCampaigns.series)
        for edition in DemoCampaigns.editions { try await post("campaigns", edition) }
    }

    private func count(_ report: DemoFigures.Report, by reporter: Reporter) -> JSONValue {
        .object([
            "organisation": .string(reporter.id), "campaign": "digidel2013", "measure": "newlyIncluded",
            "value": .number(.init(report.value)), "from": .string("\(report.from)"),
            "to": .string("\(report.to)"),
            "area": .string(reporter.area), "channel": "onSite", "evidence": "guideAssessed",
            "externalId": .string(report.externalID), "note": .string(DemoFigures.note),
        ])
    }

    private func publishedTotals() async throws {
        for total in DemoCampaigns.publishedTotals { try await post("participant-counts", total) }
    }

    // MARK: How

    private func get(_ target: String) async throws -> JSONValue {
        let response = await app.respond(to: Request(.get, "/v1/\(target)"))
        guard response.status == .ok else { throw failure("GET \(target)", response) }
        return try JSONValue(parsing: response.body)
    }

    /// 201 when it is new, 200 or 409 `idTaken` when it has been loaded before.
    private func post(_ collection: String, _ value: JSONValue) async throws {
        try await send(.post, collection, value)
    }

    private func send(_ method: Method, _ target: String, _ value: JSONValue) async throws {
        var json = JSONWriter()
        json.value(value)
        let response = await app.respond(
            to: Request(
                method, "/v1/\(target)",
                fields: ["Authorization": "Bearer \(adminKey)", "Content-Type": "application/json"],
                body: json.bytes))
        let isThere =
            response.status == .conflict && String(decoding: response.body, as: UTF8.self).contains("idTaken")
        guard response.status == .created || response.status == .ok || isThere else {
            throw failure("\(method.rawValue) \(target)", response)
        }
    }

    private func failure(_ what: String, _ response: Response) -> Failure {
        Failure(
            description:
                "\(what): \(response.status.rawValue) \(String(decoding: response.body, as: UTF8.self))")
    }
}
