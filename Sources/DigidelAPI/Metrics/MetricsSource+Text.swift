import HTTP
import EventLoop
import Postgres

extension MetricsSource {
    /// All that is told.
    func text(as format: OpenMetrics.Format) async -> String {
        var metrics = OpenMetrics(format)
        let lanes = lanes.map(\.snapshot)
        writeBuild(to: &metrics)
        writeRequests(lanes.map(\.requests), to: &metrics)
        writeClients(to: &metrics)
        writeRefusals(lanes.map(\.rare), to: &metrics)
        writeStreams(to: &metrics)
        writeLedger(lanes.map(\.rare), to: &metrics)
        await writePools(to: &metrics)
        writeDatabase(to: &metrics)
        await writeListener(to: &metrics)
        writeProcess(to: &metrics)
        metrics.end()
        return metrics.text
    }

    private func writeBuild(to metrics: inout OpenMetrics) {
        let labels = [("version", APIInfo.version), ("swift_version", APIInfo.swiftVersion)]
        metrics.gauge("digidel_build_info", help: "The version that runs.", [(labels, 1)])
    }

    // MARK: Requests

    private func writeRequests(
        _ lanes: [[LaneMetrics.Kind: Histogram]], to metrics: inout OpenMetrics
    ) {
        let name = "http_server_request_duration_seconds"
        var total: [LaneMetrics.Kind: Histogram] = [:]
        for lane in lanes {
            for (kind, histogram) in lane { total[kind, default: Histogram(.durations)].add(histogram) }
        }
        metrics.family(
            name, .histogram, unit: "seconds",
            help: "From a request's first byte to its answer, by endpoint and status.")
        for (labels, histogram) in total.map({ ($0.labels, $1) }).sorted(by: { $0.0.joined < $1.0.joined }) {
            metrics.histogram(name, labels, histogram)
        }
        metrics.counter(
            "digidel_lane_requests", help: "Requests that each lane has answered.",
            lanes.enumerated().map { lane, requests in
                ([("lane", "\(lane)")], requests.values.reduce(0) { $0 + $1.count })
            })
    }

    // MARK: Clients

    private func writeClients(to metrics: inout OpenMetrics) {
        guard let clients = clients?() else { return }
        metrics.gauge(
            "digidel_client_connections", help: "Clients' connections that each lane has.",
            clients.connectionsPerLane.enumerated().map { ([("lane", "\($0)")], $1) })
        metrics.gauge(
            "digidel_client_connections_limit", help: "Clients' connections that there may be.",
            clients.connectionLimit)
        metrics.counter(
            "digidel_client_connections_accepted", help: "Clients' connections that there have been.",
            [([], clients.acceptedCount)])
        metrics.gauge(
            "digidel_progress_streams_limit", help: "Live streams that there may be.", clients.streamLimit)
        metrics.counter(
            "digidel_progress_stream_evictions",
            help:
                "Live streams that were cut off because their client did not keep up, went on sending, or stayed until the end.",
            [([], clients.streamsCutOffCount)])
    }

    private func writeRefusals(_ lanes: [LaneMetrics.Rare], to metrics: inout OpenMetrics) {
        metrics.counter(
            "digidel_limit_refusals",
            help: "Requests, streams and connections that were refused, by the setting that limits them.",
            LaneMetrics.Limit.allCases.map { limit in
                ([("limit", limit.rawValue)], lanes.reduce(0) { $0 + ($1.refusals[limit] ?? 0) })
            })
    }

    private func writeStreams(to metrics: inout OpenMetrics) {
        metrics.gauge(
            "digidel_progress_streams", help: "Live streams of a goal's progress that are open.",
            streams.clientCount)
        metrics.counter(
            "digidel_progress_stream_events", help: "Events sent to clients of live streams.",
            [([], streams.eventCount)])
    }

    // MARK: The ledger

    private func writeLedger(_ lanes: [LaneMetrics.Rare], to metrics: inout OpenMetrics) {
        metrics.counter(
            "digidel_participant_counts", help: "Counts that were reported, by what became of them.",
            LaneMetrics.CountOutcome.allCases.map { outcome in
                ([("outcome", outcome.rawValue)], lanes.reduce(0) { $0 + ($1.outcomes[outcome] ?? 0) })
            })
        metrics.family(
            "digidel_commit_rows", .histogram, help: "Revisions of counts that were committed together.")
        var rows = Histogram(.rows)
        for lane in lanes { rows.add(lane.rowsPerCommit) }
        metrics.histogram("digidel_commit_rows", [], rows)
    }

    // MARK: The database

