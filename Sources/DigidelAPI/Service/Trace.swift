import Synchronization

/// The request's place in a trace (W3C Trace Context, level 1).
package struct Trace: Sendable {
    /// The field to send on: version, trace id, our span's id, flags.
    package let traceparent: String

    /// 32 hexadecimal digits, which every answer, problem document and log line carry.
    package var traceID: String { String(traceparent.dropFirst(3).prefix(32)) }

    /// Goes on with the caller's trace; a field that is malformed is ignored and a trace begun anew.
    package init(continuing field: String?) {
        let span = Identifiers.next()
        guard let parts = field?.split(separator: "-", omittingEmptySubsequences: false),
            Self.isValid(parts)
        else {
            traceparent = Self.text(Identifiers.next(), Identifiers.next(), span)
            return
        }
        traceparent = "00-\(parts[1])-\(Self.hex(span))-\(parts[3])"
    }

    private static func isValid(_ parts: [Substring]) -> Bool {
        guard parts.count == 4 || (parts.count > 4 && parts[0] != "00"), parts[0] != "ff" else {
            return false
        }
        let lengths = parts.prefix(4).map(\.utf8.count)
        let digits = parts.prefix(4).allSatisfy {
            $0.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        }
        return lengths == [2, 32, 16, 2] && digits && parts[1].contains { $0 != "0" }
            && parts[2].contains { $0 != "0" }
    }

    private static func hex(_ number: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { text in
            write(number, to: text, at: 0)
            return 16
        }
    }

    /// A trace that begins here, written in one go: most requests have one.
    private static func text(_ high: UInt64, _ low: UInt64, _ span: UInt64) -> String {
        String(unsafeUninitializedCapacity: 55) { text in
            text.initialize(repeating: UInt8(ascii: "-"))
            for index in [0, 1, 53, 54] { text[index] = UInt8(ascii: "0") }
            write(high, to: text, at: 3)
            write(low, to: text, at: 19)
            write(span, to: text, at: 36)
            return 55
        }
    }

    /// 16 hexadecimal digits.
    private static func write(_ number: UInt64, to text: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
        for index in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * index)) & 15
            text.initializeElement(at: start + index, to: digit + (digit < 10 ? 48 : 87))
        }
    }
}

/// Numbers that name traces and spans: not 0, and none twice in a process. They are no secrets, so they need not cost a
/// call to the system each, as `UInt64.random` does.
private enum Identifiers {
    private static let counter = Atomic(UInt64.random(in: 0...UInt64.max))

    /// SplitMix64 (Steele, Lea and Flood, 2014): a counter, its bits mixed well.
    static func next() -> UInt64 {
        var bits = counter.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        bits ^= bits >> 31
        return bits == 0 ? next() : bits
    }
}
