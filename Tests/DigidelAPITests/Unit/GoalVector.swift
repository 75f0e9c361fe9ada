import Foundation
import Testing

@testable import DigidelAPI

/// A goal, what was counted, a day, and what the formula should make of them.
struct GoalVector: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let goal: TestGoal
    let changes: [(date: String, value: Decimal)]
    let on: String
    let figures: String
    let outcome: String

    init(
        _ name: String, _ goal: TestGoal, _ changes: [(String, Decimal)], on: String, figures: String,
        outcome: String
    ) {
        testDescription = name
        self.goal = goal
        self.changes = changes
        self.on = on
        self.figures = figures
        self.outcome = outcome
    }

    func formula() throws -> GoalFormula {
        let changes = try changes.map { GoalFormula.Change(date: try day($0.date), value: $0.value) }
        return GoalFormula(try goal.terms(), changes: changes, on: try day(on))
    }
}

/// A goal of 1000 in the first hundred days of 2016, with some things put in the place of others.
struct TestGoal: Sendable {
    var from = "2016-01-01"
    var to = "2016-04-09"
    var direction = Goal.Direction.up
    var baseline: Decimal = 0
    var target: Decimal = 1000
    var milestones: [(date: String, value: Decimal)] = []
    var tolerance = exact("0.15")
    var awaitsReports = true
    var cancelled = false

    static func goal(
        from: String = "2016-01-01", to: String = "2016-04-09", _ direction: Goal.Direction = .up,
        baseline: Decimal = 0, target: Decimal = 1000, milestones: [(String, Decimal)] = [],
        tolerance: Decimal = exact("0.15"), awaitsReports: Bool = true, cancelled: Bool = false
    ) -> TestGoal {
        TestGoal(
            from: from, to: to, direction: direction, baseline: baseline, target: target,
            milestones: milestones.map { (date: $0.0, value: $0.1) }, tolerance: tolerance,
            awaitsReports: awaitsReports, cancelled: cancelled)
    }

    func terms() throws -> GoalFormula.Terms {
        GoalFormula.Terms(
            direction: direction, baseline: baseline, target: target, startsOn: try day(from),
            endsOn: try day(to),
            milestones: try milestones.map { Milestone(date: try day($0.date), value: $0.value) },
            tolerance: tolerance, isCancelled: cancelled, awaitsReports: awaitsReports)
    }
}
