import HTTP
import Testing

@testable import DigidelAPI

/// What pages of other sites may do (api.md, "CORS"), and the fields that guard browsers ("Security fields").
@Suite struct CrossOriginTests {
    private static let writer = "https://www.example.se"
    private static let stranger = "https://elsewhere.example"

    private func service(_ environment: [String: String] = ["CORS_ORIGINS": writer]) async throws -> TestApp {
        try await TestApp.withDigidel2013().configured(environment)
    }

    private func preflight(
        _ service: TestApp, _ path: String, for method: String, from origin: String
    ) async -> Answer {
        await service.ask(
            .options, path, key: nil,
            fields: ["Origin": origin, "Access-Control-Request-Method": method])
    }

    @Test func everyPageMayRead() async throws {
        let service = try await service()
        for target in ["goals", "goals/digidel2013/progress", "goals/nothing", "keys"] {
            for origin in [Self.writer, Self.stranger] {
                let answer = await service.get(target, fields: ["Origin": origin])
                #expect(answer.response.fields["Access-Control-Allow-Origin"] == "*", "\(target)")
                let exposed = answer.response.fields.values(of: "Access-Control-Expose-Headers")
                for name in [
                    "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "traceparent",
                ] {
                    #expect(exposed.contains(name), "\(name)")
                }
            }
        }
        let kept = try #require(
            service.app.respondAtOnce(to: Request(.get, "/v1/goals/digidel2013/progress")))
        #expect(kept.fields["Access-Control-Allow-Origin"] == "*")
    }

    @Test func pagesOfConfiguredSitesMayWrite() async throws {
        let service = try await service()
        let answer = await preflight(service, "participant-counts", for: "POST", from: Self.writer)
        let fields = answer.response.fields
        #expect(answer.status == .noContent)
        #expect(fields["Access-Control-Allow-Origin"] == Self.writer)
        #expect(fields["Access-Control-Allow-Methods"] == "GET, HEAD, POST")
        for name in ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "traceparent"] {
            #expect(fields.values(of: "Access-Control-Allow-Headers").contains(name), "\(name)")
        }
        #expect(fields["Access-Control-Max-Age"] == "7200" && fields["Vary"] == "Origin")
        let count = TestApp.count()
        let created = await service.ask(
            .post, "participant-counts", count, fields: ["Origin": Self.writer])
        #expect(created.status == .created)
        #expect(created.response.fields["Access-Control-Allow-Origin"] == Self.writer)
        #expect(created.response.fields["Vary"]?.contains("Origin") == true)
        // A refusal too must be readable by the page.
        let refused = await service.ask(.post, "participant-counts", [:], fields: ["Origin": Self.writer])
        #expect(refused.status == .badRequest)
        #expect(refused.response.fields["Access-Control-Allow-Origin"] == Self.writer)
    }

    /// What the server itself refuses: a page is told why, and the trace goes on.
    @Test func pagesReadRefusalsOfTheServer() async throws {
        let service = try await service()
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let stream = Request(.get, "/v1/goals/digidel2013/stream", fields: ["traceparent": trace])
        let post = Request(.post, "/v1/participant-counts", fields: ["Origin": Self.writer])
        let foreign = Request(.post, "/v1/participant-counts", fields: ["Origin": Self.stranger])
        for (request, origin) in [(stream, "*"), (post, Self.writer), (foreign, nil), (nil, "*")] {
            let answer = service.app.respond(to: Refusal.tooManyStreams, of: request)
            #expect(answer.status == .tooManyRequests && answer.fields["Retry-After"] == "60")
            #expect(answer.fields["Access-Control-Allow-Origin"] == origin)
            #expect(
                (answer.trace?.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
                    == (request?.fields["traceparent"] != nil))
        }
    }

    @Test func otherPagesMayNotWrite() async throws {
        let service = try await service()
        let answer = await preflight(service, "participant-counts", for: "POST", from: Self.stranger)
        #expect(answer.status == .noContent)
        #expect(answer.response.fields["Access-Control-Allow-Methods"] == "GET, HEAD")
        #expect(
            !answer.response.fields.values(of: "Access-Control-Allow-Headers").contains("Authorization"))
        let post = await service.ask(
            .post, "participant-counts", TestApp.count(), fields: ["Origin": Self.stranger])
        #expect(post.response.fields["Access-Control-Allow-Origin"] == nil)
        let act = await preflight(service, "campaigns/digidel2013/lock", for: "POST", from: Self.stranger)
        #expect(act.response.fields["Access-Control-Allow-Origin"] == nil)
    }

    @Test func anOriginIsComparedAsAWhole() async throws {
        let service = try await service()
        for origin in [
            "https://www.example.se.evil.example", "http://www.example.se", "https://www.example.se:8443",
            "null",
        ] {
            let answer = await preflight(service, "participant-counts", for: "POST", from: origin)
            #expect(answer.response.fields["Access-Control-Allow-Origin"] == "*", "\(origin)")
            #expect(answer.response.fields["Access-Control-Allow-Methods"] == "GET, HEAD", "\(origin)")
        }
    }

    @Test func optionsWithoutAnOriginSaysWhatIsAllowedHere() async throws {
        let answer = try await service().ask(.options, "goals", key: nil)
        #expect(answer.status == .noContent && answer.response.fields["Allow"] == "GET, HEAD, OPTIONS, POST")
        #expect(answer.response.fields["Access-Control-Allow-Methods"] == nil)
    }

    @Test(arguments: [
        "https://www.example.se", "http://127.0.0.1:5173", "https://xn--sdertlje-1za4p.example",
        "http://[::1]:8080",
    ])
    func originsAreTaken(_ origin: String) throws {
        #expect(try Config(environment: ["CORS_ORIGINS": origin]).corsOrigins == [origin])
    }

    @Test(arguments: [
        "*", "null", "www.example.se", "https://www.example.se/", "https://Www.example.se",
        "https://www.example.se:443", "http://example.se:80", "https://user@example.se", "ftp://example.se",
        "https://example.se?x", "https://a.example, ",
    ])
    func whatIsNoOriginIsRefused(_ text: String) {
        #expect(throws: Config.Fault.self) { try Config(environment: ["CORS_ORIGINS": text]) }
    }

    // MARK: Fields that guard browsers

    @Test func everyAnswerGuardsBrowsers() async throws {
        let service = try await service()
        let answers = [
            await service.get("goals"), await service.get("nothing"),
            await service.ask(.options, "goals", key: nil),
            await service.post("goals", [:]),
        ]
        for answer in answers {
            let fields = answer.response.fields
            #expect(fields["X-Content-Type-Options"] == "nosniff")
            #expect(fields["Referrer-Policy"] == "no-referrer")
            #expect(fields["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'")
            #expect(fields["Strict-Transport-Security"] == "max-age=31536000")
            #expect(fields["Server"] == nil)
            #expect(fields.reduce(into: [:]) { $0[$1.name, default: 0] += 1 }.values.allSatisfy { $0 == 1 })
        }
        let plain = try await self.service(["PUBLIC_URL": "http://127.0.0.1:8080/v1"])
        #expect(await plain.get("goals").response.fields["Strict-Transport-Security"] == nil)
    }

    @Test func a304LeavesAPagesPolicyAsItIs() async throws {
        let service = try await service()
        let page = await service.app.answer(to: Request(.get, "/"))
        #expect(page.fields["Content-Security-Policy"]?.contains("script-src 'self'") == true)
        var again = Request(.get, "/")
        again.fields.add("If-None-Match", try #require(page.fields["ETag"]))
        let notModified = await service.app.answer(to: again)
        #expect(notModified.status == .notModified)
        #expect(notModified.fields["Content-Security-Policy"] == nil)
    }
}
