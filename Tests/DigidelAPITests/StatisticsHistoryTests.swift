import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// Random histories, with checkpoints and without: whatever is asked of them, and as of whenever, is what the revisions
/// say, and all answers agree with each other.
@Suite struct StatisticsHistoryTests {
    private static let ways = GoalBreakdown.ways.map(\.rawValue)
    private static let groupings = Grouping.allCases.map(\.rawValue)
    private static let people = ["gender", "age", "priorUse"]

    /// What a day and an instant add to a query.
    private struct Moment {
        let on: CalendarDate?
        let asOf: Instant?

        var query: String {
            let parameters = [on.map { "on=\($0)" }, asOf.map { "asOf=\($0)" }].compactMap { $0 }
            return parameters.map { "&\($0)" }.joined()
        }
    }

    /// `changes` are so many as make a checkpoint; without, none is made.
    @Test(arguments: [(1, nil), (2, 1), (3, 4)] as [(UInt64, Int?)])
    func everyAnswerIsWhatTheRevisionsSay(seed: UInt64, changes: Int?) async throws {
        var history = try await RandomHistory(seed: seed)
        var known: [String: JSONValue?] = [:]
        for round in 1...16 {
            try await history.step()
            if let changes, round % 3 == 0 { try await history.makeCheckpoints(after: changes) }
            guard round % 8 == 0 else { continue }
            let counts = try await CountHistory(history.service)
            let instants: [Instant?] = [nil] + counts.instants
            let moment = Moment(
                on: Bool.random(using: &history.dice)
                    ? CalendarDate(dayNumber: 15340 + Int.random(in: 0..<180, using: &history.dice)) : nil,
                asOf: history.pick(instants))
            for goal in RandomHistory.goals.shuffled(using: &history.dice).prefix(3) {
                try await expectAgreement(of: goal, moment, counts, history.service)
            }
            for _ in 1...4 { try await expectStatistics(counts, &history) }
            // What is asked of an instant will be answered so again.
            let targets = asked(of: history.pick(counts.instants), &history)
            for target in targets {
                known[target] = await history.service.get(target).json?.without("version")
            }
        }
        for (target, answer) in known {
            #expect(await history.service.get(target).json?.without("version") == answer, "\(target)")
        }
        try await expectNothingChangesWithoutCheckpoints(history, Array(known.keys))
    }

    // MARK: What must hold

    /// Progress, series and breakdowns of a goal say the same, and it is the sum of the revisions.
    private func expectAgreement(
        of goal: String, _ moment: Moment, _ counts: CountHistory, _ service: TestApp
    ) async throws {
        let path = "goals/\(goal)"
        let content = try #require(try await service.app.database.goal(id: goal, showsDrafts: true))
        let progress = await service.get("\(path)/progress?lang=all\(moment.query)")
        let baseline = NSDecimalNumber(decimal: content.content.baseline.value).intValue
        let value = try #require(progress["value"]?.integer, "\(progress.text)")
        let last = min(moment.on ?? .distantFuture, content.endsOn)
        let counted = counts.counts(asOf: moment.asOf).filter {
            self.counts($0, towards: content, until: last)
        }
        #expect(value == baseline + counted.map(\.value).reduce(0, +), "\(goal) \(moment)")

        for interval in GoalSeries.Interval.allCases {
            let series = await service.get("\(path)/series?interval=\(interval.rawValue)\(moment.query)")
            try expectSeries(series, of: content, value: value, counted)
            #expect(series["version"] == progress["version"])
            #expect(series["asOf"] == progress["asOf"])
        }
        for way in Self.ways {
            let breakdown = await service.get(
                "\(path)/breakdown?by=\(way)\(moment.query)", key: TestApp.adminKey)
            #expect(breakdown["total"]?.integer == value - baseline, "\(goal) \(way) \(moment)")
            #expect(breakdown["version"] == progress["version"])
            #expect(breakdown["asOf"] == progress["asOf"])
            var rows: [[String?]: Int] = [:]
            for row in breakdown["rows"]?.list ?? [] { rows[[row["key"]?.string]] = row["value"]?.integer }
            #expect(rows == CountHistory.sums(counted, by: [way]), "\(goal) \(way) \(moment)")
        }
        if let campaign = content.content.campaign, moment.asOf == nil {
            let completeness = await service.get("campaigns/\(campaign)/completeness")
            #expect(completeness["version"] == progress["version"])
            #expect(completeness["reportingRate"] == progress["reportingRate"])
        }
    }

    private func counts(
        _ count: CountHistory.Revision, towards goal: Goal, until last: CalendarDate
    ) -> Bool {
        let (content, scope) = (goal.content, goal.content.scope)
        guard count.coordinate("measure") == content.measure?.rawValue, count.to >= goal.startsOn,
            count.to <= last,
            content.campaign == nil || content.campaign == count.coordinate("campaign")
        else { return false }
        // The only scopes of these histories.
        switch goal.id {
        case "scoped":
            return ["onSite", "phone"].contains(count.coordinate("channel"))
                && count.coordinate("county") == "se-05"
        case "weekly": return count.coordinate("kind") == "library"
        default: return scope.isEverything
        }
    }

