import HTTP
import Synchronization

/// How many answers go on, in all and for each client.
final class StreamCounts: Sendable {
    private struct Counts {
        var total = 0
        var cutOff = 0
        var perClient: [IPAddress: Int] = [:]
    }

    private let limits: Limits
    private let counts = Mutex(Counts())

    /// None goes on.
    init(limits: Limits) {
        self.limits = limits
    }

    /// Counts another one, or says why there may be none.
    func opened(for client: IPAddress?) -> Refusal? {
        let client = limits.countedStreams(client)
        return counts.withLock { counts in
            if counts.total >= limits.streams { return .noRoomForStream }
            if let client {
                guard counts.perClient[client, default: 0] < limits.streamsPerAddress else {
                    return .tooManyStreams
                }
                counts.perClient[client, default: 0] += 1
            }
            counts.total += 1
            return nil
        }
    }

    /// Counts one whose client was too slow, or kept sending.
    func cutOff() {
        counts.withLock { $0.cutOff += 1 }
    }

    /// How many have been cut off.
    var cutOffCount: Int { counts.withLock { $0.cutOff } }

    /// Counts the end of one.
    func closed(for client: IPAddress?) {
        let client = limits.countedStreams(client)
        counts.withLock { counts in
            counts.total -= 1
            if let client, let count = counts.perClient[client] {
                counts.perClient[client] = count > 1 ? count - 1 : nil
            }
        }
    }
}
