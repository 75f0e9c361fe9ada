import Foundation
import Postgres

/// When something was, as exactly as it is known (domain.md, section 5): from the first day of a unit, such as a season,
/// to the last day of the same or of a later one.
struct FuzzyPeriod: Sendable, Equatable {
    enum Precision: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case day, month
        /// Nordic: winter from December, spring from March, summer from June, autumn from September.
        case season
        /// January to June, July to December.
        case halfYear
        case year
    }

    let from: CalendarDate
    let to: CalendarDate
    let precision: Precision

    /// What is wrong with it: it ends before it begins, or its ends are not those of units.
    var faults: [Fault] {
        guard from <= to else { return periodFaults(from, "from", to, "to") }
        guard let first = TimeUnit(precision, around: from), let last = TimeUnit(precision, around: to)
        else { return [] }
        var faults: [Fault] = []
        if first.firstDay != from {
            let fitting = [first.firstDay, first.next.firstDay].filter { $0 <= to }
            faults.append(mismatch("from", "first", fitting))
        }
        if last.lastDay != to {
            let fitting = [last.previous.lastDay, last.lastDay].filter { $0 >= from }
            faults.append(mismatch("to", "last", fitting))
        }
        return faults
    }

    private func mismatch(_ name: String, _ end: String, _ fitting: [CalendarDate]) -> Fault {
        let unit = precision == .halfYear ? "half-year" : precision.rawValue
        let dates = fitting.map(\.description).joined(separator: " or ")
        return Fault(
            "/\(name)", "precisionMismatch", "Must be the \(end) day of a \(unit), such as \(dates).")
    }

    /// In words: `spring 2016`, `autumn 2016 - spring 2017`, `3 October 2016`.
    func text(in language: Language) -> String {
        let first = label(of: from, in: language)
        let last = label(of: to, in: language)
        return first == last ? first : "\(first) - \(last)"
    }

    /// In words of every language.
    var text: LocalisedText {
        LocalisedText(Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, text(in: $0)) }))
    }

    private func label(of date: CalendarDate, in language: Language) -> String {
        if let unit = TimeUnit(precision, around: date) { return unit.label(in: language) }
        let (year, month, day) = date.parts
        return "\(day)\(language == .da ? "." : "") \(language.months[month - 1]) \(year)"
    }
}

/// A month, season, half-year or year.
private struct TimeUnit {
    let precision: FuzzyPeriod.Precision
    /// Its first month, counted from January of the year 0.
    let start: Int
    /// How many months it has.
    let length: Int

    /// Nil for days.
    init?(_ precision: FuzzyPeriod.Precision, around date: CalendarDate) {
        let (year, month, _) = date.parts
        let index = 12 * year + month - 1
        switch precision {
        case .day: return nil
        case .month: self.init(precision: precision, start: index, length: 1)
        // The first month of a season is the third of a quarter.
        case .season: self.init(precision: precision, start: index - (index + 1) % 3, length: 3)
        case .halfYear: self.init(precision: precision, start: index - index % 6, length: 6)
        case .year: self.init(precision: precision, start: index - index % 12, length: 12)
        }
    }

    private init(precision: FuzzyPeriod.Precision, start: Int, length: Int) {
        self.precision = precision
        self.start = start
        self.length = length
    }

    var next: TimeUnit { TimeUnit(precision: precision, start: start + length, length: length) }
    var previous: TimeUnit { TimeUnit(precision: precision, start: start - length, length: length) }

    /// As far as it can be written.
    var firstDay: CalendarDate {
        let writable = CalendarDate.writable
        return CalendarDate(year: start / 12, month: start % 12 + 1, day: 1)
            ?? (start < 12 ? writable.lowerBound : writable.upperBound + 1)
    }

    var lastDay: CalendarDate { next.firstDay - 1 }

    func label(in language: Language) -> String {
        let (year, month) = (start / 12, start % 12)
        switch precision {
        case .day, .year: return String(year)
        case .month: return "\(language.months[month]) \(year)"
        case .halfYear: return "\(language.seasons[month == 0 ? 1 : 3]) \(year)"
        case .season:
            let name = language.seasons[(month + 1) / 3 % 4]
            return month == 11 ? "\(name) \(year)/\(year + 1)" : "\(name) \(year)"
        }
    }
}

extension Language {
    /// The months' names, from January.
    fileprivate var months: [String] { Self.monthNames[self] ?? [] }

    private static let monthNames = Dictionary(
        uniqueKeysWithValues: allCases.map { language in
            var calendar = Calendar(identifier: .gregorian)
            calendar.locale = Locale(identifier: language.rawValue)
            return (language, calendar.monthSymbols)
        })

    /// The seasons' names, from winter.
    fileprivate var seasons: [String] {
        switch self {
        case .sv: ["vintern", "våren", "sommaren", "hösten"]
        case .nb: ["vinteren", "våren", "sommeren", "høsten"]
        case .da: ["vinteren", "foråret", "sommeren", "efteråret"]
        case .en: ["winter", "spring", "summer", "autumn"]
        }
    }
}
