import Foundation
import HTTP
import HTTPServer
import Postgres
import TestDatabase
import Testing

@testable import DigidelAPI

/// Live streams of a goal's progress, from the socket to the database.
@Suite struct ProgressStreamTests {
    private static let progress = "goals/digidel2013/progress"

    private func report(_ value: Int, _ id: String, to service: TestApp) async throws {
        let count = TestApp.count(["value": .exactly("\(value)"), "externalId": .string(id)])
        let answer = await service.post("participant-counts", count)
        guard answer.status == .created else { throw TestApp.Unexpected(answer) }
    }

    // MARK: Events

    @Test(.timeLimit(.minutes(5))) func theFirstEventIsWhatAPollGets() async throws {
        try await TestApp.withDigidel2013().serving { service, port, _ in
            for fields: KeyValuePairs in [["Accept-Language": "en"], [:]] {
                let stream = try EventStream(port, fields: fields)
                #expect(try await stream.receives { $0.events.count == 1 })
                let poll = await service.get(Self.progress, fields: fields)
                let event = EventStream.Event(id: "2", name: "progress", data: poll.text)
                #expect(stream.events == [event])
                #expect(poll["version"] == 2 && !poll.text.contains("\n"))
                for line in [
                    "Content-Type: text/event-stream", "Cache-Control: no-store", "X-Accel-Buffering: no",
                    "API-Version: \(APIInfo.version)", "Transfer-Encoding: chunked",
                    "Content-Language: \(fields.first?.value ?? "sv")",
                ] {
                    #expect(stream.head.contains(line), "\(line)")
                }
                #expect(stream.body.contains(#/^retry: [2-5]\d{3}\n\n/#))
            }
            let every = try EventStream(port, "/v1/\(Self.progress)/stream?lang=all")
            #expect(try await every.receives { $0.events.count == 1 })
            #expect(every.events[0].json?["name"] == ["sv": "500 000 fler"])
            #expect(!every.head.contains("Content-Language"))
        }
    }

