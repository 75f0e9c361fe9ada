/// So many requests in so many seconds, written `600/60`.
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
}
