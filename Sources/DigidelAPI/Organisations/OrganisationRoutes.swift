import HTTP
import Postgres

extension App {
    func listOrganisations(_ call: Call) async throws -> Response {
        try await list(OrganisationFilter.self, call)
    }

    func showOrganisation(_ call: Call) async throws -> Response {
        try call.show(try await database.organisation(id: call.parameter("id")), called: "organisation")
    }

    /// The organisation with all that it has a part in.
    func showOrganisationOverview(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        let today = call.today
        let found = try await snapshot { database in
            try await database.organisationOverview(id: call.parameter("id"), on: today)
        }
        guard let overview = found else { throw APIError.notFound("organisation") }
        var json = JSONWriter(capacity: 4096)
        overview.write(to: &json, as: call.representation)
        return try call.answer(.ok, json.bytes)
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
