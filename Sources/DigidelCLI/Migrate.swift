import DigidelAPI
import EventLoop
import Postgres

/// `digidel migrate`: applies what is pending, or lists everything with `--status`.
struct Migrate {
    let config: Config

    func run(_ arguments: inout Arguments) async throws {
        let listsOnly = arguments.flag("--status")
        try arguments.finish()
        let database = try Database(config)
        do {
            try await listsOnly ? list(database) : apply(database)
        } catch {
            try database.stop(onlyIfStarted: true)
            throw error
        }
        try database.stop(onlyIfStarted: true)
    }

    private func apply(_ database: Database) async throws {
        let names = try await database.migrate(on: try Lane(number: 0))
        for name in names { print("applied \(name)") }
        if names.isEmpty { print("nothing to apply") }
    }

    private func list(_ database: Database) async throws {
        let connection = try await Connection.connect(database.ownerSettings, on: try Lane(number: 0))
        for status in try await Migrator(EmbeddedFiles.migrations).status(connection) {
            print(
                [status.state.rawValue, status.name, status.appliedAt].compactMap(\.self).joined(
                    separator: "  "))
        }
        await connection.close()
    }
}
