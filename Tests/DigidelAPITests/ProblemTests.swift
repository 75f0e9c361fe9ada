import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// How refusals are told, and the pages that explain them.
@Suite struct ProblemTests {
    @Test func everyKindHasAPageForProgramsAndOneForPeople() async throws {
        let service = try TestApp.withoutDatabase()
        for type in ProblemType.allCases {
            let target = "problems/\(type.rawValue)"
            let page = await service.get(target)
            #expect(page.status == .ok)
            #expect(page["id"]?.string == type.rawValue)
            #expect(page["type"] == .string("\(TestApp.baseURL)/\(target)"))
            #expect(page["status"]?.integer == type.status.rawValue)
            #expect(page["description"]?.string == type.explanation)
            let html = await service.get(
                target, fields: ["Accept": "text/html,application/xhtml+xml;q=0.9", "Accept-Language": "en"])
            #expect(html.status == .ok)
            #expect(html.response.fields["Content-Type"] == "text/html; charset=utf-8")
            #expect(html.text.contains("<h1>\(type.title)</h1>"))
            #expect(html.response.fields["Vary"]?.contains("Accept") == true)
            #expect(html.etag != page.etag)
        }
    }

    @Test func theKindsAreListed() async throws {
        let service = try TestApp.withoutDatabase()
        let list = await service.get("problems")
        let ids = (list["items"]?.list ?? []).compactMap { $0["id"]?.string }
        #expect(ids == ProblemType.allCases.map(\.rawValue))
        let html = await service.get("problems", fields: ["Accept": "text/html"])
        #expect(html.response.fields["Content-Type"] == "text/html; charset=utf-8")
        for type in ProblemType.allCases { #expect(html.text.contains("problems/\(type.rawValue)\"")) }
    }

    @Test(arguments: ["problems", "problems/conflict"])
    func bothFormsAreCached(target: String) async throws {
        let service = try TestApp.withoutDatabase()
        for accept in ["application/json", "text/html", "*/*"] {
            let page = await service.get(target, fields: ["Accept": accept])
            // A cache must not give a person's page to a program.
            #expect(page.response.fields["Vary"]?.contains("Accept,") == true, "\(accept)")
            let etag = try #require(page.etag)
            let known = await service.get(target, fields: ["Accept": accept, "If-None-Match": etag])
            #expect(known.status == .notModified, "\(accept)")
        }
    }

    @Test func anUnknownKindIsNotFound() async throws {
        let service = try TestApp.withoutDatabase()
        #expect(await service.get("problems/nothing").status == .notFound)
        #expect(await service.get("problems/nothing", fields: ["Accept": "text/html"]).status == .notFound)
        for accept in ["application/json", "text/html"] {
            let answer = await service.get("problems/conflict?colour=red", fields: ["Accept": accept])
            #expect(answer.faults == ["colour": "malformed"])
        }
    }

    @Test func everyStatusOfARefusalHasItsKind() {
        let statuses = ProblemType.allCases.map(\.status)
        #expect(Set(statuses).count == statuses.count)
        for type in ProblemType.allCases { #expect(ProblemType(status: type.status) == type) }
        #expect(ProblemType(status: Status(rawValue: 418)) == .malformed)
        #expect(ProblemType(status: Status(rawValue: 599)) == .internalError)
    }

    @Test func aProblemSaysWhatWhereAndWhich() async throws {
        let service = try await TestApp.make()
        let answer = await service.get("areas?level=city")
        #expect(answer.response.fields["Content-Type"] == "application/problem+json")
        #expect(answer.response.fields["Cache-Control"] == "no-store")
        #expect(answer["type"] == .string("\(TestApp.baseURL)/problems/malformed"))
        #expect(answer["status"] == 400)
        #expect(answer["title"]?.string == ProblemType.malformed.title)
        #expect(answer["errors", 0, "pointer"] == "level")
        #expect(answer["errors", 0, "detail"]?.string?.contains("municipality") == true)
    }

    // MARK: Traces

    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    @Test func aTraceGoesOn() async throws {
        let service = try await TestApp.make()
        let sent = "00-\(Self.trace)-00f067aa0ba902b7-01"
        for target in ["areas/se", "areas/nowhere"] {
            let answer = await service.get(target, fields: ["traceparent": sent])
            let returned = try #require(answer.response.trace?.traceparent)
            #expect(returned.hasPrefix("00-\(Self.trace)-"))
            #expect(returned.hasSuffix("-01"))
            #expect(returned != sent)
            if answer.status == .notFound { #expect(answer["instance"]?.string == Self.trace) }
        }
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-00f067aa0ba902b7", "00-\(trace)-00f067aa0ba902b7-01-x",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-\(trace)-0000000000000000-01",
        "ff-\(trace)-00f067aa0ba902b7-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-\(trace)-00f067aa0ba902b7-1", "0-\(trace)-00f067aa0ba902b7-01",
        " 00-\(trace)-00f067aa0ba902b7-0g",
    ])
    func aMalformedTraceIsBegunAnew(field: String) async throws {
        let service = try TestApp.withoutDatabase()
        let answer = await service.get("nowhere", fields: ["traceparent": field])
        #expect(answer.status == .notFound)
        let returned = try #require(answer.response.trace?.traceparent)
        #expect(returned.wholeMatch(of: /00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}/) != nil)
        #expect(!returned.contains(Self.trace))
        #expect(answer["instance"]?.string == String(returned.dropFirst(3).prefix(32)))
    }

    @Test func everyRequestHasATraceOfItsOwn() async throws {
        let service = try TestApp.withoutDatabase()
        var traces: Set<String> = []
        for _ in 1...20 {
            traces.insert(try #require(await service.get("api-info").response.trace?.traceparent))
        }
        #expect(traces.count == 20)
    }

    // MARK: Refusals before the body is read

    private func refusal(_ service: TestApp, _ method: Method, _ target: String, _ fields: Fields) -> Answer?
    {
        guard case .refused(let response) = service.app.admit(Request(method, target, fields: fields)) else {
            return nil
        }
        return Answer(response: response)
    }

    private static let key = ("Authorization", "Bearer \(TestApp.adminKey)")

    @Test(arguments: [
        (Method.post, "/v1/nothing", Status.notFound), (.post, "/v1/organisations/", .notFound),
        (.post, "/organisations", .notFound), (.delete, "/v1/goals/digidel2013", .methodNotAllowed),
        (.put, "/v1/keys", .methodNotAllowed), (.post, "/v1/areas", .methodNotAllowed),
    ])
    func unknownPathsAndMethodsAreRefusedAtOnce(method: Method, target: String, status: Status) async throws {
        let service = try TestApp.withoutDatabase()
        let json = ("Content-Type", "application/json")
        let answer = try #require(refusal(service, method, target, [json.0: json.1]))
        #expect(answer.status == status)
        #expect(answer["status"]?.integer == status.rawValue)
        #expect(answer["instance"] != nil)
        #expect((answer.response.fields["Allow"] != nil) == (status == .methodNotAllowed))
    }

    @Test func allowNamesTheMethodsOfThePath() async throws {
        let service = try TestApp.withoutDatabase()
        #expect(
            await service.ask(.delete, "organisations/x").response.fields["Allow"]
                == "GET, HEAD, OPTIONS, PATCH, PUT")
        let options = await service.ask(.options, "keys/x", key: nil)
        #expect(options.status == .noContent)
        #expect(options.response.fields["Allow"] == "DELETE, GET, HEAD, OPTIONS")
        #expect(await service.ask(.options, "nothing", key: nil).status == .notFound)
    }

    @Test func aBodyNeedsAKeyAndAMediaType() async throws {
        let service = try TestApp.withoutDatabase()
        let target = "/v1/organisations"
        let withoutKey = try #require(refusal(service, .post, target, ["Content-Type": "application/json"]))
        #expect(withoutKey.status == .unauthorized)
        #expect(withoutKey.response.fields["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        for type in ["text/plain", "application/jsonx", "application/merge-patch+json", "", "json", nil] {
            var fields: Fields = [Self.key.0: Self.key.1]
            if let type { fields.add("Content-Type", type) }
            let answer = try #require(refusal(service, .post, target, fields), "\(type ?? "none")")
            #expect(answer.status == .unsupportedMediaType)
            #expect(answer.response.fields["Accept"] == "application/json")
        }
        let taken: [(Method, String, String)] = [
            (.post, target, "application/json"), (.post, target, "APPLICATION/JSON ; charset=utf-8"),
            (.patch, "\(target)/x", "application/merge-patch+json"),
            (.patch, "\(target)/x", "application/json"),
            (.put, "\(target)/x", "application/json"),
        ]
        for (method, target, type) in taken {
            let answer = refusal(service, method, target, [Self.key.0: Self.key.1, "Content-Type": type])
            #expect(answer == nil, "\(type)")
        }
        let patch = refusal(
            service, .put, "\(target)/x",
            [Self.key.0: Self.key.1, "Content-Type": "application/merge-patch+json"])
        #expect(patch?.status == .unsupportedMediaType)
    }

    @Test func aBodyMayHaveOneMebibyte() async throws {
        let service = try TestApp.withoutDatabase()
        let head = Request(
            .post, "/v1/goals", fields: [Self.key.0: Self.key.1, "Content-Type": "application/json"])
        guard case .body(let limit) = service.app.admit(head) else {
            Issue.record("the body is not taken")
            return
        }
        #expect(limit == 1_048_576)
        let refused = Answer(response: service.app.respond(to: Refusal.bodyTooLarge(limit: limit), of: nil))
        #expect(refused.status == .contentTooLarge)
        #expect(refused["type"] == .string("\(TestApp.baseURL)/problems/content-too-large"))
    }

    // MARK: The database

    @Test func withoutItsDatabaseTheServiceSaysSo() async throws {
        let service = try TestApp.withoutDatabase()
        for target in ["areas", "goals/x/progress", "organisations/x", "keys"] {
            let answer = await service.get(target, key: TestApp.adminKey)
            #expect(answer.status == .serviceUnavailable, "\(target)")
            #expect(answer["type"] == .string("\(TestApp.baseURL)/problems/unavailable"))
            #expect(answer.response.fields["Retry-After"].flatMap { Int($0) } != nil)
            // What the database or libpq says is for the log.
            #expect(!answer.text.contains("127.0.0.1"))
        }
        // A key that cannot be looked up is not a wrong one.
        #expect(await service.get("areas", key: "some-key").status == .serviceUnavailable)
        #expect(await service.post("keys", ["role": "admin", "label": "x"]).status == .serviceUnavailable)
        #expect(await service.get("api-info").status == .ok)
        #expect(await service.get("problems/unavailable").status == .ok)
        let ready = await service.app.respond(to: Request(.get, "/health/ready"))
        #expect(ready.status == .serviceUnavailable)
        #expect(await service.app.respond(to: Request(.get, "/health/live")).status == .ok)
    }

    @Test func withItsDatabaseTheServiceIsReady() async throws {
        let service = try await TestApp.make()
        for target in ["/health/live", "/health/ready"] {
            let answer = Answer(response: await service.app.respond(to: Request(.get, target)))
            #expect(answer.status == .ok)
            #expect(answer.json == ["status": "pass"])
            #expect(answer.response.fields["Cache-Control"] == "no-store")
        }
    }

    /// What is our fault is logged with the trace id, and not told.
    @Test func anInternalErrorTellsNothing() async throws {
        let service = try await TestApp.make()
        try await service.asOwner("drop table goals cascade")
        let answer = await service.get("goals")
        #expect(answer.status == .internalServerError)
        #expect(answer["type"] == .string("\(TestApp.baseURL)/problems/internal-error"))
        #expect(!answer.text.contains("relation"))
        #expect(!answer.text.contains("select"))
    }

    /// HEAD is answered as GET; its body is left out by the server's writer.
    @Test func headHasTheFieldsOfGet() async throws {
        let service = try await TestApp.make()
        let get = await service.get("areas/se")
        let head = await service.ask(.head, "areas/se", key: nil)
        #expect(head.status == .ok)
        #expect(head.etag == get.etag)
        let known = await service.ask(.head, "areas/se", key: nil, fields: ["If-None-Match": get.etag ?? ""])
        #expect(known.status == .notModified)
    }
}
