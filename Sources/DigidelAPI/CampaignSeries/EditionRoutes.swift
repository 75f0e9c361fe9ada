import HTTP
import Postgres

extension App {
    /// The series' campaigns side by side.
    func showEditions(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        let id = call.parameter("id")
        let showsDrafts = call.showsDrafts
        let found = try await snapshot { database -> Editions? in
            guard let series = try await database.campaignSeries(id: id) else { return nil }
            let editions = try await database.editions(of: id, showsDrafts: showsDrafts)
            let selection = CountSelection(
                campaigns: "id = any(\(editions.map(\.campaign)))", measures: Measure.allCases)
            let sums = try await database.countSums(selection, by: [.campaign, .measure, .channel])
            return sums.map { Editions(series: series, editions: editions, sums: $0) }
        }
        guard let editions = found else { throw APIError.notFound("campaign series") }
        var json = JSONWriter(capacity: 4096)
        editions.write(to: &json, as: call.representation)
        return try call.answer(.ok, json.bytes)
    }
}
