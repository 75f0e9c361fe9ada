package import Foundation

/// The arithmetic of a goal (domain.md, section 4), exact: a status never hangs on a rounded figure.
package struct GoalFormula: Sendable {
    /// What the formula needs to know of a goal.
    package struct Terms: Sendable {
        package var kind = Goal.Kind.contribution
        package var direction: Goal.Direction
        package var baseline: Decimal
        package var baselineDate: CalendarDate?
        package var target: Decimal
        package var startsOn: CalendarDate
        package var endsOn: CalendarDate
        package var milestones: [Milestone]
        package var tolerance: Decimal
        package var isCancelled: Bool
        /// Whether reports may still come after the end: the goal has a campaign and it is not locked.
        package var awaitsReports: Bool
    }

    /// What happened on a day: the change of the value.
    package struct Change: Sendable {
        package let date: CalendarDate
        package let value: Decimal

        package init(date: CalendarDate, value: Decimal) {
            self.date = date
            self.value = value
        }
    }

    package enum Status: String, Sendable, CaseIterable {
        case cancelled, notStarted, achieved, awaitingReports, missed, insufficientData
        case onTrack, offTrack, ahead, atRisk
    }

    /// A number as a fraction whose denominator is positive, so that comparing needs no division.
    struct Fraction {
        var numerator: Decimal
        var denominator: Decimal = 1
        var decimal: Decimal { numerator / denominator }
    }

    private let terms: Terms
    /// t, the day that is asked about.
    package let on: CalendarDate
    private let history: GoalHistory

    /// `changes` are as `GoalHistory` takes them.
    package init(_ terms: Terms, changes: [Change], on: CalendarDate) {
        self.terms = terms
        self.on = on
        history = GoalHistory(terms, changes: changes)
        value = history.value(on: on)
    }

    // MARK: Days

    /// N, the days from the first to the last, both counted.
    package var daysTotal: Int { terms.endsOn - terms.startsOn + 1 }
    /// e, how many of them have passed, the day itself counted.
    package var daysElapsed: Int { min(max(0, on - terms.startsOn + 1), daysTotal) }

    // MARK: Figures

    /// V.
    package let value: Decimal
    /// A: the change since the baseline, in the goal's direction.
    package var achieved: Decimal { achieved(at: value) }
    /// R, above 0.
    package var required: Decimal { terms.direction.sign * (terms.target - terms.baseline) }
    package var remaining: Decimal { max(0, required - achieved) }

    private func achieved(at value: Decimal) -> Decimal { terms.direction.sign * (value - terms.baseline) }

    /// X: what should have been achieved, on straight lines between the milestones.
    var expected: Fraction {
        let points =
            [(terms.startsOn - 1, Decimal(0))]
            + terms.milestones.map { ($0.date, terms.direction.sign * ($0.value - terms.baseline)) }
            + [(terms.endsOn, required)]
        let day = min(max(on, terms.startsOn - 1), terms.endsOn)
        for (before, after) in zip(points, points.dropFirst()) where day <= after.0 {
            let (length, passed) = (Decimal(after.0 - before.0), Decimal(day - before.0))
            return Fraction(numerator: before.1 * length + (after.1 - before.1) * passed, denominator: length)
        }
        return Fraction(numerator: required)
    }

    /// A/X to 3 decimals; nil when nothing is expected.
    package var pace: Decimal? {
        let expected = expected
        return expected.numerator <= 0
            ? nil : (achieved * expected.denominator / expected.numerator).rounded(3)
    }

    /// A − X to 1 decimal.
    package var variance: Decimal {
        let expected = expected
        return ((achieved * expected.denominator - expected.numerator) / expected.denominator).rounded(1)
    }

    /// What remains by the days that are left, to 1 decimal; nil when none is left.
    package var requiredPerDay: Decimal? {
        daysElapsed == daysTotal ? nil : (remaining / Decimal(daysTotal - daysElapsed)).rounded(1)
    }

    /// The first day on which the target was reached, if it is reached now.
    package var achievedOn: CalendarDate? {
        guard achieved >= required, on >= terms.startsOn else { return nil }
        // It may have been reached before the goal began.
        if achieved(at: history.value(on: terms.startsOn)) >= required { return terms.startsOn }
        return history.days(until: on).first {
            $0.date > terms.startsOn && achieved(at: $0.value) >= required
        }?.date
    }

    // MARK: Status

    /// The first that matches, in the order of domain.md.
    package var status: Status {
        if terms.isCancelled { return .cancelled }
        if on < terms.startsOn { return .notStarted }
        if achieved >= required { return .achieved }
        if on > terms.endsOn { return terms.awaitsReports ? .awaitingReports : .missed }
        return isTooEarly || lacksObservation ? .insufficientData : paceStatus
    }

    /// Whether too few of the goal's days have passed to judge.
    var isTooEarly: Bool { daysElapsed < max(1, min(7, (daysTotal + 19) / 20)) }

    /// Whether nothing has been observed since the baseline; one without a date is of the day before the goal's first.
    var lacksObservation: Bool {
        let baselineDate = terms.baselineDate ?? terms.startsOn - 1
        return terms.kind == .stock && !history.days(until: on).contains { $0.date > baselineDate }
    }

    private var paceStatus: Status {
        let expected = expected
        guard expected.numerator > 0 else { return achieved >= 0 ? .onTrack : .offTrack }
        // A ≥ X·f, multiplied by X's denominator.
        func reaches(_ factor: Decimal) -> Bool {
            achieved * expected.denominator >= expected.numerator * factor
        }
        if reaches(1 + terms.tolerance) { return .ahead }
        if reaches(1 - terms.tolerance) { return .onTrack }
        return reaches(1 - 2 * terms.tolerance) ? .atRisk : .offTrack
    }

    // MARK: Projection

    private var projects: Bool {
        daysElapsed > 0 && status != .cancelled && status != .insufficientData && status != .notStarted
    }

    /// The value on the last day if all goes on as it has from the start, whole; in a stock goal by the line through what
    /// was observed.
    package var overallProjection: Decimal? {
        guard projects else { return nil }
        if terms.kind == .stock { return trend?.value(on: terms.endsOn).rounded(0) }
        return projected(achieved * Decimal(daysTotal) / Decimal(daysElapsed))
    }

    /// The value on the last day if all goes on as it has in the last 90 days, whole; nil in a stock goal.
    package var recentProjection: Decimal? {
        guard projects, terms.kind != .stock else { return nil }
        return projected(achieved + recent.gain * Decimal(daysTotal - daysElapsed) / recent.days)
    }

    /// The day on which the target is reached if all goes on as in the last 90 days, or by the line; nil when it is
    /// reached, when nothing moves towards it, after the end, and beyond the year 9999.
    package var completionDate: CalendarDate? {
        guard projects, remaining > 0, on <= terms.endsOn else { return nil }
        if terms.kind == .stock {
            let date = trend?.day(of: terms.target, sign: terms.direction.sign)
            // A line that has met the target already tells no day on which the value will.
            return date.flatMap { $0 > on ? $0 : nil }
        }
        guard recent.gain > 0 else { return nil }
        let days = (remaining * recent.days / recent.gain).roundedUp
        guard days < 3_000_000 else { return nil }
        let date = on + NSDecimalNumber(decimal: days).intValue
        return CalendarDate.writable.contains(date) ? date : nil
    }

    /// What was achieved in the last w = min(90, e) days, and w. Before the first day it was nothing.
    private var recent: (gain: Decimal, days: Decimal) {
        let days = min(90, daysElapsed)
        let earlier = on - days
        let before = earlier < terms.startsOn ? 0 : achieved(at: history.value(on: earlier))
        return (achieved - before, Decimal(days))
    }

    /// The line through the observations and, if it has a date, the baseline; nil with too few observations.
    private var trend: TrendLine? {
        var points = Array(history.days(until: on))
        guard points.count >= TrendLine.observations else { return nil }
        if let date = terms.baselineDate, date <= min(on, terms.endsOn) {
            points.append((date, terms.baseline))
        }
        return TrendLine(through: points)
    }

    private func projected(_ achieved: Decimal) -> Decimal {
        (terms.baseline + terms.direction.sign * achieved).rounded(0)
    }
}
