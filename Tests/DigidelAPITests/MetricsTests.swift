import EventLoop
import Foundation
import HTTP
import HTTPServer
import Postgres
import Synchronization
import TestDatabase
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@testable import DigidelAPI

@Suite struct MetricsTests {
    private func exposition(_ source: MetricsSource, accept: String? = nil) async throws -> [String] {
        let responder = MetricsResponder(source)
        var request = Request(.get, "/metrics")
        if let accept { request.fields.add("Accept", accept) }
        #expect(responder.respondAtOnce(to: request) == nil)
        let answer = await responder.respond(to: request)
        #expect(answer.status == .ok)
        let format = OpenMetrics.Format.accepted(by: accept)
        #expect(answer.fields["Content-Type"] == format.contentType)
        let text = String(decoding: answer.body, as: UTF8.self)
        if format == .openMetrics { try OpenMetricsReader.check(text) }
        return text.split(separator: "\n").map(String.init)
    }

    private func source(_ lanes: LaneMetrics...) -> MetricsSource {
        MetricsSource(lanes: lanes, streams: ProgressStreams())
    }

    // MARK: Requests

    @Test func requestsAreCountedByEndpointAndStatus() async throws {
        let service = try await TestApp.make()
        for request in [
            Request(.get, "/v1/areas/se"), Request(.get, "/v1/areas/nowhere"), Request(.get, "/x"),
        ] {
            let response = await service.app.answer(to: request)
            service.app.finished(request, response, duration: .milliseconds(3))
        }
        service.app.finished(nil, Response(.badRequest), duration: .seconds(60))
        let lines = try await exposition(source(service.app.metrics))
        let name = "http_server_request_duration_seconds"
        func labels(_ method: String, _ route: String, _ status: Int) -> String {
            "http_request_method=\"\(method)\",http_route=\"\(route)\",http_response_status_code=\"\(status)\""
        }
        for (labels, sum) in [
            (labels("GET", "/v1/areas/{id}", 200), "0.003"), (labels("GET", "/v1/areas/{id}", 404), "0.003"),
            (labels("GET", "", 404), "0.003"), (labels("", "", 400), "60.0"),
        ] {
            #expect(lines.contains("\(name)_count{\(labels)} 1"))
            #expect(lines.contains("\(name)_sum{\(labels)} \(sum)"))
            #expect(lines.contains("\(name)_bucket{\(labels),le=\"0.0025\"} 0"))
            #expect(lines.contains("\(name)_bucket{\(labels),le=\"0.005\"} \(sum == "0.003" ? 1 : 0)"))
            #expect(lines.contains("\(name)_bucket{\(labels),le=\"+Inf\"} 1"))
        }
    }

    @Test func keptAnswersAreCountedLikeTheOthers() async throws {
        let service = try await TestApp.withDigidel2013()
        let poll = Request(.get, "/v1/goals/digidel2013/progress")
        _ = await service.app.respond(to: poll)
        let kept = try #require(service.app.respondAtOnce(to: poll))
        #expect(kept.route == "/v1/goals/{id}/progress")
        #expect(service.app.respondAtOnce(to: Request(.get, "/health/live"))?.route == "/health/live")
    }

    @Test func whatIsRefusedBeforeItsBodyHasItsEndpointToo() async throws {
        let service = try await TestApp.make()
        guard case .refused(let answer) = service.app.admit(Request(.post, "/v1/organisations")) else {
            throw ContractError("admitted")
        }
        #expect(answer.status == .unauthorized && answer.route == "/v1/organisations")
    }

