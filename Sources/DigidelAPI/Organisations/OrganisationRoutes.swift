import HTTP

extension App {
    func listOrganisations(_ call: Call) async throws -> Response {
        try await list(OrganisationFilter.self, call)
    }

    func showOrganisation(_ call: Call) async throws -> Response {
        try call.show(try await database.organisation(id: call.parameter("id")), called: "organisation")
    }

    func createOrganisation(_ call: Call) async throws -> Response {
        var body = try call.body()
        let id = body.slug("id")
        let input = try OrganisationInput(&body)
        try await check(input)
        let organisation = try await database.createOrganisation(id: try newID(id, from: input.name), input)
        return try call.created(organisation)
    }

    /// PUT and PATCH.
    func changeOrganisation(_ call: Call) async throws -> Response {
        let current = try await database.organisation(id: call.parameter("id"))
        let organisation = try call.changeable(current, called: "organisation")
        var body = try call.replacement(for: organisation)
        let input = try OrganisationInput(&body)
        try await check(input)
        if input.area != organisation.content.area { try await coverageChanged(.organisationAreas) }
        return try call.changed(try await database.updateOrganisation(organisation, input))
    }
}
