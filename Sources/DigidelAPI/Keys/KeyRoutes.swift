import Foundation
import HTTP
import Postgres

extension App {
    func listKeys(_ call: Call) async throws -> Response {
        try await list(KeyFilter.self, call)
    }

    func showKey(_ call: Call) async throws -> Response {
        guard let id = call.uuid("id") else { throw APIError.notFound("key") }
        return try call.show(try await database.key(id: id), called: "key")
    }

    /// The only answer that ever holds the secret.
    func createKey(_ call: Call) async throws -> Response {
        var body = try call.body()
        let input = try KeyInput(&body)
        let references = [Reference(.organisation, input.organisation, "/organisation")].compactMap(\.self)
        try (input.ruleFaults(at: call.now) + (try await database.faults(in: references))).check()
        let secret = Key.newSecret()
        guard let key = try await database.createKey(input, secret: secret) else {
            throw APIError(.internalError, "No key was created.")
        }
        var json = JSONWriter()
        json.object { json in
            key.write(to: &json, as: call.representation)
            json.member("secret", secret)
            json.links(["self": baseURL + key.path])
        }
        return Response(
            .created,
            fields: [
                "Location": baseURL + key.path, "Content-Type": "application/json",
                "Cache-Control": "no-store",
            ], body: json.bytes)
    }

    func revokeKey(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        guard let id = call.uuid("id"), let current = try await database.key(id: id)
        else {
            throw APIError.notFound("key")
        }
        try call.checkConditions(on: current)
        guard let key = try await database.revokeKey(id: id) else { throw APIError.notFound("key") }
        keysChanged()
        return try call.answer(.ok, key)
    }
}
