import Foundation
import HTTP
import Postgres

/// What the figures of a goal are made of.
extension App {
    /// The goal's value in time, on a day and as known at an instant, today and now by default.
    func showGoalSeries(_ call: Call) async throws -> Response {
        var query = try call.query()
        let interval: GoalSeries.Interval = query.choice("interval") ?? .month
        let on = query.date("on")
        let asOf = query.instant("asOf")
        try query.finish()
        if let asOf { try await settle(asOf) }
        return try await answer(call, on: on, asOf: asOf) { @Sendable (goal, to) async throws in
            guard (to - goal.startsOn) / interval.shortestDays < GoalSeries.mostBuckets else {
                throw APIError.malformed([
                    Fault(
                        "interval", "malformed",
                        "Must be longer: the goal has run for \(to - goal.startsOn) days.")
                ])
            }
            guard let series = try await database.goalSeries(goal, by: interval, to: to, asOf: asOf) else {
                return nil
            }
            var json = JSONWriter(capacity: 256 + 128 * series.buckets.count)
            series.write(to: &json, as: call.representation)
            return json.bytes
        }
    }

    /// What was counted towards the goal, divided in one way.
    func showGoalBreakdown(_ call: Call) async throws -> Response {
        var query = try call.query()
        let by =
            query.value("by", rule: "one of \(GoalBreakdown.ways.map(\.rawValue).joined(separator: ", "))") {
                text in
                GoalBreakdown.ways.first { $0.rawValue == text }
            } ?? .county
        let on = query.date("on")
        let asOf = query.instant("asOf")
        try query.finish()
        if let asOf { try await settle(asOf) }
        return try await answer(call, on: on, asOf: asOf) { @Sendable (goal, to) async throws in
            guard goal.content.kind == .contribution else {
                throw APIError.conflict(
                    "notCounted",
                    "Its value is not a sum of counts that could be divided; ask for its series.")
            }
            guard let sums = try await database.goalSums(goal, by: by, to: to, asOf: asOf) else { return nil }
            let breakdown = GoalBreakdown(goal, by: by, sums, asOf: asOf, for: call.caller)
            var json = JSONWriter(capacity: 256 + 160 * sums.rows.count)
            breakdown.write(to: &json, as: call.representation)
            return json.bytes
        }
    }

    /// The answer that `make` writes for the goal and the last day whose counts belong to it, as often as the goal changes
    /// meanwhile: `make` returns nil then. Readers who ask for the same at the same time, as dashboards do whenever it has
    /// changed, share the reading.
    private func answer(
        _ call: Call, on: CalendarDate?, asOf: Instant?,
        _ make: @escaping @Sendable (Goal, CalendarDate) async throws -> [UInt8]?
    ) async throws -> Response {
        let read: @Sendable () async throws -> [UInt8] = {
            while let goal = try await database.goal(id: call.parameter("id"), showsDrafts: call.showsDrafts)
            {
                let zone = try await database.timeZone(of: goal)
                let day = try Self.day(on, asOf: asOf, in: zone, now: call.now)
                if let json = try await make(goal, min(day, goal.endsOn)) { return json }
            }
            throw APIError.notFound("goal")
        }
        return try call.answer(.ok, try await shared(call, read))
    }

    /// What `read` reads; readers without a key who ask for the same in the same form at the same time share it.
    func shared(
        _ call: Call, as form: String = "", _ read: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> [UInt8] {
        guard call.caller == nil else { return try await read() }
        let target = "\(call.request.path)?\(call.request.query ?? "") \(form) \(call.representation.variant)"
        return try await figureReads.value(for: target, read: read)
    }

    /// The day that is asked about: `on`, else today, or the day of an instant in the past (decisions.md, 16). Throws
    /// `.malformed` for one that has not come.
    static func day(
        _ on: CalendarDate?, asOf: Instant?, in timeZone: TimeZone, now: Instant
    ) throws(APIError) -> CalendarDate {
        let today = CalendarDate(now, in: timeZone)
        guard on ?? today <= today else {
            throw .malformed([Fault("on", "malformed", "Must not be after today, \(today).")])
        }
        return on ?? min(today, asOf.map { CalendarDate($0, in: timeZone) } ?? today)
    }
}
