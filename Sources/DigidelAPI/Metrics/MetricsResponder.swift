package import HTTP

/// Answers scrapers at `/metrics`, on an address of its own.
package struct MetricsResponder: Responder {
    private let lanes: [RequestMetrics]
    private let streams: ProgressStreams
    private let connectionsPerLane: @Sendable () -> [Int]

    /// `lanes` and the connections are in the order of the lanes.
    package init(
        lanes: [RequestMetrics], streams: ProgressStreams, connectionsPerLane: @escaping @Sendable () -> [Int]
    ) {
        self.lanes = lanes
        self.streams = streams
        self.connectionsPerLane = connectionsPerLane
    }

    package func admit(_ head: Request) -> Admission { .refused(answer(to: head)) }

    package func respondAtOnce(to request: Request) -> Response? { answer(to: request) }

    package func respond(to request: Request) async -> Response { answer(to: request) }

    private func answer(to request: Request) -> Response {
        guard request.path == "/metrics" else { return problem(.notFound, "Metrics are at /metrics.") }
        guard request.method == .get || request.method == .head else {
            var answer = problem(.methodNotAllowed, "Metrics are read with GET.")
            answer.fields.add("Allow", "GET, HEAD")
            return answer
        }
        return Response(
            .ok,
            fields: [
                "Content-Type": "application/openmetrics-text; version=1.0.0; charset=utf-8",
                "Cache-Control": "no-store",
            ], body: Array(text.utf8))
    }

    package func respond(to refusal: Refusal) -> Response { problem(refusal.status, refusal.detail) }

    package func finished(_ request: Request?, _ response: Response, duration: Duration) {}

    private func problem(_ status: Status, _ detail: String) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.member("type", "about:blank")
            json.member("title", status.reason)
            json.member("status", status.rawValue)
            json.member("detail", detail)
        }
        return Response(status, fields: ["Content-Type": "application/problem+json"], body: json.bytes)
    }

    // MARK: What is told

    private var text: String {
        var metrics = OpenMetrics()
        metrics.family("build_info", .gauge, help: "The version that runs.")
        metrics.sample("build_info", [("version", APIInfo.version)], "1")
        let snapshots = lanes.map(\.snapshot)
        writeRequests(snapshots, to: &metrics)
        writeLanes(snapshots, to: &metrics)
        writeStreams(to: &metrics)
        metrics.end()
        return metrics.text
    }

    private func writeRequests(_ snapshots: [[RequestMetrics.Kind: Histogram]], to metrics: inout OpenMetrics)
    {
        let name = "http_server_request_duration_seconds"
        var total: [RequestMetrics.Kind: Histogram] = [:]
        for snapshot in snapshots {
            for (kind, histogram) in snapshot { total[kind, default: Histogram()].add(histogram) }
        }
        metrics.family(
            name, .histogram, unit: "seconds",
            help: "From a request's first byte to its answer, by endpoint and status.")
        for (labels, histogram) in total.map({ (Self.labels($0), $1) }).sorted(by: {
            $0.0.joined < $1.0.joined
        }) {
            metrics.histogram(name, labels, histogram)
        }
    }

    private func writeLanes(_ snapshots: [[RequestMetrics.Kind: Histogram]], to metrics: inout OpenMetrics) {
        metrics.family("lane_requests", .counter, help: "Requests that each lane has answered.")
        for (lane, snapshot) in snapshots.enumerated() {
            let count = snapshot.values.reduce(0) { $0 + $1.count }
            metrics.sample("lane_requests_total", [("lane", "\(lane)")], "\(count)")
        }
        metrics.family("lane_connections", .gauge, help: "Clients' connections that each lane has.")
        for (lane, count) in connectionsPerLane().enumerated() {
            metrics.sample("lane_connections", [("lane", "\(lane)")], "\(count)")
        }
    }

    private func writeStreams(to metrics: inout OpenMetrics) {
        metrics.family("progress_streams", .gauge, help: "Live streams of a goal's progress that are open.")
        metrics.sample("progress_streams", [], "\(streams.clientCount)")
        metrics.family("progress_stream_events", .counter, help: "Events sent to clients of live streams.")
        metrics.sample("progress_stream_events_total", [], "\(streams.eventCount)")
    }

    private static func labels(_ kind: RequestMetrics.Kind) -> [(String, String)] {
        [
            ("http_request_method", kind.method?.rawValue ?? ""), ("http_route", kind.route ?? ""),
            ("http_response_status_code", "\(kind.status)"),
        ]
    }
}

extension [(String, String)] {
    /// For sorting.
    fileprivate var joined: String { map(\.1).joined(separator: "\n") }
}
