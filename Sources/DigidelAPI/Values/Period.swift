/// A period as reporters write it: `2016`, `2016-Q3`, `2016-10` or `2016-W40` (ISO 8601 weeks, Monday to Sunday).
package struct Period: Sendable, Equatable {
    package let from: CalendarDate
    package let to: CalendarDate

    /// Nil for any other spelling, and for quarters, months and weeks that do not exist.
    package init?(_ text: String) {
        var scanner = TextScanner(text)
        guard let year = scanner.number(digits: 4) else { return nil }
        if scanner.isAtEnd {
            self.init(year: year, months: 1...12)
            return
        }
        guard scanner.one(of: "-") != nil else { return nil }
        let unit = scanner.one(of: "QW")
        guard let number = scanner.number(digits: unit == "Q" ? 1 : 2), scanner.isAtEnd else { return nil }
        switch unit {
        case "W": self.init(year: year, week: number)
        case "Q" where (1...4).contains(number): self.init(year: year, months: 3 * number - 2...3 * number)
        case nil where (1...12).contains(number): self.init(year: year, months: number...number)
        default: return nil
        }
    }

    private init?(year: Int, months: ClosedRange<Int>) {
        let lastDays = (28...31).reversed().lazy.compactMap {
            CalendarDate(year: year, month: months.upperBound, day: $0)
        }
        guard let from = CalendarDate(year: year, month: months.lowerBound, day: 1), let to = lastDays.first
        else {
            return nil
        }
        self.from = from
        self.to = to
    }

    /// The first week is the one with 4 January in it; a year's weeks are those whose Thursday lies in it.
    private init?(year: Int, week: Int) {
        guard let inFirstWeek = CalendarDate(year: year, month: 1, day: 4),
            let lastDay = CalendarDate(year: year, month: 12, day: 31)
        else { return nil }
        from = inFirstWeek - inFirstWeek.daysSinceMonday + 7 * (week - 1)
        to = from + 6
        guard week >= 1, from + 3 <= lastDay, to <= CalendarDate.writable.upperBound else { return nil }
    }
}

extension CalendarDate {
    /// 0 on Mondays; 1970-01-01 was a Thursday.
    fileprivate var daysSinceMonday: Int { ((dayNumber + 3) % 7 + 7) % 7 }
}
