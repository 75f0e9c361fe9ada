import Synchronization

/// How many connections each lane has: new ones go to the lane with the fewest, and none are taken beyond the limit.
final class ConnectionCounts: Sendable {
    /// The numbers behind the lock.
    private struct Counts {
        var perLane: [Int]
        var accepting = true
        var total: Int { perLane.reduce(0, +) }
    }

    private let limit: Int
    private let counts: Mutex<Counts>

    /// No connections on any lane.
    init(lanes: Int, limit: Int) {
        self.limit = limit
        counts = Mutex(Counts(perLane: Array(repeating: 0, count: lanes)))
    }

    /// Whether there is room for another connection; if not, `closed` will say when there is.
    func hasRoom() -> Bool {
        counts.withLock { counts in
            counts.accepting = counts.total < limit
            return counts.accepting
        }
    }

    /// Counts a new connection; returns the number of the lane that it goes to.
    func opened() -> Int {
        counts.withLock { counts in
            var lane = 0
            for other in counts.perLane.indices where counts.perLane[other] < counts.perLane[lane] {
                lane = other
            }
            counts.perLane[lane] += 1
            return lane
        }
    }

    /// Counts a connection's end; true when accepting had stopped for want of room.
    func closed(lane: Int) -> Bool {
        counts.withLock { counts in
            counts.perLane[lane] -= 1
            defer { counts.accepting = true }
            return !counts.accepting
        }
    }

    /// All connections.
    var total: Int { counts.withLock { $0.total } }
}
