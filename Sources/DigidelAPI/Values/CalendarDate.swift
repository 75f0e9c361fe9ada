package import Foundation
package import Postgres

/// A date of the Gregorian calendar without a time or a zone, `2016-10-03` (RFC 3339, full-date).
package struct CalendarDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    package let dayNumber: Int

    package init(dayNumber: Int) {
        self.dayNumber = dayNumber
    }

    /// Nil unless `text` is `YYYY-MM-DD` and such a day exists; years 1 to 9999.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 10, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-"),
            let year = Int(digits: digits[0..<4]), let month = Int(digits: digits[5..<7]),
            let day = Int(digits: digits[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Nil when there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        var fields = tm()
        fields.tm_year = Int32(year - 1900)
        fields.tm_mon = Int32(month - 1)
        fields.tm_mday = Int32(day)
        let seconds = timegm(&fields)
        // timegm carries 31 February over into March.
        guard fields.tm_mday == day, fields.tm_mon == month - 1 else { return nil }
        dayNumber = seconds / 86400
    }

    /// The date at an instant in a time zone.
    package init(_ instant: Instant, in timeZone: TimeZone) {
        let seconds = instant.microseconds.quotientAndFloor(by: 1_000_000)
        let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        dayNumber = (seconds + offset).quotientAndFloor(by: 86400)
    }

    /// Year, month from 1 to 12, and day.
    package var parts: (year: Int, month: Int, day: Int) {
        let fields = unixTime(dayNumber * 86400)
        return (Int(fields.tm_year) + 1900, Int(fields.tm_mon) + 1, Int(fields.tm_mday))
    }

    /// The dates that can be written: years 1 to 9999.
    package static let writable =
        CalendarDate(dayNumber: -719_162)...CalendarDate(dayNumber: 2_932_896)

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.dayNumber < right.dayNumber
    }

    package static func + (date: CalendarDate, days: Int) -> CalendarDate {
        CalendarDate(dayNumber: date.dayNumber + days)
    }

    package static func - (date: CalendarDate, days: Int) -> CalendarDate { date + -days }

    package static func - (left: CalendarDate, right: CalendarDate) -> Int {
        left.dayNumber - right.dayNumber
    }
}

extension CalendarDate: CustomStringConvertible {
    package var description: String {
        let fields = unixTime(dayNumber * 86400)
        return String(unsafeUninitializedCapacity: 24) { $0.write(dateOf: fields) }
    }
}

extension CalendarDate: ParameterConvertible, ColumnDecodable {
    package var parameter: Parameter { description }
    package init?(column text: String) { self.init(text) }
}

extension Int {
    /// The number that ASCII digits write; nil for anything else, a sign too.
    init?(digits: some Collection<UInt8>) {
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        self = number
    }

    /// Division that rounds down, also below zero.
    func quotientAndFloor(by divisor: Int) -> Int {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}

/// A Unix time in UTC, in its parts.
func unixTime(_ seconds: Int) -> tm {
    var time = time_t(seconds)
    var fields = tm()
    gmtime_r(&time, &fields)
    return fields
}

extension UnsafeMutableBufferPointer<UInt8> {
    /// Writes a date at the start, `YYYY-MM-DD`; returns where it ends.
    func write(dateOf fields: tm) -> Int {
        let year = Int(fields.tm_year) + 1900
        let end = year > 9999 ? String(year).utf8.count : 4
        write(year, digits: end, at: 0)
        self[end] = UInt8(ascii: "-")
        write(Int(fields.tm_mon) + 1, digits: 2, at: end + 1)
        self[end + 3] = UInt8(ascii: "-")
        write(Int(fields.tm_mday), digits: 2, at: end + 4)
        return end + 6
    }

    /// Writes the last digits of a number.
    func write(_ number: Int, digits: Int, at start: Int) {
        var rest = number.magnitude
        for index in (start..<start + digits).reversed() {
            self[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
