package import EventLoop
package import Postgres

/// What an instance of the service remembers, shared by its lanes, and how it hears that it has become old: through
/// PostgreSQL's LISTEN and NOTIFY.
///
/// A notice on the channel `campaigns` is the sender's number, a blank and the campaign's id, or `*` for any. The channel
/// `keys` is notified by a trigger whenever a key changes, the channel `rate_limits` by who counts requests.
package struct Caches: Sendable {
    static let channel = "campaigns"
    /// Whose a secret is. A key that is changed is forgotten as soon as this instance hears of it, else within a second.
    let keys = TimedCache<String, Caller>(lifetime: .seconds(1))
    let answers = AnswerCache()
    let facts = FactCache()
    /// Whose turn it is to read statistics for the public, which may take seconds: one reader at a time leaves the
    /// connections to the others.
    let statisticsTurn = Turn()
    package let streams: ProgressStreams
    package let rateLimits: RateLimits
    private let instance = UInt64.random(in: 0...UInt64.max)

    /// Nothing is remembered yet.
    package init(streams: ProgressStreams = ProgressStreams(), rateLimits: RateLimits = RateLimits()) {
        self.streams = streams
        self.rateLimits = rateLimits
    }

    /// Forgets what a committed change has made old; returns the notice for the others. Nil stands for any campaign.
    func changed(_ campaign: String?) -> String {
        forget(campaign)
        return "\(instance) \(campaign ?? "*")"
    }

    private func forget(_ campaign: String?) {
        if let campaign { answers.campaignChanged(campaign) } else { answers.clear() }
        streams.changed(campaign)
    }

    /// Keys have changed, and that is committed.
    func keysChanged() {
        keys.clear()
        streams.keysChanged()
    }

    /// Listens to the other instances, on `lane`, until it is stopped. `clock` is this instance's.
    package func listen(
        _ settings: ConnectionSettings, on lane: Lane, clock: @escaping @Sendable () -> Instant = { .now }
    ) -> Notifications {
        Notifications(settings, channels: ["keys", Self.channel, RateLimits.channel], on: lane) { event in
            switch event {
            // What was told before nobody heard.
            case .listening:
                keysChanged()
                forget(nil)
            case .notified(Self.channel, let notice): received(notice)
            case .notified(RateLimits.channel, let notice): rateLimits.received(notice, at: clock())
            case .notified: keysChanged()
            }
        }
    }

    private func received(_ notice: String) {
        let parts = notice.split(separator: " ")
        guard parts.count == 2 else { return forget(nil) }
        if parts[0] != String(instance) { forget(parts[1] == "*" ? nil : String(parts[1])) }
    }
}
