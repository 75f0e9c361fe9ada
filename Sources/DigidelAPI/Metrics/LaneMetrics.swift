import HTTP
import Synchronization

/// What a lane's requests were and how long they took. Each lane has its own, so that they never wait for each other; a
/// scrape adds them up.
package final class RequestMetrics: Sendable {
    /// Requests that are counted together. A path that is no route has none: there are too many of them.
    struct Kind: Hashable, Sendable {
        let method: Method?
        let route: String?
        let status: Int
    }

    private let histograms = Mutex<[Kind: Histogram]>([:])

    /// Counts one finished exchange.
    func record(_ request: Request?, _ response: Response, microseconds: Int) {
        let kind = Kind(method: request?.method, route: response.route, status: response.status.rawValue)
        histograms.withLock { $0[kind, default: Histogram()].record(microseconds: microseconds) }
    }

    /// What has been counted so far.
    var snapshot: [Kind: Histogram] { histograms.withLock { $0 } }
}
