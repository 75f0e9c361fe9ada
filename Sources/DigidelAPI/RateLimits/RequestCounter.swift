import HTTP
import Synchronization

/// Counts clients' requests against a quota, window by window.
///
/// An instance counts what it is asked itself. Whenever a client has used another tenth of its quota here, the other
/// instances are to be told (`notice`), so that all of them together let through little more than one would: at most a
/// tenth of the quota per further instance. Of who asks little nothing is told.
final class RequestCounter: Sendable {
    /// What became of a request that was counted.
    struct Outcome {
        let rateLimit: RateLimit
        /// 429 when it was one too many.
        let refusal: APIError?
        /// What the other instances should be told.
        let notice: Notice?
    }

    /// What a client has used on one instance in a window.
    struct Notice: Equatable {
        let window: Int
        let client: UInt64
        let requests: Int
    }

    /// A client's requests in the present window: on this instance, of these told, on each other instance.
    private struct Usage {
        var own = 0
        var told = 0
        var others: [UInt64: Int] = [:]
        var all: Int { others.values.reduce(own, +) }
    }

    private struct State {
        var window = 0
        var clients: [UInt64: Usage] = [:]

        /// Forgets what was used in another window.
        mutating func enter(_ window: Int) {
            guard window != self.window else { return }
            self.window = window
            clients.removeAll(keepingCapacity: true)
        }

        /// Changes a client's usage.
        mutating func change<Result>(_ client: UInt64, _ change: (inout Usage) -> Result) -> Result {
            if clients.count >= capacity, clients[client] == nil { clients.removeAll(keepingCapacity: true) }
            return change(&clients[client, default: Usage()])
        }
    }

    /// So many clients are told apart in a window; when there are more, all begin anew.
    private static let capacity = 200_000
    let policy: RateLimit.Policy
    private let limit: LaneMetrics.Limit
    private let quota: Quota
    private let tellEvery: Int
    private let state = Mutex(State())

    /// `policy` is the quota's name in answers, `limit` the one in metrics.
    init(_ policy: String, _ limit: LaneMetrics.Limit, _ quota: Quota) {
        self.policy = RateLimit.Policy(policy, requests: quota.requests, seconds: quota.seconds)
        self.limit = limit
        self.quota = quota
        tellEvery = max(1, quota.requests / 10)
    }

    /// Counts a request of a client.
    func count(_ client: UInt64, at now: Instant) -> Outcome {
        let window = quota.window(at: now)
        let (used, toBeTold): (Int, Int?) = state.withLock { state in
            state.enter(window)
            return state.change(client) { usage in
                usage.own += 1
                let isTold = usage.own - usage.told >= tellEvery && usage.told < quota.requests
                if isTold { usage.told = usage.own }
                return (usage.all, isTold ? usage.own : nil)
            }
        }
        let rateLimit = RateLimit(
            policy, remaining: max(0, quota.requests - used), reset: quota.reset(at: now))
        return Outcome(
            rateLimit: rateLimit, refusal: used > quota.requests ? refusal(rateLimit) : nil,
            notice: toBeTold.map { Notice(window: window, client: client, requests: $0) })
    }

    /// What another instance has told. Of another window than this instance's clock is in, it means nothing: the next notice
    /// says it again.
    func add(_ notice: Notice, from instance: UInt64, at now: Instant) {
        guard notice.window == quota.window(at: now) else { return }
        state.withLock { state in
            state.enter(notice.window)
            state.change(notice.client) {
                $0.others[instance] = max($0.others[instance] ?? 0, notice.requests)
            }
        }
    }

    private func refusal(_ rateLimit: RateLimit) -> APIError {
        var error = APIError.tooManyRequests(
            """
            This \(policy.name) may ask \(quota.requests) times in \(quota.seconds) s. Wait \(rateLimit.reset) s and ask less \
            often: follow a goal by its stream, and send counts in batches.
            """, retryAfter: rateLimit.reset)
        error.limit = limit
        return error
    }
}
