import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// No refusal repeats what was sent: a secret that went into the wrong field ends in no screenshot, log or ticket.
@Suite struct EchoTests {
    private static let secret = "hemlighet4711"
    private static let shared = Task { try await TestApp.withDigidel2013() }

    /// The names of all members of all bodies, and of all parameters, so that each is read by somebody.
    private static let members: Set<String> = {
        guard let document = try? OpenAPIDocument.load() else { return [] }
        var names: Set<String> = []
        for (_, schema) in document.root["components"]?["schemas"]?.object?.entries ?? [] {
            names.formUnion(schema["properties"]?.object?.names ?? [])
        }
        return names
    }()

    private static let parameters: Set<String> = {
        guard let document = try? OpenAPIDocument.load() else { return [] }
        let parameters = document.root["components"]?["parameters"]?.object?.entries ?? []
        return Set(parameters.compactMap { $0.value["name"]?.string })
    }()

    private static let routes = Routes.all.indices.filter { !Routes.all[$0].template.hasPrefix("/health") }

    private func request(_ route: Route, key: Bool = true) -> Request {
        let path = route.template.replacing("/goals/{id}", with: "/goals/digidel2013")
            .replacing("/campaigns/{id}", with: "/campaigns/digidel2013")
            .replacing("/organisations/{id}", with: "/organisations/motala-bibliotek")
            .replacing(#/{[a-zA-Z]+}/#, with: "nowhere")
        var request = Request(route.method, path)
        if key { request.fields.add("Authorization", "Bearer \(TestApp.adminKey)") }
        if takesBody(route) {
            request.fields.add("Content-Type", "application/json")
            request.body = Array("{}".utf8)
        }
        return request
    }

    private func takesBody(_ route: Route) -> Bool { [.post, .put, .patch].contains(route.method) }

    /// Asks as the server does: the head first, then the whole.
    private func refusal(_ request: Request, _ service: TestApp) async -> Response? {
        var head = request
        head.body = []
        if case .refused(let response) = service.app.admit(head) { return response }
        let response = await service.app.answer(to: request)
        return response.status.rawValue >= 400 ? response : nil
    }

    /// How many of the requests were refused; none of the refusals has the secret in it.
    private func check(_ requests: [Request], of route: Route) async throws -> Int {
        let service = try await Self.shared.value
        var refusals = 0
        for request in requests {
            guard let response = await refusal(request, service) else { continue }
            refusals += 1
            let text =
                String(decoding: response.body, as: UTF8.self)
                + response.fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
            #expect(
                !text.lowercased().contains(Self.secret),
                "\(route.method.rawValue) \(route.template): \(text)")
        }
        return refusals
    }

    @Test(arguments: routes) func noFieldIsRepeated(index: Int) async throws {
        let route = Routes.all[index]
        var requests = [request(route, key: false)]
        for scheme in ["Bearer ", "Basic ", "", "Bearer \(Self.secret) "] {
            var wrong = request(route, key: false)
            wrong.fields.add("Authorization", scheme + Self.secret)
            requests.append(wrong)
        }
        for name in [
            "Accept", "Accept-Language", "Accept-Encoding", "Content-Type", "Content-Encoding",
            "Content-Range",
            "Content-Language", "Cookie", "Expect", "Forwarded", "Idempotency-Key", "If-Match",
            "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "Last-Event-ID", "Origin", "Range",
            "Referer", "traceparent", "tracestate", "User-Agent", "X-API-Key", "X-Forwarded-For",
            "X-Forwarded-Host", "X-Request-ID",
        ] {
            var odd = request(route)
            odd.fields[name] = ["\(Self.secret)/å", "\"\(Self.secret)\""][index % 2]
            requests.append(odd)
        }
        // Without a key, or with a wrong one, everything that needs one is refused.
        #expect(try await check(requests, of: route) >= 4)
    }

    @Test(arguments: routes.filter { [.post, .put, .patch].contains(Routes.all[$0].method) })
    func noValueOfABodyIsRepeated(index: Int) async throws {
        let route = Routes.all[index]
        let secret = Self.secret
        let odd: [JSONValue] = [
            .string(secret), .string("Å \(secret), 070-123 45 67"), .array([.string(secret)]),
            .object(["sv": .string(secret), "xx": .string(secret)]),
        ]
        var bodies = odd.map { value in
            JSONValue.object(Dictionary(uniqueKeysWithValues: Self.members.map { ($0, value) }))
        }
        // Some members at a time too, since the first faults may hide others.
        let members = Self.members.sorted()
        for start in stride(from: 0, to: members.count, by: 40) {
            let few = members[start..<min(start + 40, members.count)]
            bodies.append(.object(Dictionary(uniqueKeysWithValues: few.map { ($0, .string(secret)) })))
        }
        bodies += odd + [.array([.object(["organisation": .string(secret), "value": .string(secret)])])]
        var requests = bodies.map { body in
            var request = request(route)
            if route.method != .post { request.fields["If-Match"] = "*" }
            var json = JSONWriter()
            json.value(body)
            request.body = json.bytes
            return request
        }
        for text in [
            secret, "{\"\(secret)", "{\"name\": \"\(secret)\"", "{\"name\": \(secret)}", "[\"\(secret)\",]",
            "{\"name\": \"\\u00\(secret)\"}", "{\"value\": 1\(secret)}", "\u{0}\(secret)",
        ] {
            var request = request(route)
            request.body = Array(text.utf8)
            requests.append(request)
        }
        #expect(try await check(requests, of: route) >= 8)
    }

    @Test(arguments: routes) func noValueOfAQueryIsRepeated(index: Int) async throws {
        let route = Routes.all[index]
        let requests = (Self.parameters.sorted() + ["unknown"]).flatMap { name in
            [Self.secret, "%C3%A5\(Self.secret)", "\(Self.secret)%zz"].map { value in
                let plain = request(route)
                return Request(
                    route.method, "\(plain.path)?\(name)=\(value)", fields: plain.fields, body: plain.body)
            }
        }
        _ = try await check(requests, of: route)
    }

    @Test func noCellOfATableIsRepeated() async throws {
        let route = try #require(Routes.all.first { $0.template == "/v1/participant-counts/batch" })
        let header = "organisation,campaign,measure,value,from,to,area,channel,evidence,externalId"
        let cells = Array(repeating: Self.secret, count: 10).joined(separator: ",")
        for (type, text) in [
            ("text/csv", "\(header)\n\(cells)\n"), ("text/csv", "\(header)\n\"\(cells)\n"),
            ("text/csv", "value,value\n\(cells)\n"),
            ("application/x-ndjson", "{\"value\": \"\(Self.secret)\"}\n{\(Self.secret)}\n"),
        ] {
            var request = request(route)
            request.fields["Content-Type"] = type
            request.body = Array(text.utf8)
            let service = try await Self.shared.value
            let answer = Answer(response: await service.app.answer(to: request))
            #expect(!answer.text.contains(Self.secret), "\(answer.text)")
            #expect(answer.status == .ok || answer.status.rawValue >= 400)
        }
    }
}
