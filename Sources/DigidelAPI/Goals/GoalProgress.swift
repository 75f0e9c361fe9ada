import Foundation

/// How far a goal has come on a day; the body of `GET /v1/goals/{id}/progress`.
struct GoalProgress {
    /// Names the rules of domain.md, section 4 that the figures follow.
    static let formula = "digidel-goal-1"

    private let basis: GoalBasis
    private let formula: GoalFormula
    private let goal: Goal
    var on: CalendarDate { formula.on }

    init(_ basis: GoalBasis, on: CalendarDate) {
        self.basis = basis
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
            json.member("finality", basis.isLocked ? "final" : "preliminary")
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

    private func writeGoal(to json: inout JSONWriter, as representation: Representation) {
        json.member("goal", goal.id)
        json.member("name", goal.content.name, in: representation.language)
        json.member("unit", goal.content.measure.unit)
        json.member("campaign", goal.content.campaign)
        json.member("measure", goal.content.measure.rawValue)
        json.member("target", goal.content.target)
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
        let (achieved, expected) = (formula.achieved, formula.expected.decimal.rounded(1))
        let tolerance = "\((goal.content.tolerance * 100).rounded(1)) %"
        switch formula.status {
        case .cancelled: return "The goal was cancelled."
        case .notStarted: return "The goal starts on \(goal.startsOn)."
        case .achieved: return "The \(formula.required) that the goal needs have been reached."
        case .awaitingReports: return "The time is over; reports may still come until the campaign is locked."
        case .missed: return "The time is over and \(formula.remaining) are missing."
        case .insufficientData: return "Too few of the goal's days have passed to judge."
        case .ahead: return "\(achieved) of \(expected) expected by now: at least \(tolerance) above."
        case .onTrack: return "\(achieved) of \(expected) expected by now: within \(tolerance) of it."
        case .atRisk:
            return
                "\(achieved) of \(expected) expected by now: more than \(tolerance) below, at most twice that."
        case .offTrack:
            return "\(achieved) of \(expected) expected by now: more than twice \(tolerance) below."
        }
    }
}
