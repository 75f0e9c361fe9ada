/// The request's place in a trace (W3C Trace Context, level 1).
package struct Trace: Sendable {
    /// 32 hexadecimal digits, which every answer, problem document and log line carry.
    package let traceID: String
    private let spanID: String
    private let flags: String

    /// Goes on with the caller's trace; a field that is malformed is ignored and a trace begun anew.
    package init(continuing traceparent: String?) {
        spanID = Self.hex(UInt64.random(in: 1...UInt64.max))
        guard let parts = traceparent?.split(separator: "-", omittingEmptySubsequences: false),
            Self.isValid(parts)
        else {
            traceID =
                Self.hex(UInt64.random(in: 1...UInt64.max)) + Self.hex(UInt64.random(in: 0...UInt64.max))
            flags = "00"
            return
        }
        traceID = String(parts[1])
        flags = String(parts[3])
    }

    /// The field to send on.
    package var traceparent: String { "00-\(traceID)-\(spanID)-\(flags)" }

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
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
