/// What a pool knows and decides; it does nothing itself. Connections and waiters are numbers given by the pool.
struct PoolState {
    /// What the pool does for a caller who wants a connection.
    enum Acquisition: Equatable {
        case use(Int)
        /// Open another connection; the caller waits like the rest.
        case openAndWait
        case wait
        /// The database did not answer a moment ago; nobody waits for it.
        case fail
    }

    private let limit: Int
    private var idle: [Int] = []
    private var leased = 0
    private var opening = 0
    private var waiters: [Int] = []
    /// Until then nobody tries to connect: a database that is away is not hammered.
    private(set) var closedUntil: ContinuousClock.Instant?

    init(limit: Int) {
        self.limit = limit
    }

    /// How many connections are idle and lent, and how many callers wait.
    var figures: (idle: Int, leased: Int, waiting: Int) { (idle.count, leased, waiters.count) }

    mutating func acquire(waiter: Int, at now: ContinuousClock.Instant) -> Acquisition {
        if let connection = takeIdle() { return .use(connection) }
        let away = closedUntil.map { now < $0 } ?? false
        if away, opening == 0, leased == 0 { return .fail }
        waiters.append(waiter)
        guard !away, leased + opening < limit, opening < waiters.count else { return .wait }
        opening += 1
        return .openAndWait
    }

    /// Lends the connection that was used last, if one is idle.
    mutating func takeIdle() -> Int? {
        guard let connection = idle.popLast() else { return nil }
        leased += 1
        return connection
    }

    /// A connection is free: the longest waiter gets it, else it is idle.
    mutating func release(_ connection: Int) -> Int? {
        leased -= 1
        return hand(connection)
    }

    mutating func opened(_ connection: Int) -> Int? {
        opening -= 1
        closedUntil = nil
        return hand(connection)
    }

    /// Connecting failed: everybody who waits is told, unless a connection that works will serve them.
    mutating func openFailed(retryAt: ContinuousClock.Instant) -> [Int] {
        opening -= 1
        closedUntil = retryAt
        guard leased == 0, opening == 0 else { return [] }
        defer { waiters = [] }
        return waiters
    }

    /// A leased connection turned out to be dead. True when another must be opened for those who wait.
    mutating func discardLeased() -> Bool {
        leased -= 1
        guard waiters.count > opening else { return false }
        opening += 1
        return true
    }

    mutating func discardIdle(_ connection: Int) {
        idle.removeAll { $0 == connection }
    }

    /// The waiter's time is up; false when it has been served already.
    mutating func expire(waiter: Int) -> Bool {
        guard let position = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: position)
        return true
    }

    /// Nobody is served any more: forgets the idle connections and returns those who wait.
    mutating func close() -> [Int] {
        defer { waiters = [] }
        idle = []
        return waiters
    }

    private mutating func hand(_ connection: Int) -> Int? {
        guard !waiters.isEmpty else {
            idle.append(connection)
            return nil
        }
        leased += 1
        return waiters.removeFirst()
    }
}
