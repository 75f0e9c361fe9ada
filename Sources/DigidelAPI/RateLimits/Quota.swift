/// So many requests in so many seconds, written `600/60`. The seconds are counted in windows that begin at the same time
/// on every instance.
package struct Quota: Sendable, Equatable {
    let requests: Int
    let seconds: Int

    package init(requests: Int, seconds: Int) {
        self.requests = requests
        self.seconds = seconds
    }

    /// Nil unless both are whole numbers from 1 on, of seconds at most a day.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let requests = Int(parts[0]), let seconds = Int(parts[1]),
            (1...1_000_000_000).contains(requests), (1...86400).contains(seconds)
        else { return nil }
        self.init(requests: requests, seconds: seconds)
    }

    /// The number of the window that an instant is in.
    func window(at now: Instant) -> Int { now.microseconds / (seconds * 1_000_000) }

    /// In how many seconds the next window begins, from 1 on.
    func reset(at now: Instant) -> Int {
        (window(at: now) + 1) * seconds - now.microseconds / 1_000_000
    }
}
