package import Foundation

/// A share, never without what it is a share of.
package struct Share: Sendable, Equatable {
    package let numerator: Decimal
    package let denominator: Decimal

    /// A share of decimals, such as one of a goal.
    package init(numerator: Decimal, denominator: Decimal) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// So many of so many.
    init(_ part: Int, of whole: Int) {
        self.init(numerator: Decimal(part), denominator: Decimal(whole))
    }

    /// Percent to one decimal, halves away from zero; nil when the denominator is 0.
    package var percent: Decimal? {
        denominator == 0 ? nil : (numerator * 100 / denominator).rounded(1)
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ share: Share) {
        member(name) { json in
            json.member("numerator", share.numerator)
            json.member("denominator", share.denominator)
            json.nullable("percent", share.percent)
        }
    }

    /// Null when nil.
    mutating func nullable(_ name: String, _ share: Share?) {
        if let share { return member(name, share) }
        self.name(name)
        null()
    }
}

extension Decimal {
    /// Rounded to so many decimals, halves away from zero.
    package func rounded(_ scale: Int) -> Decimal {
        var value = self
        var result = Decimal()
        NSDecimalRound(&result, &value, scale, .plain)
        return result
    }

    /// The least whole number that is not less.
    var roundedUp: Decimal {
        var value = self
        var result = Decimal()
        NSDecimalRound(&result, &value, 0, .up)
        return result
    }
}
