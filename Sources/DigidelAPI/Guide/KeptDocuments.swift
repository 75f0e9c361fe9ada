import Synchronization

/// What is made of openapi.yaml when somebody first asks for it, off the lanes because it takes a while, and kept: it is
/// the same for as long as the program runs.
enum KeptDocuments {
    struct Document: Sendable {
        let bytes: [UInt8]
        private let fingerprint: UInt64

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            fingerprint = DigidelAPI.fingerprint(of: bytes)
        }

        /// Its ETag's text.
        func tag(for call: Call) -> String { "\(fingerprint)-\(call.representation.variant)" }
    }

    private static let kept = Mutex<[String: Task<Document, any Error>]>([:])

    /// The document of that name, made by `make` the first time. Names are of a closed set.
    static func document(
        _ name: String, _ make: @escaping @Sendable (OpenAPIDocument) throws -> [UInt8]
    ) async throws -> Document {
        let task = kept.withLock { kept in
            if let task = kept[name] { return task }
            let task = Task.detached { try Document(make(OpenAPIDocument.load())) }
            kept[name] = task
            return task
        }
        return try await task.value
    }
}
