/// What is left of a client's quota: the fields `RateLimit-Policy` and `RateLimit`
/// (draft-ietf-httpapi-ratelimit-headers-10). Numbers, not text, since every answer has one.
package struct RateLimit: Sendable, Equatable {
    /// The quota's name.
    package let policy: String
    /// So many requests in so many seconds.
    package let requests: Int
    package let seconds: Int
    /// How many requests are left.
    package let remaining: Int
    /// In how many seconds the quota is whole again.
    package let reset: Int

    package init(policy: String, requests: Int, seconds: Int, remaining: Int, reset: Int) {
        self.policy = policy
        self.requests = requests
        self.seconds = seconds
        self.remaining = remaining
        self.reset = reset
    }

    /// Appends both field lines.
    func append(to output: inout [UInt8]) {
        output.append(contentsOf: "RateLimit-Policy: \"".utf8)
        output.append(contentsOf: policy.utf8)
        output.append(contentsOf: "\";q=".utf8)
        output.append(decimal: requests)
        output.append(contentsOf: ";w=".utf8)
        output.append(decimal: seconds)
        output.append(contentsOf: "\r\nRateLimit: \"".utf8)
        output.append(contentsOf: policy.utf8)
        output.append(contentsOf: "\";r=".utf8)
        output.append(decimal: remaining)
        output.append(contentsOf: ";t=".utf8)
        output.append(decimal: reset)
        output.append(contentsOf: "\r\n".utf8)
    }
}

extension [UInt8] {
    /// Appends a number that is not negative, without making a string of it.
    mutating func append(decimal number: Int) {
        if number >= 10 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }
}
