import Foundation
import HTTP

extension App {
    func listActivities(_ call: Call) async throws -> Response {
        try await list(ActivityFilter.self, call)
    }

    func showActivity(_ call: Call) async throws -> Response {
        try call.show(try await activity(call), called: "activity")
    }

    func createActivity(_ call: Call) async throws -> Response {
        var body = try call.body()
        let input = try ActivityInput(&body)
        try call.identified.checkMayWrite(for: input.organiser, at: "/organiser")
        try await check(input, showsDrafts: call.showsDrafts)
        return try call.created(try await database.createActivity(input))
    }

    /// PUT and PATCH. A partner changes its own organisation's activities, and gives none away.
    func changeActivity(_ call: Call) async throws -> Response {
        let current = try await activity(call)
        if let current { try call.identified.checkMayWrite(for: current.content.organiser, at: "/organiser") }
        let activity = try call.changeable(current, called: "activity")
        var body = try call.replacement(for: activity)
        body.ignore("periodText")
        let input = try ActivityInput(&body, replaces: true)
        try call.identified.checkMayWrite(for: input.organiser, at: "/organiser")
        try await check(input, showsDrafts: call.showsDrafts)
        return try call.changed(try await database.updateActivity(activity, input))
    }

    /// The activity that the path names.
    private func activity(_ call: Call) async throws -> Activity? {
        guard let id = call.uuid("id") else { return nil }
        return try await database.activity(id: id)
    }
}
