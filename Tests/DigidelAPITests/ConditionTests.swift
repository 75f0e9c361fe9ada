import HTTP
import Testing

@testable import DigidelAPI

/// If-Match and If-None-Match (RFC 9110, 13) on all that the service answers.
@Suite struct ConditionTests {
    private static let shared = Task { try await TestApp.withDigidel2013() }

    /// Sends a request without a body, with the admin key or none.
    private func ask(
        _ service: TestApp, _ path: String, _ method: Method = .get, key: Bool = false,
        _ fields: KeyValuePairs<String, String> = [:]
    ) async -> Answer {
        var request = Request(method, path)
        if key { request.fields.add("Authorization", "Bearer \(TestApp.adminKey)") }
        for (name, value) in fields { request.fields.add(name, value) }
        return Answer(response: await service.app.answer(to: request))
    }

    // MARK: Reading

    private static let tagged = [
        "/v1/api-info", "/v1/openapi.yaml", "/v1/problems", "/v1/problems/conflict", "/v1/areas",
        "/v1/areas/se",
        "/v1/organisations", "/v1/organisations/motala-bibliotek", "/v1/campaign-series", "/v1/campaigns",
        "/v1/campaigns/digidel2013", "/v1/campaigns/digidel2013/enrolments",
        "/v1/campaigns/digidel2013/completeness", "/v1/participant-counts", "/v1/goals",
        "/v1/goals/digidel2013",
        "/v1/goals/digidel2013/progress", "/v1/keys",
    ]

    @Test(arguments: tagged, [Method.get, .head])
    func aReaderWhoWantsAnotherIsToldSo(path: String, method: Method) async throws {
        let service = try await Self.shared.value
        let etag = try #require(await ask(service, path, method, key: true).etag)
        for field in ["\"x\"", "W/\(etag)", "x", ""] {
            let answer = await ask(service, path, method, key: true, ["If-Match": field])
            #expect(answer.status == .preconditionFailed, "\(field)")
            #expect(answer["type"] == .string("\(TestApp.baseURL)/problems/precondition-failed"))
            #expect(answer.etag == nil)
        }
        for field in [etag, "*", "\"x\", \(etag)"] {
            let answer = await ask(service, path, method, key: true, ["If-Match": field])
            #expect(answer.status == .ok && answer.etag == etag, "\(field)")
        }
        let known = await ask(service, path, method, key: true, ["If-Match": etag, "If-None-Match": etag])
        #expect(known.status == .notModified)
        // RFC 9110, 13.2.2: If-Match is asked first.
        let stale = await ask(service, path, method, key: true, ["If-Match": "\"x\"", "If-None-Match": "*"])
        #expect(stale.status == .preconditionFailed)
    }

    @Test(arguments: ["/health/live", "/health/ready"], [Method.get, .head])
    func conditionsHoldForWhatHasNoTag(path: String, method: Method) async throws {
        let service = try await Self.shared.value
        let wrong = await ask(service, path, method, ["If-Match": "\"x\""])
        #expect(wrong.status == .preconditionFailed)
        #expect(await ask(service, path, method, ["If-Match": "*"]).status == .ok)
        #expect(await ask(service, path, method, ["If-None-Match": "\"x\""]).status == .ok)
        let known = await ask(service, path, method, ["If-None-Match": "*"])
        #expect(known.status == .notModified && known.response.body.isEmpty)
        #expect(known.response.fields["Cache-Control"] == "no-store")
    }

    /// RFC 9110, 13.2.1.
    @Test(arguments: [
        ("/v1/areas/nowhere", Status.notFound), ("/v1/areas?colour=red", .badRequest),
        ("/v1/nothing", .notFound),
        ("/v1/keys", .unauthorized),
    ])
    func conditionsChangeNoOtherRefusal(path: String, status: Status) async throws {
        let service = try await Self.shared.value
        for fields: KeyValuePairs in [["If-Match": "\"x\""], ["If-None-Match": "*"]] {
            #expect(await ask(service, path, .get, fields).status == status)
        }
    }

