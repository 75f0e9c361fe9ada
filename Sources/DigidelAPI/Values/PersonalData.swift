import Foundation

/// Finds what looks like data about a person in free text, which is refused (domain.md; decisions.md, 49).
package enum PersonalData {
    /// What was recognised, in words for the person who wrote the text; nil when nothing was.
    package static func found(in text: String) -> String? {
        // Most texts have neither; searching them is dear.
        guard text.utf8.contains(UInt8(ascii: "@")) || text.utf8.count(where: isDigit) >= 8 else {
            return nil
        }
        if text.contains("@"), text.firstMatch(of: /[\w.%+\-]@[\w\-]+\.[\w\-.]*\w/) != nil {
            return "an e-mail address"
        }
        for match in text.matches(of: /\d{6,8}[\-+ ]?\d{4,5}(?!\d)/) where stands(match.range, in: text) {
            if isPersonalNumber(match.0.compactMap(\.wholeNumberValue)) { return "a personal number" }
        }
        return hasPhoneNumber(text) ? "a phone number" : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Whether neither digits nor a hyphen go on before it, nor digits after it.
    private static func stands(_ range: Range<String.Index>, in text: String) -> Bool {
        let before = text[..<range.lowerBound].last
        let after = text[range.upperBound...].first
        return before?.isNumber != true && before != "-" && after?.isNumber != true
    }

    /// `+` or `0` and 8 to 13 digits with blanks and hyphens. Dates and months are taken out before; `000` goes on a
    /// number such as 1 000 000 000.
    private static func hasPhoneNumber(_ text: String) -> Bool {
        let dates = /\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b|\b\d\d-\d\d-(?:19|20)\d\d\b/
        let undated = text.replacing(dates, with: "/")
        let phones = /(?:\+ ?\d(?:(?: |-| - )?\d){7,12}|0(?!00)\d(?:(?: |-| - )?\d){6,11})(?!\d)/
        return undated.matches(of: phones).contains { stands($0.range, in: undated) }
    }

    private static func isPersonalNumber(_ digits: [Int]) -> Bool {
        switch digits.count {
        case 12: isSwedish(Array(digits.dropFirst(2)))
        case 11: isNorwegian(digits)
        case 10: isSwedish(digits) || isDanish(digits)
        default: false
        }
    }

    private static func isSwedish(_ digits: [Int]) -> Bool {
        // Days above 60 are co-ordination numbers.
        guard isDay(digits[4] * 10 + digits[5], month: digits[2] * 10 + digits[3], offset: 60) else {
            return false
        }
        let sum = digits.enumerated().reduce(0) { sum, digit in
            let product = digit.element * (digit.offset.isMultiple(of: 2) ? 2 : 1)
            return sum + product / 10 + product % 10
        }
        return sum.isMultiple(of: 10)
    }

    private static func isNorwegian(_ digits: [Int]) -> Bool {
        func remainder(_ weights: [Int]) -> Int { zip(weights, digits).reduce(0) { $0 + $1.0 * $1.1 } % 11 }
        return isDay(digits[0] * 10 + digits[1], month: digits[2] * 10 + digits[3], offset: 40)
            && remainder([3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) == 0
            && remainder([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) == 0
    }

    /// The date part is all that a Danish number can be told by.
    private static func isDanish(_ digits: [Int]) -> Bool {
        isDay(digits[0] * 10 + digits[1], month: digits[2] * 10 + digits[3], offset: 60)
    }

    private static func isDay(_ day: Int, month: Int, offset: Int) -> Bool {
        (1...12).contains(month) && ((1...31).contains(day) || (1...31).contains(day - offset))
    }
}
