package import Foundation

extension UUID {
    /// A new UUID of version 7: the time in milliseconds, what is left of it in 4096ths of one, then 62 random bits, so
    /// that ids sort by when they were made (RFC 9562, 5.7 and 6.2, method 3).
    package static func version7(at instant: Instant = .now) -> UUID {
        let milliseconds = instant.microseconds.quotientAndFloor(by: 1000)
        let part = (instant.microseconds - milliseconds * 1000) * 4096 / 1000
        let high = UInt64(truncatingIfNeeded: milliseconds) << 16 | 0x7000 | UInt64(part)
        // Not taken from UUID(), which opens a file for each.
        let low = 1 << 63 | UInt64.random(in: 0..<1 << 62)
        return withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) {
            UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
        }
    }
}
