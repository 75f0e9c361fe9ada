import Foundation
import Testing

@testable import DigidelAPI

@Suite struct CalendarDateTests {
    @Test(arguments: [
        ("0001-01-01", -719_162), ("0004-02-29", -718_008), ("1582-10-15", -141_427),
        ("1582-10-04", -141_438),
        ("1900-02-28", -25_509), ("1969-12-31", -1), ("1970-01-01", 0), ("2000-02-29", 11_016),
        ("2016-02-29", 16_860), ("2016-10-03", 17_077), ("9999-12-31", 2_932_896),
    ])
    func aDateIsADayNumberAndBack(text: String, dayNumber: Int) throws {
        let date = try day(text)
        #expect(date.dayNumber == dayNumber)
        #expect(CalendarDate(dayNumber: dayNumber).description == text)
    }

    @Test(arguments: [
        "", "2016-10-3", "2016-1-03", "16-10-03", "02016-10-03", "2016-10-03 ", " 2016-10-03", "2016/10/03",
        "2016-10-03T00:00:00Z", "20161003", "2016-13-01", "2016-00-01", "2016-10-00", "2016-10-32",
        "2016-04-31", "2016-02-30", "2015-02-29", "1900-02-29", "2100-02-29", "0000-01-01", "-001-01-01",
        "+016-10-03", "2016-1o-03", "2016-10-0\u{663}", "２０１６-10-03", "10000-01-01", "2016–10–03",
    ])
    func whatIsNoDateIsRefused(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test(arguments: [
        (1, 28), (4, 29), (1600, 29), (1900, 28), (2000, 29), (2015, 28), (2016, 29), (2100, 28), (9999, 28),
    ])
    func februaryIsAsLongAsItsYearSays(year: Int, length: Int) {
        let days = (1...31).filter { CalendarDate(year: year, month: 2, day: $0) != nil }
        #expect(days == Array(1...length))
    }

    /// Around the turns of centuries of which one had a leap year, and around 1970.
    @Test(arguments: [
        ("1896-01-01", "1905-01-01", 3287), ("1968-01-01", "1973-01-01", 1827),
        ("1996-01-01", "2005-01-01", 3288), ("2096-01-01", "2105-01-01", 3287),
    ])
    func everyDayFollowsTheDayBefore(first: String, end: String, length: Int) throws {
        let dates = try (0...length).map { try day(first) + $0 }
        #expect(try dates.last == day(end))
        let texts = dates.map(\.description)
        #expect(texts == texts.sorted())
        #expect(texts.compactMap { CalendarDate($0) } == dates)
    }

    @Test func datesAreCountedAndCompared() throws {
        let (first, second) = (try day("2016-02-28"), try day("2016-03-01"))
        #expect(second - first == 2 && first - second == -2)
        #expect(first + 2 == second && second - 2 == first)
        #expect(first < second && !(second < first) && first <= first)
        #expect(try day("1970-01-01") - 1 == day("1969-12-31"))
    }

    @Test(arguments: [
        // Midnight, and the second before it, in winter and summer time.
        ("2016-01-14T22:59:59Z", "Europe/Stockholm", "2016-01-14"),
        ("2016-01-14T23:00:00Z", "Europe/Stockholm", "2016-01-15"),
        ("2016-07-14T21:59:59Z", "Europe/Stockholm", "2016-07-14"),
        ("2016-07-14T22:00:00Z", "Europe/Stockholm", "2016-07-15"),
        // The days on which the clocks are changed.
        ("2016-03-26T23:00:00Z", "Europe/Stockholm", "2016-03-27"),
        ("2016-03-27T21:59:59Z", "Europe/Stockholm", "2016-03-27"),
        ("2016-03-27T22:00:00Z", "Europe/Stockholm", "2016-03-28"),
        ("2016-10-29T22:00:00Z", "Europe/Stockholm", "2016-10-30"),
        ("2016-10-30T22:59:59Z", "Europe/Stockholm", "2016-10-30"),
        ("2016-10-30T23:00:00Z", "Europe/Stockholm", "2016-10-31"),
        // Before 1970, and far from Greenwich.
        ("1969-12-31T22:59:59.999999Z", "Europe/Stockholm", "1969-12-31"),
        ("1969-12-31T23:00:00Z", "Europe/Stockholm", "1970-01-01"),
        ("1960-02-29T23:59:59.5Z", "UTC", "1960-02-29"),
        ("2016-10-03T10:00:00Z", "Pacific/Kiritimati", "2016-10-04"),
        ("2016-10-03T10:59:59Z", "Pacific/Pago_Pago", "2016-10-02"),
    ])
    func theDateIsThatOfTheTimeZone(text: String, zone: String, date: String) throws {
        let timeZone = try #require(TimeZone(identifier: zone))
        #expect(CalendarDate(try instant(text), in: timeZone).description == date)
    }

    @Test(arguments: [(-7, -3), (-6, -2), (-1, -1), (0, 0), (1, 0), (6, 2), (7, 2)])
    func divisionRoundsDownBelowZeroToo(number: Int, third: Int) {
        #expect(number.quotientAndFloor(by: 3) == third)
    }
}
