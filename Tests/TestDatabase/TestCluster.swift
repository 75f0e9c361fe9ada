import Foundation
package import Postgres

/// The one PostgreSQL of a test run: real, private, in a temporary folder, gone at exit.
package enum TestCluster {
    /// Started on first use. Nothing is kept, so it may forget what a crash would lose.
    package static let shared: LocalCluster = {
        do {
            let environment = ProcessInfo.processInfo.environment
            let parent =
                environment["TEST_DATA_DIR"].map { URL(filePath: $0) }
                ?? FileManager.default.temporaryDirectory
            let folder = parent.appending(path: "digidel-test-\(ProcessInfo.processInfo.processIdentifier)")
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
            let cluster = try LocalCluster.start(
                in: folder, programs: try PostgresPrograms(binaries: environment["PG_BIN"]),
                options: ["fsync=off", "max_connections=400", "shared_buffers=128MB"])
            atExit.set {
                try? cluster.stop(immediately: true)
                try? FileManager.default.removeItem(at: folder)
            }
            return cluster
        } catch {
            fatalError("the tests need PostgreSQL: \(error)")
        }
    }()
}

/// What is to be done when the test process ends.
private final class AtExit: @unchecked Sendable {
    private var work: (() -> Void)?

    func set(_ work: @escaping () -> Void) {
        self.work = work
        atexit { atExit.run() }
    }

    func run() { work?() }
}

private let atExit = AtExit()
