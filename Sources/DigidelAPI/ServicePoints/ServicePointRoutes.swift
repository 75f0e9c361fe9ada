import HTTP

extension App {
    func listServicePoints(_ call: Call) async throws -> Response {
        try await list(ServicePointFilter.self, call)
    }

    func showServicePoint(_ call: Call) async throws -> Response {
        try call.show(try await database.servicePoint(id: call.parameter("id")), called: "service point")
    }

    func createServicePoint(_ call: Call) async throws -> Response {
        var body = try call.body()
        let givenID = body.slug("id")
        let input = try ServicePointInput(&body)
        try call.identified.checkMayWrite(for: input.operator, at: "/operator")
        try await check(input)
        let id = try newID(givenID, from: input.name)
        try await coverageChanged(.servicePoints)
        return try call.created(try await database.createServicePoint(id: id, input))
    }

    /// PUT and PATCH. A partner changes its own organisation's service points, and gives none away.
    func changeServicePoint(_ call: Call) async throws -> Response {
        let current = try await database.servicePoint(id: call.parameter("id"))
        if let current { try call.identified.checkMayWrite(for: current.content.operator, at: "/operator") }
        let servicePoint = try call.changeable(current, called: "service point")
        var body = try call.replacement(for: servicePoint)
        body.ignore("distanceKm")
        let input = try ServicePointInput(&body)
        try call.identified.checkMayWrite(for: input.operator, at: "/operator")
        try await check(input)
        if input.isOtherwiseInService(than: servicePoint.content) {
            try await coverageChanged(.servicePoints)
        }
        return try call.changed(try await database.updateServicePoint(servicePoint, input))
    }
}
