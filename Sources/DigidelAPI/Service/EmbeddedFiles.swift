import CEmbeddedFiles
package import Postgres

/// The repository's files that the program carries inside.
package enum EmbeddedFiles {
    /// The files of `migrations/`.
    package static var migrations: [Migration] {
        var count = 0
        let files = embedded_migrations(&count)
        return (0..<count).map { index in
            Migration(
                name: String(cString: files[index].name),
                sql: String(decoding: bytes(files[index]), as: UTF8.self))
        }
    }

    /// `openapi.yaml`.
    package static let openAPI = bytes(embedded_openapi())

    private static func bytes(_ file: embedded_file) -> [UInt8] {
        Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
    }
}
