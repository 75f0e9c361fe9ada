import HTTP

extension App {
    func listPublications(_ call: Call) async throws -> Response {
        try await list(PublicationFilter.self, call)
    }

    func showPublication(_ call: Call) async throws -> Response {
        try call.show(try await database.publication(id: call.parameter("id")), called: "publication")
    }

    func createPublication(_ call: Call) async throws -> Response {
        var body = try call.body()
        let id = body.slug("id")
        let input = try PublicationInput(&body)
        try await check(input)
        return try call.created(
            try await database.createPublication(id: try newID(id, from: input.title), input))
    }

    /// PUT and PATCH.
    func changePublication(_ call: Call) async throws -> Response {
        let current = try await database.publication(id: call.parameter("id"))
        let publication = try call.changeable(current, called: "publication")
        var body = try call.replacement(for: publication)
        let input = try PublicationInput(&body)
        try await check(input)
        return try call.changed(try await database.updatePublication(publication, input))
    }
}
