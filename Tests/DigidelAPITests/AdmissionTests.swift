import HTTP
import Testing

@testable import DigidelAPI

/// What is decided about a request that has a body before any of it is read.
@Suite struct AdmissionTests {
    /// The head of a request with JSON and the admin key, but for these fields; nil takes one out.
    private func head(_ method: Method, _ path: String, _ changes: [String: String?] = [:]) -> Request {
        let fields: Fields = [
            "Authorization": "Bearer \(TestApp.adminKey)", "Content-Type": "application/json",
        ]
        var head = Request(method, path, fields: fields)
        for (name, value) in changes { head.fields[name] = value }
        return head
    }

    /// The answer to a head, which has the fields of every answer; nil when its body is wanted.
    private func refusal(of head: Request) throws -> Answer? {
        guard case .refused(let response) = try TestApp.withoutDatabase().app.admit(head) else { return nil }
        #expect(response.fields["API-Version"] == APIInfo.version)
        #expect(response.fields["X-Content-Type-Options"] == "nosniff")
        #expect(response.trace != nil)
        if response.status != .noContent {
            #expect(response.fields["Content-Type"] == "application/problem+json")
            #expect(response.fields["Cache-Control"] == "no-store")
        }
        return Answer(response: response)
    }

    /// A path of each route that takes a body.
    private static let writes = Routes.all.filter { [.post, .put, .patch].contains($0.method) }.map {
        ($0.method, path(of: $0))
    }

    private static func path(of route: Route) -> String {
        route.template.replacing("{id}", with: "x").replacing("{organisation}", with: "y")
    }

    @Test(arguments: writes) func jsonIsTakenEverywhere(method: Method, path: String) throws {
        #expect(try refusal(of: head(method, path)) == nil)
    }

    // MARK: Content

