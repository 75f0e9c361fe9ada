/// How large things were, counted by classes of size.
package struct Histogram: Sendable, Equatable {
    /// The classes, and how a size is written for a scraper.
    package struct Scale: Sendable, Equatable {
        /// The upper bounds of the classes. Beyond the last there is one more class.
        package let bounds: [Int]
        /// How many of what is counted make one of the unit that is told.
        package let perUnit: Int

        /// Counted in microseconds, told in seconds.
        package static let durations = Scale(
            bounds: [
                100, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000,
            ], perUnit: 1_000_000)
        /// Counted and told in rows.
        package static let rows = Scale(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 500], perUnit: 1)
    }

    package let scale: Scale
    /// How many fell into each class.
    package private(set) var counts: [Int]
    /// All sizes together, in what is counted.
    package private(set) var sum = 0
    package var count: Int { counts.reduce(0, +) }

    /// Nothing counted yet.
    package init(_ scale: Scale) {
        self.scale = scale
        counts = [Int](repeating: 0, count: scale.bounds.count + 1)
    }

    /// Counts one.
    package mutating func record(_ size: Int) {
        var index = 0
        while index < scale.bounds.count, size > scale.bounds[index] { index += 1 }
        counts[index] += 1
        sum += size
    }

    /// Counts one duration.
    package mutating func record(_ duration: Duration) {
        record(duration.microseconds)
    }

    /// Adds what another of the same scale has counted.
    package mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        sum += other.sum
    }
}

extension Duration {
    /// In whole microseconds, rounded down.
    package var microseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }
}
