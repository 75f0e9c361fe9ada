import DigidelAPI
import EventLoop
import Foundation
import Postgres

/// The database that a command works on: a server elsewhere, or a private cluster that is started for it.
struct Database {
    /// As the service.
    let settings: ConnectionSettings
    /// As the owner of the tables, who migrates.
    let ownerSettings: ConnectionSettings
    /// Where the private cluster's data is, nil for a server elsewhere.
    var location: String? { cluster?.location }
    private let cluster: LocalCluster?

    /// Where `DATABASE_URL` says, else the cluster under `DATA_DIR`, which is started unless it runs.
    init(_ config: Config) throws {
        if let url = config.databaseURL {
            settings = ConnectionSettings(url: url)
            ownerSettings = ConnectionSettings(url: config.migrationDatabaseURL ?? url)
            cluster = nil
            return
        }
        let programs = try PostgresPrograms(binaries: config.postgresPrograms, user: config.postgresUser)
        let folder = URL(filePath: config.dataDirectory, directoryHint: .isDirectory).absoluteURL
        let cluster = try LocalCluster.start(in: folder, programs: programs)
        settings = ConnectionSettings(url: cluster.serviceURL)
        ownerSettings = ConnectionSettings(url: cluster.url)
        self.cluster = cluster
    }

    /// Stops the private cluster, if there is one. `onlyIfStarted` leaves it alone when it was running before: a
    /// server may be using it.
    func stop(onlyIfStarted: Bool) throws {
        guard let cluster, !(onlyIfStarted && cluster.wasRunning) else { return }
        try cluster.stop()
    }

    /// Applies what is pending; returns the names. A migration may take long, and so may the wait for another
    /// instance that is migrating.
    func migrate(on lane: Lane) async throws -> [String] {
        var settings = ownerSettings
        settings.queryTimeout = .seconds(24 * 3600)
        let connection = try await Connection.connect(settings, on: lane)
        do throws(PostgresError) {
            let names = try await Migrator(EmbeddedFiles.migrations).migrate(connection)
            await connection.close()
            return names
        } catch {
            await connection.close()
            guard error.sqlState == PostgresError.insufficientPrivilege else { throw error }
            throw Config.Fault(
                "cannot migrate: \(error.message); set MIGRATION_DATABASE_URL to the role that owns the tables"
            )
        }
    }

    /// Opens a database for a command that is over soon, migrates it, and tidies up whatever happens.
    static func use<Value: Sendable>(
        _ config: Config, _ work: (Pool) async throws -> Value
    ) async throws -> Value {
        let database = try Database(config)
        let pool = Pool(database.settings, limit: 1, on: try Lane(number: 0))
        do {
            _ = try await database.migrate(on: pool.lane)
            let value = try await work(pool)
            await pool.close()
            try database.stop(onlyIfStarted: true)
            return value
        } catch {
            await pool.close()
            try database.stop(onlyIfStarted: true)
            throw error
        }
    }
}
