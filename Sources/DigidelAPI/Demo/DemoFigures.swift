/// The demo's Digidel2013 figures: invented, believable, the same on every machine, and marked as demo in every note.
enum DemoFigures {
    static let note = "Demo figure, not a real report."
    static let surveyNote = "Demo figure, not a real survey."

    /// A report of one organisation for three months.
    struct Report: Equatable {
        let from: CalendarDate
        let to: CalendarDate
        let value: Int
        let externalID: String
    }

    /// What an organisation reports from 2011 to 2013: every third month, beginning in a month of its own. `number`
    /// tells organisations apart; the larger the place, the more people.
    static func reports(number: Int, population: Int) -> [Report] {
        stride(from: number % 3, to: 36, by: 3).compactMap { month in
            let start = max(0, month - 2)
            guard let from = firstDay(ofMonth: start), let next = firstDay(ofMonth: month + 1) else {
                return nil
            }
            return Report(
                from: from, to: next - 1, value: value(number: number, month: month, population: population),
                externalID: "demo-\(next - 1)")
        }
    }

    /// Grows as the campaign becomes known, rests in summer, and varies from place to place.
    private static func value(number: Int, month: Int, population: Int) -> Int {
        let growth = 40 + 3 * month
        let season = [100, 105, 110, 105, 95, 70, 40, 75, 115, 130, 120, 90][month % 12]
        let variation = 75 + (number * 37 + month * 53) % 50
        return population * growth * season * variation / 200_000_000
    }

    /// Months are counted from January 2011.
    private static func firstDay(ofMonth month: Int) -> CalendarDate? {
        CalendarDate(year: 2011 + month / 12, month: month % 12 + 1, day: 1)
    }
}
