import Foundation

/// PostgreSQL's programs on this machine, and the user that runs them.
package struct PostgresPrograms: Sendable {
    private let binaries: URL
    /// The user PostgreSQL runs as when we are root, which it refuses to be; nil when we are somebody else.
    let user: String?

    /// Finds the programs: in `binaries` (`PG_BIN`) if given, else in `PATH`, where `pg_config --bindir` says, and
    /// where Debian keeps them, newest version first. Throws `LocalCluster.Failure` when there are none, or when we
    /// are root and there is no user to run them.
    package init(binaries: String? = nil, user: String = "postgres") throws {
        guard let found = Self.candidates(binaries).first(where: Self.holdsServer) else {
            throw LocalCluster.Failure(
                description: "no PostgreSQL server programs (initdb, pg_ctl, postgres) found in "
                    + (binaries.map { "PG_BIN (\($0)); correct it" }
                        ?? "PATH or pg_config --bindir; install the package postgresql, set PG_BIN")
                    + ", or set DATABASE_URL to use a server elsewhere")
        }
        self.binaries = found
        self.user = getuid() == 0 ? user : nil
        if let user = self.user, getpwnam(user) == nil {
            throw LocalCluster.Failure(
                description:
                    "started as root, PostgreSQL must run as another user, and there is no user \(user); "
                    + "set POSTGRES_OS_USER to one that exists")
        }
    }

    private static func candidates(_ binaries: String?) -> [URL] {
        if let binaries { return [URL(filePath: binaries)] }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        var folders = path.split(separator: ":").map { URL(filePath: String($0)) }
        if let config = folders.map({ $0.appending(path: "pg_config") }).first(where: isExecutable),
            let outcome = try? Subprocess.run(config.path, ["--bindir"])
        {
            folders.append(URL(filePath: outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        let debian = URL(filePath: "/usr/lib/postgresql")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: debian.path)) ?? []
        return folders
            + versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending }
            .map { debian.appending(path: $0).appending(path: "bin") }
    }

    private static func holdsServer(_ folder: URL) -> Bool {
        ["initdb", "pg_ctl", "postgres"].allSatisfy { isExecutable(folder.appending(path: $0)) }
    }

    private static func isExecutable(_ file: URL) -> Bool {
        FileManager.default.isExecutableFile(atPath: file.path)
    }

    /// Runs one of the programs, or one of the system's, as the user who owns the cluster.
    func run(_ program: String, _ arguments: [String]) throws -> Subprocess.Outcome {
        let ours = binaries.appending(path: program)
        let path = Self.isExecutable(ours) ? ours.path : program
        guard let user else { return try Subprocess.run("/usr/bin/env", [path] + arguments) }
        return try Subprocess.run("/usr/bin/env", ["runuser", "-u", user, "--", path] + arguments)
    }
}
