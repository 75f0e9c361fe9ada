import Foundation
import HTTP
import Postgres

extension App {
    func listIndicators(_ call: Call) async throws -> Response {
        try await list(IndicatorFilter.self, call)
    }

    func showIndicator(_ call: Call) async throws -> Response {
        try call.show(try await database.indicator(id: call.parameter("id")), called: "indicator")
    }

    func createIndicator(_ call: Call) async throws -> Response {
        var body = try call.body()
        let id = body.slug("id")
        let input = try IndicatorInput(&body)
        try await check(input)
        return try call.created(
            try await database.createIndicator(id: try newID(id, from: input.name), input))
    }

    func replaceIndicator(_ call: Call) async throws -> Response {
        let current = try await database.indicator(id: call.parameter("id"))
        let indicator = try call.changeable(current, called: "indicator")
        var body = try call.replacement(for: indicator)
        let input = try IndicatorInput(&body)
        try await check(input)
        // Its unit is part of what is said of the goals.
        let recordedAt = try await database.ledgerNow()
        let updated = try await database.updateIndicator(indicator, input, at: recordedAt)
        try await indicatorChanged(indicator.id, at: recordedAt)
        return try call.changed(updated)
    }

    func listObservations(_ call: Call) async throws -> Response {
        try await checkIndicator(call)
        return try await list(ObservationFilter.self, call)
    }

    func showObservation(_ call: Call) async throws -> Response {
        let observation = try await observation(call, on: try call.date("date"))
        return try call.show(observation, called: "observation")
    }

    /// 201 with an observation of another day, 200 with one in the place of an earlier (decisions.md, 43). The same again
    /// is nothing new.
    func putObservation(_ call: Call) async throws -> Response {
        let date = try call.date("date")
        var body = try call.body()
        let input = try ObservationInput(&body)
        try await checkIndicator(call)
        try input.ruleFaults(date: date, today: call.today).check()
        let recordedAt = try await database.ledgerNow()
        let current = try await observation(call, on: date)
        try call.checkConditions(onStored: current)
        if let current, current.content == input { return try call.answer(.ok, current) }
        try await record(input, call, on: date, at: recordedAt)
        let observation = try await observation(call, on: date)
        return current == nil ? try call.created(observation) : try call.changed(observation)
    }

    func deleteObservation(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        let date = try call.date("date")
        let recordedAt = try await database.ledgerNow()
        guard let current = try await observation(call, on: date) else {
            throw APIError.notFound("observation")
        }
        try call.checkConditions(on: current)
        try await record(nil, call, on: date, at: recordedAt)
        return try call.answer(.ok, current)
    }

    private func record(
        _ content: ObservationInput?, _ call: Call, on date: CalendarDate, at recordedAt: Instant
    ) async throws {
        let indicator = call.parameter("id")
        try await database.recordObservation(of: indicator, on: date, content, at: recordedAt)
        try await indicatorChanged(indicator, at: recordedAt)
    }

    /// What goals say that follow the indicator is not what it was.
    private func indicatorChanged(_ indicator: String, at recordedAt: Instant) async throws {
        let campaigns = try await database.goalsChanged(where: "indicator = \(indicator)", at: recordedAt)
        for campaign in campaigns { await changed(campaign) }
    }

    private func observation(_ call: Call, on date: CalendarDate) async throws -> Observation? {
        try await database.observation(of: call.parameter("id"), on: date)
    }

    /// Throws `.notFound` when there is no indicator as in the path.
    private func checkIndicator(_ call: Call) async throws {
        guard try await database.indicator(id: call.parameter("id")) != nil else {
            throw APIError.notFound("indicator")
        }
    }
}

extension Call {
    /// A date in the path. Throws `.malformed` when it is none.
    fileprivate func date(_ name: String) throws(APIError) -> CalendarDate {
        guard let date = CalendarDate(parameter(name)) else {
            throw .malformed([Fault(name, "malformed", "Must be a date such as 2016-10-03.")])
        }
        return date
    }
}
