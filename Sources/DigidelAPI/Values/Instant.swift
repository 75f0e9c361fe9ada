import Foundation
package import Postgres

/// A point in time, to the microsecond; shown in UTC as RFC 3339 writes it, `2016-10-03T08:00:00Z`.
package struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let microseconds: Int

    package init(microseconds: Int) {
        self.microseconds = microseconds
    }

    package static var now: Instant {
        Instant(microseconds: Int((Date().timeIntervalSince1970 * 1_000_000).rounded(.down)))
    }

    /// Nil unless `text` is an RFC 3339 date-time: with seconds, and with `Z` or an offset. Digits beyond
    /// microseconds are dropped; a leap second is the second after it.
    package init?(_ text: String) {
        var scanner = TextScanner(text)
        guard let date = scanner.date(), scanner.one(of: "Tt ") != nil,
            let time = scanner.time(), let fraction = scanner.microseconds(), let offset = scanner.offset(),
            scanner.isAtEnd
        else { return nil }
        microseconds = (date.dayNumber * 86400 + time - offset) * 1_000_000 + fraction
    }

    /// So much later.
    func advanced(microseconds: Int) -> Instant {
        Instant(microseconds: self.microseconds + microseconds)
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
}

extension Instant: CustomStringConvertible {
    package var description: String {
        let seconds = microseconds.quotientAndFloor(by: 1_000_000)
        let fraction = microseconds - seconds * 1_000_000
        let fields = unixTime(seconds)
        return String(unsafeUninitializedCapacity: 40) { text in
            let time = text.write(dateOf: fields)
            text[time] = UInt8(ascii: "T")
            text.write(Int(fields.tm_hour), digits: 2, at: time + 1)
            text[time + 3] = UInt8(ascii: ":")
            text.write(Int(fields.tm_min), digits: 2, at: time + 4)
            text[time + 6] = UInt8(ascii: ":")
            text.write(Int(fields.tm_sec), digits: 2, at: time + 7)
            var end = time + 9
            if fraction != 0 {
                text[end] = UInt8(ascii: ".")
                text.write(fraction, digits: 6, at: end + 1)
                end += 7
            }
            text[end] = UInt8(ascii: "Z")
            return end + 1
        }
    }
}

/// PostgreSQL writes `2016-10-03 08:00:00.5+00`.
extension Instant: ParameterConvertible, ColumnDecodable {
    package var parameter: Parameter { description }
    package init?(column text: String) { self.init(text + ":00") }
}

extension TextScanner {
    /// `2016-10-03`; nil when there is no such day.
    fileprivate mutating func date() -> CalendarDate? {
        guard let year = number(digits: 4), one(of: "-") != nil, let month = number(digits: 2),
            one(of: "-") != nil,
            let day = number(digits: 2)
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    /// `08:00:00` in seconds; second 60 is a leap second.
    fileprivate mutating func time() -> Int? {
        guard let hour = number(digits: 2), one(of: ":") != nil, let minute = number(digits: 2),
            one(of: ":") != nil,
            let second = number(digits: 2), hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// `.5` in microseconds, 0 when there is no fraction; nil when digits are missing.
    fileprivate mutating func microseconds() -> Int? {
        guard one(of: ".") != nil else { return 0 }
        let digits = digits()
        return digits.isEmpty ? nil : Int(digits: (digits + "000000").utf8.prefix(6))
    }

    /// `Z` or `+02:00` in seconds.
    fileprivate mutating func offset() -> Int? {
        if one(of: "Zz") != nil { return 0 }
        guard let sign = one(of: "+-"), let hours = number(digits: 2), one(of: ":") != nil,
            let minutes = number(digits: 2), hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
    }
}
