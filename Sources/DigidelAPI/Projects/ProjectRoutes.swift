import HTTP

extension App {
    func listProjects(_ call: Call) async throws -> Response {
        try await list(ProjectFilter.self, call)
    }

    func showProject(_ call: Call) async throws -> Response {
        try call.show(try await database.project(id: call.parameter("id")), called: "project")
    }

    func createProject(_ call: Call) async throws -> Response {
        var body = try call.body()
        let id = body.slug("id")
        let input = try ProjectInput(&body)
        try call.identified.checkMayWrite(for: input.owner, at: "/owner")
        try await check(input, showsDrafts: call.showsDrafts)
        return try call.created(
            try await database.createProject(id: try newID(id, from: input.name), input))
    }

    /// PUT and PATCH. A partner changes its own organisation's projects, and gives none away.
    func changeProject(_ call: Call) async throws -> Response {
        let current = try await database.project(id: call.parameter("id"))
        if let current { try call.identified.checkMayWrite(for: current.content.owner, at: "/owner") }
        let project = try call.changeable(current, called: "project")
        var body = try call.replacement(for: project)
        let input = try ProjectInput(&body)
        try call.identified.checkMayWrite(for: input.owner, at: "/owner")
        try await check(input, showsDrafts: call.showsDrafts)
        return try call.changed(try await database.updateProject(project, input))
    }
}
