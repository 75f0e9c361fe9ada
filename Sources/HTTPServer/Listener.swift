import EventLoop
import HTTP

/// Accepts connections on one lane and hands each to the lane that has the fewest.
///
/// The system spreads connections over the lanes' sockets by chance: of 64, one of two lanes often gets a third more than
/// the other, for as long as they live. Handing over is paid once per connection, the imbalance with every request.
actor Listener {
    nonisolated let lane: Lane
    private let number: Int
    private let socket: ListeningSocket
    private let contexts: [ConnectionContext]
    private let counts: ConnectionCounts
    private let pause: Duration
    private var watch: Watch?
    private var isClosed = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    /// A listener for a bound socket, to run on the lane with that number; there is a context for each lane.
    init(
        _ socket: ListeningSocket, onLane number: Int, contexts: [ConnectionContext],
        counts: ConnectionCounts,
        pause: Duration
    ) {
        self.socket = socket
        self.number = number
        lane = contexts[number].lane
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

    /// Takes what waits already, unless another process will, and then no more.
    func close() {
        guard !isClosed else { return }
        if !socket.isInherited { acceptAll() }
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
            case .connection(let socket, let address): handOver(socket, address.ip)
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
    private func handOver(_ socket: Socket, _ client: IPAddress?) {
        guard case .lane(let chosen) = counts.opened(from: client, preferring: number) else {
            return contexts[number].turnAway(socket)
        }
        let context = contexts[chosen]
        if chosen == number {
            context.open(socket, client)
        } else {
            context.lane.async { context.open(socket, client) }
        }
    }
}
