import HTTP
import Postgres

extension App {
    func listSurveyResponses(_ call: Call) async throws -> Response {
        guard let survey = try await visibleSurvey(call) else { throw APIError.notFound("survey") }
        return try await list(SurveyResponseFilter.self, call) { filter in
            filter.questions = survey.content.questions
        }
    }

    func showSurveyResponse(_ call: Call) async throws -> Response {
        try call.show(try await surveyResponse(call), called: "response")
    }

    /// 201 with the first that is said by who was invited, 200 with what is changed (decisions.md, 43). The same again is
    /// nothing new.
    func putSurveyResponse(_ call: Call) async throws -> Response {
        let (survey, current) = try await responseToChange(call)
        var body = try call.body()
        let content = try SurveyResponseContent(&body)
        try call.checkConditions(on: current)
        let states = [current.content.state, content.state]
        if states.contains(.excluded), try call.identified.role < .coordinator {
            throw APIError(.forbidden, "Only coordinators say who is excluded, and who is not any more.")
        }
        guard survey.state == .open else {
            throw APIError.conflict("surveyNotOpen", "The survey is \(survey.state.rawValue).")
        }
        try content.ruleFaults(survey.content.questions).check()
        if content == current.content { return try call.answer(.ok, current) }
        // Only what is submitted counts.
        if states.contains(.submitted) { try await coverageChanged(.responses(survey: survey.id)) }
        try await database.updateSurveyResponse(current, content)
        let response = try await surveyResponse(call)
        return current.content.state == .invited ? try call.created(response) : try call.changed(response)
    }

    /// The survey and the response in the path, both held until the transaction has ended. Throws `.notFound`.
    private func responseToChange(_ call: Call) async throws -> (Survey, SurveyResponse) {
        guard let survey = try await database.heldSurvey(id: call.parameter("id")),
            survey.state != .draft || call.showsDrafts
        else { throw APIError.notFound("survey") }
        try await database.holdSurveyResponse(of: call.parameter("respondent"), to: survey.id)
        guard let response = try await surveyResponse(call) else { throw APIError.notFound("response") }
        return (survey, response)
    }

    private func surveyResponse(_ call: Call) async throws -> SurveyResponse? {
        try await database.surveyResponse(
            of: call.parameter("respondent"), to: call.parameter("id"), for: call.identified)
    }
}
