import Foundation

/// A goal's name, percent and status as a picture in SVG, one line high.
struct GoalBadge {
    private let name: String
    private let percent: String
    private let status: String
    private let colour: String

    init(_ basis: GoalBasis, on: CalendarDate, in language: Language) {
        let formula = GoalFormula(basis.terms, changes: basis.changes, on: on)
        let text = basis.goal.content.name.text(in: language)
        name = text.count > 60 ? text.prefix(59) + "…" : text
        percent = Self.percent(formula.achieved, of: formula.required, in: language)
        status = Self.words(formula.status, in: language)
        colour = Self.colour(formula.status)
    }

    /// One decimal, as it is written in that language.
    private static func percent(_ part: Decimal, of whole: Decimal, in language: Language) -> String {
        let number = Share(numerator: part, denominator: whole).percent ?? 0
        let text = number.description.contains(".") ? number.description : "\(number).0"
        return language == .en ? text + "%" : text.replacing(".", with: ",") + "\u{a0}%"
    }

    /// As the dashboard says it.
    private static func words(_ status: GoalFormula.Status, in language: Language) -> String {
        let (swedish, english) =
            switch status {
            case .cancelled: ("inställt", "cancelled")
            case .notStarted: ("har inte börjat", "not started")
            case .achieved: ("målet är nått", "goal reached")
            case .awaitingReports: ("väntar på de sista rapporterna", "awaiting the last reports")
            case .missed: ("målet nåddes inte", "goal missed")
            case .insufficientData: ("för tidigt att säga", "too early to tell")
            case .onTrack: ("på väg", "on track")
            case .offTrack: ("långt efter planen", "off track")
            case .ahead: ("före planen", "ahead of plan")
            case .atRisk: ("efter planen", "at risk")
            }
        return language == .en ? english : swedish
    }

    /// Dark enough for white letters: a contrast of 5.6 or more.
    private static func colour(_ status: GoalFormula.Status) -> String {
        switch status {
        case .achieved, .ahead, .onTrack: "#1a6a3a"
        case .atRisk: "#8a4b00"
        case .offTrack, .missed: "#a0212b"
        case .cancelled, .notStarted, .awaitingReports, .insufficientData: "#4a5763"
        }
    }

    /// The picture. Letters are as wide as in Verdana; `textLength` fits other fonts to that.
    var svg: [UInt8] {
        let value = "\(percent) \(status)"
        let (left, right) = (Self.width(name), Self.width(value))
        func text(_ text: String, _ start: Int, _ width: Int) -> String {
            "<text x=\"\(start + 8)\" y=\"14\" textLength=\"\(width - 16)\" lengthAdjust=\"spacingAndGlyphs\">\(text.escapedForMarkup)</text>"
        }
        let title = "\(name): \(value)".escapedForMarkup
        return Array(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(left + right)" height="20" role="img" aria-label="\(title)">\
            <title>\(title)</title>\
            <rect width="\(left + right)" height="20" rx="4" fill="\(colour)"/>\
            <path d="M4 0H\(left)V20H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z" fill="#2b3640"/>\
            <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\
            \(text(name, 0, left))\(text(value, left, right))</g></svg>

            """.utf8)
    }

    /// How wide a part with this text is, in pixels.
    private static func width(_ text: String) -> Int {
        16
            + Int(
                text.reduce(0.0) { width, character in
                    switch character {
                    case "i", "j", "l", "I", ".", ",", ":", "!", "'", "|": width + 3.7
                    case "f", "r", "t", " ", "\u{a0}", "(", ")", "-": width + 4.6
                    case "m", "w", "M", "W", "%": width + 10.5
                    case _ where character.isUppercase: width + 7.8
                    default: width + 6.8
                    }
                }.rounded(.up))
    }
}
