import HTTP
import Testing

@testable import DigidelAPI

/// Every route, asked without a key and with a key of each role (OWASP API5, broken function level authorization).
@Suite struct RouteAccessTests {
    private static let shared = Task {
        let service = try await TestApp.withDigidel2013()
        var keys: [Role: String] = [:]
        for role in Role.allCases {
            keys[role] = try await service.makeKey(role, organisation: "motala-bibliotek")
        }
        return (service, keys)
    }

    @Test(arguments: Routes.all.indices)
    func aRouteLetsInWhoMayUseIt(index: Int) async throws {
        let (service, keys) = try await Self.shared.value
        let route = Routes.all[index]
        let path = route.template.replacing(#/{[a-zA-Z]+}/#, with: "nowhere")
        for role in [nil] + Role.allCases.map(Optional.some) {
            var request = Request(route.method, path)
            if let role { request.fields.add("Authorization", "Bearer \(try #require(keys[role]))") }
            if [.post, .put, .patch].contains(route.method) {
                request.body = Array("{}".utf8)
                request.fields.add("Content-Type", "application/json")
            }
            if route.method != .post { request.fields.add("If-Match", "*") }
            let answer = Answer(response: await service.app.answer(to: request))
            let who = "\(route.method.rawValue) \(route.template) by \(role?.rawValue ?? "nobody")"
            switch (route.access, role) {
            case (.key, nil):
                #expect(answer.status == .unauthorized, "\(who)")
            case (.key(let least), let role?) where role < least:
                #expect(answer.status == .forbidden, "\(who)")
                #expect(answer["detail"]?.string?.hasPrefix("This needs a key of the role") == true)
            default:
                #expect(![.unauthorized, .forbidden].contains(answer.status), "\(who): \(answer.text)")
                #expect(answer.status.rawValue < 500, "\(who): \(answer.text)")
            }
        }
    }

    /// Said a second time, so that a route cannot be opened by one slip: what changes anything takes a coordinator, but for
    /// these.
    @Test func onlyReadingIsOpen() {
        func routes(_ access: Route.Access) -> Set<String> {
            Set(Routes.all.filter { $0.access == access }.map { "\($0.method.rawValue) \($0.template)" })
        }
        #expect(routes(.open).allSatisfy { $0.hasPrefix("GET ") })
        #expect(
            routes(.key(.admin)) == [
                "POST /v1/organisations", "PUT /v1/organisations/{id}", "PATCH /v1/organisations/{id}",
                "GET /v1/keys", "POST /v1/keys", "GET /v1/keys/{id}", "DELETE /v1/keys/{id}",
            ])
        // What they let a partner do with another's is in OwnershipTests.
        #expect(routes(.key(.partner)) == OwnershipTests.routes)
    }
}
