import CLibPQ
import Dispatch
import EventLoop

/// How connections are made and how long things may take.
package struct ConnectionSettings: Sendable {
    /// Which of the servers in the URL will do.
    package enum Target: Sendable {
        /// What the URL says in `target_session_attrs`; without it, of several servers the one that takes writes.
        case asGiven
        /// Hot standbys only, whatever the URL says.
        case standby
    }

    /// A libpq URI or conninfo string; several hosts are allowed.
    package var url: String
    package var target: Target
    /// From the first packet to a session that can be used, unless the URL has `connect_timeout`. With several hosts each
    /// has its time, and at most `hostTimeout`.
    package var connectTimeout: Duration
    /// The longest that a statement may run.
    package var queryTimeout: Duration

    /// A server that is alive answers in milliseconds; whoever waits for one that is not keeps clients waiting.
    static let hostTimeout: Duration = .seconds(2)

    package init(
        url: String, target: Target = .asGiven, connectTimeout: Duration = .seconds(5),
        queryTimeout: Duration = .seconds(30)
    ) {
        self.url = url
        self.target = target
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

    /// Tries the servers in turn, as libpq does. One that takes connections and then says nothing would keep libpq for
    /// ever, since its own time-out works only for those who let it wait: it is left out, and libpq begins again.
    static func connect(_ settings: ConnectionSettings, on lane: Lane) async throws(PostgresError)
        -> Connector
    {
        // Anything that is neither would be taken for a database's name, and told as such.
        guard isURL(settings.url) else { throw .connecting("") }
        var hosts: HostList?
        while true {
            let remaining = hosts
            guard let connector = await step({ start(settings, remaining) }) else {
                throw .unavailable("out of memory")
            }
            let tried = remaining ?? connector.hosts
            let outcome = await connector.poll(connector.timeout(settings, tried.count), on: lane)
            if case .connected = outcome { return connector }
            defer { PQfinish(connector.connection) }
            guard case .silent = outcome else { throw .connecting(connector.lastMessage) }
            hosts = tried.without(host: connector.host, port: connector.port)
            if hosts == nil { throw .unavailable("connecting took too long") }
        }
    }

    private enum Outcome {
        case connected, failed
        /// The server that is being tried does not answer.
        case silent
    }

    private static func start(_ settings: ConnectionSettings, _ hosts: HostList?) -> Connector? {
        var parameters = ["dbname": settings.url, "fallback_application_name": "digidel"]
        parameters.merge(defaults(for: settings)) { $1 }
        parameters["client_encoding"] = "UTF8"
        if let hosts { parameters.merge(hosts.parameters) { $1 } }
        // What comes after the URL holds instead of what is in it.
        let keywords = ["dbname"] + parameters.keys.filter { $0 != "dbname" }.sorted()
        let values = keywords.map { parameters[$0] ?? "" }
        return withCStrings(keywords) { keywords in
            withCStrings(values) { values in PQconnectStartParams(keywords, values, 1) }
        }.map(Connector.init)
    }

    /// Whether libpq understands it as a URI or as a list of keywords and values.
    private static func isURL(_ text: String) -> Bool {
        let options = PQconninfoParse(text, nil)
        defer { PQconninfoFree(options) }
        return options != nil
    }

    /// What we want that libpq does not do by itself, except where the URL says something of it.
    private static func defaults(for settings: ConnectionSettings) -> [String: String] {
        var defaults = [
            // A server whose machine has vanished is noticed within some seconds: when it does not acknowledge what we
            // send, and when we wait for it or for its notices. Linux would wait for a quarter of an hour and two hours.
            "tcp_user_timeout": "5000",
            "keepalives_idle": "5", "keepalives_interval": "2", "keepalives_count": "2",
        ]
        let given = parameters(PQconninfoParse(settings.url, nil))
        let hosts = HostList(host: given["host"], hostaddr: given["hostaddr"], port: nil)
        // The first that answers may be a standby.
        if hosts.count > 1 { defaults["target_session_attrs"] = "read-write" }
        for name in given.keys { defaults[name] = nil }
        if settings.target == .standby { defaults["target_session_attrs"] = "standby" }
        return defaults
    }

    /// The options that have a value; frees them.
    private static func parameters(_ options: UnsafeMutablePointer<PQconninfoOption>?) -> [String: String] {
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var next = options
        while let option = next?.pointee, let keyword = option.keyword {
            if let value = option.val { parameters[String(cString: keyword)] = String(cString: value) }
            next = next?.advanced(by: 1)
        }
        return parameters
    }

    /// All servers, as libpq understood the URL, a service file and the environment.
    private var hosts: HostList {
        let parameters = Self.parameters(PQconninfo(connection))
        return HostList(
            host: parameters["host"], hostaddr: parameters["hostaddr"], port: parameters["port"])
    }

    /// The server that is being tried.
    private var host: String { PQhost(connection).map { String(cString: $0) } ?? "" }
    private var port: String { PQport(connection).map { String(cString: $0) } ?? "" }

    /// How long one server may take.
    private func timeout(_ settings: ConnectionSettings, _ hostCount: Int) -> Duration {
        let given = Self.parameters(PQconninfo(connection))["connect_timeout"].flatMap { Int($0) } ?? 0
        if given > 0 { return .seconds(given) }
        return hostCount > 1
            ? min(settings.connectTimeout, ConnectionSettings.hostTimeout) : settings.connectTimeout
    }

    private func poll(_ timeout: Duration, on lane: Lane) async -> Outcome {
        var interest = Interest.write
        var (tried, deadline) = ((host, port), ContinuousClock.now + timeout)
        while PQstatus(connection) != CONNECTION_BAD {
            if tried != (host, port) { (tried, deadline) = ((host, port), .now + timeout) }
            guard await Self.readiness(of: PQsocket(connection), for: interest, until: deadline, on: lane)
            else { return .silent }
            let connector = self
            switch await Self.step({ PQconnectPoll(connector.connection) }) {
            case PGRES_POLLING_OK: return .connected
            case PGRES_POLLING_READING: interest = .read
            case PGRES_POLLING_WRITING: interest = .write
            default: return .failed
            }
        }
        return .failed
    }

    private var lastMessage: String { String(cString: PQerrorMessage(connection)).onOneLine }

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