    /// RFC 9110, 15.4.5.
    @Test(arguments: tagged, [true, false]) func whatIsNotModifiedHasTheFieldsThatCachesNeed(
        path: String, key: Bool
    ) async throws {
        let service = try await Self.shared.value
        for accept in ["application/json", "text/html"] {
            // Twice, as some answers are kept.
            for _ in 1...2 {
                let full = await ask(service, path, key: key, ["Accept": accept])
                guard full.status == .ok, let etag = full.etag else {
                    #expect(full.status == .unauthorized && !key)
                    continue
                }
                let answer = await ask(service, path, key: key, ["Accept": accept, "If-None-Match": etag])
                #expect(answer.status == .notModified && answer.response.body.isEmpty)
                for name in ["ETag", "Cache-Control", "Vary", "API-Version"] {
                    #expect(answer.response.fields[name] != nil, "\(name)")
                    #expect(answer.response.fields[name] == full.response.fields[name], "\(name)")
                }
                #expect(answer.response.trace != nil)
                for name in ["Content-Language", "Content-Type", "Content-Security-Policy", "Location"] {
                    #expect(answer.response.fields[name] == nil, "\(name)")
                }
                #expect(written(answer.response).contains("\r\nDate: "))
                #expect(!written(answer.response).contains("\r\nContent-Length: "))
            }
        }
    }

    /// As it goes over the wire.
    private func written(_ response: Response) -> String {
        var output: [UInt8] = []
        let date = Array("Date: \(HTTPDate.string(secondsSince1970: 0))\r\n".utf8)
        ResponseWriter.append(response, isHead: false, .implied, dateLine: date, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: Writing

    /// What can be posted to each list, besides what `ResourceCase` has.
    private static let others: [(String, JSONValue)] = [
        ("participant-counts", TestApp.count()), ("keys", ["role": "admin", "label": "x"]),
    ]

    @Test(arguments: ResourceCase.all.map { ($0.collection, $0.body) } + others)
    func aPostWithAConditionThatFailsStoresNothing(collection: String, body: JSONValue) async throws {
        let service = try await TestApp.withDigidel2013()
        let before = await service.get(collection, key: TestApp.adminKey).etag
        for fields: KeyValuePairs in [
            ["If-None-Match": "*"], ["If-Match": "\"x\""], ["If-Match": before ?? ""],
            ["If-Match": "*", "If-None-Match": "*"],
        ] {
            let answer = await service.ask(.post, collection, body, fields: fields)
            #expect(answer.status == .preconditionFailed, "\(fields) \(answer.text)")
        }
        #expect(await service.get(collection, key: TestApp.adminKey).etag == before)
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        if collection != "participant-counts" {
            let forbidden = await service.ask(
                .post, collection, body, key: partner, fields: ["If-None-Match": "*"])
            #expect(forbidden.status == .forbidden)
        }
        let created = await service.ask(
            .post, collection, body, fields: ["If-Match": "*", "If-None-Match": "\"x\""])
        #expect(created.status == .created, "\(created.text)")
    }

    @Test func aKeyThatHasChangedIsNotRevoked() async throws {
        let service = try await TestApp.withDigidel2013()
        let key = await service.post("keys", ["role": "admin", "label": "x"]).created
        let etag = try #require(await service.get(key, key: TestApp.adminKey).etag)
        for fields: KeyValuePairs in [
            ["If-Match": "\"x\""], ["If-None-Match": "*"], ["If-None-Match": "W/\(etag)"],
        ] {
            #expect(
                await service.ask(.delete, key, fields: fields).status == .preconditionFailed, "\(fields)")
        }
        #expect(await service.get(key, key: TestApp.adminKey)["revokedAt"] == nil)
        let revoked = await service.ask(.delete, key, fields: ["If-Match": etag, "If-None-Match": "\"x\""])
        #expect(revoked.status == .ok && revoked["revokedAt"] != nil)
    }

    @Test(arguments: ResourceCase.all, [Method.put, .patch])
    func aWriterCanForbidToChangeWhatIsThere(resource: ResourceCase, method: Method) async throws {
        let service = try await resource.serviceWithItem()
        let etag = try #require(await service.get(resource.item).etag)
        for unwanted in ["*", etag, "W/\(etag)", "\"1-en\"", "\"x\", \(etag)"] {
            for wanted in ["*", etag] {
                let answer = await service.ask(
                    method, resource.item, resource.body,
                    fields: ["If-Match": wanted, "If-None-Match": unwanted])
                #expect(answer.status == .preconditionFailed, "\(unwanted)")
            }
        }
        #expect(await service.get(resource.item)["revision"] == 1)
        let changed = await service.ask(
            method, resource.item, resource.body,
            fields: ["If-Match": etag, "If-None-Match": "\"0-sv\", \"2-sv\", \"x\""])
        #expect(changed.status == .ok && changed["revision"] == 2, "\(changed.text)")
    }
}
