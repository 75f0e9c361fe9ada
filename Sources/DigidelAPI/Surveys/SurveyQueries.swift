import Postgres

/// Which surveys are wanted.
struct SurveyFilter: ListFilter {
    typealias Item = Survey
    let states: [Survey.State]
    let text: String?
    private let showsDrafts: Bool

    init(_ query: inout QueryInput, _ call: Call) {
        states = query.choices("state")
        text = query.text("q", limit: 200)
        showsDrafts = call.showsDrafts
    }

    let columns = ListColumns(
        [
            .init("id", "id"), .localised("title", "title"),
            .unsorted("frame.country", at: ["frame", "country"]),
            .unsorted("frame.level", at: ["frame", "level"]),
            .unsorted("frame.organisations", at: ["frame", "organisations"]), .unsorted("questions"),
            .init("state", Self.state),
            .init("openedAt", "coalesce(opened_at, 'infinity')", "timestamptz"),
            .init("closedAt", "coalesce(closed_at, 'infinity')", "timestamptz"),
            .init("publishedAt", "coalesce(published_at, 'infinity')", "timestamptz"),
        ] + .record)
    let source: SQL = "surveys"

    var search: SQL? { .matches("title", text) }
    var conditions: [SQL?] {
        [.isOne(Self.state, of: states), showsDrafts ? nil : "opened_at is not null"]
    }

    /// Drafts are few.
    var total: SQL? {
        guard search == nil, states.isEmpty else { return nil }
        let all = SQL.total(of: "surveys")
        return showsDrafts ? all : "select (\(all)) - (select count(*) from surveys where opened_at is null)"
    }

    private static let state: SQL = """
        case
            when opened_at is null then 'draft' when closed_at is null then 'open'
            when published_at is null then 'closed' else 'published'
        end
        """
}

extension Queryable {
    func survey(id: String) async throws(PostgresError) -> Survey? {
        try await first("select * from surveys where id = \(id)")
    }

    /// The survey, whose state no act changes before the transaction has ended.
    func heldSurvey(id: String) async throws(PostgresError) -> Survey? {
        try await first("select * from surveys where id = \(id) for share")
    }

    func createSurvey(id: String, _ input: SurveyInput) async throws(PostgresError) -> Survey? {
        try await first(
            """
            insert into surveys (id, \(input.stored.columns)) values (\(id), \(input.stored.values))
            returning *
            """)
    }

    /// Nil when the survey has not that revision any more.
    func updateSurvey(_ survey: Survey, _ input: SurveyInput) async throws(PostgresError) -> Survey? {
        try await first(
            """
            update surveys
            set \(input.stored.assignments), updated_at = now(), revision = revision + 1
            where id = \(survey.id) and revision = \(survey.revision)
            returning *
            """)
    }

    /// Nil when there is no such survey, and when its state does not allow the act.
    func perform(_ act: SurveyAct, on id: String) async throws(PostgresError) -> Survey? {
        switch act {
        case .open: try await openSurvey(id: id)
        case .close:
            try await first(
                """
                update surveys set closed_at = now(), updated_at = now(), revision = revision + 1
                where id = \(id) and opened_at is not null and closed_at is null
                returning *
                """)
        case .publish:
            try await first(
                """
                update surveys set published_at = now(), updated_at = now(), revision = revision + 1
                where id = \(id) and closed_at is not null and published_at is null
                returning *
                """)
        }
    }

    /// Everybody who is in the frame now is invited.
    private func openSurvey(id: String) async throws(PostgresError) -> Survey? {
        try await first(
            """
            with opened as (
                update surveys set opened_at = now(), updated_at = now(), revision = revision + 1
                where id = \(id) and opened_at is null
                returning *
            ), invited as (
                insert into survey_responses (survey, respondent)
                select opened.id, areas.id from opened
                join areas on country = frame ->> 'country' and level = frame ->> 'level'
                union all
                select opened.id, organisation from opened
                cross join jsonb_array_elements_text(frame -> 'organisations') as organisation
            )
            select * from opened
            """)
    }
}
