package import Foundation

extension UUID {
    /// A new UUID of version 7: the time in milliseconds, then random bits, so that ids sort by when they were made
    /// (RFC 9562, 5.7).
    package static func version7(at instant: Instant = .now) -> UUID {
        var bytes = withUnsafeBytes(of: UUID().uuid) { Array($0) }
        let milliseconds = instant.microseconds / 1000
        for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * index)) }
        bytes[6] = 0x70 | bytes[6] & 0x0f
        bytes[8] = 0x80 | bytes[8] & 0x3f
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
