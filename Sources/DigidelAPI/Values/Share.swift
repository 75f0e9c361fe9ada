package import Foundation

/// A share, never without what it is a share of.
package struct Share: Sendable, Equatable {
    package let numerator: Decimal
    package let denominator: Decimal

    /// Percent to one decimal, halves away from zero; nil when the denominator is 0.
    package var percent: Decimal? {
        denominator == 0 ? nil : (numerator * 100 / denominator).rounded(1)
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
