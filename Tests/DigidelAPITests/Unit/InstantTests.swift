import Foundation
import Testing

@testable import DigidelAPI

@Suite struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2016-10-03T08:00:00Z", 1_475_481_600_000_000),
        ("1969-12-31T23:59:59Z", -1_000_000), ("1969-12-31T23:59:59.999999Z", -1),
        ("1969-12-31T23:59:58.000001Z", -1_999_999), ("2016-10-03T08:00:00.500000Z", 1_475_481_600_500_000),
        ("2016-02-29T23:59:59.000001Z", 1_456_790_399_000_001),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
    func anInstantIsMicrosecondsAndBack(text: String, microseconds: Int) throws {
        #expect(try instant(text).microseconds == microseconds)
        #expect(Instant(microseconds: microseconds).description == text)
    }

    @Test(arguments: [
        ("2016-10-03T10:00:00+02:00", "2016-10-03T08:00:00Z"),
        ("2016-10-03T03:30:00-04:30", "2016-10-03T08:00:00Z"),
        ("2016-10-03t08:00:00z", "2016-10-03T08:00:00Z"),
        ("2016-10-03 08:00:00Z", "2016-10-03T08:00:00Z"),
        ("2016-10-03T08:00:00-00:00", "2016-10-03T08:00:00Z"),
        ("2016-01-01T00:30:00+01:00", "2015-12-31T23:30:00Z"),
        ("2016-12-31T23:30:00-01:00", "2017-01-01T00:30:00Z"),
        ("2016-10-03T08:00:00.5Z", "2016-10-03T08:00:00.500000Z"),
        ("2016-10-03T08:00:00.0Z", "2016-10-03T08:00:00Z"),
        ("2016-10-03T08:00:00.1234569999Z", "2016-10-03T08:00:00.123456Z"),
        ("2016-10-03T08:00:00.00000009Z", "2016-10-03T08:00:00Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00Z"),
        ("2016-02-29T23:59:59+23:59", "2016-02-29T00:00:59Z"),
    ])
    func spellingsOfOneInstantAreEqual(text: String, shown: String) throws {
        #expect(try instant(text).description == shown)
        #expect(try instant(text) == instant(shown))
    }

    @Test(arguments: [
        "", "2016-10-03", "2016-10-03T08:00Z", "2016-10-03T08:00:00", "2016-10-03T24:00:00Z",
        "2016-10-03T08:60:00Z", "2016-10-03T08:00:61Z", "2016-10-03T8:00:00Z", "2016-02-30T08:00:00Z",
        "2016-10-03T08:00:00.Z", "2016-10-03T08:00:00,5Z", "2016-10-03T08:00:00+24:00",
        "2016-10-03T08:00:00+02:60",
        "2016-10-03T08:00:00+02", "2016-10-03T08:00:00+0200", "2016-10-03T08:00:00+02:",
        "2016-10-03T08:00:00+2:00",
        "2016-10-03T08:00:00 02:00", "2016-10-03T08:00:00ZZ", "2016-10-03T08:00:00Z ",
        " 2016-10-03T08:00:00Z",
        "20161003T080000Z", "2016-10-03_08:00:00Z", "2016-10-03T08:00:00+٠٢:٠٠", "2016-10-03T08:00:00.٥Z",
        "2016-10-03T08:00:00\u{2212}02:00", "infinity", "1475481600",
    ])
    func whatIsNoInstantIsRefused(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test func instantsAreOrdered() throws {
        #expect(try instant("1969-12-31T23:59:59.999999Z") < instant("1970-01-01T00:00:00Z"))
        #expect(try instant("2016-10-03T10:00:00+02:00") < instant("2016-10-03T08:00:00.000001Z"))
    }

    @Test func nowIsTheClocks() {
        let before = Date().timeIntervalSince1970
        let now = Double(Instant.now.microseconds) / 1_000_000
        #expect(now >= before - 0.001 && now <= Date().timeIntervalSince1970)
    }

    @Test(arguments: [
        ("2016-10-03 08:00:00+00", "2016-10-03T08:00:00Z"),
        ("2016-10-03 08:00:00.5+00", "2016-10-03T08:00:00.500000Z"),
        ("1960-02-29 23:59:59.999999+00", "1960-02-29T23:59:59.999999Z"),
    ])
    func postgreSQLsSpellingIsRead(text: String, shown: String) {
        #expect(Instant(column: text)?.description == shown)
    }

    @Test(arguments: ["infinity", "-infinity", "", "2016-10-03 08:00:00"])
    func whatPostgreSQLHasBesidesIsNoInstant(text: String) {
        #expect(Instant(column: text) == nil)
    }
}
