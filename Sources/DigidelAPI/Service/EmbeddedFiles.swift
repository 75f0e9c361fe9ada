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

    /// The files of `Sources/Dashboard`, by their names.
    package static let dashboard = files(embedded_dashboard)

    /// The files of `Sources/Guide`, by their names.
    package static let guide = files(embedded_guide)

    /// One of those files as text.
    static func text(_ files: [String: [UInt8]], _ name: String) -> String {
        String(decoding: files[name] ?? [], as: UTF8.self)
    }

    private static func files(
        _ list: (UnsafeMutablePointer<Int>) -> UnsafePointer<embedded_file>
    ) -> [String: [UInt8]] {
        var count = 0
        let files = list(&count)
        return Dictionary(
            uniqueKeysWithValues: (0..<count).map { (String(cString: files[$0].name), bytes(files[$0])) })
    }

    private static func bytes(_ file: embedded_file) -> [UInt8] {
        Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
    }
}
