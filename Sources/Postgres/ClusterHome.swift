import Foundation

/// Where a local cluster lives: a folder that PostgreSQL's user can reach and nobody else can enter.
enum ClusterHome {
    /// The longest path of a socket, less the name that PostgreSQL gives it (`sun_path`, unix(7)).
    private static let socketPathLimit = 107 - "/socket/.s.PGSQL.5432".utf8.count

    /// What ends a path in a list of socket folders or in a connection string.
    private static let awkward: Set<Character> = ["'", "\"", "\\", ","]

    /// Makes `folder` and returns where the cluster is to be: there, or, when that cannot work (we are root and the
    /// other user may not pass a folder above it; its path will not do for a socket), under `/var/lib/digidel` or
    /// the temporary folder, with a link in `folder` that leads there.
    ///
    /// A cluster that is there already is never moved or removed. Throws `LocalCluster.Failure`.
    static func prepare(_ folder: URL, programs: PostgresPrograms) throws -> URL {
        do {
            return try place(in: folder, programs)
        } catch let failure as LocalCluster.Failure {
            throw failure
        } catch {
            throw LocalCluster.Failure(
                description: "cannot keep a database in \(folder.path): \(error.localizedDescription)")
        }
    }

    private static func place(in folder: URL, _ programs: PostgresPrograms) throws -> URL {
        let files = FileManager.default
        let home = folder.standardizedFileURL.appending(path: "postgres")
        if let elsewhere = try? files.destinationOfSymbolicLink(atPath: home.path),
            files.fileExists(atPath: elsewhere)
        {
            return URL(filePath: elsewhere)
        }
        if try isUsable(home, programs) { return home }
        guard !files.fileExists(atPath: home.appending(path: "data").path) else {
            throw LocalCluster.Failure(
                description:
                    "the user \(programs.user ?? NSUserName()) cannot reach the database in \(home.path); "
                    + "make the folders above it passable, or their path shorter")
        }
        let elsewhere = roomElsewhere().appending(path: UUID().uuidString.lowercased())
        guard try isUsable(elsewhere, programs) else {
            throw LocalCluster.Failure(
                description: "the user \(programs.user ?? NSUserName()) can use neither \(home.path) nor "
                    + "\(elsewhere.path); set DATA_DIR to a folder that it can reach")
        }
        try? files.removeItem(at: home)
        try files.createSymbolicLink(at: home, withDestinationURL: elsewhere)
        return elsewhere
    }

    private static func roomElsewhere() -> URL {
        getuid() == 0
            ? URL(filePath: "/var/lib/digidel")
            : FileManager.default.temporaryDirectory.appending(path: "digidel-\(getuid())")
    }

    private static func isUsable(_ home: URL, _ programs: PostgresPrograms) throws -> Bool {
        guard home.path.utf8.count <= socketPathLimit, !home.path.contains(where: awkward.contains) else {
            try FileManager.default.createDirectory(
                at: home.deletingLastPathComponent(), withIntermediateDirectories: true)
            return false
        }
        let sockets = home.appending(path: "socket")
        try FileManager.default.createDirectory(at: sockets, withIntermediateDirectories: true)
        if let user = programs.user {
            for folder in [home, sockets] {
                try FileManager.default.setAttributes([.ownerAccountName: user], ofItemAtPath: folder.path)
            }
        }
        for folder in [home, sockets] {
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        }
        return try programs.run("test", ["-w", home.path]).status == 0
    }
}
