import EventLoop
import HTTP

/// A client's connection: does what its `ConnectionState` decides. It lives on one lane, on which its socket is read
/// and written and its requests are answered.
actor Connection {
    nonisolated let context: ConnectionContext
    let socket: Socket
    nonisolated let peer: Peer
    /// The request whose body is on its way, for the log.
    var request: Request?
    /// The answer that goes on.
    var stream: OpenStream?
    /// Nothing that these call comes back to the connection, so that no access can meet another; checking that at run
    /// time, as is done for members of a class, is 4 % of what a poll costs.
    @exclusivity(unchecked) var state: ConnectionState
    @exclusivity(unchecked) var output = ByteQueue()
    private var watch: Watch?
    private var timer: Timer?
    private var timerDeadline: MonotonicTime?

    nonisolated var unownedExecutor: UnownedSerialExecutor { context.lane.asUnownedSerialExecutor() }

    /// A connection that has been accepted; `start` begins it.
    init(_ socket: Socket, _ peer: Peer, context: ConnectionContext) {
        self.socket = socket
        self.peer = peer
        self.context = context
        state = ConnectionState(limits: context.limits, peer: peer, at: .now)
    }

    // MARK: Events

    /// Begins to wait for the first request.
    func start() {
        do {
            watch = try context.lane.watch(socket.descriptor, for: .read) { [self] ready in
                assumeIsolated { $0.becameReady(ready) }
            }
            armTimer(at: .now)
        } catch {
            state.broke()
            run(at: .now)
        }
    }

    /// The socket can be read or written, or has failed.
    private func becameReady(_ ready: Ready) {
        let now = MonotonicTime.now
        if ready.contains(.read) {
            receive(at: now)
        } else if ready.contains(.failed) {
            state.broke()
        }
        run(at: now)
    }

    /// The timer has run out; the deadline may have moved since it was set.
    private func timerFired() {
        let now = MonotonicTime.now
        timer = nil
        timerDeadline = nil
        if let deadline = state.deadline, deadline <= now { state.timedOut(at: now) }
        run(at: now)
    }

    /// No further request is to be taken, but one that is here already.
    func drain() {
        let now = MonotonicTime.now
        if state.interest.contains(.read) { receive(at: now) }
        state.drain()
        run(at: now)
    }

    /// Ends the connection, whatever it is doing.
    func abort() {
        state.broke()
        run(at: .now)
    }

    // MARK: Input and output

    /// Reads what has come.
    private func receive(at now: MonotonicTime) {
        switch socket.receive(into: context.buffer) {
        case .bytes(let count):
            state.received(UnsafeRawBufferPointer(rebasing: context.buffer[..<count]), at: now)
        case .end: state.inputEnded()
        case .failed: state.broke()
        case .wouldBlock: break
        }
    }

    /// Writes what is queued; whether any of it went out.
    private func flush(at now: MonotonicTime) -> Bool {
        if output.isEmpty || state.isClosed { return false }
        switch output.unread.withUnsafeBytes(socket.transmit) {
        case .bytes(let count):
            output.drop(count)
            state.outputChanged(queued: output.count, at: now)
            return true
        case .failed, .end:
            state.broke()
            return true
        case .wouldBlock:
            return false
        }
    }

    /// Acts until there is nothing to do but wait.
    func run(at now: MonotonicTime) {
        repeat { act(at: now) } while flush(at: now)
        guard !state.isClosed else { return }
        watch?.interest = state.interest
        armTimer(at: now)
    }

    /// Does what the state wants until it wants to wait.
    private func act(at now: MonotonicTime) {
        while !state.isClosed {
            switch state.next(at: now) {
            case .wait: return
            case .admit(let request): admit(request, at: now)
            case .respond(let request): respond(to: request, at: now)
            case .refuse(let refusal): send(answer(to: refusal, of: request), to: request, at: now)
            case .answer(let response): send(response, to: request, at: now)
            case .endStream: endStream(at: now)
            case .sendContinue: queue(ResponseWriter.continueResponse, at: now)
            case .shutdown: socket.shutdownOutput()
            case .close: close()
            case .reset:
                if stream != nil { context.streams.cutOff() }
                socket.resetOnClose()
                close()
            }
        }
    }

    /// Gives up socket, watch and timer.
    private func close() {
        watch?.cancel()
        watch = nil
        timer?.cancel()
        timer = nil
        output.removeAll()
        giveUpStream()
        socket.closeDescriptor()
        context.closed(self)
    }

    /// One timer, moved only when it would fire too late: one that fires early finds the later deadline and is set
    /// again.
    private func armTimer(at now: MonotonicTime) {
        guard let deadline = state.deadline else { return }
        if let timerDeadline, timerDeadline <= deadline { return }
        timer?.cancel()
        timerDeadline = deadline
        timer = context.lane.schedule(after: max(.zero, deadline - now)) { [self] in
            assumeIsolated { $0.timerFired() }
        }
    }
}