    @Test(arguments: writes) func aMediaTypeThatIsNotTakenIsRefused(method: Method, path: String) throws {
        let route = try #require(
            Routes.all.first { $0.method == method && Self.path(of: $0) == path })
        let taken = route.mediaTypes.joined(separator: ", ")
        for type in [
            nil, "", ";application/json", "text/json", "application/json-patch+json", "application/jsön",
            "\u{a0}application/json", "application/json\u{2003}", "application/json, text/csv",
            "application/*",
        ] {
            let answer = try #require(try refusal(of: head(method, path, ["Content-Type": type])))
            #expect(answer.status == .unsupportedMediaType, "\(type ?? "none")")
            #expect(answer.response.fields["Accept"] == taken)
            #expect(answer.response.fields["Accept-Encoding"] == nil)
        }
    }

    @Test(arguments: writes) func aCodingThatNobodyUndoesIsRefused(method: Method, path: String) throws {
        for coding in [
            "gzip", "GZIP", "identity, br", "deflate, identity", "x", "identity;q=1", "\"identity\"",
        ] {
            let answer = try #require(try refusal(of: head(method, path, ["Content-Encoding": coding])))
            #expect(answer.status == .unsupportedMediaType, "\(coding)")
            #expect(answer.response.fields["Accept-Encoding"] == "identity")
            #expect(answer.response.fields["Accept"] == nil)
        }
        for coding in ["identity", "Identity", "identity,\tidentity", "", ","] {
            #expect(try refusal(of: head(method, path, ["Content-Encoding": coding])) == nil, "\(coding)")
        }
    }

    /// RFC 9110, 14.5.
    @Test(arguments: writes) func aPartIsNotWritten(method: Method, path: String) throws {
        for range in ["bytes 0-1/2", "bytes */2", "x", ""] {
            let answer = try #require(try refusal(of: head(method, path, ["Content-Range": range])))
            #expect(answer.status == .badRequest, "\(range)")
            #expect(answer.faults == ["": "malformed"])
        }
    }

    @Test(arguments: [Method.get, .delete]) func whatNeedsNoBodyMayHaveAnyBody(method: Method) throws {
        let odd = ["Content-Type": nil, "Content-Encoding": "gzip", "Content-Range": "bytes 0-1/2"]
        #expect(try refusal(of: head(method, "/v1/keys/x", odd)) == nil)
    }

    // MARK: Keys

    @Test(arguments: [
        "", "Bearer", "Bearer ", "Basic dTpw", "Bearer a b", "Bearer a, Bearer b", "a", "Bearer=a",
        "Bear\u{2003}er a",
        "Bearer\ta", "\u{212A}earer a", "Bearer " + String(repeating: "a", count: 513),
    ])
    func whatIsNoKeyIsRefusedBeforeTheBody(field: String) throws {
        for (method, path) in Self.writes + [(.delete, "/v1/keys/x"), (.get, "/v1/participant-counts")] {
            let answer = try #require(try refusal(of: head(method, path, ["Authorization": field])))
            #expect(answer.status == .unauthorized, "\(method) \(path)")
            #expect(answer.response.fields["WWW-Authenticate"] == #"Bearer error="invalid_token""#)
        }
    }

    @Test func aKeyIsLookedUpWhenTheBodyIsThere() throws {
        for field in ["bearer a", "BEARER  a", "Bearer " + String(repeating: "a", count: 512)] {
            #expect(try refusal(of: head(.post, "/v1/goals", ["Authorization": field])) == nil, "\(field)")
        }
        let withoutKey = try #require(try refusal(of: head(.post, "/v1/goals", ["Authorization": nil])))
        #expect(withoutKey.status == .unauthorized)
        #expect(withoutKey.response.fields["WWW-Authenticate"] == "Bearer")
        // Where no key is needed.
        #expect(try refusal(of: head(.get, "/v1/goals", ["Authorization": "Basic dTpw"])) == nil)
    }

    @Test func pathMethodKeyAndContentAreAskedInThatOrder() throws {
        var fields: [String: String?] = [
            "Authorization": nil, "Content-Type": nil, "Content-Encoding": "gzip",
        ]
        fields["Content-Range"] = "bytes 0-1/2"
        #expect(try refusal(of: head(.post, "/v1/nothing", fields))?.status == .notFound)
        let other = try #require(try refusal(of: head(.trace, "/v1/goals", fields)))
        #expect(other.status == .methodNotAllowed)
        #expect(other.response.fields["Allow"] == "GET, HEAD, OPTIONS, POST")
        #expect(try refusal(of: head(.post, "/v1/goals", fields))?.status == .unauthorized)
        fields["Authorization"] = "Bearer a"
        #expect(try refusal(of: head(.post, "/v1/goals", fields))?.response.fields["Accept"] != nil)
        fields["Content-Type"] = "application/json"
        #expect(try refusal(of: head(.post, "/v1/goals", fields))?.response.fields["Accept-Encoding"] != nil)
        fields["Content-Encoding"] = .some(nil)
        #expect(try refusal(of: head(.post, "/v1/goals", fields))?.status == .badRequest)
    }

    // MARK: OPTIONS

    @Test(arguments: Set(Routes.all.map(\.template)).sorted())
    func optionsIsAnsweredWithAndWithoutABody(template: String) async throws {
        let methods = Set(Routes.all.filter { $0.template == template }.map(\.method))
        let request = head(.options, template.replacing("{id}", with: "x"), ["Authorization": nil])
        let withBody = try #require(try refusal(of: request))
        let without = Answer(response: try await TestApp.withoutDatabase().app.answer(to: request))
        for answer in [withBody, without] {
            #expect(answer.status == .noContent && answer.response.body.isEmpty)
            let implied = methods.contains(.get) ? ["HEAD", "OPTIONS"] : ["OPTIONS"]
            let allowed = (methods.map(\.rawValue) + implied).sorted().joined(separator: ", ")
            #expect(answer.response.fields["Allow"] == allowed)
            let patch = methods.contains(.patch) ? "application/merge-patch+json, application/json" : nil
            #expect(answer.response.fields["Accept-Patch"] == patch)
        }
    }

    @Test func optionsOfTheServerIsAnswered() async throws {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        let request = head(.options, "*", ["traceparent": "00-\(trace)-00f067aa0ba902b7-01"])
        let withBody = try #require(try refusal(of: request))
        let without = Answer(response: try await TestApp.withoutDatabase().app.answer(to: request))
        for answer in [withBody, without] {
            #expect(answer.status == .noContent && answer.response.body.isEmpty)
            #expect(answer.response.fields["Allow"] == Method.allowedByServer)
            #expect(answer.response.fields["Accept-Patch"] == nil)
            #expect(answer.response.fields["API-Version"] == APIInfo.version)
            #expect(answer.response.fields["X-Content-Type-Options"] == "nosniff")
            #expect(answer.response.trace?.traceID == trace)
        }
        #expect(try refusal(of: head(.options, "/v1/nothing"))?.status == .notFound)
    }
}
