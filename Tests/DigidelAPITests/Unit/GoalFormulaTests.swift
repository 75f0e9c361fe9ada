import Foundation
import Testing

@testable import DigidelAPI

@Suite struct GoalFormulaTests {
    static let vectors =
        GoalVector.examples + GoalVector.days + GoalVector.band + GoalVector.milestones
        + GoalVector.directions
        + GoalVector.achievement + GoalVector.projection

    @Test(arguments: vectors) func figuresAndStatusAreWhatFractionsGive(_ vector: GoalVector) throws {
        let formula = try vector.formula()
        #expect(figures(formula) == vector.figures)
        #expect(outcome(formula) == vector.outcome)
    }

    @Test func theVectorsHaveEveryStatus() {
        let statuses = Set(
            Self.vectors.compactMap { $0.outcome.split(separator: " ").first.map(String.init) })
        #expect(statuses == Set(GoalFormula.Status.allCases.map(\.rawValue)))
    }

    /// From so many days on a goal of N days is judged: max(1, min(7, ⌈0.05·N⌉)).
    @Test(arguments: [
        (days: 1, judgedFrom: 1), (7, 1), (20, 1), (21, 2), (40, 2), (41, 3), (100, 5), (120, 6), (121, 7),
        (140, 7), (141, 7), (1096, 7),
    ])
    func aGoalIsJudgedFromADayThatItsLengthDecides(days: Int, judgedFrom: Int) throws {
        let first = try day("2011-01-01")
        let terms = try TestGoal.goal(from: "\(first)", to: "\(first + (days - 1))").terms()
        let statuses = (0..<min(days, 9)).map { GoalFormula(terms, changes: [], on: first + $0).status }
        #expect(statuses.prefix { $0 == .insufficientData }.count == judgedFrom - 1)
        #expect(statuses.dropFirst(judgedFrom - 1).allSatisfy { $0 == .offTrack })
    }

    /// A status may only get better when more has been achieved.
    @Test(arguments: ["0", "0.1", "0.15", "0.3", "0.49"])
    func moreIsNeverJudgedWorse(tolerance: String) throws {
        let ranks: [GoalFormula.Status] = [.offTrack, .atRisk, .onTrack, .ahead, .achieved]
        let on = try day("2016-01-17")
        let terms = try TestGoal.goal(tolerance: exact(tolerance)).terms()
        let judged = try (-20...1000).map { value in
            let formula = GoalFormula(terms, changes: [.init(date: on, value: Decimal(value))], on: on)
            return try #require(ranks.firstIndex(of: formula.status))
        }
        #expect(zip(judged, judged.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(judged.first == 0 && judged.last == 4)
    }

    @Test func theTimeThatHasPassedStaysWithinTheGoal() throws {
        let terms = try TestGoal.goal(from: "2016-10-03", to: "2016-10-09").terms()
        let elapsed = try [
            "2015-01-01", "2016-10-02", "2016-10-03", "2016-10-09", "2016-10-10", "2030-01-01",
        ].map {
            GoalFormula(terms, changes: [], on: try day($0)).daysElapsed
        }
        #expect(elapsed == [0, 0, 1, 7, 7, 7])
        #expect(GoalFormula(terms, changes: [], on: try day("2016-10-05")).daysTotal == 7)
    }

    private func figures(_ formula: GoalFormula) -> String {
        let percent = Share(numerator: formula.achieved, denominator: formula.required).percent
        let figures = [
            formula.value, formula.achieved, formula.required, formula.remaining, percent,
            formula.expected.decimal.rounded(1), formula.variance, formula.pace, formula.requiredPerDay,
        ]
        return figures.map(shown).joined(separator: " ")
    }

    private func outcome(_ formula: GoalFormula) -> String {
        [
            formula.status.rawValue, shown(formula.achievedOn), shown(formula.overallProjection),
            shown(formula.recentProjection), shown(formula.completionDate),
        ].joined(separator: " ")
    }

    private func shown(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "-" }
}