    @Test func eachLaneTellsWhatItHasDone() async throws {
        let lanes = [LaneMetrics(), LaneMetrics()]
        for _ in 0..<3 { lanes[1].record(Request(.get, "/x"), Response(.ok), microseconds: 1) }
        var source = source(lanes[0], lanes[1])
        source.clients = {
            MetricsSource.Clients(
                connectionsPerLane: [4, 5], connectionLimit: 6, acceptedCount: 7, streamLimit: 8,
                streamsCutOffCount: 9)
        }
        let lines = try await exposition(source)
        for line in [
            "digidel_lane_requests_total{lane=\"0\"} 0", "digidel_lane_requests_total{lane=\"1\"} 3",
            "digidel_client_connections{lane=\"0\"} 4", "digidel_client_connections{lane=\"1\"} 5",
            "digidel_client_connections_limit 6", "digidel_client_connections_accepted_total 7",
            "digidel_progress_streams_limit 8", "digidel_progress_stream_evictions_total 9",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(lines.last == "# EOF")
    }

    // MARK: Streams and limits

    @Test func streamsAndTheirEventsAreCounted() async throws {
        let source = source()
        source.streams.count(clients: 3)
        source.streams.count(clients: -1)
        source.streams.count(events: 7)
        let lines = try await exposition(source)
        #expect(lines.contains("digidel_progress_streams 2"))
        #expect(lines.contains("digidel_progress_stream_events_total 7"))
    }

    @Test func refusalsAreCountedByTheirSetting() async throws {
        let service = try await TestApp.make()
        for refusal in [Refusal.tooManyConnections, .tooManyStreams, .noRoomForStream, .noRoomForStream] {
            _ = service.app.respond(to: refusal, of: nil)
        }
        _ = service.app.respond(to: .headTimeout, of: nil)
        service.app.metrics.recordRefusal(by: .requestsPerAddress)
        var error = APIError(.tooManyRequests, "")
        error.limit = .streamsPerKey
        _ = service.app.response(to: error, Trace(continuing: nil))
        let lines = try await exposition(source(service.app.metrics))
        let counts = lines.filter { $0.hasPrefix("digidel_limit_refusals_total{") }
        #expect(
            counts
                == [
                    ("MAX_CONNECTIONS_PER_ADDRESS", 1), ("MAX_STREAMS", 2), ("MAX_STREAMS_PER_ADDRESS", 1),
                    ("MAX_STREAMS_PER_KEY", 1), ("RATE_LIMIT", 0), ("RATE_LIMIT_ANONYMOUS", 1),
                    ("WRONG_KEYS", 0),
                ].map { "digidel_limit_refusals_total{limit=\"\($0)\"} \($1)" })
    }

    @Test func aKeyWithTooManyStreamsSaysWhichLimitItWas() throws {
        let caller = Caller(key: UUID(), role: .partner, organisation: nil)
        let streams = ProgressStreams(perKey: 1)
        try streams.enter(caller)
        let error = #expect(throws: APIError.self) { try streams.enter(caller) }
        #expect(error?.limit == .streamsPerKey)
    }

    // MARK: The ledger

    /// The samples of the ledger that are not 0, without those of classes.
    private func ledger(_ service: TestApp) async throws -> Set<String> {
        Set(
            try await exposition(source(service.app.metrics)).filter {
                ($0.hasPrefix("digidel_participant_counts_total") || $0.hasPrefix("digidel_commit_rows_sum")
                    || $0.hasPrefix("digidel_commit_rows_count")) && !$0.hasSuffix(" 0")
            })
    }

    private func outcomes(_ outcomes: KeyValuePairs<String, Int>, commits: Int, rows: Int) -> Set<String> {
        Set(
            outcomes.map { "digidel_participant_counts_total{outcome=\"\($0)\"} \($1)" } + [
                "digidel_commit_rows_count \(commits)", "digidel_commit_rows_sum \(rows).0",
            ])
    }

