import Postgres

/// Which responses to a survey are wanted.
struct SurveyResponseFilter: ListFilter {
    typealias Item = SurveyResponse
    let survey: String
    let states: [SurveyResponse.State]
    private let caller: Caller
    /// Each has a column in CSV.
    var questions: [Question] = []

    init(_ query: inout QueryInput, _ call: Call) throws(APIError) {
        survey = call.parameter("id")
        states = query.choices("state")
        caller = try call.identified
    }

    var columns: ListColumns {
        ListColumns(
            [
                .init("survey", "survey"), .init("respondent", "respondent"), .name, .init("state", "state"),
            ] + questions.map { .unsorted("answers.\($0.id)", at: ["answers", $0.id]) } + [
                .init("reason", "coalesce(reason, '')")
            ] + .record, ties: ["respondent"])
    }

    let source: SQL = .surveyResponses

    var conditions: [SQL?] { ["survey = \(survey)", .isVisible(to: caller), .isOne("state", of: states)] }

    var total: SQL? {
        caller.role >= .coordinator && states.isEmpty ? .total(of: "survey_responses", within: [survey]) : nil
    }
}

extension Queryable {
    /// Nil also when the caller may not know of the response.
    func surveyResponse(
        of respondent: String, to survey: String, for caller: Caller
    ) async throws(PostgresError) -> SurveyResponse? {
        let visible = SQL.isVisible(to: caller) ?? "true"
        return try await first(
            """
            select * from \(SQL.surveyResponses)
            where survey = \(survey) and respondent = \(respondent) and \(visible)
            """)
    }

    /// Has others wait who would change the response, until the transaction has ended.
    func holdSurveyResponse(of respondent: String, to survey: String) async throws(PostgresError) {
        try await execute(
            "select from survey_responses where survey = \(survey) and respondent = \(respondent) for update")
    }

    func updateSurveyResponse(
        _ response: SurveyResponse, _ content: SurveyResponseContent
    ) async throws(PostgresError) {
        try await execute(
            """
            update survey_responses
            set \(content.stored.assignments), updated_at = now(), revision = revision + 1
            where survey = \(response.survey) and respondent = \(response.respondent)
            """)
    }
}

extension SQL {
    /// Responses with the names of who was asked. An organisation's id may look like an area's, so the frame decides.
    fileprivate static let surveyResponses: SQL = """
        (
            select
                survey_responses.*, coalesce(areas.name, organisations.name) as name,
                organisations.revision as organisation_revision, organisations.id as organisation,
                areas.id as area
            from survey_responses
            join surveys on surveys.id = survey
            left join areas on areas.id = respondent and frame ->> 'country' is not null
            left join organisations on organisations.id = respondent and frame ->> 'country' is null
        ) as responses
        """

    /// A partner knows of the response of its organisation and of that of the organisation's area; nil for who knows of all.
    fileprivate static func isVisible(to caller: Caller) -> SQL? {
        guard caller.role < .coordinator else { return nil }
        return """
            (
                organisation = \(caller.organisation)
                or area = (select own.area from organisations as own where own.id = \(caller.organisation))
            )
            """
    }
}
