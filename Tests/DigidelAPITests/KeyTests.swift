import HTTP
import Postgres
import TestDatabase
import Testing

@testable import DigidelAPI

@Suite struct KeyTests {
    /// Shared by tests that change nothing.
    private static let shared = Task { try await service() }

    private static func service() async throws -> TestApp {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        return service
    }

    @Test func theSecretIsShownOnceAndOnlyItsDigestIsStored() async throws {
        let service = try await Self.service()
        let created = await service.post(
            "keys", ["role": "partner", "organisation": "motala-bibliotek", "label": "Bibliotekssystemet"])
        #expect(created.status == .created, "\(created.text)")
        let secret = try #require(created["secret"]?.string)
        #expect(secret.count > 40)
        #expect(created.location == "\(TestApp.baseURL)/keys/\(created["id"]?.string ?? "")")
        #expect(created.response.fields["Cache-Control"] == "no-store")
        let answers = [
            await service.get(created.created, key: TestApp.adminKey),
            await service.get("keys", key: TestApp.adminKey),
            await service.ask(.delete, created.created),
        ]
        for answer in answers {
            #expect(answer.status == .ok)
            #expect(answer.text.contains("Bibliotekssystemet"))
            #expect(!answer.text.contains(secret))
        }
        // In no column of the table, in whatever form it shows.
        let rows = try await service.number(
            "select count(*) as number from keys where position(\(secret) in keys::text) > 0")
        #expect(rows == 0)
        let digests = try await service.number(
            "select count(*) as number from keys where digest = sha256(\(secret)::bytea)")
        #expect(digests == 1)
    }

    /// Until the revocation is committed, any request still finds the key good and remembers it.
    @Test func aKeyIsForgottenWhenItsRevocationIsCommitted() async throws {
        let service = try await Self.service()
        let caller = Caller(key: nil, role: .coordinator, organisation: nil)
        let keys = service.app.caches.keys
        try await service.app.transaction { app in
            app.keysChanged()
            _ = try await keys.values(for: ["secret"]) { _ in [("secret", caller)] }
        }
        #expect(keys.value(for: "secret", at: .now) == nil)
    }

    @Test func everySecretIsAnother() async throws {
        let service = try await Self.shared.value
        var secrets: Set<String> = []
        for _ in 1...10 { secrets.insert(try await service.makeKey(.coordinator)) }
        #expect(secrets.count == 10)
    }

    @Test func aKeyComesBackAsItWasGiven() async throws {
        let service = try await Self.service()
        let created = await service.post(
            "keys",
            [
                "role": "coordinator", "organisation": "motala-bibliotek", "label": "Kansliet",
                "expiresAt": "2031-01-01T12:30:00+01:00",
            ])
        let read = await service.get(created.created, key: TestApp.adminKey)
        #expect(read.json == created.json?.without("secret"))
        #expect(read["expiresAt"] == "2031-01-01T11:30:00Z")
        #expect(read["revokedAt"] == nil)
        #expect(read["lastUsedAt"] == nil)
        #expect(await service.get("keys/42", key: TestApp.adminKey).status == .notFound)
        let missing = "keys/0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e"
        #expect(await service.get(missing, key: TestApp.adminKey).status == .notFound)
        #expect(await service.ask(.delete, missing).status == .notFound)
        #expect(await service.ask(.delete, "keys/42").status == .notFound)
    }

