import Foundation
import Testing

@testable import DigidelAPI

/// A goal, what is known, a day, and what comes out: a line of Tests/GoalVectors/vectors.jsonl, whose `expect` an
/// independent program has computed with fractions.
struct GoalVector: Sendable, CustomTestStringConvertible {
    let json: JSONValue
    var testDescription: String { json["name"]?.string ?? "" }

    /// All lines of the file.
    static func all() throws -> [GoalVector] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../GoalVectors/vectors.jsonl")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            GoalVector(json: try JSONValue(parsing: Array(line.utf8)))
        }
    }

    func formula() throws -> GoalFormula {
        let terms = try terms()
        return GoalFormula(terms, changes: try changes(terms), on: try on())
    }

    /// t, which may be given as an instant and a time zone.
    private func on() throws -> CalendarDate {
        guard let at = json["at"]?.string else { return try date(json, "on") }
        let zone = try #require(json["timeZone"]?.string.flatMap { TimeZone(identifier: $0) })
        return CalendarDate(try #require(Instant(at)), in: zone)
    }

    private func terms() throws -> GoalFormula.Terms {
        let goal = try #require(json["goal"])
        var target = goal["target"]?.number
        if let percent = goal["targetPercent"]?.number {
            let denominator = try #require(goal["denominator"]?.number)
            target = (percent * denominator / 100).roundedUp
        }
        return GoalFormula.Terms(
            kind: try #require(goal["kind"]?.string.flatMap(Goal.Kind.init)),
            direction: try #require(goal["direction"]?.string.flatMap(Goal.Direction.init)),
            baseline: try #require(goal["baseline"]?.number),
            baselineDate: goal["baselineDate"] == nil ? nil : try date(goal, "baselineDate"),
            target: try #require(target),
            startsOn: try date(goal, "startsOn"), endsOn: try date(goal, "endsOn"),
            milestones: try (goal["milestones"]?.list ?? []).map {
                Milestone(date: try date($0, "date"), value: try #require($0["value"]?.number))
            },
            tolerance: try #require(goal["tolerance"]?.number),
            isCancelled: goal["cancelled"] == .bool(true),
            awaitsReports: goal["campaign"] == .bool(true) && json["campaignLocked"] == .bool(false))
    }

    /// As the database gives them.
    private func changes(_ terms: GoalFormula.Terms) throws -> [GoalFormula.Change] {
        let counts = try (json["counts"]?.list ?? []).filter { $0["withdrawn"] != .bool(true) }.map {
            GoalFormula.Change(date: try date($0, "to"), value: try #require($0["value"]?.number))
        }
        let covered = try (json["covered"]?.list ?? []).map {
            let text = try #require($0.string)
            return GoalFormula.Change(date: try day(text), value: 1)
        }
        var observed: [GoalFormula.Change] = []
        var before = terms.baseline
        for observation in json["observations"]?.list ?? [] {
            let value = try #require(observation["value"]?.number)
            observed.append(.init(date: try date(observation, "date"), value: value - before))
            before = value
        }
        return (counts + covered + observed).sorted { $0.date < $1.date }
    }

    private func date(_ value: JSONValue, _ name: String) throws -> CalendarDate {
        let text = try #require(value[name]?.string)
        return try day(text)
    }
}

extension JSONValue {
    /// The number, if it is one.
    fileprivate var number: Decimal? {
        guard case .number(let number) = self else { return nil }
        return number
    }
}

/// A contribution goal of 1000 in the first hundred days of 2016, with some things put in the place of others.
struct TestGoal: Sendable {
    var from = "2016-01-01"
    var to = "2016-04-09"
    var tolerance = exact("0.15")

    func terms() throws -> GoalFormula.Terms {
        GoalFormula.Terms(
            direction: .up, baseline: 0, target: 1000, startsOn: try day(from), endsOn: try day(to),
            milestones: [],
            tolerance: tolerance, isCancelled: false, awaitsReports: true)
    }
}
