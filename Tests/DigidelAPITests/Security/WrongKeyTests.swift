import EventLoop
import Foundation
import HTTP
import Postgres
import Synchronization
import Testing

@testable import DigidelAPI

/// A key that is wrong costs the same and is answered the same, whatever is wrong with it (OWASP API2, broken
/// authentication). How many may be tried is in RateLimitTests.
@Suite struct WrongKeyTests {
    /// Passes statements on and keeps their texts.
    private final class Recorder: Queryable {
        let base: any Queryable
        let statements = Mutex<[String]>([])

        init(_ base: any Queryable) { self.base = base }

        func query(_ sql: SQL) async throws(PostgresError) -> Rows {
            statements.withLock { $0.append(sql.text) }
            return try await base.query(sql)
        }
    }

    /// A service with a key that was revoked and one that has expired.
    private static func service() async throws -> (TestApp, secrets: [String]) {
        let service = try await TestApp.withDigidel2013()
        let revoked = await service.post("keys", ["role": "admin", "label": "revoked"])
        let secret = try #require(revoked["secret"]?.string)
        #expect(await service.ask(.delete, revoked.created).status == .ok)
        let expired = await service.post(
            "keys", ["role": "admin", "label": "expired", "expiresAt": "2012-06-30T10:00:01Z"])
        let unknown = String(secret.reversed())
        return (service, [secret, try #require(expired["secret"]?.string), unknown])
    }

    @Test func theSameStatementsAreRunForEachOfThem() async throws {
        let (service, secrets) = try await Self.service()
        var texts: [[String]] = []
        for secret in secrets {
            let recorder = Recorder(service.app.database)
            #expect(try await recorder.caller(secret: secret) == nil)
            texts.append(recorder.statements.withLock { $0 })
        }
        #expect(texts[0].count == 1)
        #expect(texts[0] == texts[1] && texts[0] == texts[2])
        // The secret is a value, and what is looked up is its digest: how much of a guess was right shows nowhere.
        #expect(texts[0][0].contains("digest = sha256(convert_to($1, 'UTF8'))"))
    }

    @Test func theAnswerDoesNotTellWhatIsWrong() async throws {
        let (service, secrets) = try await Self.service()
        for target in ["keys", "areas/se", "participant-counts", "nowhere"] {
            let answers = await [
                service.get(target, key: secrets[0]), service.get(target, key: secrets[1]),
                service.get(target, key: secrets[2]),
                service.get(target, key: String(TestApp.adminKey.dropLast())),
            ]
            for answer in answers {
                #expect(answer.json?.without("instance") == answers[0].json?.without("instance"))
                #expect(answer.response.fields.map(\.name) == answers[0].response.fields.map(\.name))
                #expect(answer.status == (target == "nowhere" ? .notFound : .unauthorized))
            }
        }
    }

    /// Who filled the cache with guesses would push good keys out.
    @Test func wrongKeysAreNotRemembered() async throws {
        let (service, secrets) = try await Self.service()
        for secret in secrets {
            #expect(await service.get("areas/se", key: secret).status == .unauthorized)
            #expect(service.app.caches.keys.value(for: secret, at: .now) == nil)
        }
    }

    /// A program whose key has expired goes on asking; the database is asked once a window.
    @Test func aWrongKeyThatComesAgainIsNotLookedUpAgain() async throws {
        let (service, secrets) = try await Self.service()
        let limits = RateLimits(perAddress: Quota(requests: 1000, seconds: 60))
        let app = try service.another(caches: Caches(rateLimits: limits)).app
        let pool = try #require(app.database as? Pool)
        func lookups() async -> Int { await pool.figures.waits.count }
        func ask(_ secret: String, from address: String) async -> Response {
            var request = Request(.get, "/v1/areas/se", fields: ["Authorization": "Bearer \(secret)"])
            request.remoteAddress = address
            return await app.respond(to: request)
        }
        for _ in 1...5 {
            for secret in secrets {
                #expect(await ask(secret, from: "192.0.2.1").status == .unauthorized)
            }
        }
        #expect(await lookups() == secrets.count)
        _ = await ask(secrets[0], from: "192.0.2.2")
        service.clock.set("2012-06-30T10:01:00Z")
        _ = await ask(secrets[0], from: "192.0.2.1")
        #expect(await lookups() == secrets.count + 2)
    }
}
