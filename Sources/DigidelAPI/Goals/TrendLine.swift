import Foundation

/// The straight line that comes nearest to a stock goal's observations, by least squares (decisions.md, 19 and 62).
///
/// Days are counted from the first point, and the coefficients are kept as whole sums, so that nothing is rounded before the
/// last division. A Decimal has 38 digits: that is exact for observations of a trillion with 6 decimals, a thousand of them
/// over a hundred years; beyond that the projection may be off in its last digit.
struct TrendLine {
    private let origin: CalendarDate
    /// The line is (level + slope · x) / scale at x days after the origin; scale is positive.
    private let level: Decimal
    private let slope: Decimal
    private let scale: Decimal

    /// How many observations it takes.
    static let observations = 3

    /// Nil when the points do not lie on different days.
    init?(through points: [(date: CalendarDate, value: Decimal)]) {
        guard let origin = points.map(\.date).min() else { return nil }
        self.origin = origin
        let count = Decimal(points.count)
        var (x, y, xx, xy) = (Decimal(0), Decimal(0), Decimal(0), Decimal(0))
        for point in points {
            let day = Decimal(point.date - origin)
            x += day
            y += point.value
            xx += day * day
            xy += day * point.value
        }
        scale = count * xx - x * x
        guard scale > 0 else { return nil }
        slope = count * xy - x * y
        level = y * xx - x * xy
    }

    /// The line's value on a day.
    func value(on date: CalendarDate) -> Decimal {
        (level + slope * Decimal(date - origin)) / scale
    }

    /// The first day on which the line has come to `target`, going in the direction of `sign`; nil when it does not go there,
    /// and when there is no such date.
    func day(of target: Decimal, sign: Decimal) -> CalendarDate? {
        guard slope * sign > 0 else { return nil }
        let days = ((target * scale - level) / slope).roundedUp
        guard abs(days) < 4_000_000 else { return nil }
        let date = origin + NSDecimalNumber(decimal: days).intValue
        return CalendarDate.writable.contains(date) ? date : nil
    }
}
