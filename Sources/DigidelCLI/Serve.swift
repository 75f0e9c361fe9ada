import DigidelAPI
import EventLoop
import Foundation
import HTTP
import HTTPServer
import Postgres

/// `digidel serve`: migrates, serves until it is told to stop, finishes what is in flight.
struct Serve {
    let config: Config

    func run() async throws {
        let endpoints = endpoints
        let signals = StopSignals()
        let log = Log(level: config.logLevel)
        raiseDescriptorLimit(log)
        let lock = try config.databaseURL == nil ? FolderLock(config.dataDirectory) : nil
        let database = try Database(config)
        if let location = database.location { log.info("private PostgreSQL in \(location)") }
        do {
            try await serve(database, at: endpoints, signals, log)
        } catch {
            try database.stop(onlyIfStarted: false)
            throw error
        }
        try database.stop(onlyIfStarted: false)
        lock?.release()
    }

    private func serve(
        _ database: Database, at endpoints: [Endpoint], _ signals: StopSignals, _ log: Log
    ) async throws {
        let lanes = try Lane.perCore()
        let streams = ProgressStreams(perKey: config.maxStreamsPerKey)
        let caches = Caches(
            streams: streams,
            rateLimits: RateLimits(perKey: config.rateLimit, perAddress: config.rateLimitAnonymous))
        let share = max(1, config.databaseConnections / lanes.count)
        let pools = lanes.map { Pool(database.settings, limit: share, on: $0) }
        if config.migratesAtStart, try await !migrated(database, lanes[0], signals, log) { return }

        let turn = Turn()
        let checkpoints = Checkpoints(pools[0], log: log)
        let standbyReads = config.readDatabaseURL.map { url in
            pools.map { StandbyReads(url: url, limit: share, primary: $0, log: log) }
        }
        let apps = pools.enumerated().map { lane, pool in
            App(
                database: pool, config: config, caches: caches, turn: turn, checkpoints: checkpoints,
                standbyReads: standbyReads?[lane], log: log)
        }
        let server = Server(lanes: lanes, responders: apps, endpoints: endpoints, limits: try limits())
        let notifications = caches.listen(database.settings, on: lanes[0])
        await notifications.start()
        let facts = DatabaseFacts(pools[0], log: log)
        var source = MetricsSource(lanes: apps.map(\.metrics), streams: streams)
        source.pools = pools.enumerated().map { ("lane \($0)", $1) }
        source.pools += (standbyReads ?? []).enumerated().map { ("standby \($0)", $1.pool) }
        source.notifications = notifications
        source.database = facts
        let metrics = try await serveMetrics(source, of: server, on: lanes[0])
        let addresses = try await listen(server).map(\.description).joined(separator: ", ")
        log.info("listening on \(addresses), \(config.publicURL)")
        await facts.read()
        log.started(config, postgres: facts.versions.server, schema: facts.versions.schema)
        await warnOfRights(pools[0], log)
        await checkpoints.start()
        for reads in standbyReads ?? [] { await reads.start() }

        await signals.first()
        log.info("stopping: finishing what is in flight")
        await server.drain(within: .seconds(config.drainSeconds))
        await metrics?.drain(within: .zero)
        await notifications.stop()
        await checkpoints.finish()
        for app in apps { await app.finish() }
        for reads in standbyReads ?? [] { await reads.finish() }
        for pool in pools { await pool.close() }
    }

    /// Logs a line when the service could do more to the database than it needs to.
    private func warnOfRights(_ database: Pool, _ log: Log) async {
        do throws(PostgresError) {
            guard let role = try await database.tooPowerfulRole() else { return }
            log.warning(
                "the role \(role) of DATABASE_URL can alter the schema and rewrite the ledger; make a role for the service (create role digidel_api login in role digidel_service), name it in DATABASE_URL and \(role) in MIGRATION_DATABASE_URL"
            )
        } catch {
            log.warning("could not ask what the role of DATABASE_URL may do: \(error)")
        }
    }

    /// Every client takes a descriptor.
    private func raiseDescriptorLimit(_ log: Log) {
        let needed = config.maxConnections + config.databaseConnections + 100
        let count = DescriptorLimit.raise(to: needed)
        guard count < needed else { return }
        log.info(
            "\(count) descriptors are allowed and \(needed) needed for MAX_CONNECTIONS; further clients wait. Raise the limit (ulimit -n, LimitNOFILE)"
        )
    }

    /// The server of `/metrics`; nil when it is off.
    private func serveMetrics(
        _ source: MetricsSource, of server: Server, on lane: Lane
    ) async throws -> Server? {
        guard let (host, port) = config.metricsAddress else { return nil }
        var source = source
        source.clients = { [config] in
            MetricsSource.Clients(
                connectionsPerLane: server.connectionsPerLane, connectionLimit: config.maxConnections,
                acceptedCount: server.acceptedCount, streamLimit: config.maxStreams,
                streamsCutOffCount: server.streamsCutOffCount)
        }
        let metrics = Server(
            lanes: [lane], responders: [MetricsResponder(source)], endpoints: [.tcp(host: host, port: port)])
        do {
            _ = try await metrics.start()
        } catch let error as SystemError {
            throw Config.Fault("cannot serve metrics on \(host):\(port): \(error); set METRICS_ADDRESS")
        }
        return metrics
    }

    /// Throws `Config.Fault` when the address cannot be had: another program listens there, or it is not ours.
    private func listen(_ server: Server) async throws -> [ListeningAddress] {
        do {
            return try await server.start()
        } catch let error as SystemError {
            throw Config.Fault("cannot listen on \(config.host):\(config.port): \(error); set HOST and PORT")
        }
    }

    /// What the service manager handed over, else what `HOST` and `PORT` say.
    private var endpoints: [Endpoint] {
        let inherited = InheritedSockets.take()
        if !inherited.isEmpty { return inherited }
        return config.hosts.map { host in
            host.hasPrefix("unix:")
                ? .unix(path: String(host.dropFirst(5))) : .tcp(host: host, port: config.port)
        }
    }

    /// Waits for the database as long as it takes; false when a signal came first.
    private func migrated(
        _ database: Database, _ lane: Lane, _ signals: StopSignals, _ log: Log
    ) async throws -> Bool {
        while !signals.haveCome {
            do {
                for name in try await database.migrate(on: lane) { log.info("migrated \(name)") }
                return true
            } catch let error as PostgresError where error.kind == .unavailable {
                log.error("waiting for the database: \(error)")
                try await Task.sleep(for: .seconds(1))
            }
        }
        return false
    }

    private func limits() throws -> Limits {
        guard let proxies = TrustedProxies(config.trustedProxies) else {
            throw Config.Fault(
                "TRUSTED_PROXIES must be addresses such as 10.0.0.1, networks such as 10.0.0.0/8, or unix, joined by commas"
            )
        }
        var limits = Limits()
        limits.trustedProxies = proxies
        limits.writeTimeout = .seconds(config.writeTimeout)
        limits.message.head = config.maxHead
        if let most = config.maxConnectionsPerAddress {
            limits.connectionsPerAddress = most
            limits.limitsLoopback = true
        }
        limits.streams = config.maxStreams
        if let most = config.maxStreamsPerAddress {
            limits.streamsPerAddress = most
            limits.limitsLoopbackStreams = true
        }
        limits.headerTimeout = .seconds(config.headerTimeout)
        limits.idleTimeout = .seconds(config.idleTimeout)
        limits.bodyTimeout = .seconds(config.bodyTimeout)
        limits.connections = config.maxConnections
        return limits
    }
}
