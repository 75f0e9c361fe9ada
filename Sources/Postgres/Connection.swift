import CLibPQ
import Dispatch
package import EventLoop
import Foundation

/// One connection to PostgreSQL, through libpq without ever blocking: its socket is watched by a lane, on which the
/// actor lives. One statement at a time; the pool sees to that.
package actor Connection: Queryable {
    package nonisolated let lane: Lane
    package nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    private let connection: OpaquePointer
    private var watch: Watch?
    private var statements = StatementCache(capacity: 200)
    private var pending: Pending?
    private var closed = false
    private let queryTimeout: Duration
    private var onClose: (@Sendable () -> Void)?
    private var onNotification: (@Sendable (_ channel: String, _ payload: String) -> Void)?

    /// The command under way: who waits for it, and the results so far.
    private struct Pending {
        let continuation: CheckedContinuation<Result<Rows?, PostgresError>, Never>
        let statement: String
        let timer: EventLoop.Timer
        var outcome: Result<Rows?, PostgresError> = .success(nil)
    }

    /// Connects to `settings.url`; throws `.unavailable` when that fails or takes longer than the settings allow.
    package static func connect(_ settings: ConnectionSettings, on lane: Lane) async throws(PostgresError)
        -> Connection
    {
        let connector = try await Connector.connect(settings, on: lane)
        let connection = Connection(connector.connection, on: lane, settings)
        try await connection.begin()
        return connection
    }

    private init(_ connection: OpaquePointer, on lane: Lane, _ settings: ConnectionSettings) {
        self.connection = connection
        self.lane = lane
        queryTimeout = settings.queryTimeout
    }

    isolated deinit { close() }

    /// Watches the socket and sets what every session of ours relies on.
    private func begin() async throws(PostgresError) {
        PQsetnonblocking(connection, 1)
        // Else libpq prints notices to standard error, amid the log.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        do {
            watch = try lane.watch(PQsocket(connection), for: .read) { [weak self] ready in
                self?.assumeIsolated { $0.socketIsReady(ready) }
            }
        } catch {
            throw .unavailable("\(error)")
        }
        // Compiling a plan takes longer than any statement of ours.
        try await script(
            """
            set time zone 'UTC'; set datestyle = 'ISO, YMD'; set jit = off;
            set statement_timeout = \(queryTimeout.wholeMilliseconds);
            """)
    }

    /// Tells `onClose` once, on the lane, when the connection ends for whatever reason.
    package func whenClosed(_ onClose: @escaping @Sendable () -> Void) {
        if closed { onClose() } else { self.onClose = onClose }
    }

    /// Passes on what `listen` was asked for.
    package func whenNotified(
        _ onNotification: @escaping @Sendable (_ channel: String, _ payload: String) -> Void
    ) {
        self.onNotification = onNotification
    }

    /// False once the server or the network has gone away.
    package var isUsable: Bool { !closed }

    // MARK: Statements

    package func query(_ sql: SQL) async throws(PostgresError) -> Rows {
        let text = sql.text
        // As C strings, values would end at the zero; PostgreSQL's text has none.
        guard let parameters = ParameterList(sql.parameters) else {
            throw PostgresError(
                .refused, "a value contains the character U+0000", sqlState: "22021", statement: text)
        }
        let name = try await prepare(text)
        do throws(PostgresError) {
            return try await run(prepared: name, text, parameters)
        } catch {
            // "Cached plan must not change result type": a migration has changed the columns meanwhile.
            guard error.sqlState == "0A000" else { throw error }
            statements.remove(name)
            guard isIdle else { throw error }
            try await script("deallocate \(name)")
            return try await run(prepared: try await prepare(text), text, parameters)
        }
    }

    private func run(
        prepared name: String, _ text: String, _ parameters: ParameterList
    ) async throws(PostgresError) -> Rows {
        let rows = try await run(text) { connection in
            parameters.withPointers { pointers in
                PQsendQueryPrepared(
                    connection, name, Int32(pointers.count), pointers.baseAddress, nil, nil, 0)
            }
        }
        guard let rows else { throw PostgresError(.decoding, "no result", statement: text) }
        return rows
    }

    /// Runs a text of one or more statements without values, such as a migration.
    package func script(_ text: String) async throws(PostgresError) {
        _ = try await run(text) { PQsendQuery($0, text) }
    }

    private func prepare(_ text: String) async throws(PostgresError) -> String {
        switch statements.lookup(text) {
        case .prepared(let name):
            return name
        case .missing(let name, let evicted):
            if let evicted {
                try await script("deallocate \(evicted)")
                statements.remove(evicted)
            }
            _ = try await run(text) { PQsendPrepare($0, name, text, 0, nil) }
            statements.add(text, name: name)
            return name
        }
    }

    /// Sends a command and suspends until its last result has come.
    private func run(
        _ statement: String, send: (OpaquePointer) -> Int32
    ) async throws(PostgresError) -> Rows? {
        // Others may run on the lane before the closure does, so all that counts happens in there.
        try await withCheckedContinuation { start(statement, for: $0, send: send) }.get()
    }

    private func start(
        _ statement: String, for continuation: CheckedContinuation<Result<Rows?, PostgresError>, Never>,
        send: (OpaquePointer) -> Int32
    ) {
        guard !closed else {
            return continuation.resume(returning: .failure(.unavailable("the connection is closed")))
        }
        precondition(pending == nil, "one statement at a time")
        let timer = lane.schedule(after: queryTimeout + .seconds(2)) { [weak self] in
            self?.assumeIsolated { $0.end("no answer in time") }
        }
        pending = Pending(continuation: continuation, statement: statement, timer: timer)
        guard send(connection) == 1 else { return end(lastMessage) }
        flush()
        receive()
    }

    // MARK: Transactions

    /// Commits. Throws 25P02 when a statement of the transaction was refused, even if the caller went on: PostgreSQL
    /// would answer with a rollback and call that success.
    func commit() async throws(PostgresError) {
        guard closed || PQtransactionStatus(connection) != PQTRANS_INERROR else {
            throw PostgresError(.refused, "a statement of the transaction was refused", sqlState: "25P02")
        }
        try await script("commit")
    }

    /// Ends the connection when it is in a transaction or waits for an answer, so that nobody else inherits that.
    func closeUnlessIdle() {
        if !isIdle { close() }
    }

    private var isIdle: Bool { !closed && PQtransactionStatus(connection) == PQTRANS_IDLE }

    // MARK: The socket

    private func socketIsReady(_ ready: Ready) {
        guard !closed else { return }
        if ready.contains(.write) { flush() }
        guard !closed else { return }
        guard PQconsumeInput(connection) == 1 else { return end(lastMessage) }
        receive()
        notify()
        if !closed, PQstatus(connection) == CONNECTION_BAD { end(lastMessage) }
    }

    private func flush() {
        let left = PQflush(connection)
        if left < 0 { return end(lastMessage) }
        watch?.interest = left == 0 ? .read : [.read, .write]
    }

    /// Takes the results that are complete; the command is over when libpq hands out nil.
    private func receive() {
        while pending != nil, PQisBusy(connection) == 0 {
            guard let result = PQgetResult(connection) else { return finish() }
            keep(result)
        }
    }

    private func keep(_ result: OpaquePointer) {
        guard let statement = pending?.statement else { return PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            if case .success = pending?.outcome {
                pending?.outcome = .success(Rows(result))
            } else {
                PQclear(result)
            }
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            PQclear(result)
            pending?.outcome = .failure(
                PostgresError(.refused, "copy to or from the client", statement: statement))
            // The connection talks another protocol from here, which nothing of ours needs.
            disconnect()
        default:
            let error = PostgresError(result: result, statement: statement)
            PQclear(result)
            pending?.outcome = .failure(error)
            // The server was the primary and is no more; a new connection finds the one that is.
            if error.isReadOnly { disconnect() }
        }
    }

    private func finish() {
        if PQstatus(connection) == CONNECTION_BAD { disconnect() } else { answer() }
    }

    private func answer() {
        guard let pending else { return }
        self.pending = nil
        pending.timer.cancel()
        pending.continuation.resume(returning: pending.outcome)
    }

    private func notify() {
        while !closed, let notification = PQnotifies(connection) {
            onNotification?(
                String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
    }

    /// Ends the connection; a command under way fails. Does nothing the second time.
    package func close() { end("the connection was closed") }

    /// Disconnects; a command under way fails with `reason`, unless its own failure is known already.
    private func end(_ reason: String) {
        if case .success = pending?.outcome { pending?.outcome = .failure(.unavailable(reason)) }
        disconnect()
    }

    private func disconnect() {
        guard !closed else { return }
        closed = true
        watch?.cancel()
        watch = nil
        PQfinish(connection)
        onClose?()
        onClose = nil
        onNotification = nil
        answer()
    }

    private var lastMessage: String {
        String(cString: PQerrorMessage(connection)).onOneLine
    }
}

extension Duration {
    /// At least one, since zero means no limit to PostgreSQL.
    fileprivate var wholeMilliseconds: Int64 {
        max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}

/// The values of a statement as C strings, one after another.
private struct ParameterList {
    private var bytes: [UInt8] = []
    /// Where each begins; nil for null.
    private var starts: [Int?] = []

    /// Nil when a value contains a zero.
    init?(_ parameters: [Parameter]) {
        starts.reserveCapacity(parameters.count)
        bytes.reserveCapacity(parameters.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 1 })
        for parameter in parameters {
            starts.append(parameter == nil ? nil : bytes.count)
            guard var parameter else { continue }
            let hasZero = parameter.withUTF8 { text in
                bytes.append(contentsOf: text)
                return text.baseAddress.map { memchr($0, 0, text.count) != nil } ?? false
            }
            if hasZero { return nil }
            bytes.append(0)
        }
    }

    func withPointers<Value>(_ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Value) -> Value {
        bytes.withUnsafeBytes { bytes in
            let first = bytes.assumingMemoryBound(to: CChar.self).baseAddress
            let pointers = starts.map { start in start.flatMap { first?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer(body)
        }
    }
}