    @Test(
        arguments: [
            (["role": "partner", "label": "x"], ["/organisation": "unknownOrganisation"]),
            (
                ["role": "admin", "organisation": "nobody", "label": "Eva, 070-123 45 67"],
                ["/organisation": "unknownOrganisation", "/label": "personalData"]
            ),
        ] as [(JSONValue, [String: String])])
    func rulesAreKept(body: JSONValue, faults: [String: String]) async throws {
        let service = try await Self.shared.value
        let answer = await service.post("keys", body)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.faults == faults)
    }

    @Test func aNewKeyExpiresInTheFuture() async throws {
        let service = try await Self.shared.value
        for instant in [TestApp.now, "2012-06-30T09:59:59Z"] {
            let answer = await service.post(
                "keys", ["role": "admin", "label": "x", "expiresAt": .string(instant)])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.faults.keys.sorted() == ["/expiresAt"])
        }
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "keys",
            [
                "role": "owner", "organisation": "X", "label": "", "expiresAt": "soon", "secret": "chosen",
                "id": "0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e",
            ])
        #expect(answer.status == .badRequest)
        let pointers = ["/expiresAt", "/id", "/label", "/organisation", "/role", "/secret"]
        #expect(answer.faults.keys.sorted() == pointers)
        let empty = await service.post("keys", [:])
        #expect(empty.faults == ["/role": "malformed", "/label": "malformed"])
        let long = await service.post(
            "keys", ["role": "admin", "label": .string(String(repeating: "x", count: 121))])
        #expect(long.faults == ["/label": "malformed"])
    }

    /// The database's clock decides; the test's is at an earlier time.
    @Test func anExpiredKeyIsRefused() async throws {
        let service = try await Self.service()
        let created = await service.post(
            "keys", ["role": "coordinator", "label": "x", "expiresAt": "2012-06-30T10:00:01Z"])
        let secret = try #require(created["secret"]?.string)
        #expect(await service.get("participant-counts", key: secret).status == .unauthorized)
        try await service.asOwner("update keys set expires_at = now() + interval '1 hour'")
        #expect(await service.get("participant-counts", key: secret).status == .ok)
    }

    @Test func aRevokedKeyIsRefusedAtOnce() async throws {
        let service = try await Self.service()
        let created = await service.post("keys", ["role": "coordinator", "label": "x"])
        let secret = try #require(created["secret"]?.string)
        #expect(await service.get("areas/se", key: secret).status == .ok)
        let revoked = await service.ask(.delete, created.created)
        #expect(revoked.status == .ok)
        #expect(revoked["revokedAt"] != nil)
        #expect(await service.get("participant-counts", key: secret).status == .unauthorized)
        #expect(await service.get("areas/se", key: secret).status == .unauthorized)
        // Once revoked it stays so, since then.
        let again = await service.ask(.delete, created.created)
        #expect(again.status == .ok)
        #expect(again["revokedAt"] == revoked["revokedAt"])
    }

    @Test(.timeLimit(.minutes(5))) func anotherInstanceHearsOfARevocation() async throws {
        let service = try await Self.service()
        let created = await service.post("keys", ["role": "coordinator", "label": "x"])
        let secret = try #require(created["secret"]?.string)
        let caches = Caches()
        let other = try service.another(caches: caches)
        try await service.whileListening(caches) { () async throws in
            #expect(await other.get("areas/se", key: secret).status == .ok)
            #expect(await service.ask(.delete, created.created).status == .ok)
            // Sooner than the second after which a key is asked for again.
            #expect(try await eventually { caches.keys.value(for: secret, at: .now) == nil })
            #expect(await other.get("areas/se", key: secret).status == .unauthorized)
        }
    }

    /// On a route that needs none as well.
    @Test(arguments: [
        "Bearer wrong", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "the-admin-key-of-the-tests-0123456789",
        "Bearer the-admin-key-of-the-tests-012345678", "Bearer the-admin-key-of-the-tests-0123456789x",
        "Bearer a b", "Bearer \u{e5}", "",
    ])
    func aKeyThatIsSentMustBeValid(field: String) async throws {
        let service = try await Self.shared.value
        for target in ["areas/se", "goals", "api-info", "keys"] {
            let answer = await service.get(target, fields: ["Authorization": field])
            #expect(answer.status == .unauthorized, "\(target)")
            #expect(answer.response.fields["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        }
    }

    @Test(arguments: ["bearer", "Bearer", "BEARER", "Bearer  "])
    func theSchemesNameIsOfAnyCase(scheme: String) async throws {
        let service = try await Self.shared.value
        let answer = await service.get("keys", fields: ["Authorization": "\(scheme) \(TestApp.adminKey)"])
        #expect(answer.status == .ok)
    }

    @Test func useIsNoted() async throws {
        let service = try await Self.service()
        let secret = try await service.makeKey(.coordinator)
        #expect(await service.get("areas/se", key: secret).status == .ok)
        let recent = try await service.number(
            "select count(*) as number from keys where last_used_at > now() - interval '1 minute'")
        #expect(recent == 1)
        #expect(await service.get("keys", key: TestApp.adminKey)["items", 0, "lastUsedAt"] != nil)
    }

    @Test(arguments: [(Role.partner, false), (.coordinator, false), (.admin, true)])
    func onlyAdminsManageKeys(role: Role, isAllowed: Bool) async throws {
        let service = try await Self.service()
        let key = try await service.makeKey(role, organisation: "motala-bibliotek")
        let listed = await service.get("keys", key: key)
        #expect(listed.status == (isAllowed ? .ok : .forbidden))
        let created = await service.post("keys", ["role": "admin", "label": "x"], key: key)
        #expect(created.status == (isAllowed ? .created : .forbidden))
        let id = try #require(await service.get("keys", key: TestApp.adminKey)["items", 0, "id"]?.string)
        #expect(await service.get("keys/\(id)", key: key).status == (isAllowed ? .ok : .forbidden))
        #expect(await service.ask(.delete, "keys/\(id)", key: key).status == (isAllowed ? .ok : .forbidden))
    }

    /// Admins may do what coordinators may, for any organisation.
    @Test func rolesAreCumulative() async throws {
        let service = try await Self.service()
        try await service.makeDigidel2013()
        for role in [Role.coordinator, .admin] {
            let key = try await service.makeKey(role)
            let report = TestApp.count(["externalId": .string("by-\(role)")])
            #expect(await service.post("participant-counts", report, key: key).status == .created)
            let series = await service.post("campaign-series", ["name": .string("By \(role)")], key: key)
            #expect(series.status == .created)
        }
    }
}
