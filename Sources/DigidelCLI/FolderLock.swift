import DigidelAPI
import Foundation

/// Keeps a second `digidel serve` off the same private cluster, which the first to end would stop under the other.
struct FolderLock {
    private let descriptor: Int32

    /// Throws `Config.Fault` when another process has it.
    init(_ folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        descriptor = open("\(folder)/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Config.Fault(
                "another digidel serve uses \(folder); stop it, or set DATA_DIR to another folder or DATABASE_URL"
            )
        }
    }

    func release() {
        close(descriptor)
    }
}
