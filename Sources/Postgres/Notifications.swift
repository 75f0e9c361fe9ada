package import EventLoop

/// Listens for `NOTIFY` on a connection of its own and connects again when it is lost.
package actor Notifications {
    /// What a listener is told.
    package enum Event: Sendable, Equatable {
        case notified(channel: String, payload: String)
        /// Listening began, or began again: what was notified before may have been missed.
        case listening
    }

    package nonisolated let lane: Lane
    package nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    private let settings: ConnectionSettings
    private let channels: [String]
    private let handler: @Sendable (Event) -> Void
    private var connection: Connection?
    private var stopped = false
    /// Whether what is notified is heard.
    package private(set) var isListening = false

    /// Calls `handler` on the lane; `channels` are plain lower-case names. Nothing happens before `start`.
    package init(
        _ settings: ConnectionSettings, channels: [String], on lane: Lane,
        handler: @escaping @Sendable (Event) -> Void
    ) {
        self.settings = settings
        self.channels = channels
        self.lane = lane
        self.handler = handler
    }

    /// Begins to listen; returns at once.
    package func start() {
        guard !stopped else { return }
        Task(executorPreference: lane) { await self.listen() }
    }

    /// Ends it for good.
    package func stop() async {
        stopped = true
        await connection?.close()
    }

    private func listen() async {
        do throws(PostgresError) {
            let connection = try await Connection.connect(settings, on: lane)
            self.connection = connection
            guard !stopped else { return await connection.close() }
            await connection.whenNotified { [handler] in handler(.notified(channel: $0, payload: $1)) }
            for channel in channels { try await connection.script("listen \(channel)") }
            isListening = true
            handler(.listening)
            await connection.whenClosed { [weak self] in self?.assumeIsolated { $0.retry() } }
        } catch {
            retry()
        }
    }

    private func retry() {
        connection = nil
        isListening = false
        _ = lane.schedule(after: .milliseconds(250)) { [weak self] in self?.assumeIsolated { $0.start() } }
    }
}
