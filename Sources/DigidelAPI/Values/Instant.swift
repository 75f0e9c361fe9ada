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
        let date = CalendarDate(dayNumber: seconds.quotientAndFloor(by: 86400))
        let second = seconds - date.dayNumber * 86400
        let fraction = microseconds - seconds * 1_000_000
        let text = String(unsafeUninitializedCapacity: 27) { text in
            date.write(to: text)
            text[10] = UInt8(ascii: "T")
            text.write(second / 3600, digits: 2, at: 11)
            text[13] = UInt8(ascii: ":")
            text.write(second / 60 % 60, digits: 2, at: 14)
            text[16] = UInt8(ascii: ":")
            text.write(second % 60, digits: 2, at: 17)
            let end = fraction == 0 ? 19 : 26
            if fraction != 0 {
                text[19] = UInt8(ascii: ".")
                text.write(fraction, digits: 6, at: 20)
            }
            text[end] = UInt8(ascii: "Z")
            return end + 1
        }
        return date.millennia + text
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
