import HTTP
import Postgres

extension App {
    func listGoals(_ call: Call) async throws -> Response {
        var query = try call.query()
        let filter = GoalFilter(&query)
        let list = ListInput(&query, GoalFilter.sorting)
        try query.finish()
        return call.answer(try await database.goals(filter, list), list)
    }

    func showGoal(_ call: Call) async throws -> Response {
        try call.show(try await database.goal(id: call.parameter("id")), called: "goal")
    }

    func createGoal(_ call: Call) async throws -> Response {
        var body = try call.body()
        let givenID = body.slug("id")
        let input = try GoalInput(&body)
        let (startsOn, endsOn) = try await checkedDates(of: input, call)
        let id = try newID(givenID, from: input.name)
        return try call.created(
            try await database.createGoal(id: id, input, startsOn: startsOn, endsOn: endsOn))
    }

    /// PUT and PATCH.
    func changeGoal(_ call: Call) async throws -> Response {
        let goal = try call.changeable(try await database.goal(id: call.parameter("id")), called: "goal")
        var body = try call.replacement(for: goal)
        let input = try GoalInput(&body)
        let (startsOn, endsOn) = try await checkedDates(of: input, call)
        return try call.changed(
            try await database.updateGoal(goal, input, startsOn: startsOn, endsOn: endsOn))
    }

    /// How far the goal has come, on a day (`on`, today by default) by the calendar of its campaign.
    func showGoalProgress(_ call: Call) async throws -> Response {
        var query = try call.query()
        let on = query.date("on")
        try query.finish()
        guard let basis = try await database.goalBasis(id: call.parameter("id")) else {
            throw APIError.notFound("goal")
        }
        let today = basis.today(at: call.now)
        guard on ?? today <= today else {
            throw APIError.malformed([Fault("on", "malformed", "Must not be after today, \(today).")])
        }
        let progress = GoalProgress(basis, on: on ?? today)
        var json = JSONWriter(capacity: 2048)
        progress.write(to: &json, as: call.representation)
        return call.answer(
            .ok, json.bytes, tag: "\(basis.version)-\(progress.on)-\(call.representation.variant)")
    }

    /// Throws `.ruleBroken` for every rule that the goal breaks.
    private func checkedDates(of input: GoalInput, _ call: Call) async throws -> (CalendarDate, CalendarDate)
    {
        try (try await database.faults(in: input.references)).check()
        var campaign: Campaign?
        if let id = input.campaign { campaign = try await database.campaign(id: id, at: call.now) }
        guard let startsOn = input.startsOn ?? campaign?.content.startsOn,
            let endsOn = input.endsOn ?? campaign?.content.endsOn
        else { throw APIError.notFound("campaign") }
        try input.ruleFaults(startsOn: startsOn, endsOn: endsOn, campaign: campaign).check()
        return (startsOn, endsOn)
    }
}