    @Test func countsAreCountedByWhatBecameOfThem() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("participant-counts", TestApp.count())
        let id = try #require(created["id"]?.string)
        _ = await service.post("participant-counts", TestApp.count())
        _ = await service.put("participant-counts/\(id)", TestApp.count(["value": 43]))
        _ = await service.put("participant-counts/\(id)", TestApp.count(["value": 43]))
        _ = await service.post("participant-counts", TestApp.count(["value": 44]))
        _ = await service.post("participant-counts", TestApp.count(["area": "nowhere"]))
        _ = await service.post("participant-counts", TestApp.count(["value": "many"]))
        #expect(
            try await ledger(service)
                == outcomes(["created": 1, "unchanged": 2, "revised": 1, "rejected": 3], commits: 2, rows: 2))
        let withdrawal = await service.change(
            .delete, "participant-counts/\(id)", [:], ifMatch: "*", key: TestApp.adminKey)
        #expect(withdrawal.status == .ok)
        #expect(
            try await ledger(service)
                == outcomes(
                    ["created": 1, "unchanged": 2, "revised": 1, "rejected": 3, "withdrawn": 1], commits: 3,
                    rows: 3))
    }

    @Test func anIdempotentReportIsCountedOnce() async throws {
        let service = try await TestApp.withDigidel2013()
        for value in [TestApp.count(), TestApp.count(["area": "nowhere"])] {
            for _ in 0..<2 {
                _ = await service.ask(
                    .post, "participant-counts", value,
                    fields: ["Idempotency-Key": value["area"]?.string ?? ""])
            }
        }
        #expect(
            try await ledger(service) == outcomes(["created": 1, "rejected": 1], commits: 1, rows: 1))
    }

    @Test func batchesAreCountedAsTheirTalliesSay() async throws {
        let service = try await TestApp.withDigidel2013()
        let good = (1...3).map { TestApp.count(["externalId": .string("a\($0)")]) }
        let bad = TestApp.count(["externalId": "b", "area": "nowhere"])
        _ = await service.post("participant-counts/batch?dryRun=true", .array(good))
        #expect(try await ledger(service) == ["digidel_commit_rows_sum 0.0"])
        _ = await service.post("participant-counts/batch?mode=atomic", .array(good + [bad]))
        #expect(
            try await ledger(service) == [
                "digidel_participant_counts_total{outcome=\"rejected\"} 4", "digidel_commit_rows_sum 0.0",
            ])
        _ = await service.post("participant-counts/batch?mode=atomic", .array(good))
        #expect(try await ledger(service) == outcomes(["created": 3, "rejected": 4], commits: 1, rows: 3))
        _ = await service.post("participant-counts/batch?mode=partial", .array(good + [bad]))
        #expect(
            try await ledger(service)
                == outcomes(["created": 3, "unchanged": 3, "rejected": 5], commits: 1, rows: 3))
    }

    // MARK: The database

    @Test func theDatabaseIsToldAsItWasFound() async throws {
        let service = try await TestApp.withDigidel2013()
        let answer = await service.post(
            "campaigns",
            [
                "id": "now", "name": "Now", "startsOn": "2020-01-01", "endsOn": "2100-12-31",
                "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["attendances"],
            ])
        #expect(answer.status == .created)
        #expect(await service.post("campaigns/now/announce", [:]).status.rawValue < 500)
        let pool = Pool(
            ConnectionSettings(url: service.url, connectTimeout: .seconds(60)), limit: 3,
            acquireTimeout: .seconds(60), on: TestDatabase.lane)
        var source = source()
        let facts = DatabaseFacts(pool, log: service.app.log)
        source.database = facts
        source.pools = [("lane 0", pool)]
        await facts.read()
        let lines = try await exposition(source)
        let versions = facts.versions
        let number = try #require(versions.schema.flatMap { Int($0.prefix(4)) })
        for line in [
            "digidel_database_up 1", "digidel_database_in_recovery 0", "digidel_schema_version \(number)",
            "digidel_schema_version_expected \(number)",
            "digidel_database_info{server_version=\"\(versions.server ?? "")\"} 1",
            "db_client_connection_max{db_client_connection_pool_name=\"lane 0\"} 3",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        // Nobody has reported: it is the campaign's first day, in Stockholm.
        #expect(
            lines.contains(
                "digidel_campaign_last_count_timestamp_seconds{campaign=\"now\"} 1577833200.0"))
        #expect(!lines.contains { $0.contains("campaign=\"digidel2013\"") })
        await pool.close()
    }

    @Test func aDatabaseThatIsAwayIsDown() async throws {
        let pool = Pool(
            ConnectionSettings(url: "postgresql://127.0.0.1:1/nowhere"), limit: 1, on: TestDatabase.lane)
        var source = source()
        let lines = Mutex<[String]>([])
        let log = Log(level: .info) { line in lines.withLock { $0.append(line) } }
        source.database = DatabaseFacts(pool, log: log)
        source.pools = [("lane 0", pool)]
        _ = try await exposition(source)
        #expect(
            try await eventually { try await exposition(source).contains("digidel_database_up 0") })
        // Once, however often it is asked.
        let told = lines.withLock { $0 }
        #expect(told.count == 1 && told[0].contains("cannot be asked for metrics"))
        let failures =
            "digidel_database_acquisition_failures_total{db_client_connection_pool_name=\"lane 0\"} "
        #expect(try await exposition(source).contains { $0.hasPrefix(failures) && !$0.hasSuffix(" 0") })
        await pool.close()
    }

    // MARK: The whole

    @Test func onlyMetricsAreThere() {
        let responder = MetricsResponder(source())
        #expect(responder.respondAtOnce(to: Request(.get, "/"))?.status == .notFound)
        let post = responder.respondAtOnce(to: Request(.post, "/metrics"))
        #expect(post?.status == .methodNotAllowed && post?.fields["Allow"] == "GET, HEAD")
    }

    @Test func aScrapeOverASocketIsOpenMetrics() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await service.post("participant-counts", TestApp.count())
        let request = Request(.get, "/v1/a\"b\\c")
        service.app.finished(request, await service.app.answer(to: request), duration: .milliseconds(1))
        let pool = Pool(
            ConnectionSettings(url: service.url, connectTimeout: .seconds(60)), limit: 1,
            acquireTimeout: .seconds(60), on: TestDatabase.lane)
        let facts = DatabaseFacts(pool, log: service.app.log)
        await facts.read()
        let notifications = Caches().listen(
            ConnectionSettings(url: service.url, connectTimeout: .seconds(60)), on: TestDatabase.lane)
        await notifications.start()
        #expect(try await eventually { await notifications.isListening })
        var source = source(service.app.metrics)
        source.database = facts
        source.pools = [("a \"quoted\\name\"\nof two lines", pool)]
        source.notifications = notifications
        source.clients = {
            MetricsSource.Clients(
                connectionsPerLane: [1], connectionLimit: 2, acceptedCount: 3, streamLimit: 4,
                streamsCutOffCount: 5)
        }
        let server = Server(
            lanes: [TestDatabase.lane], responders: [MetricsResponder(source)],
            endpoints: [.tcp(host: "127.0.0.1", port: 0)])
        let port = try #require(try await server.start().first?.port)
        let url = try #require(URL(string: "http://127.0.0.1:\(port)/metrics"))
        let (body, _) = try await URLSession.shared.data(from: url)
        let text = String(decoding: body, as: UTF8.self)
        let families = try OpenMetricsReader.check(text)
        #expect(families["digidel_notification_listener_connected"] == "gauge")
        #expect(families["db_client_connection_wait_time_seconds"] == "histogram")
        #expect(families["process_cpu_seconds"] == "counter")
        for name in ["process_resident_memory_bytes", "process_open_fds", "process_max_fds"] {
            #expect(families[name] == "gauge", "\(name)")
        }
        await server.drain(within: .zero)
        await notifications.stop()
        #expect(try await eventually { await !notifications.isListening })
        await pool.close()
    }

    @Test(
        arguments: [
            (nil, OpenMetrics.Format.openMetrics), ("*/*", .openMetrics), ("text/plain", .text),
            ("text/plain;version=0.0.4", .text),
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                .openMetrics
            ),
        ] as [(String?, OpenMetrics.Format)])
    func aScraperGetsTheFormatThatItReads(accept: String?, format: OpenMetrics.Format) async throws {
        let lines = try await exposition(source(LaneMetrics()), accept: accept)
        let isOpen = format == .openMetrics
        #expect(lines.contains("# TYPE digidel_lane_requests\(isOpen ? "" : "_total") counter"))
        #expect(lines.contains { $0.hasPrefix("# UNIT") } == isOpen)
        #expect((lines.last == "# EOF") == isOpen)
    }
}
