import EventLoop

/// Accepts connections on one lane and hands each to the lane that has the fewest.
///
/// A listening socket per lane (SO_REUSEPORT) would save the hand-over, but the system spreads connections over
/// them by chance: with 64 connections on two lanes one lane often has a third more than the other, for as long as
/// they live. The hand-over is paid once per connection, the imbalance with every request.
actor Listener {
    nonisolated let lane: Lane
    private let socket: ListeningSocket
    private let contexts: [ConnectionContext]
    private let counts: ConnectionCounts
    private let pause: Duration
    private var watch: Watch?
    private var isClosed = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    /// A listener for a bound socket, to run on `lane`.
    init(
        _ socket: ListeningSocket, lane: Lane, contexts: [ConnectionContext], counts: ConnectionCounts,
        pause: Duration
    ) {
        self.socket = socket
        self.lane = lane
        self.contexts = contexts
        self.counts = counts
        self.pause = pause
    }

    /// Begins to accept.
    func start() throws {
        watch = try lane.watch(socket.descriptor, for: .read) { [self] _ in
            assumeIsolated { $0.acceptAll() }
        }
    }

    /// Accepts again after it had stopped.
    func resume() {
        guard !isClosed else { return }
        watch?.interest = .read
    }

    /// Takes what waits already and then no more.
    func close() {
        guard !isClosed else { return }
        acceptAll()
        isClosed = true
        watch?.cancel()
        socket.closeDescriptor()
    }

    /// Accepts until no connection waits, or stops: at the limit until a connection ends, without descriptors for a
    /// while.
    private func acceptAll() {
        while true {
            guard counts.hasRoom() else {
                watch?.interest = []
                return
            }
            switch socket.acceptNext() {
            case .connection(let socket, let remoteAddress): handOver(socket, remoteAddress)
            case .lost: continue
            case .none: return
            case .exhausted:
                watch?.interest = []
                _ = lane.schedule(after: pause) { [self] in assumeIsolated { $0.resume() } }
                return
            }
        }
    }

    /// Opens the connection on the lane that has the fewest.
    private func handOver(_ socket: Socket, _ remoteAddress: String) {
        let context = contexts[counts.opened()]
        if context.lane === lane {
            context.open(socket, remoteAddress: remoteAddress)
        } else {
            context.lane.async { context.open(socket, remoteAddress: remoteAddress) }
        }
    }
}