    @Test(.timeLimit(.minutes(5))) func aChangeIsToldToAll() async throws {
        try await TestApp.withDigidel2013().serving { service, port, _ in
            let streams = [
                try EventStream(port), try EventStream(port, fields: ["Accept-Language": "nb"]),
                try EventStream(port, key: TestApp.adminKey), try EventStream(port, version: "1.0"),
            ]
            for stream in streams { #expect(try await stream.receives(value: 0)) }
            #expect(service.streams.clientCount == 4)
            // The key sees drafts, so that it has a feed of its own.
            #expect(service.streams.feedCount == 3)
            for number in 1...3 {
                try await report(42, "report-\(number)", to: service)
                for stream in streams { #expect(try await stream.receives(value: 42 * number)) }
            }
            for stream in streams {
                #expect(stream.events.map(\.id) == ["2", "3", "4", "5"])
                #expect(stream.events.map(\.value) == [0, 42, 84, 126])
            }
            #expect(await service.patch("goals/digidel2013", ["target": 400_000]).status == .ok)
            #expect(try await streams[0].receives { $0.events.last?.json?["target"] == 400_000 })
        }
    }

    @Test(.timeLimit(.minutes(5))) func anotherInstancesCountIsTold() async throws {
        let poster = try await TestApp.withDigidel2013()
        try await poster.serving { service, port, _ in
            try await poster.whileListening(service.app.caches) { () async throws in
                let stream = try EventStream(port)
                #expect(try await stream.receives(value: 0))
                try await report(42, "there", to: poster)
                #expect(try await stream.receives(value: 42))
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func aChangeThatNobodyTellsOfIsFound() async throws {
        let poster = try await TestApp.withDigidel2013()
        try await poster.serving({ $0.rereads = .milliseconds(50) }) { service, port, _ in
            let stream = try EventStream(port)
            #expect(try await stream.receives(value: 0))
            try await report(42, "there", to: poster)
            #expect(try await stream.receives(value: 42))
        }
    }

    @Test(.timeLimit(.minutes(5))) func midnightIsToldAlthoughTheVersionStays() async throws {
        let service = try await TestApp.withDigidel2013(at: "2012-06-30T21:59:59Z")
        try await service.serving({ $0.rereads = .milliseconds(50) }) { service, port, _ in
            let stream = try EventStream(port)
            #expect(try await stream.receives { $0.events.last?.json?["on"] == "2012-06-30" })
            service.clock.set("2012-06-30T22:00:00Z")
            #expect(try await stream.receives { $0.events.last?.json?["on"] == "2012-07-01" })
            #expect(stream.events.map(\.id) == ["2", "2"])
        }
    }

    @Test(.timeLimit(.minutes(5))) func manyChangesAreToldTogetherAndTheLastStateAlways() async throws {
        try await TestApp.withDigidel2013().serving({ $0.events = .milliseconds(400) }) { service, port, _ in
            let stream = try EventStream(port)
            #expect(try await stream.receives(value: 0))
            let began = ContinuousClock.now
            for number in 1...30 { try await report(1, "report-\(number)", to: service) }
            #expect(try await stream.receives(value: 30))
            let most = Int((ContinuousClock.now - began) / .milliseconds(400)) + 2
            #expect(stream.events.count - 1 <= most)
        }
    }

    @Test(.timeLimit(.minutes(5))) func quietStreamsAreKeptAliveByComments() async throws {
        try await TestApp.withDigidel2013().serving({ $0.heartbeat = .milliseconds(30) }) {
            service, port, _ in
            let streams = [try EventStream(port), try EventStream(port)]
            for stream in streams {
                #expect(
                    try await stream.receives {
                        $0.body.components(separatedBy: ": still here\n\n").count > 4
                    })
                #expect(stream.events.count == 1)
            }
        }
    }

    // MARK: Coming back

    @Test(.timeLimit(.minutes(5))) func whoHasTheVersionIsToldTheNext() async throws {
        try await TestApp.withDigidel2013().serving { service, port, _ in
            let current = try EventStream(port, fields: ["Last-Event-ID": "2"])
            let others = try ["1", "3", "02", "+2", "x", "2, 2", "\"2\""].map {
                try EventStream(port, fields: ["Last-Event-ID": $0])
            }
            for stream in others { #expect(try await stream.receives { $0.events.map(\.id) == ["2"] }) }
            #expect(try await current.receives { $0.body.hasPrefix("retry: ") })
            #expect(current.events.isEmpty)
            try await report(42, "new", to: service)
            #expect(try await current.receives { $0.events.map(\.id) == ["3"] })
        }
    }

    /// The version that was made long ago (by the database's clock, which is the real one) was told yesterday too.
    @Test(.timeLimit(.minutes(5))) func whoHasYesterdaysEventIsToldTodays() async throws {
        try await TestApp.withDigidel2013(at: "2150-01-01T10:00:00Z").serving { service, port, _ in
            let stream = try EventStream(port, fields: ["Last-Event-ID": "2"])
            #expect(try await stream.receives { $0.events.map(\.id) == ["2"] })
        }
    }

    @Test(.timeLimit(.minutes(5))) func aClientThatGoesLeavesNothingBehind() async throws {
        try await TestApp.withDigidel2013().serving(perKey: 1) { service, port, server in
            for _ in 0..<2 {
                let stream = try EventStream(port, key: TestApp.adminKey)
                #expect(try await stream.receives(value: 0))
                #expect(service.streams.clientCount == 1 && service.streams.feedCount == 1)
                stream.close()
                #expect(try await eventually { server.connectionCount == 0 })
                #expect(service.streams.clientCount == 0 && service.streams.feedCount == 0)
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func streamsSurviveTheDatabase() async throws {
        let service = try await TestApp.withDigidel2013()
        let name: String = try #require(
            await service.app.database.query("select current_database() as name").first?.get("name"))
        func allowConnections(_ allowed: Bool) async throws {
            let admin = try await Connection.connect(
                ConnectionSettings(url: TestCluster.shared.url, connectTimeout: .seconds(60)),
                on: TestDatabase.lane)
            try await admin.script("alter database \(name) allow_connections \(allowed)")
            if !allowed {
                try await admin.script(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = '\(name)'")
            }
            await admin.close()
        }
        try await service.serving({ $0.rereads = .milliseconds(50) }) { service, port, _ in
            let stream = try EventStream(port)
            #expect(try await stream.receives(value: 0))
            try await allowConnections(false)
            #expect(
                try await eventually { await service.get("goals/digidel2013").status == .serviceUnavailable })
            try await allowConnections(true)
            #expect(try await eventually { await service.get("goals/digidel2013").status == .ok })
            #expect(!stream.hasEnded && stream.events.count == 1)
            try await report(42, "after", to: service)
            #expect(try await stream.receives(value: 42))
        }
    }

    @Test(.timeLimit(.minutes(5))) func drainingEndsStreamsAtOnce() async throws {
        try await TestApp.withDigidel2013().serving { service, port, server in
            let streams = try (0..<5).map { _ in try EventStream(port) }
            for stream in streams { #expect(try await stream.receives(value: 0)) }
            await server.drain(within: .seconds(60))
            for stream in streams {
                #expect(try await stream.receives { $0.hasEnded })
                #expect(stream.text.hasSuffix("\n\n\r\n0\r\n\r\n"))
            }
            #expect(service.streams.clientCount == 0)
        }
    }

    // MARK: Who may

    @Test func refusalsAreThoseOfPolls() async throws {
        let service = try await TestApp.withDigidel2013()
        let stream = "\(Self.progress)/stream"
        #expect(await service.get("goals/nowhere/progress/stream").status == .notFound)
        #expect(await service.get(stream, key: "wrong").status == .unauthorized)
        #expect(await service.get("\(stream)?on=2012-06-30").faults == ["on": "malformed"])
        #expect(await service.get("\(stream)?lang=sv").faults == ["lang": "malformed"])
        #expect(await service.get(stream, fields: ["If-Match": "\"1\""]).status == .preconditionFailed)
        #expect(await service.post(stream, [:]).status == .methodNotAllowed)
        #expect(service.streams.clientCount == 0)
    }

    @Test(.timeLimit(.minutes(5))) func draftsAreStreamedToCoordinatorsUntilKeysChange() async throws {
        let service = try await TestApp.withDigidel2013()
        let campaign = await service.post(
            "campaigns",
            [
                "id": "draft", "name": "Draft", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["newlyIncluded"],
                "draft": .bool(true),
            ])
        #expect(campaign.status == .created, "\(campaign.text)")
        let goal = await service.post(
            "goals",
            [
                "id": "draft", "name": "Draft", "campaign": "draft", "kind": "contribution",
                "measure": "newlyIncluded", "target": 10,
            ])
        #expect(goal.status == .created, "\(goal.text)")
        let made = await service.post("keys", ["role": "coordinator", "label": "test"])
        let key = try #require(made["secret"]?.string)
        try await service.serving { service, port, _ in
            let path = "/v1/goals/draft/progress/stream"
            let hidden = try EventStream(port, path)
            #expect(try await hidden.receives { $0.status == 404 })
            let (draft, shown) = (try EventStream(port, path, key: key), try EventStream(port))
            #expect(try await draft.receives(value: 0))
            #expect(try await shown.receives(value: 0))
            #expect(await service.ask(.delete, made.created).status == .ok)
            #expect(try await draft.receives { $0.hasEnded })
            #expect(draft.text.hasSuffix("\r\n0\r\n\r\n") && !shown.hasEnded)
        }
    }

    // MARK: How many

    @Test(.timeLimit(.minutes(5))) func aKeyHasAsManyStreamsAsOneMay() async throws {
        let service = try await TestApp.withDigidel2013()
        let key = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        try await service.serving(perKey: 2) { service, port, _ in
            let streams = try (0..<2).map { _ in try EventStream(port, key: key) }
            for stream in streams { #expect(try await stream.receives(value: 0)) }
            let third = try EventStream(port, key: key)
            #expect(try await third.receives { $0.text.contains("too-many-requests") })
            #expect(third.status == 429 && third.head.contains("\r\nRetry-After: "))
            #expect(third.head.contains("\r\nContent-Type: application/problem+json"))
            // Others are not concerned.
            for key in [nil, TestApp.adminKey] {
                let other = try EventStream(port, key: key)
                #expect(try await other.receives(value: 0))
            }
            streams[0].close()
            #expect(try await eventually { service.streams.clientCount == 3 })
            let fourth = try EventStream(port, key: key)
            #expect(try await fourth.receives(value: 0))
        }
    }

    @Test(.timeLimit(.minutes(5))) func anAddressHasAsManyStreamsAsOneMayAndTheServiceToo() async throws {
        var limits = Limits()
        limits.streamsPerAddress = 1
        limits.streams = 2
        limits.trustedProxies = try #require(TrustedProxies("127.0.0.1"))
        try await TestApp.withDigidel2013().serving(limits: limits) { service, port, _ in
            func stream(for client: String) throws -> EventStream {
                try EventStream(port, fields: ["X-Forwarded-For": client])
            }
            let first = try stream(for: "192.0.2.1")
            #expect(try await first.receives(value: 0))
            let again = try stream(for: "192.0.2.1")
            #expect(try await again.receives { $0.text.contains("too-many-requests") })
            #expect(again.status == 429 && again.head.contains("\r\nRetry-After: "))
            // The proxy itself is not counted.
            let second = try EventStream(port)
            #expect(try await second.receives(value: 0))
            let third = try stream(for: "192.0.2.2")
            #expect(try await third.receives { $0.text.contains("unavailable") })
            #expect(third.status == 503 && third.head.contains("\r\nRetry-After: "))
            #expect(service.streams.clientCount == 2)
        }
    }

    @Test(.timeLimit(.minutes(5))) func headTakesNoPlace() async throws {
        try await TestApp.withDigidel2013().serving(perKey: 1) { service, port, _ in
            for _ in 0..<3 {
                let stream = try EventStream(port, method: "HEAD", key: TestApp.adminKey)
                #expect(try await stream.receives { $0.text.hasSuffix("\r\n\r\n") })
                #expect(stream.status == 200 && stream.head.contains("text/event-stream"))
            }
            #expect(service.streams.clientCount == 0)
        }
    }
}
