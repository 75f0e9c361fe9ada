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
        // Years that begin in March have their leap day at the end.
        let (years, months) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        let leapDays = years / 4 - years / 100 + years / 400
        dayNumber = years * 365 + leapDays + (153 * months + 2) / 5 + day - 1 - Self.daysTo1970
        // 31 February is carried over into March.
        guard parts.day == day else { return nil }
    }

    /// From 1 March of the year 0.
    private static let daysTo1970 = 719_468

    /// Year, month and day.
    private var parts: (year: Int, month: Int, day: Int) {
        // 400 years have 146,097 days; in them are 24 leap days per century, and one more at the end.
        let days = dayNumber + Self.daysTo1970
        let cycle = days.quotientAndFloor(by: 146_097)
        let day = days - cycle * 146_097
        let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        return (
            cycle * 400 + year + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9,
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    /// The date at an instant in a time zone.
    package init(_ instant: Instant, in timeZone: TimeZone) {
        let seconds = instant.microseconds.quotientAndFloor(by: 1_000_000)
        let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        dayNumber = (seconds + offset).quotientAndFloor(by: 86400)
    }

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
        let text = String(unsafeUninitializedCapacity: 10) { text in
            write(to: text)
            return 10
        }
        return millennia + text
    }

    /// The digits of a year after 9999 that stand before its last four.
    var millennia: String { parts.year > 9999 ? String(parts.year / 10_000) : "" }

    /// Writes the last ten characters.
    func write(to text: UnsafeMutableBufferPointer<UInt8>) {
        let (year, month, day) = parts
        text.write(year, digits: 4, at: 0)
        text[4] = UInt8(ascii: "-")
        text.write(month, digits: 2, at: 5)
        text[7] = UInt8(ascii: "-")
        text.write(day, digits: 2, at: 8)
    }
}

extension CalendarDate: ParameterConvertible, ColumnDecodable {
    package var parameter: Parameter { description }
    package init?(column text: String) { self.init(text) }
}

/// What goes by the calendar of a time zone.
protocol HasTimeZone {
    var timeZone: TimeZone { get }
}

extension HasTimeZone {
    /// The day by its calendar.
    func today(at now: Instant) -> CalendarDate { CalendarDate(now, in: timeZone) }
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

extension UnsafeMutableBufferPointer<UInt8> {
    /// Writes the last digits of a number.
    func write(_ number: Int, digits: Int, at start: Int) {
        var rest = number.magnitude
        for index in (start..<start + digits).reversed() {
            self[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
