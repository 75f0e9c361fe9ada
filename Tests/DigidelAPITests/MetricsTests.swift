import HTTP
import Testing

@testable import DigidelAPI

@Suite struct MetricsTests {
    private func exposition(
        _ lanes: [RequestMetrics], streams: ProgressStreams = ProgressStreams(), connections: [Int] = []
    ) throws -> [String] {
        let responder = MetricsResponder(lanes: lanes, streams: streams) { connections }
        let answer = try #require(responder.respondAtOnce(to: Request(.get, "/metrics")))
        #expect(answer.status == .ok)
        #expect(
            answer.fields["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        return String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func requestsAreCountedByEndpointAndStatus() async throws {
        let service = try await TestApp.make()
        for request in [
            Request(.get, "/v1/areas/se"), Request(.get, "/v1/areas/nowhere"), Request(.get, "/x"),
        ] {
            let response = await service.app.answer(to: request)
            service.app.finished(request, response, duration: .milliseconds(3))
        }
        service.app.finished(nil, Response(.badRequest), duration: .seconds(60))
        let lines = try exposition([service.app.metrics])
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

    @Test func eachLaneTellsWhatItHasDone() throws {
        let lanes = (0..<2).map { _ in RequestMetrics() }
        for _ in 0..<3 { lanes[1].record(Request(.get, "/x"), Response(.ok), microseconds: 1) }
        let lines = try exposition(lanes, connections: [4, 5])
        #expect(lines.contains("lane_requests_total{lane=\"0\"} 0"))
        #expect(lines.contains("lane_requests_total{lane=\"1\"} 3"))
        #expect(lines.contains("lane_connections{lane=\"0\"} 4"))
        #expect(lines.contains("lane_connections{lane=\"1\"} 5"))
        #expect(lines.last == "# EOF")
    }

    @Test func streamsAndTheirEventsAreCounted() throws {
        let streams = ProgressStreams()
        streams.count(clients: 3)
        streams.count(clients: -1)
        streams.count(events: 7)
        let lines = try exposition([], streams: streams)
        #expect(lines.contains("progress_streams 2"))
        #expect(lines.contains("progress_stream_events_total 7"))
    }

    @Test func onlyMetricsAreThere() {
        let responder = MetricsResponder(lanes: [], streams: ProgressStreams()) { [] }
        #expect(responder.respondAtOnce(to: Request(.get, "/"))?.status == .notFound)
        let post = responder.respondAtOnce(to: Request(.post, "/metrics"))
        #expect(post?.status == .methodNotAllowed && post?.fields["Allow"] == "GET, HEAD")
    }
}
