import Foundation
package import Postgres

/// A primary and its hot standby, both real and for one test: they are stopped, killed and promoted.
package struct ClusterPair: Sendable {
    package let primary: LocalCluster
    package let standby: LocalCluster

    /// Both, in this order.
    package var url: String { LocalCluster.url(of: [primary, standby]) }

    /// Makes the pair for the length of `body`. Every commit waits for the standby when it is `synchronous`.
    package static func with(
        synchronous: Bool = false, _ body: (ClusterPair) async throws -> Void
    ) async throws {
        let environment = ProcessInfo.processInfo.environment
        let parent =
            environment["TEST_DATA_DIR"].map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory
        let folder = parent.appending(path: "pair-\(UUID().uuidString.prefix(8).lowercased())")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        defer { try? FileManager.default.removeItem(at: folder) }
        let primary = try LocalCluster.start(
            in: folder.appending(path: "a"), programs: try PostgresPrograms(binaries: environment["PG_BIN"]),
            options: ["fsync=off", "max_connections=50", "shared_buffers=32MB"])
        defer { try? primary.stop(immediately: true) }
        let standby = try primary.makeStandby(named: "standby", in: folder.appending(path: "b"))
        defer { try? standby.stop(immediately: true) }
        let pair = ClusterPair(primary: primary, standby: standby)
        if synchronous {
            try await pair.onPrimary(
                "alter system set synchronous_standby_names = 'standby'",
                "alter system set synchronous_commit = 'remote_apply'", "select pg_reload_conf()")
        }
        try await body(pair)
    }

    /// Runs statements on the first server, each by itself.
    package func onPrimary(_ statements: String...) async throws { try await run(statements, on: primary) }

    /// Runs statements on the second server.
    package func onStandby(_ statements: String...) async throws { try await run(statements, on: standby) }

    /// Returns when the standby has replayed all that the primary has written.
    package func catchUp() async throws {
        let primary = try await connect(primary)
        let position: String? = try await primary.query(
            "select pg_current_wal_flush_lsn()::text as position"
        ).first?.get("position")
        await primary.close()
        let standby = try await connect(standby)
        _ = try await eventually {
            try await standby.query(
                "select 1 where pg_last_wal_replay_lsn() >= \(position)::pg_lsn"
            ).count > 0
        }
        await standby.close()
    }

    private func run(_ statements: [String], on cluster: LocalCluster) async throws {
        let connection = try await connect(cluster)
        for statement in statements { try await connection.script(statement) }
        await connection.close()
    }

    private func connect(_ cluster: LocalCluster) async throws -> Connection {
        try await Connection.connect(
            ConnectionSettings(url: cluster.url, connectTimeout: .seconds(60)), on: TestDatabase.lane)
    }
}
