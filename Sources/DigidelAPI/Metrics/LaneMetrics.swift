import EventLoop
import HTTP
import Synchronization

/// What a lane's requests were and how long they took, what became of the counts in them, and what was refused. Each
/// lane has its own, so that they never wait for each other; a scrape adds them up.
package final class LaneMetrics: Sendable {
    /// Requests that are counted together. A path that is no route has none: there are too many of them.
    struct Kind: Hashable, Sendable {
        let method: Method?
        let route: String?
        let status: Int
    }

    /// What a report, a correction or a withdrawal has come to.
    enum CountOutcome: String, CaseIterable, Sendable {
        case created, revised, unchanged, held, rejected, withdrawn
    }

    /// The limit that a request, a stream or a connection was refused by; its raw value is the setting's name, or WRONG_KEYS
    /// for the pause of who tries keys.
    package enum Limit: String, CaseIterable, Sendable {
        case connectionsPerAddress = "MAX_CONNECTIONS_PER_ADDRESS"
        case streams = "MAX_STREAMS"
        case streamsPerAddress = "MAX_STREAMS_PER_ADDRESS"
        case streamsPerKey = "MAX_STREAMS_PER_KEY"
        case requestsPerKey = "RATE_LIMIT"
        case requestsPerAddress = "RATE_LIMIT_ANONYMOUS"
        case wrongKeys = "WRONG_KEYS"
    }

    /// What happens seldom enough to share a lock.
    struct Rare: Sendable {
        var outcomes: [CountOutcome: Int] = [:]
        var rowsPerCommit = Histogram(.rows)
        var refusals: [Limit: Int] = [:]
    }

    private let requests = Mutex<[Kind: Histogram]>([:])
    private let others = Mutex(Rare())

    /// Counts one finished exchange.
    func record(_ request: Request?, _ response: Response, microseconds: Int) {
        let kind = Kind(method: request?.method, route: response.route, status: response.status.rawValue)
        requests.withLock { $0[kind, default: Histogram(.durations)].record(microseconds) }
    }

    /// Counts what has become of counts; call it when that is committed.
    func record(_ outcomes: [CountOutcome: Int]) {
        others.withLock { $0.outcomes.merge(outcomes, uniquingKeysWith: +) }
    }

    /// Counts a commit of so many revisions of counts.
    func recordCommit(rows: Int) {
        if rows > 0 { others.withLock { $0.rowsPerCommit.record(rows) } }
    }

    /// Counts something that was refused by a limit.
    package func recordRefusal(by limit: Limit) {
        others.withLock { $0.refusals[limit, default: 0] += 1 }
    }

    /// What has been counted so far.
    var snapshot: (requests: [Kind: Histogram], rare: Rare) {
        (requests.withLock { $0 }, others.withLock { $0 })
    }
}
