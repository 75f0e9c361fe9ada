import Foundation

extension CountColumn {
    /// The value that a cell writes, or, for a cell that cannot be read, its text and what would pass. Nil for a cell of
    /// nothing but blanks.
    func read(_ cell: String) -> (value: JSONValue, hint: String?)? {
        let text = cell.trimmingWhitespace()
        if text.isEmpty { return nil }
        switch kind {
        case .text: return (.string(cell), nil)
        case .word: return (.string(text), nil)
        case .number:
            if let number = Int(cell: text) { return (.number(Decimal(number)), nil) }
            return (.string(text), Self.numberHint)
        case .date:
            if let date = CalendarDate(cell: text) { return (.string(date.description), nil) }
            return (.string(text), Self.dateHint)
        }
    }

    private static let numberHint =
        "Must be a whole number from \(ParticipantCountInput.valueRange.lowerBound) to "
        + "\(ParticipantCountInput.valueRange.upperBound) in digits such as 1234, without points and commas."

    private static let dateHint = "Must be a date written year-month-day such as 2016-10-03."
}

extension Int {
    /// Digits, perhaps in groups of three behind blanks, perhaps with a decimal part of one or two zeros; nil for anything
    /// else, and for more than 18 digits.
    fileprivate init?(cell text: String) {
        // Nearly always, and many times faster.
        if text.utf8.count <= 18, let number = Int(digits: text.utf8) {
            self = number
            return
        }
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "," || $0 == "." }
        guard parts.count == 1 || parts[1] == "0" || parts[1] == "00" else { return nil }
        let groups = parts[0].split(omittingEmptySubsequences: false) {
            $0 == " " || Self.fixedBlanks.contains($0)
        }
        guard groups.count == 1 || groups[0].count <= 3, groups.dropFirst().allSatisfy({ $0.count == 3 })
        else {
            return nil
        }
        let digits = groups.joined()
        guard !groups[0].isEmpty, digits.utf8.count <= 18 else { return nil }
        self.init(digits: digits.utf8)
    }

    /// The blanks that programs put between thousands: no-break, narrow no-break, thin.
    private static let fixedBlanks: [Character] = ["\u{a0}", "\u{202f}", "\u{2009}"]
}

extension CalendarDate {
    /// A date, perhaps with midnight behind it; nil for anything else.
    fileprivate init?(cell text: String) {
        let midnights = ["", " 00:00", " 00:00:00", "T00:00", "T00:00:00"]
        guard midnights.contains(String(text.dropFirst(10))) else { return nil }
        self.init(String(text.prefix(10)))
    }
}
