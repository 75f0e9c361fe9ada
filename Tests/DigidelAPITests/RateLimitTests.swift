import HTTP
import Postgres
import TestDatabase
import Testing

@testable import DigidelAPI

/// Quotas of keys and addresses (api.md, "Rate limits"), and what becomes of who tries keys.
@Suite struct RateLimitTests {
    private static let areas = "/v1/areas?limit=1"

    /// A service with its quotas; with Digidel2013, since polls are answered from what is kept.
    private func service(perKey: Quota? = nil, perAddress: Quota? = nil) async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        return try service.another(
            caches: Caches(rateLimits: RateLimits(perKey: perKey, perAddress: perAddress)))
    }

    private func request(
        _ target: String = areas, from address: String? = "203.0.113.7", key: String? = nil,
        _ method: Method = .get
    ) -> Request {
        var request = Request(method, target)
        request.remoteAddress = address
        if let key { request.fields.add("Authorization", "Bearer \(key)") }
        return request
    }

    private static let three = Quota(requests: 3, seconds: 60)

    @Test func everyAnswerSaysWhatIsLeft() async throws {
        let service = try await service(perAddress: Self.three)
        for remaining in [2, 1, 0] {
            let answer = await service.app.answer(to: request())
            #expect(answer.status == .ok)
            #expect(
                answer.rateLimit
                    == RateLimit(
                        RateLimit.Policy("address", requests: 3, seconds: 60), remaining: remaining,
                        reset: 60)
            )
        }
        let refused = await service.app.answer(to: request())
        #expect(refused.status == .tooManyRequests)
        #expect(refused.fields["Retry-After"] == "60" && refused.rateLimit?.remaining == 0)
        #expect(refused.fields["Content-Type"] == "application/problem+json")
    }

    @Test func theNextWindowBeginsAnew() async throws {
        let service = try await service(perAddress: Quota(requests: 1, seconds: 60))
        #expect(await service.app.answer(to: request()).status == .ok)
        #expect(await service.app.answer(to: request()).status == .tooManyRequests)
        service.clock.set("2012-06-30T10:00:59Z")
        let late = await service.app.answer(to: request())
        #expect(late.status == .tooManyRequests && late.fields["Retry-After"] == "1")
        service.clock.set("2012-06-30T10:01:00Z")
        #expect(await service.app.answer(to: request()).status == .ok)
    }

    @Test func addressesAndKeysHaveQuotasOfTheirOwn() async throws {
        let service = try await service(perKey: Quota(requests: 2, seconds: 60), perAddress: Self.three)
        let key = try await service.makeKey(.coordinator)
        let other = try await service.makeKey(.coordinator)
        for _ in 1...3 { #expect(await service.app.answer(to: request()).status == .ok) }
        #expect(await service.app.answer(to: request()).status == .tooManyRequests)
        #expect(await service.app.answer(to: request(from: "203.0.113.8")).status == .ok)
        for _ in 1...2 {
            let answer = await service.app.answer(to: request(key: key))
            #expect(answer.status == .ok && answer.rateLimit?.policy.name == "key")
        }
        let refused = await service.app.answer(to: request(from: "203.0.113.9", key: key))
        #expect(refused.status == .tooManyRequests && refused.rateLimit?.policy.name == "key")
        #expect(await service.app.answer(to: request(key: other)).status == .ok)
    }

    @Test func whatIsRefusedOtherwiseCountsToo() async throws {
        let service = try await service(perAddress: Quota(requests: 4, seconds: 60))
        #expect(await service.app.answer(to: request("/v1/nothing")).status == .notFound)
        #expect(await service.app.answer(to: request("/v1/keys")).status == .unauthorized)
        #expect(await service.app.answer(to: request(key: "none")).status == .unauthorized)
        let last = await service.app.answer(to: request("/v1/areas", .delete))
        #expect(last.status == .methodNotAllowed && last.rateLimit?.remaining == 0)
        #expect(await service.app.answer(to: request("/v1/nothing")).status == .tooManyRequests)
    }

    @Test func keptAnswersCountToo() async throws {
        let service = try await service(perAddress: Self.three)
        let poll = request("/v1/goals/digidel2013/progress")
        #expect(await service.app.answer(to: poll).rateLimit?.remaining == 2)
        #expect(service.app.respondAtOnce(to: poll)?.rateLimit?.remaining == 1)
        var known = poll
        known.fields.add("If-None-Match", "*")
        let notModified = try #require(service.app.respondAtOnce(to: known))
        #expect(notModified.status == .notModified && notModified.rateLimit?.remaining == 0)
        #expect(service.app.respondAtOnce(to: poll) == nil)
        #expect(await service.app.respond(to: poll).status == .tooManyRequests)
    }

    @Test func nothingIsDoneBeyondTheQuota() async throws {
        let service = try await service(perKey: Quota(requests: 1, seconds: 60))
        let key = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        #expect(await service.app.answer(to: request(key: key)).status == .ok)
        let count = TestApp.count(["externalId": "one-too-many"])
        #expect(await service.ask(.post, "participant-counts", count, key: key).status == .tooManyRequests)
        #expect(try await service.number("select count(*)::int as number from participant_counts") == 0)
    }

    @Test func probesNeverCount() async throws {
        let service = try await service(perAddress: Quota(requests: 1, seconds: 60))
        for path in ["/health/live", "/health/ready", "/health/live", "/health/ready"] {
            let answer = await service.app.answer(to: request(path))
            #expect(answer.status == .ok && answer.rateLimit == nil)
        }
        let refused = [request("/health/ready", key: "wrong"), request("/health/live", .post)]
        for request in refused {
            let answer = await service.app.answer(to: request)
            #expect(answer.status.rawValue >= 400 && answer.rateLimit == nil)
        }
        #expect(await service.app.answer(to: request()).rateLimit?.remaining == 0)
    }

    @Test func thereIsNoLimitWhenItIsOff() async throws {
        let service = try await service()
        for _ in 1...5 {
            let answer = await service.app.answer(to: request())
            #expect(answer.status == .ok && answer.rateLimit == nil)
        }
    }

    @Test func refusalsAreCountedByTheLimit() async throws {
        let service = try await service(perKey: Self.three, perAddress: Quota(requests: 1, seconds: 60))
        for _ in 1...3 { _ = await service.app.answer(to: request()) }
        #expect(service.app.metrics.snapshot.rare.refusals == [.requestsPerAddress: 2])
    }

    // MARK: Several instances

    @Test func instancesTellEachOtherWhatAClientUses() async throws {
        let quota = Quota(requests: 600, seconds: 3600)
        let first = try await service(perAddress: quota)
        let caches = Caches(rateLimits: RateLimits(perAddress: quota))
        let second = try first.another(caches: caches)
        try await first.whileListening(caches) { () async throws in
            for _ in 1...60 { #expect(await first.app.answer(to: request()).status == .ok) }
            // The notice goes through PostgreSQL; each question counts one too.
            var asked = 0
            #expect(
                try await eventually {
                    asked += 1
                    let remaining = await second.app.answer(to: request()).rateLimit?.remaining
                    try await Task.sleep(for: .milliseconds(500))
                    return remaining == 600 - 60 - asked
                })
        }
    }

    @Test func noticesNameNobody() throws {
        let limits = RateLimits(perAddress: Quota(requests: 1, seconds: 60))
        var notices: [String] = []
        _ = limits.count(request(), by: nil, at: .now) { notices.append($0) }
        let notice = try #require(notices.first)
        #expect(!notice.contains("203.0.113.7"))
        let other = RateLimits(perAddress: Quota(requests: 2, seconds: 60))
        for malformed in ["", "1 2 3 4 5", "x address y z 1", "1 address 99999999999999999999 1 1"] {
            other.received(malformed, at: .now)
        }
        #expect(other.count(request(), by: nil, at: .now) { _ in }?.rateLimit.remaining == 1)
    }

    @Test func whoAsksLittleIsNotToldOf() {
        let counter = RequestCounter("key", .requestsPerKey, Quota(requests: 100, seconds: 60))
        let now = Instant.now
        let notices = (1...100).compactMap { _ in counter.count(7, at: now).notice?.requests }
        #expect(notices == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
        #expect((1...50).allSatisfy { _ in counter.count(7, at: now).notice == nil })
    }

    /// As from an instance whose clock is wrong.
    @Test(arguments: [-1, 1, 60])
    func whatIsToldOfAnotherWindowIsNotCounted(later: Int) {
        let quota = Quota(requests: 100, seconds: 60)
        let counter = RequestCounter("key", .requestsPerKey, quota)
        let now = Instant.now
        let notice = RequestCounter.Notice(window: quota.window(at: now) + later, client: 7, requests: 100)
        counter.add(notice, from: 1, at: now)
        #expect(counter.count(7, at: now).rateLimit.remaining == 99)
        // The next window is a new one all the same.
        let next = now.advanced(microseconds: 60_000_000)
        #expect(counter.count(7, at: next).rateLimit.remaining == 99)
    }

    // MARK: Who tries keys

    @Test func whoTriesManyKeysIsPaused() async throws {
        let service = try await service(perAddress: Quota(requests: 1000, seconds: 60))
        let valid = try await service.makeKey(.coordinator)
        for number in 1...WrongKeys.quota.requests {
            let answer = await service.app.answer(to: request(key: "guess-\(number)"))
            #expect(answer.status == .unauthorized)
        }
        for key in ["guess-21", valid, TestApp.adminKey] {
            let answer = await service.app.answer(to: request(key: key))
            #expect(answer.status == .tooManyRequests && answer.fields["Retry-After"] == "60")
        }
        #expect(service.app.metrics.snapshot.rare.refusals == [.wrongKeys: 3])
        #expect(await service.app.answer(to: request(from: "203.0.113.8", key: valid)).status == .ok)
        #expect(await service.app.answer(to: request()).status == .ok)
        service.clock.set("2012-06-30T10:01:00Z")
        #expect(await service.app.answer(to: request(key: valid)).status == .ok)
    }

    @Test func theSameExpiredKeyAgainAndAgainPausesNobody() async throws {
        let service = try await service(perAddress: Quota(requests: 1000, seconds: 60))
        let valid = try await service.makeKey(.coordinator)
        for _ in 1...50 {
            #expect(await service.app.answer(to: request(key: "expired")).status == .unauthorized)
        }
        #expect(await service.app.answer(to: request(key: valid)).status == .ok)
    }
}
