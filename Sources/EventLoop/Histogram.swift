/// How long things took, counted by classes of duration.
struct Histogram: Sendable, Equatable {
    /// The upper bounds of the classes in microseconds, each with the text that a scraper reads, in seconds. Beyond the
    /// last there is one more class.
    static let bounds: [(microseconds: Int, seconds: String)] = [
        (100, "0.0001"), (500, "0.0005"), (1000, "0.001"), (2500, "0.0025"), (5000, "0.005"),
        (10_000, "0.01"),
        (25_000, "0.025"), (50_000, "0.05"), (100_000, "0.1"), (250_000, "0.25"), (1_000_000, "1.0"),
        (5_000_000, "5.0"),
    ]

    /// How many fell into each class.
    private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    private(set) var sumMicroseconds = 0
    var count: Int { counts.reduce(0, +) }

    /// Counts one.
    mutating func record(microseconds: Int) {
        var index = 0
        while index < Self.bounds.count, microseconds > Self.bounds[index].microseconds { index += 1 }
        counts[index] += 1
        sumMicroseconds += microseconds
    }

    /// Adds what another has counted.
    mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        sumMicroseconds += other.sumMicroseconds
    }
}
