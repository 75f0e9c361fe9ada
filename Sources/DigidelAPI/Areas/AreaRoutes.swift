import HTTP

extension App {
    func listAreas(_ call: Call) async throws -> Response {
        var query = try call.query()
        let filter = AreaFilter(&query)
        let list = ListInput(&query, AreaFilter.sorting)
        try query.finish()
        return try call.answer(try await database.areas(filter, list), list)
    }

    func showArea(_ call: Call) async throws -> Response {
        try call.show(try await database.area(id: call.parameter("id")), called: "area")
    }
}
