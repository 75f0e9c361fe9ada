package import Foundation

extension UUID {
    /// A new UUID of version 7: the time in milliseconds, then random bits, so that ids sort by when they were made
    /// (RFC 9562, 5.7).
    package static func version7(at instant: Instant = .now) -> UUID {
        let milliseconds = UInt64(truncatingIfNeeded: instant.microseconds / 1000)
        // Not taken from UUID(), which opens a file for each.
        let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xfff)
        let low = 1 << 63 | UInt64.random(in: 0..<1 << 62)
        return withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) {
            UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
        }
    }
}
