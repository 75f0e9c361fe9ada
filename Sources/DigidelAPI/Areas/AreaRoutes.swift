import HTTP

extension App {
    func listAreas(_ call: Call) async throws -> Response {
        try await list(AreaFilter.self, call)
    }

    func showArea(_ call: Call) async throws -> Response {
        try call.show(try await database.area(id: call.parameter("id")), called: "area")
    }
}
