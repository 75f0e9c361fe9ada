import Foundation

/// How far a goal has come on a day; the body of `GET /v1/goals/{id}/progress`.
struct GoalProgress {
    /// Names the rules of domain.md, section 4 that the figures follow.
    static let formula = "digidel-goal-1"

    private let basis: GoalBasis
    private let formula: GoalFormula
    private let goal: Goal
    private let today: CalendarDate
    var on: CalendarDate { formula.on }

    init(_ basis: GoalBasis, on: CalendarDate, today: CalendarDate) {
        self.basis = basis
        self.today = today
        goal = basis.goal
        formula = GoalFormula(basis.terms, changes: basis.changes, on: on)
    }

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            writeGoal(to: &json, as: representation)
            writeFigures(to: &json)
            writeExplanation(to: &json)
            json.member("projection") { json in
                json.nullable("overall", formula.overallProjection)
                json.nullable("recent", formula.recentProjection)
                json.nullable("completionDate", formula.completionDate?.description)
            }
            json.member("finality", isFinal ? "final" : "preliminary")
            json.nullable("reportingRate", basis.reportingRate)
            json.nullable("lastReportAt", basis.lastReportAt?.description)
            json.member("on", on)
            json.member("asOf", basis.asOf)
            json.member("version", basis.version)
            json.links([
                "self": "\(representation.baseURL)\(goal.path)/progress",
                "item": representation.baseURL + goal.path,
            ])
        }
    }

    /// The figures of a campaign are final once it is locked, those of a goal without one when its last day has passed
    /// (decisions.md, 23 and 69).
    private var isFinal: Bool { goal.content.campaign == nil ? today > goal.endsOn : basis.isLocked }

    /// What, besides the day, the clock alone changes of an answer; nil at first.
    var phase: String? { goal.content.campaign == nil && isFinal ? "final" : nil }

    private func writeGoal(to json: inout JSONWriter, as representation: Representation) {
        json.member("goal", goal.id)
        json.member("name", goal.content.name, in: representation.language)
        json.member("unit", basis.unit)
        json.member("campaign", goal.content.campaign)
        json.member("measure", goal.content.measure?.rawValue)
        json.member("indicator", goal.content.indicator)
        json.member("predicate", goal.content.predicate)
        json.member("denominator", goal.denominator)
        json.member("target", goal.target)
        json.member("baseline", goal.content.baseline.value)
    }

    private func writeFigures(to json: inout JSONWriter) {
        let share = Share(numerator: formula.achieved, denominator: formula.required)
        json.member("value", formula.value)
        json.member("achieved", formula.achieved)
        json.member("required", formula.required)
        json.member("progress", share)
        json.member("remaining", formula.remaining)
        json.member("expected", formula.expected.decimal.rounded(1))
        json.member("variance", formula.variance)
        json.nullable("pace", formula.pace)
        json.nullable("requiredPerDay", formula.requiredPerDay)
        json.member("status", formula.status.rawValue)
        json.nullable("achievedOn", formula.achievedOn?.description)
    }

    /// The inputs of the status, and the rule in words.
    private func writeExplanation(to json: inout JSONWriter) {
        json.member("explanation") { json in
            json.member("formula", Self.formula)
            json.member("tolerance", goal.content.tolerance)
            json.member("on", on)
            json.member("startsOn", goal.startsOn)
            json.member("endsOn", goal.endsOn)
            json.member("daysTotal", formula.daysTotal)
            json.member("daysElapsed", formula.daysElapsed)
            json.member("achieved", formula.achieved)
            json.member("expected", formula.expected.decimal.rounded(1))
            json.member("required", formula.required)
            json.member("text", explanation)
        }
    }

    private var explanation: String {
        switch formula.status {
        case .cancelled: "The goal was cancelled."
        case .notStarted: "The goal starts on \(goal.startsOn)."
        case .achieved: "The value is \(formula.value); the target, \(goal.target), has been reached."
        case .awaitingReports: "The time is over; reports may still come until the campaign is locked."
        case .missed: "The time is over and \(formula.remaining) are missing."
        case .insufficientData where formula.isTooEarly: "Too few of the goal's days have passed to judge."
        case .insufficientData:
            "Nothing has been observed since the baseline, so there is nothing to judge by."
        case .ahead, .onTrack, .atRisk, .offTrack: comparison
        }
    }

    /// How what was achieved compares with what was expected.
    private var comparison: String {
        let achieved = formula.achieved
        guard formula.expected.numerator > 0 else {
            return achieved >= 0
                ? "Nothing is expected yet, and nothing is lost."
                : "Nothing is expected yet, but the value is \(-achieved) on the wrong side of the baseline."
        }
        let compared = "\(achieved) of \(formula.expected.decimal.rounded(1)) expected by now"
        let tolerance = "\((goal.content.tolerance * 100).rounded(1)) %"
        return switch formula.status {
        case .ahead: "\(compared): at least \(tolerance) above."
        case .onTrack: "\(compared): within \(tolerance) of it."
        case .atRisk: "\(compared): more than \(tolerance) below, at most twice that."
        default: "\(compared): more than twice \(tolerance) below."
        }
    }
}
