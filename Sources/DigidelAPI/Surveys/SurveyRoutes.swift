import HTTP
import Postgres

extension App {
    func listSurveys(_ call: Call) async throws -> Response {
        try await list(SurveyFilter.self, call)
    }

    func showSurvey(_ call: Call) async throws -> Response {
        try call.show(try await visibleSurvey(call), called: "survey")
    }

    func createSurvey(_ call: Call) async throws -> Response {
        var body = try call.body()
        let id = body.slug("id")
        let input = try SurveyInput(&body)
        try await check(input)
        return try call.created(
            try await database.createSurvey(id: try newID(id, from: input.title), input))
    }

    /// PUT and PATCH.
    func changeSurvey(_ call: Call) async throws -> Response {
        let current = try await database.survey(id: call.parameter("id"))
        let survey = try call.changeable(current, called: "survey")
        var body = try call.replacement(for: survey)
        body.ignore("openedAt", "closedAt", "publishedAt")
        let input = try SurveyInput(&body, isMerged: call.request.method == .patch)
        try await check(input)
        let asksTheSame =
            input.frame == survey.content.frame && input.questions == survey.content.questions
        guard survey.state == .draft || asksTheSame else {
            throw APIError.conflict(
                "surveyNotDraft",
                "The survey is \(survey.state.rawValue), so its frame and questions, in every language, stay as they are."
            )
        }
        return try call.changed(try await database.updateSurvey(survey, input))
    }

    func openSurvey(_ call: Call) async throws -> Response { try await perform(.open, call) }
    func closeSurvey(_ call: Call) async throws -> Response { try await perform(.close, call) }
    func publishSurvey(_ call: Call) async throws -> Response { try await perform(.publish, call) }

    private func perform(_ act: SurveyAct, _ call: Call) async throws -> Response {
        try call.checkNoContent()
        let id = call.parameter("id")
        if let survey = try await database.perform(act, on: id) { return try call.answer(.ok, survey) }
        guard let survey = try await database.survey(id: id) else { throw APIError.notFound("survey") }
        throw APIError.conflict(
            "surveyState",
            "The survey is \(survey.state.rawValue); it would have to be \(act.from.rawValue).")
    }

    /// What was answered, once it is published; to coordinators always.
    func showSurveySummary(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        guard let survey = try await visibleSurvey(call), survey.state == .published || call.showsDrafts
        else { throw APIError.notFound("summary") }
        let summary = SurveySummary(survey, try await database.tallies(of: survey))
        var json = JSONWriter(capacity: 1024 + 512 * survey.content.questions.count)
        summary.write(to: &json, as: call.representation)
        return try call.answer(.ok, json.bytes)
    }

    /// The survey in the path; nil when there is none, and for a draft that the caller may not know of.
    func visibleSurvey(_ call: Call) async throws -> Survey? {
        let survey = try await database.survey(id: call.parameter("id"))
        return survey?.state != .draft || call.showsDrafts ? survey : nil
    }
}
