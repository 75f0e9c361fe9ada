package import EventLoop
package import Postgres

/// A lane's reads on hot standbys, which take work off the primary and may be some seconds behind it.
///
/// How far behind is not guessed from clocks: every second the position of the primary's log is noted, and a standby is
/// read from only if it has replayed up to the position of five seconds ago. While the primary does not answer nothing is
/// noted, so a standby that knew everything then goes on being read.
package actor StandbyReads {
    package nonisolated let lane: Lane
    package nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    /// How many positions are kept, one a second: what is older, a standby that is read from has.
    static let positionsKept = 5
    package nonisolated let pool: Pool
    private let primary: Pool
    private let log: Log
    /// Of the primary's log, the oldest first.
    private var positions: [String] = []
    /// Whether a standby was near enough a moment ago; requests do not wait for one that is not. Nil before it was looked
    /// for.
    private var isUsable: Bool?
    private var watching: Task<Void, Never>?

    /// Reads on the standbys among the hosts of `url`, over at most `limit` connections. Who finds all of them taken for a
    /// second, or a standby silent for as long as `queryTimeout`, is better off with the primary.
    package init(
        url: String, limit: Int, primary: Pool, log: Log, queryTimeout: Duration = .seconds(5)
    ) {
        lane = primary.lane
        pool = Pool(
            ConnectionSettings(url: url, target: .standby, queryTimeout: queryTimeout), limit: limit,
            acquireTimeout: .seconds(1), on: primary.lane)
        self.primary = primary
        self.log = log
    }

    /// Begins to look for a standby; none is used before.
    package func start() {
        watching = Task(executorPreference: lane) {
            while !Task.isCancelled {
                await self.look()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Ends it and closes the connections.
    package func finish() async {
        watching?.cancel()
        await watching?.value
        await pool.close()
    }

    /// What `read` reads on a standby that is near enough; nil when there is none. Throws what `read` throws.
    func read<Value: Sendable>(_ read: (Connection) async throws -> Value) async throws -> Value? {
        guard isUsable == true else { return nil }
        return try await onStandby(read)
    }

    /// Notes the primary's position and tries whether a standby can be used.
    func look() async {
        if let rows = try? await primary.query("select pg_current_wal_flush_lsn()::text as position"),
            let position: String = try? rows.first?.get("position")
        {
            positions = positions.suffix(Self.positionsKept - 1) + [position]
        }
        do {
            if try await onStandby({ _ in true }) == true {
                use(true)
            } else {
                use(false, because: "no standby is near enough")
            }
        } catch {
            use(false, because: "\(error)")
        }
    }

    private func onStandby<Value: Sendable>(
        _ read: (Connection) async throws -> Value
    ) async throws -> Value? {
        guard let position = positions.first else { return nil }
        do {
            let loan = try await pool.lend()
            do {
                var value: Value?
                switch try await Standing(of: loan.connection, at: position) {
                case .near: value = try await read(loan.connection)
                case .behind: use(false, because: "no standby is near enough")
                // The next connection finds a standby, if there is another.
                case .primary: await loan.connection.close()
                }
                await pool.takeBack(loan)
                return value
            } catch {
                await pool.takeBack(loan)
                throw error
            }
        } catch let error as PostgresError where error.kind == .unavailable {
            use(false, because: "\(error)")
            throw error
        }
    }

    private func use(_ isUsable: Bool, because reason: String = "") {
        guard isUsable != self.isUsable else { return }
        self.isUsable = isUsable
        if isUsable {
            log.info("lists and things are read from a standby")
        } else {
            log.warning("lists and things are read from the primary: \(reason)")
        }
    }
}

/// Where a server stands that was a standby when it was connected to.
private enum Standing {
    case near, behind
    /// It has been promoted.
    case primary

    init(of connection: Connection, at position: String) async throws {
        let isNear: Bool? = try await connection.query(
            """
            select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() >= \(position)::pg_lsn end as is_near
            """
        ).first?.get("is_near")
        self = isNear.map { $0 ? .near : .behind } ?? .primary
    }
}
