import Synchronization

/// What is made of openapi.yaml when somebody first asks for it, off the lanes because it takes a while, and kept: it is
/// the same for as long as the program runs.
enum KeptDocuments {
    private static let kept = Mutex<[String: Task<[UInt8], any Error>]>([:])

    /// The document of that name, made by `make` the first time. Names are of a closed set.
    static func document(
        _ name: String, _ make: @escaping @Sendable (OpenAPIDocument) throws -> [UInt8]
    ) async throws -> [UInt8] {
        let task = kept.withLock { kept in
            if let task = kept[name] { return task }
            let task = Task.detached { try make(OpenAPIDocument.load()) }
            kept[name] = task
            return task
        }
        return try await task.value
    }
}
