import Foundation
import HTTP

extension App {
    func listGuidanceSessions(_ call: Call) async throws -> Response {
        try await list(GuidanceSessionFilter.self, call)
    }

    /// A session of another organisation is not found by a partner.
    func showGuidanceSession(_ call: Call) async throws -> Response {
        let caller = try call.identified
        guard let id = call.uuid("id"),
            let session = try await database.guidanceSession(id: id),
            caller.mayWrite(for: session.content.organisation)
        else { throw APIError.notFound("guidance session") }
        return try call.show(session, called: "guidance session")
    }

    func createGuidanceSession(_ call: Call) async throws -> Response {
        var body = try call.body()
        let input = try GuidanceSessionInput(&body)
        try call.identified.checkMayWrite(for: input.organisation, at: "/organisation")
        try await check(input, input.futureFaults(today: call.today))
        return try call.created(try await database.createGuidanceSession(input))
    }

    func showGuidanceSummary(_ call: Call) async throws -> Response {
        var query = try call.query()
        let scope = GuidanceScope(&query)
        try query.finish()
        let json = try await shared(call) {
            // It reads every session in its scope, so one is made at a time.
            await caches.statisticsTurn.take()
            defer { caches.statisticsTurn.pass() }
            let summary = try await database.guidanceSummary(scope)
            var json = JSONWriter()
            summary.write(to: &json, for: call.caller, at: call.address)
            return json.bytes
        }
        return try call.answer(.ok, json)
    }
}