    private func expectSeries(
        _ series: Answer, of goal: Goal, value: Int, _ counted: [CountHistory.Revision]
    ) throws {
        let buckets = series["buckets"]?.list ?? []
        var next = goal.startsOn
        var cumulative = NSDecimalNumber(decimal: goal.content.baseline.value).intValue
        for bucket in buckets {
            let from = try day(bucket["from"]?.string ?? "")
            let to = try day(bucket["to"]?.string ?? "")
            #expect(from == next && from <= to, "\(series.text)")
            next = to + 1
            let inside = counted.filter { from <= $0.to && $0.to <= to }
            #expect(bucket["value"]?.integer == inside.map(\.value).reduce(0, +), "\(series.text)")
            #expect(bucket["spans"] == .bool(inside.contains { $0.from < from }), "\(series.text)")
            cumulative += bucket["value"]?.integer ?? 0
            #expect(bucket["cumulative"]?.integer == cumulative)
            #expect(
                inside.allSatisfy {
                    $0.coordinate(series["interval"]?.string ?? "") == bucket["label"]?.string
                })
        }
        #expect(cumulative == value, "\(series.text)")
    }

    /// Statistics by a few random columns, with random filters.
    private func expectStatistics(_ counts: CountHistory, _ history: inout RandomHistory) async throws {
        let groupBy = columns(&history)
        let asOf = history.pick([nil] + counts.instants)
        let areas = history.pick([[], [], ["se-05"], ["no", "se-0583"]])
        let campaigns = history.pick([[], [], ["varen"]])
        let days = [15340, 15340, 15371, 15380].map { CalendarDate(dayNumber: $0) }
        let from = history.pick([nil] + days)
        let to = history.pick([nil, nil, CalendarDate(dayNumber: 15460), CalendarDate(dayNumber: 15491)])
        var query = ["groupBy=\(groupBy.joined(separator: ","))"]
        if let asOf { query.append("asOf=\(asOf)") }
        if !areas.isEmpty { query.append("area=\(areas.joined(separator: ","))") }
        if !campaigns.isEmpty { query.append("campaign=\(campaigns.joined(separator: ","))") }
        if let from { query.append("from=\(from)") }
        if let to { query.append("to=\(to)") }
        let target = "statistics?\(query.joined(separator: "&"))"
        let counted = counts.counts(asOf: asOf).filter { count in
            (areas.isEmpty || counts.lies(count, in: areas))
                && (campaigns.isEmpty || campaigns.contains(count.coordinate("campaign") ?? ""))
                && count.to >= from ?? count.to && count.to <= to ?? count.to
        }
        let all = groupBy.contains("measure") ? groupBy : groupBy + ["measure"]
        let answer = await history.service.get(target, key: TestApp.adminKey)
        #expect(answer.sums(by: all) == CountHistory.sums(counted, by: all), "\(target)")
    }

    /// One to three columns, of which one is people of a kind at most.
    private func columns(_ history: inout RandomHistory) -> [String] {
        var columns: [String] = []
        for _ in 0..<Int.random(in: 1...3, using: &history.dice) {
            let column = history.pick(Self.groupings)
            let isSecond = Self.people.contains(column) && columns.contains(where: Self.people.contains)
            if !columns.contains(column), !isSecond { columns.append(column) }
        }
        return columns
    }

    /// Answers of every kind as of an instant.
    private func asked(of instant: Instant, _ history: inout RandomHistory) -> [String] {
        [
            "goals/\(history.pick(RandomHistory.goals))/progress?asOf=\(instant)",
            "goals/\(history.pick(RandomHistory.goals))/series?interval=week&asOf=\(instant)",
            "goals/\(history.pick(RandomHistory.goals))/breakdown?by=\(history.pick(Self.ways))&asOf=\(instant)",
            "statistics?groupBy=\(columns(&history).joined(separator: ","))&asOf=\(instant)",
            "statistics?groupBy=county,gender&asOf=\(instant)",
        ]
    }

    /// Checkpoints only make answers quicker.
    private func expectNothingChangesWithoutCheckpoints(
        _ history: RandomHistory, _ targets: [String]
    ) async throws {
        var targets = targets
        for goal in RandomHistory.goals {
            targets.append("goals/\(goal)/series")
            targets += Self.ways.map { "goals/\(goal)/breakdown?by=\($0)" }
        }
        targets += Self.groupings.map { "statistics?groupBy=\($0)" } + ["campaign-series/arstider/editions"]
        var before: [String: [UInt8]] = [:]
        for target in targets { before[target] = await history.service.get(target).response.body }
        try await history.service.asOwner("delete from ledger_checkpoints")
        for target in targets {
            #expect(await history.service.get(target).response.body == before[target], "\(target)")
        }
    }
}

extension CalendarDate {
    /// After every day that a test is about.
    fileprivate static let distantFuture = CalendarDate(dayNumber: 100_000)
}
