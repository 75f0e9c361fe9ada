import HTTP
import Postgres

extension App {
    func listGoals(_ call: Call) async throws -> Response {
        try await list(GoalFilter.self, call)
    }

    func showGoal(_ call: Call) async throws -> Response {
        let goal = try await database.goal(id: call.parameter("id"), showsDrafts: call.showsDrafts)
        return try call.show(goal, called: "goal")
    }

    func createGoal(_ call: Call) async throws -> Response {
        var body = try call.body()
        let givenID = body.slug("id")
        let input = try GoalInput(&body)
        let (startsOn, endsOn) = try await checkedDates(of: input, for: nil, call)
        let id = try newID(givenID, from: input.name)
        let goal = try await database.createGoal(id: id, input, startsOn: startsOn, endsOn: endsOn)
        await changed(input.campaign)
        return try call.created(goal)
    }

    /// PUT and PATCH.
    func changeGoal(_ call: Call) async throws -> Response {
        let current = try await database.goal(id: call.parameter("id"), showsDrafts: call.showsDrafts)
        let goal = try call.changeable(current, called: "goal")
        var body = try call.replacement(for: goal)
        body.ignore("denominator")
        let input = try GoalInput(&body, isMerged: call.request.method == .patch)
        let (startsOn, endsOn) = try await checkedDates(of: input, for: goal, call)
        let updated = try await database.updateGoal(goal, input, startsOn: startsOn, endsOn: endsOn)
        await changed(goal.content.campaign, input.campaign)
        return try call.changed(updated)
    }

    /// How far the goal has come, on a day (`on`, today by default) by the calendar of its campaign.
    func showGoalProgress(_ call: Call) async throws -> Response {
        var query = try call.query()
        let on = query.date("on")
        let asOf = query.instant("asOf")
        try query.finish()
        if let asOf { try await settle(asOf) }
        let answer =
            if on == nil && asOf == nil {
                try await currentProgress(call)
            } else {
                try await progress(call, on: on, asOf: asOf)
            }
        return try call.answer(.ok, answer.json, tag: answer.tag)
    }

    /// How far the goal has come now.
    func currentProgress(_ call: Call) async throws -> ProgressAnswer {
        guard call.isPlainAndPublic else { return try await progress(call, on: nil, asOf: nil) }
        // Dashboards ask for the same at the same time, whenever it has changed.
        return try await goalReads.value(for: call.request.path + call.representation.variant) {
            try await progress(call, on: nil, asOf: nil)
        }
    }

    private func progress(
        _ call: Call, on: CalendarDate?, asOf: Instant?
    ) async throws -> ProgressAnswer {
        let readPoint = caches.answers.readPoint
        let found = try await database.goalBasis(
            id: call.parameter("id"), asOf: asOf, showsDrafts: call.showsDrafts)
        guard let basis = found else { throw APIError.notFound("goal") }
        let day = try Self.day(on, asOf: asOf, in: basis.timeZone, now: call.now)
        let progress = GoalProgress(basis, on: day, today: basis.today(at: call.now))
        var json = JSONWriter(capacity: 2048)
        progress.write(to: &json, as: call.representation)
        // With the instant, since what was known then does not tell one version from another.
        let tag = [
            "\(basis.version)", "\(progress.on)", progress.phase, call.representation.variant,
            asOf.map { "\($0.microseconds)" },
        ].compactMap(\.self).joined(separator: "-")
        if call.isPlainAndPublic, basis.isSameDay(call.now, lasting: AnswerCache.lifeMicroseconds) {
            keep(call.kept(json.bytes, tag: tag, commonFields), call, basis, since: readPoint)
        }
        return ProgressAnswer(
            json: json.bytes, tag: tag, version: basis.version, on: progress.on,
            isOfEarlierDay: basis.today(at: basis.asOf) < progress.on,
            campaign: basis.goal.content.campaign)
    }

    private func keep(
        _ answer: KeptAnswer, _ call: Call, _ basis: GoalBasis, since readPoint: AnswerCache.ReadPoint
    ) {
        guard let language = call.representation.language else { return }
        caches.answers.keep(
            answer, for: .init(path: call.request.path, language: language),
            campaign: basis.goal.content.campaign, since: readPoint, at: call.now)
    }

    /// Throws `.ruleBroken` for every rule that the goal breaks; `goal` is what is to be changed.
    private func checkedDates(
        of input: GoalInput, for goal: Goal?, _ call: Call
    ) async throws -> (CalendarDate, CalendarDate) {
        try (try await database.faults(in: input.references)).check()
        var campaign: Campaign?
        if let id = input.campaign { campaign = try await database.campaign(id: id, at: call.now) }
        guard let startsOn = input.startsOn ?? campaign?.content.startsOn,
            let endsOn = input.endsOn ?? campaign?.content.endsOn
        else { throw APIError.notFound("campaign") }
        var denominator: Int?
        if input.kind == .coverage {
            denominator = try await database.denominator(areas: input.scope.areas, campaign: input.campaign)
        }
        var faults = input.ruleFaults(
            startsOn: startsOn, endsOn: endsOn, campaign: campaign, denominator: denominator)
        if case .survey(let survey, let question, _) = input.predicate,
            try await !database.hasQuestion(question, in: survey)
        {
            faults.append(
                Fault("/predicate/question", "unknownQuestion", "The survey has no question \(question)."))
        }
        // As read, a goal has both: what its percent makes is taken for that.
        if let percent = input.targetPercent, let target = input.target, target != goal?.target,
            target != input.target(of: denominator)
        {
            faults.append(
                Fault("/target", "targetGivenTwice", "targetPercent is \(percent); leave one of them out."))
        }
        try faults.check()
        return (startsOn, endsOn)
    }
}
