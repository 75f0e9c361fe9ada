import Foundation

/// Runs a program to its end.
enum Subprocess {
    /// What came of it: exit status, and what it wrote on both outputs.
    struct Outcome {
        let status: Int32
        let output: String
    }

    /// Waits for the program at `path`. Foundation's `Process` will not do: it waits until every descendant has gone
    /// too, and a server is started in order to stay. For the same reason the output goes through a file.
    static func run(_ path: String, _ arguments: [String]) throws -> Outcome {
        let file = FileManager.default.temporaryDirectory.appending(path: "digidel-\(UUID().uuidString)").path
        guard
            FileManager.default.createFile(
                atPath: file, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw LocalCluster.Failure(description: "cannot write to \(file)") }
        defer { try? FileManager.default.removeItem(atPath: file) }
        let child = try spawn(path, arguments, output: file)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw LocalCluster.Failure(description: "lost track of \(path)") }
        }
        let exitStatus = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + status & 0x7f
        return Outcome(status: exitStatus, output: (try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
    }

    private static func spawn(_ path: String, _ arguments: [String], output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_APPEND, 0)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A server that stays would keep our connections and files open, and count them as its own.
        for descriptor in openDescriptors() where descriptor > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        // The user that PostgreSQL runs as may not enter the folder we were started in.
        let command = ["/bin/sh", "-c", "cd / && exec \"$@\"", "sh", path] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        words.append(nil)
        defer { words.forEach { free($0) } }
        var child: pid_t = 0
        let fault = posix_spawn(&child, command[0], &actions, nil, words, environ)
        guard fault == 0 else {
            throw LocalCluster.Failure(
                description: "cannot start \(path): \(String(cString: strerror(fault)))")
        }
        return child
    }

    private static func openDescriptors() -> [Int32] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return names?.compactMap { Int32($0) } ?? []
    }
}
