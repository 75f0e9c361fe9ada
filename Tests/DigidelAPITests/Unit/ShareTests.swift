import Foundation
import Testing

@testable import DigidelAPI

@Suite struct ShareTests {
    @Test(arguments: [
        ("210000", "500000", "42"), ("0", "264", "0"), ("211", "264", "79.9"), ("264", "290", "91"),
        ("1", "3", "33.3"), ("2", "3", "66.7"), ("1050", "1000", "105"), ("1", "1000000", "0"),
        // Halves go away from zero, and only halves do.
        ("1", "2000", "0.1"), ("-1", "2000", "-0.1"), ("3", "2000", "0.2"), ("-3", "2000", "-0.2"),
        ("4999999", "10000000000", "0"), ("145", "2000", "7.3"), ("-145", "2000", "-7.3"),
        ("-50000", "500000", "-10"), ("100000000000000000", "300000000000000000", "33.3"),
    ])
    func percentHasOneDecimal(numerator: String, denominator: String, percent: String) throws {
        let share = Share(numerator: exact(numerator), denominator: exact(denominator))
        #expect(try #require(share.percent) == exact(percent))
    }

    @Test func nothingIsAShareOfNothing() {
        #expect(Share(numerator: 0, denominator: 0).percent == nil)
        #expect(Share(numerator: 5, denominator: 0).percent == nil)
    }

    @Test(arguments: [
        ("0.5", 0, "1"), ("-0.5", 0, "-1"), ("1.5", 0, "2"), ("2.5", 0, "3"), ("-2.5", 0, "-3"),
        ("0.49999999999999999999", 0, "0"), ("-0.49999999999999999999", 0, "0"), ("0.25", 1, "0.3"),
        ("-0.25", 1, "-0.3"), ("0.35", 1, "0.4"), ("1.005", 2, "1.01"), ("0.8415", 3, "0.842"),
        ("0.8414999", 3, "0.841"),
        ("42", 1, "42"), ("99.95", 1, "100"), ("-99.95", 1, "-100"),
    ])
    func halvesAreRoundedAwayFromZero(number: String, decimals: Int, rounded: String) {
        #expect(exact(number).rounded(decimals) == exact(rounded))
    }

    @Test(arguments: [("1", "1"), ("1.0000000000000000001", "2"), ("0.1", "1"), ("0", "0"), ("-1.5", "-1")])
    func roundingUpGivesTheNextWholeNumber(number: String, rounded: String) {
        #expect(exact(number).roundedUp == exact(rounded))
    }
}
