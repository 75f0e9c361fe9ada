import Foundation
import Testing

@testable import DigidelAPI

/// The date that a text writes; fails the test when it writes none.
func day(_ text: String) throws -> CalendarDate {
    try #require(CalendarDate(text), "\(text) is no date")
}

/// The instant that a text writes; fails the test when it writes none.
func instant(_ text: String) throws -> Instant {
    try #require(Instant(text), "\(text) is no instant")
}

/// A decimal as its digits say, which a literal with a point is not: it is a Double on its way.
func exact(_ digits: String) -> Decimal {
    Decimal(string: digits) ?? .nan
}

/// The faults that a body or a query is refused with; empty when it is not.
func faults(_ body: () throws -> Void) throws -> [Fault] {
    do {
        try body()
        return []
    } catch let error as APIError {
        return error.faults
    }
}

/// What a writer makes of `body`.
func written(_ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    body(&json)
    return json.text
}
