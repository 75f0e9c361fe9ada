/// What is left of a client's quota: the fields `RateLimit-Policy` and `RateLimit`
/// (draft-ietf-httpapi-ratelimit-headers-10). Numbers, not text, since every answer has one.
package struct RateLimit: Sendable, Equatable {
    /// A quota: so many requests in so many seconds.
    package struct Policy: Sendable, Equatable {
        package let name: String
        package let requests: Int
        package let seconds: Int
        /// What its field lines have in common, up to what is left.
        fileprivate let beginning: [UInt8]

        package init(_ name: String, requests: Int, seconds: Int) {
            self.name = name
            self.requests = requests
            self.seconds = seconds
            beginning = Array(
                "RateLimit-Policy: \"\(name)\";q=\(requests);w=\(seconds)\r\nRateLimit: \"\(name)\";r=".utf8)
        }
    }

    package let policy: Policy
    /// How many requests are left.
    package let remaining: Int
    /// In how many seconds the quota is whole again.
    package let reset: Int

    package init(_ policy: Policy, remaining: Int, reset: Int) {
        self.policy = policy
        self.remaining = remaining
        self.reset = reset
    }

    /// Appends both field lines.
    func append(to output: inout [UInt8]) {
        output.append(contentsOf: policy.beginning)
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
