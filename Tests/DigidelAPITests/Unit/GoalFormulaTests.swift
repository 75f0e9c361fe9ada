import Foundation
import Testing

@testable import DigidelAPI

@Suite struct GoalFormulaTests {
    private static let vectors = Result { try GoalVector.all() }

    @Test func figuresAndStatusAreWhatFractionsGive() throws {
        for vector in try Self.vectors.get() {
            #expect(
                figures(try vector.formula(), vector) == vector.json["expect"], "\(vector.testDescription)")
        }
    }

    @Test func theVectorsHaveEveryStatusOfEveryKind() throws {
        let vectors = try Self.vectors.get()
        let statuses = Set(vectors.compactMap { $0.json["expect"]?["status"]?.string })
        #expect(statuses == Set(GoalFormula.Status.allCases.map(\.rawValue)))
        let kinds = Set(vectors.compactMap { $0.json["goal"]?["kind"]?.string })
        #expect(kinds == Set(Goal.Kind.allCases.map(\.rawValue)))
    }

    /// V on each day is the sum of what was counted until then, whatever the order of asking.
    @Test func theValueOfAnyDayIsTheSumUntilThen() throws {
        let terms = try TestGoal().terms()
        let changes = try [
            ("2015-12-31", 7), ("2016-01-01", 1), ("2016-01-05", 2), ("2016-01-05", 4), ("2016-04-10", 8),
        ]
        .map { GoalFormula.Change(date: try day($0.0), value: $0.1) }
        let history = GoalHistory(terms, changes: changes)
        let days = [
            "2015-12-30", "2015-12-31", "2016-01-01", "2016-01-04", "2016-01-05", "2016-04-09", "2016-04-10",
        ]
        #expect(try days.map { history.value(on: try day($0)) } == [0, 0, 1, 1, 7, 7, 7])
        #expect(history.days.map(\.value) == [1, 7])
    }

    /// From so many days on a goal of N days is judged: max(1, min(7, ⌈0.05·N⌉)).
    @Test(arguments: [
        (days: 1, judgedFrom: 1), (7, 1), (20, 1), (21, 2), (40, 2), (41, 3), (100, 5), (120, 6), (121, 7),
        (140, 7), (141, 7), (1096, 7),
    ])
    func aGoalIsJudgedFromADayThatItsLengthDecides(days: Int, judgedFrom: Int) throws {
        let first = try day("2011-01-01")
        let terms = try TestGoal(from: "\(first)", to: "\(first + (days - 1))").terms()
        let statuses = (0..<min(days, 9)).map { GoalFormula(terms, changes: [], on: first + $0).status }
        #expect(statuses.prefix { $0 == .insufficientData }.count == judgedFrom - 1)
        #expect(statuses.dropFirst(judgedFrom - 1).allSatisfy { $0 == .offTrack })
    }

    /// A status may only get better when more has been achieved.
    @Test(arguments: ["0", "0.1", "0.15", "0.3", "0.49"])
    func moreIsNeverJudgedWorse(tolerance: String) throws {
        let ranks: [GoalFormula.Status] = [.offTrack, .atRisk, .onTrack, .ahead, .achieved]
        let on = try day("2016-01-17")
        let terms = try TestGoal(tolerance: exact(tolerance)).terms()
        let judged = try (-20...1000).map { value in
            let formula = GoalFormula(terms, changes: [.init(date: on, value: Decimal(value))], on: on)
            return try #require(ranks.firstIndex(of: formula.status))
        }
        #expect(zip(judged, judged.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(judged.first == 0 && judged.last == 4)
    }

    @Test func theTimeThatHasPassedStaysWithinTheGoal() throws {
        let terms = try TestGoal(from: "2016-10-03", to: "2016-10-09").terms()
        let elapsed = try [
            "2015-01-01", "2016-10-02", "2016-10-03", "2016-10-09", "2016-10-10", "2030-01-01",
        ].map {
            GoalFormula(terms, changes: [], on: try day($0)).daysElapsed
        }
        #expect(elapsed == [0, 0, 1, 7, 7, 7])
        #expect(GoalFormula(terms, changes: [], on: try day("2016-10-05")).daysTotal == 7)
    }

    /// As the vectors have them.
    private func figures(_ formula: GoalFormula, _ vector: GoalVector) -> JSONValue {
        func number(_ value: Decimal?) -> JSONValue { value.map(JSONValue.number) ?? .null }
        func date(_ value: CalendarDate?) -> JSONValue { value.map { .string($0.description) } ?? .null }
        let percent = Share(numerator: formula.achieved, denominator: formula.required).percent
        var figures: [String: JSONValue] = [
            "value": number(formula.value), "achieved": number(formula.achieved),
            "required": number(formula.required), "remaining": number(formula.remaining),
            "percent": number(percent), "expected": number(formula.expected.decimal.rounded(1)),
            "variance": number(formula.variance), "pace": number(formula.pace),
            "requiredPerDay": number(formula.requiredPerDay), "status": .string(formula.status.rawValue),
            "achievedOn": date(formula.achievedOn), "overall": number(formula.overallProjection),
            "recent": number(formula.recentProjection), "completionDate": date(formula.completionDate),
        ]
        if vector.json["at"] != nil { figures["on"] = date(formula.on) }
        return .object(figures)
    }
}
