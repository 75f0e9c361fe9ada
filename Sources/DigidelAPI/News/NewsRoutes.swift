import HTTP

extension App {
    func listNews(_ call: Call) async throws -> Response {
        try await list(NewsFilter.self, call)
    }
}
