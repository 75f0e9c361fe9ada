import Foundation
import HTTP
import HTTPServer
import Postgres
import Synchronization
import TestDatabase
import Testing

@testable import DigidelAPI

/// What people send is nowhere in the log, at its most talkative, whatever becomes of the request.
@Suite struct LogSecrecyTests {
    private static let secrets = ["19121212-1212", "hemlig", "anna@example.se"]

    /// A service that logs all there is, and the log.
    private func makeService() async throws -> (service: TestApp, log: @Sendable () -> [String]) {
        let service = try await TestApp.withDigidel2013()
        let lines = LogLines()
        let config = try Config(environment: [
            "PUBLIC_URL": TestApp.baseURL, "DIGIDEL_ADMIN_KEY": TestApp.adminKey,
        ])
        let clock = service.clock
        let app = App(
            database: Pool(
                ConnectionSettings(url: service.url, connectTimeout: .seconds(60)), limit: 4,
                acquireTimeout: .seconds(60), on: TestDatabase.lane),
            config: config, caches: Caches(), log: Log(level: .debug) { lines.add($0) },
            clock: { clock.now })
        return (TestApp(app: app, clock: clock, url: service.url, ownerURL: service.ownerURL), { lines.all })
    }

    /// Sends a request as the server does, so that it is logged.
    private func send(_ request: Request, to app: App) async -> Response {
        var request = request
        request.remoteAddress = "192.0.2.77"
        if !request.body.isEmpty, case .refused(let answer) = app.admit(request) {
            app.finished(request, answer, duration: .zero)
            return answer
        }
        let answer = await app.answer(to: request)
        app.finished(request, answer, duration: .zero)
        return answer
    }

    private func request(
        _ method: Method, _ target: String, body: String = "", key: String? = TestApp.adminKey
    ) -> Request {
        var request = Request(method, target, body: Array(body.utf8))
        if let key { request.fields.add("Authorization", "Bearer \(key)") }
        if !body.isEmpty { request.fields.add("Content-Type", "application/json") }
        for name in [
            "Cookie", "Referer", "User-Agent", "X-Forwarded-For", "If-None-Match", "Accept-Language",
        ] {
            request.fields.add(name, "hemlig")
        }
        return request
    }

    @Test func secretsInEveryPlaceStayOutOfTheLog() async throws {
        let (service, log) = try await makeService()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let before = log().count
        var sent = 0
        for secret in Self.secrets {
            let inPath = secret.replacing("@", with: "%40")
            var plain = request(.put, "/v1/organisations/\(inPath)", body: "{}")
            plain.fields["Content-Type"] = "text/plain"
            var conditional = request(.post, "/v1/campaigns/\(inPath)/lock")
            conditional.fields.add("If-Match", "*")
            let requests = [
                plain, conditional, request(.patch, "/v1/organisations/\(inPath)", body: "{}"),
                request(.get, "/v1/organisations/\(inPath)"), request(.get, "/\(inPath)"),
                request(.get, "/v1/goals?q=\(inPath)"), request(.get, "/v1/organisations?\(inPath)=1"),
                request(.get, "/v1/goals", key: secret), request(.post, "/v1/\(inPath)", body: "{}"),
                request(.put, "/v1/organisations/\(inPath)", body: "{}", key: nil),
                request(.delete, "/v1/keys/\(inPath)"), request(.options, "/v1/organisations/\(inPath)"),
                request(.post, "/v1/participant-counts", body: "{\"note\": \"\(secret)\"}"),
                request(.post, "/v1/participant-counts", body: secret),
                request(.post, "/v1/organisations", body: "{\"id\": \"\(secret)\"}", key: partner),
                request(.post, "/v1/participant-counts/batch?mode=\(inPath)", body: "[\"\(secret)\"]"),
            ]
            for request in requests {
                _ = await send(request, to: service.app)
                sent += 1
            }
        }
        let lines = Array(log().dropFirst(before))
        #expect(lines.count == sent)
        for secret in Self.secrets + ["%40", "192.0.2.77", "Bearer", partner, TestApp.adminKey, "?"] {
            #expect(!lines.contains { $0.contains(secret) }, "\(secret)")
        }
    }

    @Test func anErrorOfTheDatabaseIsLoggedWithoutValues() async throws {
        let (service, log) = try await makeService()
        // The service never lets this happen; the log has to hold even so.
        let failures: [SQL] = [
            "select \("hemlig")::text::integer as x", "select \("hemlig")::text::uuid as x",
            "select \("hemlig")::text::jsonb as x", "select \("hemlig")::text::date as x",
            "insert into areas select * from areas where id = \("se")",
            "update organisations set id = \("hemlig hemlig") where true",
            "insert into organisations (id, area) values (\("hemlig"), \("hemlig"))",
        ]
        for sql in failures {
            let error = await #expect(throws: PostgresError.self) {
                try await service.app.database.query(sql)
            }
            _ = service.app.response(to: try #require(error), Trace(continuing: nil))
        }
        let lines = log()
        #expect(!lines.contains { $0.contains("hemlig") }, "\(lines)")
        #expect(
            lines.contains { $0.contains("22P02") && $0.contains("invalid input syntax for type uuid …") })
    }

    @Test func theKeyIsLoggedByItsIDAndTheCauseByItsTrace() async throws {
        let (service, log) = try await makeService()
        let answer = await service.post("keys", ["role": "coordinator", "label": "test"])
        let id = try #require(answer["id"]?.string)
        let secret = try #require(answer["secret"]?.string)
        _ = await send(request(.get, "/v1/organisations/motala-bibliotek", key: secret), to: service.app)
        _ = await send(request(.get, "/v1/organisations/motala-bibliotek"), to: service.app)
        let owner = try await Connection.connect(
            ConnectionSettings(url: service.ownerURL, connectTimeout: .seconds(60)), on: TestDatabase.lane)
        try await owner.execute("alter table organisations rename to elsewhere")
        await owner.close()
        let failed = await send(request(.get, "/v1/organisations/motala-bibliotek"), to: service.app)
        let lines = log()
        #expect(
            lines.contains { $0.contains("\"keyId\":\"\(id)\"") && $0.contains("/v1/organisations/{id}") })
        #expect(lines.contains { $0.contains("\"keyId\":\"DIGIDEL_ADMIN_KEY\"") })
        #expect(failed.status == .internalServerError)
        let trace = try #require(failed.trace).traceID
        #expect(lines.count { $0.contains(trace) } == 2)
        #expect(lines.contains { $0.contains(trace) && $0.contains("42P01") && $0.contains("\"error\"") })
    }
}

/// Collects the lines of a log.
private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
}
