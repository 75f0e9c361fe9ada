import Synchronization

/// A request's place in a trace (W3C Trace Context, level 1): the field `traceparent`. Numbers, not text, since every
/// answer has one and few are looked at.
package struct Trace: Sendable, Equatable {
    private let id: (high: UInt64, low: UInt64)
    private let span: UInt64
    private let flags: UInt8

    /// Goes on with the caller's trace; a field that is malformed is ignored and a trace begun anew.
    package init(continuing field: String?) {
        span = Identifiers.next()
        if let field, let (id, flags) = Self.read(field.utf8.span) {
            (self.id, self.flags) = (id, flags)
        } else {
            (id, flags) = ((Identifiers.next(), Identifiers.next()), 0)
        }
    }

    /// 32 hexadecimal digits, which problem documents and log lines carry.
    package var traceID: String { String(decoding: bytes[3..<35], as: UTF8.self) }

    /// 16 hexadecimal digits, which name our part of the trace.
    package var spanID: String { String(decoding: bytes[36..<52], as: UTF8.self) }

    /// The field to send on: version, trace id, our span's id, flags.
    package var traceparent: String { String(decoding: bytes, as: UTF8.self) }

    private var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the field's value.
    func append(to output: inout [UInt8]) {
        output.append(addingCapacity: 55) { text in
            text.append(hexadecimal: 0, digits: 2)
            text.append(Self.hyphen)
            text.append(hexadecimal: id.high, digits: 16)
            text.append(hexadecimal: id.low, digits: 16)
            text.append(Self.hyphen)
            text.append(hexadecimal: span, digits: 16)
            text.append(Self.hyphen)
            text.append(hexadecimal: UInt64(flags), digits: 2)
        }
    }

    /// `version "-" trace-id "-" parent-id "-" trace-flags`; versions after 00 may have more behind another hyphen.
    private static func read(_ field: Span<UInt8>) -> (id: (high: UInt64, low: UInt64), flags: UInt8)? {
        guard field.count >= 55, field[2] == hyphen, field[35] == hyphen, field[52] == hyphen,
            let version = hexadecimal(field, 0..<2), version != 0xff,
            field.count == 55 || (version > 0 && field[55] == hyphen),
            let high = hexadecimal(field, 3..<19), let low = hexadecimal(field, 19..<35), high | low != 0,
            let parent = hexadecimal(field, 36..<52), parent != 0,
            let flags = hexadecimal(field, 53..<55)
        else { return nil }
        return ((high, low), UInt8(flags))
    }

    private static let hyphen = UInt8(ascii: "-")

    /// A number in hexadecimal digits, of which the letters are small.
    private static func hexadecimal(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        for index in range {
            guard let digit = text[index].hexValue, !(UInt8(ascii: "A")...UInt8(ascii: "F") ~= text[index])
            else { return nil }
            number = number << 4 | UInt64(digit)
        }
        return number
    }

    package static func == (left: Trace, right: Trace) -> Bool {
        left.id == right.id && left.span == right.span && left.flags == right.flags
    }
}

extension OutputSpan<UInt8> {
    /// So many digits, the letters small.
    fileprivate mutating func append(hexadecimal number: UInt64, digits: Int) {
        for place in (0..<digits).reversed() {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(4 * place)) & 15
            append(digit + (digit < 10 ? 48 : 87))
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
