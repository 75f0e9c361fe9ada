package import Foundation

/// V, the value of a goal on any day (domain.md, section 4): what all its figures, its series included, are made of.
///
/// - contribution: the baseline and what was counted from the goal's first day on
/// - stock: the latest observation, before the first the baseline
/// - coverage: how many municipalities there are
///
/// After the goal's last day it stays as it was on that day.
package struct GoalHistory: Sendable {
    /// The days on which something was counted, observed or covered, in order, each with the value from then on.
    package let days: [(date: CalendarDate, value: Decimal)]
    private let start: Decimal
    private let endsOn: CalendarDate

    /// `changes` are in the order of their dates: by how much a day differs from the day before, in a stock goal the first
    /// from the baseline. What lies after the goal's last day is left out, and what a contribution goal's counts have
    /// before its first.
    package init(_ terms: GoalFormula.Terms, changes: [GoalFormula.Change]) {
        start = terms.kind == .coverage ? 0 : terms.baseline
        endsOn = terms.endsOn
        var days: [(date: CalendarDate, value: Decimal)] = []
        var value = start
        for change in changes where change.date <= terms.endsOn {
            if terms.kind == .contribution, change.date < terms.startsOn { continue }
            value += change.value
            if days.last?.date == change.date { days.removeLast() }
            days.append((change.date, value))
        }
        self.days = days
    }

    /// V at any day, also before the goal starts and after it has ended.
    package func value(on date: CalendarDate) -> Decimal {
        let count = numberOfDays(until: date)
        return count == 0 ? start : days[count - 1].value
    }

    /// The days until `date`, itself included, and not after the goal's last.
    package func days(until date: CalendarDate) -> ArraySlice<(date: CalendarDate, value: Decimal)> {
        days.prefix(numberOfDays(until: date))
    }

    /// By halving: a series asks for each of its buckets.
    private func numberOfDays(until date: CalendarDate) -> Int {
        let last = min(date, endsOn)
        var (low, high) = (0, days.count)
        while low < high {
            let middle = (low + high) / 2
            if days[middle].date <= last { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
