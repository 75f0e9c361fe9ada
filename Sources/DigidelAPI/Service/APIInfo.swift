import HTTP
import Postgres

/// What the API is and which version of it this is; the body of `GET /v1/api-info` (REST API-profil, VER.06).
package enum APIInfo {
    package static let name = "Digidel API"
    package static let version = "1.0.0"
    package static let released = "2026-11-21"
    package static let status = "active"

    #if compiler(>=6.4)
        package static let swiftVersion = "6.4 or later"
    #elseif compiler(>=6.3)
        package static let swiftVersion = "6.3"
    #else
        package static let swiftVersion = "6.2"
    #endif
}

extension App {
    func showAPIInfo(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        var json = JSONWriter()
        json.object { json in
            json.member("apiName", APIInfo.name)
            json.member("apiVersion", APIInfo.version)
            json.member("apiReleased", APIInfo.released)
            json.member("apiDocumentation", "\(rootURL)/docs")
            json.member("apiStatus", APIInfo.status)
        }
        var response = try call.answer(.ok, json.bytes)
        response.fields["Link"] = catalogueLink
        return response
    }

    func showOpenAPI(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        var response = try call.answer(.ok, EmbeddedFiles.openAPI)
        if response.status == .ok { response.fields["Content-Type"] = "application/yaml" }
        return response
    }

    /// Says that the process lives; depends on nothing. A query is ignored: probes add one to get past caches.
    func showLiveness(_ call: Call) async throws -> Response {
        try call.answer(Self.healthy)
    }

    /// Says whether requests can be served: the database answers. 503 else, by the error that the query throws.
    func showReadiness(_ call: Call) async throws -> Response {
        try await database.execute("select 1")
        return try call.answer(Self.healthy)
    }

    static let healthy = Response(
        .ok, fields: ["Content-Type": "application/json", "Cache-Control": "no-store"],
        body: Array(#"{"status":"pass"}"#.utf8))
}
