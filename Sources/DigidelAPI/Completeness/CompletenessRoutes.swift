import HTTP
import Postgres

extension App {
    /// Who has reported to the campaign, now or as of an instant.
    func showCompleteness(_ call: Call) async throws -> Response {
        var query = try call.query()
        // By county is the only way there is, so that there is nothing to choose.
        _ = query.value("by", rule: "county") { $0 == "county" ? $0 : nil }
        let asOf = query.instant("asOf")
        try query.finish()
        if let asOf { try await settle(asOf) }
        let completeness = try await database.completeness(
            campaign: call.parameter("id"), asOf: asOf, showsDrafts: call.showsDrafts)
        guard let completeness else { throw APIError.notFound("campaign") }
        var json = JSONWriter(capacity: 2048 + 128 * completeness.participants.count)
        completeness.write(to: &json, as: call.representation)
        return try call.answer(.ok, json.bytes)
    }
}
