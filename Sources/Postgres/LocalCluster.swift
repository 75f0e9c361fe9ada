import CLibPQ
package import Foundation

/// A PostgreSQL cluster of our own under a folder, reachable over a unix socket only: for `make run`, where nobody has
/// a server, and for tests. It may be started by root (PostgreSQL itself then runs as another user) or by anybody.
package struct LocalCluster: Sendable {
    /// What cannot be done, in one line for the person who started the program.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let programs: PostgresPrograms
    private let folder: URL
    private let sockets: URL
    private let options: [String]
    private var log: URL { folder.deletingLastPathComponent().appending(path: "postgres.log") }
    /// Whether somebody else had started it, and shall stop it.
    package private(set) var wasRunning = false

    /// The folder that holds its data.
    package var location: String { folder.path }

    /// The address of the cluster's only database, as its owner, who may do everything.
    package var url: String { url(database: "postgres") }

    /// The address of the cluster's only database, as the service.
    package var serviceURL: String { serviceURL(database: "postgres") }

    /// The address of one of its databases, as the owner.
    package func url(database: String) -> String { url(database: database, user: "digidel") }

    /// The address of one of its databases, as the service: a role that may do what migrations grant `digidel_service`.
    package func serviceURL(database: String) -> String { url(database: database, user: "digidel_api") }

    private func url(database: String, user: String) -> String {
        "host='\(sockets.path)' user=\(user) dbname='\(database)'"
    }

    /// Makes the cluster when the folder holds none, and starts it unless it runs. `options` are settings of
    /// PostgreSQL such as `fsync=off`. Throws `Failure`.
    package static func start(
        in folder: URL, programs: PostgresPrograms, options: [String] = []
    ) throws -> LocalCluster {
        let home = try ClusterHome.prepare(folder, programs: programs)
        var cluster = LocalCluster(
            programs: programs, folder: home.appending(path: "data"), sockets: home.appending(path: "socket"),
            options: options)
        try cluster.initialise()
        cluster.wasRunning = try !cluster.start()
        try cluster.makeServiceRoles()
        return cluster
    }

    /// Makes a hot standby that follows this cluster under the name `name`, and starts it: for tests.
    package func makeStandby(named name: String, in folder: URL) throws -> LocalCluster {
        let home = try ClusterHome.prepare(folder, programs: programs)
        let standby = LocalCluster(
            programs: programs, folder: home.appending(path: "data"), sockets: home.appending(path: "socket"),
            options: options)
        try standby.run(
            "pg_basebackup",
            [
                "--pgdata", standby.folder.path, "--write-recovery-conf", "--checkpoint", "fast", "--no-sync",
                "--dbname", "host='\(sockets.path)' user=digidel application_name=\(name)",
            ])
        try standby.start()
        return standby
    }

    /// Makes a primary of a standby; returns when it takes writes.
    package func promote() throws {
        try run("pg_ctl", ["promote", "--silent", "--wait", "--pgdata", folder.path])
    }

    /// The address of the primary and its standby together, for as many hosts as there are, with as much time for each as a
    /// busy machine may need: for tests.
    package static func url(of clusters: [LocalCluster]) -> String {
        "host='\(clusters.map(\.sockets.path).joined(separator: ","))' user=digidel dbname=postgres connect_timeout=60"
    }

    /// Stops the cluster and waits until it is down; `immediately` leaves the tidying to the next start.
    package func stop(immediately: Bool = false) throws {
        try run(
            "pg_ctl",
            ["stop", "--silent", "--mode", immediately ? "immediate" : "fast", "--pgdata", folder.path])
    }

    /// The process id of the server, for tests that kill it; nil when it is not running.
    package var processID: Int32? {
        let file = try? String(contentsOf: folder.appending(path: "postmaster.pid"), encoding: .utf8)
        let number = file?.split(separator: "\n").first.flatMap { Int32($0) }
        // A killed server leaves its file.
        return number.flatMap { kill($0, 0) == 0 || errno == EPERM ? $0 : nil }
    }

    /// Starts it again after it was stopped or killed. Does nothing when it runs, and returns false.
    @discardableResult
    package func start() throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let wasKilled = FileManager.default.fileExists(
                atPath: folder.appending(path: "postmaster.pid").path)
            do {
                // It is asked itself, because a process id says little about a server that was killed a moment ago.
                if PQping(url) == PQPING_OK { return false }
                try launch()
                return true
            } catch {
                // What is left of a killed server keeps its successor out until the system has buried it.
                guard wasKilled, ContinuousClock.now < deadline else { throw error }
                usleep(50_000)
            }
        }
    }

    private func launch() throws {
        var settings = "-c listen_addresses='' -c unix_socket_directories='\(sockets.path)'"
        for option in options { settings += " -c \(option)" }
        try run(
            "pg_ctl",
            [
                "start", "--silent", "--wait", "--pgdata", folder.path, "--options", settings, "--log",
                log.path,
            ])
    }

    private func initialise() throws {
        guard try programs.run("test", ["-s", folder.appending(path: "PG_VERSION").path]).status != 0 else {
            return
        }
        // No locale: text sorts by code point, the same on every machine. Only the socket's owner can connect.
        try run(
            "initdb",
            [
                "--pgdata", folder.path, "--username", "digidel", "--auth", "trust", "--encoding", "UTF8",
                "--no-locale", "--no-instructions",
            ])
    }

    /// Makes the roles of the service when they are missing, as in a cluster that was made by an earlier version.
    private func makeServiceRoles() throws {
        let connection = PQconnectdb(url)
        defer { PQfinish(connection) }
        let result = PQexec(
            connection,
            """
            do $$
            begin
                if not exists (select from pg_roles where rolname = 'digidel_service') then
                    create role digidel_service nologin;
                end if;
                if not exists (select from pg_roles where rolname = 'digidel_api') then
                    create role digidel_api login in role digidel_service;
                end if;
            exception
                -- Another process was quicker.
                when duplicate_object or unique_violation then null;
            end;
            $$
            """)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else {
            let reason = String(cString: PQerrorMessage(connection)).onOneLine
            throw Failure(description: "cannot make the service's roles: \(reason) (log: \(log.path))")
        }
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        let outcome = try programs.run(program, arguments)
        guard outcome.status == 0 else {
            throw Failure(description: "\(program) failed: \(outcome.output.onOneLine) (log: \(log.path))")
        }
    }
}
