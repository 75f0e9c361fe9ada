import Foundation
import HTTP

/// The quotas of an instance: one for each key, one for each address that asks without a key.
///
/// Addresses and keys are kept and told as fingerprints, not as text.
package final class RateLimits: Sendable {
    /// The channel on which instances tell each other.
    static let channel = "rate_limits"
    private let keys: RequestCounter?
    private let addresses: RequestCounter?
    private let wrongKeys = WrongKeys()
    private let instance = UInt64.random(in: 0...UInt64.max)

    /// Nil is no limit.
    package init(perKey: Quota? = nil, perAddress: Quota? = nil) {
        keys = perKey.map { RequestCounter("key", .requestsPerKey, $0) }
        addresses = perAddress.map { RequestCounter("address", .requestsPerAddress, $0) }
    }

    /// Counts a request: for its key, else for its address. Nil when there is no limit. `tell` gets what the other
    /// instances should be told.
    func count(
        _ request: Request, by caller: Caller?, at now: Instant, tell: (String) -> Void
    ) -> RequestCounter.Outcome? {
        guard let counter = caller == nil ? addresses : keys,
            let client = caller.map(Self.client) ?? Self.client(request)
        else { return nil }
        let outcome = counter.count(client, at: now)
        if let notice = outcome.notice { tell(text(notice, of: counter)) }
        return outcome
    }

    /// Throws `.tooManyRequests` when too many different keys that are none came from a request's address.
    func checkMayTryKeys(_ request: Request, at now: Instant) throws(APIError) {
        guard addresses != nil, let address = Self.client(request),
            let seconds = wrongKeys.pause(of: address, at: now)
        else { return }
        var error = APIError.tooManyRequests(
            "Too many different keys that are none came from this address. Ask for a key that is valid; try again in \(seconds) s.",
            retryAfter: seconds)
        error.limit = .wrongKeys
        throw error
    }

    /// Whether a request has a key that came from its address a moment ago and was none, so that nobody need look again.
    func isKnownWrong(_ secret: String, _ request: Request, at now: Instant) -> Bool {
        guard addresses != nil, let address = Self.client(request) else { return false }
        return wrongKeys.knows(fingerprint(of: secret.utf8), from: address, at: now)
    }

    /// A request came with a key that is none.
    func addWrongKey(_ secret: String, _ request: Request, at now: Instant) {
        guard addresses != nil, let address = Self.client(request) else { return }
        wrongKeys.add(fingerprint(of: secret.utf8), from: address, at: now)
    }

    // MARK: Other instances

    /// The sender's number, the quota's name, the window, the client and its requests.
    private func text(_ notice: RequestCounter.Notice, of counter: RequestCounter) -> String {
        "\(instance) \(counter.policy.name) \(notice.window) \(notice.client) \(notice.requests)"
    }

    /// Another instance, or this one, has told something.
    func received(_ text: String, at now: Instant) {
        let parts = text.split(separator: " ")
        guard parts.count == 5, let sender = UInt64(parts[0]), sender != instance,
            let window = Int(parts[2]), let client = UInt64(parts[3]), let requests = Int(parts[4])
        else { return }
        [keys, addresses].compactMap(\.self).first { $0.policy.name == parts[1] }?.add(
            RequestCounter.Notice(window: window, client: client, requests: requests), from: sender, at: now)
    }

    // MARK: Clients

    /// The set-up key has no id.
    private static func client(_ caller: Caller) -> UInt64 {
        guard let key = caller.key else { return 0 }
        return withUnsafeBytes(of: key.uuid) { fingerprint(of: $0) }
    }

    /// Nil for who is on this machine and has no address.
    private static func client(_ request: Request) -> UInt64? {
        request.remoteAddress.map { fingerprint(of: $0.utf8) }
    }
}
