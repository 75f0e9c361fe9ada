import Synchronization

/// How many connections each lane and each client has: new ones go to the lane with the fewest, and none are taken
/// beyond the limits.
final class ConnectionCounts: Sendable {
    /// Where a new connection goes.
    enum Place: Equatable {
        case lane(Int)
        /// Its client has as many as one may have.
        case none
    }

    /// The numbers behind the lock.
    private struct Counts {
        var perLane: [Int]
        var perClient: [IPAddress: Int] = [:]
        var accepting = true
        var accepted = 0
        var total: Int { perLane.reduce(0, +) }
    }

    private let limits: Limits
    private let counts: Mutex<Counts>

    /// No connections on any lane.
    init(lanes: Int, limits: Limits) {
        self.limits = limits
        counts = Mutex(Counts(perLane: Array(repeating: 0, count: lanes)))
    }

    /// Whether there is room for another connection; if not, `closed` will say when there is.
    func hasRoom() -> Bool {
        counts.withLock { counts in
            counts.accepting = counts.total < limits.connections
            return counts.accepting
        }
    }

    /// Counts a new connection. Of lanes with the same number it goes to `lane`, which has accepted it.
    func opened(from client: IPAddress?, preferring lane: Int) -> Place {
        counts.withLock { counts in
            if let client = limits.counted(client) {
                guard counts.perClient[client, default: 0] < limits.connectionsPerAddress else {
                    return .none
                }
                counts.perClient[client, default: 0] += 1
            }
            var fewest = lane
            for other in counts.perLane.indices where counts.perLane[other] < counts.perLane[fewest] {
                fewest = other
            }
            counts.perLane[fewest] += 1
            counts.accepted += 1
            return .lane(fewest)
        }
    }

    /// Counts a connection's end; true when accepting had stopped for want of room.
    func closed(lane: Int, from client: IPAddress?) -> Bool {
        counts.withLock { counts in
            counts.perLane[lane] -= 1
            if let client = limits.counted(client), let count = counts.perClient[client] {
                counts.perClient[client] = count > 1 ? count - 1 : nil
            }
            defer { counts.accepting = true }
            return !counts.accepting
        }
    }

    /// How many connections there have been.
    var accepted: Int { counts.withLock { $0.accepted } }

    /// The connections of each lane.
    var perLane: [Int] { counts.withLock { $0.perLane } }
}

extension Limits {
    /// The client whose connections are counted together; nil when they are not counted.
    fileprivate func counted(_ client: IPAddress?) -> IPAddress? {
        counted(client, includingLoopback: limitsLoopback)
    }

    /// The client whose streams are counted together; nil when they are not counted.
    func countedStreams(_ client: IPAddress?) -> IPAddress? {
        counted(client, includingLoopback: limitsLoopbackStreams)
    }

    private func counted(_ client: IPAddress?, includingLoopback: Bool) -> IPAddress? {
        guard let client, !trustedProxies.contains(client), includingLoopback || !client.isLoopback else {
            return nil
        }
        return client.subscriber
    }
}
