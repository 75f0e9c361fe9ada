import EventLoop

/// Lets all who ask for the same at the same time share the reading of it: what is read is read after each of them has
/// asked, so nobody gets what was true before, and however many ask, one reading is under way and one is to come.
actor SharedReads<Key: Hashable & Sendable, Value: Sendable> {
    nonisolated let lane: Lane
    nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    /// Reads the value, for whoever waits.
    typealias Read = @Sendable () async throws -> Value

    struct Waiting {
        let read: Read
        let continuation: CheckedContinuation<Result<Value, any Error>, Never>
    }

    /// Who waits for the next reading.
    private(set) var waiting: [Key: [Waiting]] = [:]
    private var keysBeingRead: Set<Key> = []

    /// Nobody asks yet; reads on `lane`.
    init(on lane: Lane) {
        self.lane = lane
    }

    /// The value, read from now on; throws what reading it throws.
    func value(for key: Key, read: @escaping Read) async throws -> Value {
        try await withCheckedContinuation { add(Waiting(read: read, continuation: $0), for: key) }.get()
    }

    private func add(_ item: Waiting, for key: Key) {
        waiting[key, default: []].append(item)
        guard keysBeingRead.insert(key).inserted else { return }
        Task(executorPreference: lane) { await self.readAll(key) }
    }

    private func readAll(_ key: Key) async {
        while let group = waiting.removeValue(forKey: key), let last = group.last {
            let result: Result<Value, any Error>
            do {
                result = .success(try await last.read())
            } catch {
                result = .failure(error)
            }
            for item in group { item.continuation.resume(returning: result) }
        }
        keysBeingRead.remove(key)
    }
}