    private func writePools(to metrics: inout OpenMetrics) async {
        var figures: [(labels: OpenMetrics.Labels, figures: Pool.Figures)] = []
        for (name, pool) in pools {
            figures.append(([("db_client_connection_pool_name", name)], await pool.figures))
        }
        // OpenTelemetry's db.client.connection.count would end as only a histogram's sample may.
        let state = "db_client_connection_state"
        metrics.gauge(
            "db_client_connections", help: "Connections to the database that are open, by pool and state.",
            figures.flatMap { labels, pool in
                [(labels + [(state, "idle")], pool.idle), (labels + [(state, "used")], pool.inUse)]
            })
        metrics.gauge(
            "db_client_connection_max", help: "Connections to the database that a pool may have.",
            figures.map { ($0, $1.limit) })
        metrics.gauge(
            "db_client_connection_pending_requests", help: "Callers that wait for a connection.",
            figures.map { ($0, $1.waiting) })
        metrics.counter(
            "db_client_connection_timeouts",
            help: "Callers that got no connection because all were in use for too long.",
            figures.map { ($0, $1.timeouts) })
        metrics.counter(
            "digidel_database_acquisition_failures",
            help: "Callers that got no connection because the database could not be reached.",
            figures.map { ($0, $1.failures) })
        let name = "db_client_connection_wait_time_seconds"
        metrics.family(
            name, .histogram, unit: "seconds",
            help: "How long callers have waited for the connection they got.")
        for (labels, pool) in figures { metrics.histogram(name, labels, pool.waits) }
    }

    private func writeDatabase(to metrics: inout OpenMetrics) {
        guard let database else { return }
        database.refresh()
        let (facts, isUp) = database.latest
        metrics.gauge(
            "digidel_database_up", help: "Whether the database answered when it was asked last.",
            isUp.map { $0 ? 1 : 0 })
        metrics.gauge(
            "digidel_schema_version_expected", help: "The number of the last migration that the program has.",
            EmbeddedFiles.migrations.map(\.name).max().flatMap(Self.number))
        guard let facts else { return }
        metrics.gauge(
            "digidel_schema_version", help: "The number of the last migration that the database has.",
            facts.schema.flatMap(Self.number))
        metrics.gauge(
            "digidel_database_info", help: "The version of PostgreSQL.",
            [([("server_version", facts.serverVersion)], 1)])
        metrics.gauge(
            "digidel_database_in_recovery", help: "Whether the database is a standby.",
            facts.isInRecovery ? 1 : 0)
        let name = "digidel_campaign_last_count_timestamp_seconds"
        metrics.family(
            name, .gauge, unit: "seconds",
            help: "When each campaign that runs was last reported to, or began.")
        for (id, lastCount) in facts.campaigns {
            metrics.sample(name, [("campaign", id)], lastCount.seconds)
        }
    }

    /// What a migration's name begins with.
    private static func number(_ migration: String) -> Int? { Int(migration.prefix { $0 != "_" }) }

    private func writeListener(to metrics: inout OpenMetrics) async {
        guard let notifications else { return }
        metrics.gauge(
            "digidel_notification_listener_connected",
            help: "Whether changes made by other instances are heard.",
            await notifications.isListening ? 1 : 0)
    }

    // MARK: The process

    /// The names are those of Prometheus's client libraries.
    private func writeProcess(to metrics: inout OpenMetrics) {
        let figures = ProcessFigures()
        metrics.family("process_start_time_seconds", .gauge, unit: "seconds", help: "When the process began.")
        metrics.sample("process_start_time_seconds", [], start.seconds)
        metrics.family(
            "process_cpu_seconds", .counter, unit: "seconds", help: "Processor time that was used.")
        metrics.sample("process_cpu_seconds_total", [], "\(figures.cpuSeconds)")
        metrics.gauge(
            "process_resident_memory_bytes", unit: "bytes", help: "Memory in use.", figures.residentMemory)
        metrics.gauge("process_open_fds", help: "Descriptors that are open.", figures.openDescriptors)
        metrics.gauge("process_max_fds", help: "Descriptors that may be open.", figures.maxDescriptors)
    }
}

extension LaneMetrics.Kind {
    fileprivate var labels: OpenMetrics.Labels {
        [
            ("http_request_method", method?.rawValue ?? ""), ("http_route", route ?? ""),
            ("http_response_status_code", "\(status)"),
        ]
    }
}

extension Instant {
    /// Seconds since 1970.
    fileprivate var seconds: String { "\(Double(microseconds) / 1_000_000)" }
}

extension OpenMetrics.Labels {
    /// For sorting.
    fileprivate var joined: String { map(\.1).joined(separator: "\n") }
}
