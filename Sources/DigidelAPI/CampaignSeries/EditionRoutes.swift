import HTTP
import Postgres

extension App {
    /// The series' campaigns side by side.
    func showEditions(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        let id = call.parameter("id")
        let showsDrafts = call.showsDrafts
        let found = try await transaction { app -> Editions? in
            // What is read by several statements is read from one snapshot.
            try await app.database.execute("set transaction isolation level repeatable read, read only")
            guard let series = try await app.database.campaignSeries(id: id) else { return nil }
            let editions = try await app.database.editions(of: id, showsDrafts: showsDrafts)
            let selection = CountSelection(
                campaigns: "id = any(\(editions.map(\.campaign)))", measures: Measure.allCases)
            let sums = try await app.database.countSums(selection, by: [.campaign, .measure, .channel])
            return sums.map { Editions(series: series, editions: editions, sums: $0) }
        }
        guard let editions = found else { throw APIError.notFound("campaign series") }
        var json = JSONWriter(capacity: 4096)
        editions.write(to: &json, as: call.representation)
        return try call.answer(.ok, json.bytes)
    }
}
