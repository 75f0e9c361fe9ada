import CLibPQ
import Dispatch
import EventLoop

/// How connections are made and how long things may take.
package struct ConnectionSettings: Sendable {
    /// A libpq URI or conninfo string; several hosts are allowed.
    package var url: String
    /// From the first packet to a session that can be used.
    package var connectTimeout: Duration
    /// The longest that a statement may run.
    package var queryTimeout: Duration

    package init(url: String, connectTimeout: Duration = .seconds(5), queryTimeout: Duration = .seconds(30)) {
        self.url = url
        self.connectTimeout = connectTimeout
        self.queryTimeout = queryTimeout
    }
}

/// Makes a connection: libpq's state machine for it, one step per readiness of its socket. The steps run on a queue
/// of their own because they may look up a host's name, which libpq does by waiting.
struct Connector {
    // The pointer is handed from step to step and to the connection at the end; no two use it at once.
    nonisolated(unsafe) let connection: OpaquePointer

    private static let steps = DispatchQueue(label: "postgres.connect", attributes: .concurrent)

    static func connect(_ settings: ConnectionSettings, on lane: Lane) async throws(PostgresError)
        -> Connector
    {
        guard let connector = await step({ start(settings) }) else { throw .unavailable("out of memory") }
        do {
            try await connector.poll(until: .now + settings.connectTimeout, on: lane)
            return connector
        } catch {
            PQfinish(connector.connection)
            throw error
        }
    }

    private static func start(_ settings: ConnectionSettings) -> Connector? {
        let keywords = ["dbname", "fallback_application_name", "client_encoding"]
        let values = [settings.url, "digidel", "UTF8"]
        return withCStrings(keywords) { keywords in
            withCStrings(values) { values in PQconnectStartParams(keywords, values, 1) }
        }.map(Connector.init)
    }

    private func poll(until deadline: ContinuousClock.Instant, on lane: Lane) async throws(PostgresError) {
        var interest = Interest.write
        while PQstatus(connection) != CONNECTION_BAD {
            guard await Self.readiness(of: PQsocket(connection), for: interest, until: deadline, on: lane)
            else {
                throw .unavailable("connecting took too long")
            }
            let connector = self
            switch await Self.step({ PQconnectPoll(connector.connection) }) {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_READING: interest = .read
            case PGRES_POLLING_WRITING: interest = .write
            default: throw .connecting(String(cString: PQerrorMessage(connection)))
            }
        }
        throw .connecting(String(cString: PQerrorMessage(connection)))
    }

    /// Runs a step off the lane and suspends until it is done.
    private static func step<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            steps.async { continuation.resume(returning: work()) }
        }
    }

    /// Suspends until the descriptor is ready; false when the deadline came first.
    private static func readiness(
        of descriptor: Int32, for interest: Interest, until deadline: ContinuousClock.Instant, on lane: Lane
    ) async -> Bool {
        await withCheckedContinuation { continuation in
            lane.async { ReadinessWait(continuation).begin(descriptor, interest, deadline, lane) }
        }
    }
}

/// Waits once for a descriptor or a deadline, whichever comes first. Lives on its lane only.
private final class ReadinessWait: @unchecked Sendable {
    private var continuation: CheckedContinuation<Bool, Never>?
    private var watch: Watch?
    private var timer: EventLoop.Timer?

    init(_ continuation: CheckedContinuation<Bool, Never>) {
        self.continuation = continuation
    }

    func begin(_ descriptor: Int32, _ interest: Interest, _ deadline: ContinuousClock.Instant, _ lane: Lane) {
        timer = lane.schedule(after: deadline - .now) { self.end(false) }
        watch = try? lane.watch(descriptor, for: interest) { _ in self.end(true) }
        if watch == nil { end(false) }
    }

    private func end(_ ready: Bool) {
        watch?.cancel()
        timer?.cancel()
        watch = nil
        timer = nil
        continuation?.resume(returning: ready)
        continuation = nil
    }
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    let bytes = strings.map { $0.utf8CString }
    func nest(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) -> Value {
        guard index < bytes.count else {
            return (pointers + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
        }
        return bytes[index].withUnsafeBufferPointer { nest(index + 1, pointers + [$0.baseAddress]) }
    }
    return nest(0, [])
}
