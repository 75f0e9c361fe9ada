import HTTP
import TestDatabase
import Testing

@testable import DigidelAPI

/// Polls of a goal's progress, which are answered from what is kept (docs/http.md).
@Suite struct PollTests {
    private static let progress = "goals/digidel2013/progress"

    private func poll(_ fields: KeyValuePairs<String, String> = [:], _ method: Method = .get) -> Request {
        var request = Request(method, "/v1/\(Self.progress)")
        for (name, value) in fields { request.fields.add(name, value) }
        return request
    }

    @Test func theSecondPollIsAnsweredAtOnceAsTheFirstWas() async throws {
        let service = try await TestApp.withDigidel2013()
        #expect(service.app.respondAtOnce(to: poll()) == nil)
        let first = await service.app.respond(to: poll())
        let second = try #require(service.app.respondAtOnce(to: poll()))
        #expect(second.status == .ok && second.body == first.body)
        for (name, value) in first.fields {
            #expect(second.fields[name] == value, "\(name)")
        }
        #expect(second.fields.count == first.fields.count)
        #expect(second.trace != nil && second.trace != first.trace)
        let etag = try #require(first.fields["ETag"])
        for known in [etag, "W/\(etag)", "\"x\", \(etag)", "*"] {
            let answer = try #require(service.app.respondAtOnce(to: poll(["If-None-Match": known])))
            #expect(answer.status == .notModified && answer.body.isEmpty)
            #expect(answer.fields["ETag"] == etag && answer.fields["Content-Type"] == nil)
        }
        #expect(service.app.respondAtOnce(to: poll(["If-None-Match": "\"x\""]))?.status == .ok)
        #expect(service.app.respondAtOnce(to: poll([:], .head))?.body == first.body)
        #expect(service.app.respondAtOnce(to: poll(["If-Match": "\"x\""])) == nil)
        #expect(await service.app.respond(to: poll(["If-Match": "\"x\""])).status == .preconditionFailed)
    }

    @Test func onlyPlainPublicPollsAreAnsweredAtOnce() async throws {
        let service = try await TestApp.withDigidel2013()
        #expect(await service.get(Self.progress).status == .ok)
        #expect(service.app.respondAtOnce(to: poll(["Authorization": "Bearer x"])) == nil)
        #expect(service.app.respondAtOnce(to: poll(["Accept-Language": "en"])) == nil)
        #expect(service.app.respondAtOnce(to: Request(.get, "/v1/\(Self.progress)?on=2012-06-30")) == nil)
        #expect(service.app.respondAtOnce(to: Request(.post, "/v1/\(Self.progress)")) == nil)
        #expect(await service.get("\(Self.progress)?lang=all").status == .ok)
        #expect(await service.get(Self.progress, key: TestApp.adminKey).status == .ok)
        let kept = try #require(service.app.respondAtOnce(to: poll()))
        #expect(kept.fields["Cache-Control"] == "public, no-cache")
    }

    @Test func whoHasPostedSeesItInTheNextPoll() async throws {
        let service = try await TestApp.withDigidel2013()
        for number in 1...5 {
            #expect(await service.get(Self.progress)["value"]?.integer == (number - 1) * 42)
            #expect(service.app.respondAtOnce(to: poll()) != nil)
            let count = TestApp.count(["externalId": .string("report-\(number)")])
            #expect(await service.post("participant-counts", count).status == .created)
            #expect(service.app.respondAtOnce(to: poll()) == nil)
        }
    }

    @Test func changesOfGoalAndCampaignAreSeenInTheNextPoll() async throws {
        let service = try await TestApp.withDigidel2013()
        #expect(await service.get(Self.progress)["target"] == 500_000)
        #expect(await service.patch("goals/digidel2013", ["target": 600_000]).status == .ok)
        #expect(await service.get(Self.progress)["target"] == 600_000)
        let before = try #require(await service.get(Self.progress)["version"]?.integer)
        #expect(await service.patch("campaigns/digidel2013", ["name": "Digidel"]).status == .ok)
        #expect(try #require(await service.get(Self.progress)["version"]?.integer) > before)
    }

    /// The clock stands still, so that it can only be the notice.
    @Test(.timeLimit(.minutes(5))) func anotherInstanceHearsOfACount() async throws {
        let service = try await TestApp.withDigidel2013()
        let caches = Caches()
        let other = try service.another(caches: caches)
        try await service.whileListening(caches) { () async throws in
            #expect(await other.get(Self.progress)["value"] == 0)
            #expect(await service.post("participant-counts", TestApp.count()).status == .created)
            #expect(try await eventually { await other.get(Self.progress)["value"] == 42 })
        }
    }

    @Test func nothingIsKeptOverMidnight() async throws {
        let service = try await TestApp.withDigidel2013()
        // 23:59:54 and 23:59:56 in Stockholm.
        service.clock.set("2012-06-30T21:59:54Z")
        #expect(await service.get(Self.progress).status == .ok)
        #expect(service.app.respondAtOnce(to: poll()) != nil)
        service.clock.set("2012-06-30T21:59:56Z")
        #expect(await service.app.respond(to: poll()).status == .ok)
        service.clock.set("2012-06-30T21:59:59Z")
        #expect(service.app.respondAtOnce(to: poll()) == nil)
        #expect(await service.get(Self.progress)["on"] == "2012-06-30")
        service.clock.set("2012-06-30T22:00:00Z")
        #expect(service.app.respondAtOnce(to: poll()) == nil)
        #expect(await service.get(Self.progress)["on"] == "2012-07-01")
    }
}
