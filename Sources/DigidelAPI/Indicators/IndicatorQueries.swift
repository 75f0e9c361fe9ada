import Postgres

/// Which indicators are wanted.
struct IndicatorFilter: ListFilter {
    typealias Item = Indicator
    let text: String?

    init(_ query: inout QueryInput, _ call: Call) {
        text = query.text("q", limit: 200)
    }

    let columns = ListColumns(
        [.init("id", "id"), .name, .description, .init("source", "source"), .init("unit", "unit")] + .record)
    let source: SQL = "indicators"
    var search: SQL? { .matches("name, description", text) }
    let conditions: [SQL?] = []
    var total: SQL? { isEverything ? .total(of: "indicators") : nil }
}

/// Which observations of an indicator are wanted.
struct ObservationFilter: ListFilter {
    typealias Item = Observation
    let indicator: String
    let from: CalendarDate?
    let to: CalendarDate?

    init(_ query: inout QueryInput, _ call: Call) {
        indicator = call.parameter("id")
        from = query.date("from")
        to = query.date("to")
    }

    let columns = ListColumns(
        [
            .init("date", "date", "date"), .init("indicator", "indicator"),
            .init("value", "value", "numeric"), .init("source", "coalesce(source, '')"),
            .init("recordedAt", "recorded_at", "timestamptz"),
        ], by: "date")
    let source: SQL = "observations"

    var conditions: [SQL?] {
        ["indicator = \(indicator)", from.map { "date >= \($0)" }, to.map { "date <= \($0)" }]
    }
}

extension Queryable {
    func indicator(id: String) async throws(PostgresError) -> Indicator? {
        try await first("select * from indicators where id = \(id)")
    }

    func createIndicator(id: String, _ input: IndicatorInput) async throws(PostgresError) -> Indicator? {
        try await first(
            """
            insert into indicators (id, \(input.stored.columns)) values (\(id), \(input.stored.values))
            returning *
            """)
    }

    /// Nil when the indicator has not that revision any more.
    func updateIndicator(
        _ indicator: Indicator, _ input: IndicatorInput, at recordedAt: Instant
    ) async throws(PostgresError) -> Indicator? {
        try await first(
            """
            update indicators
            set \(input.stored.assignments), updated_at = \(recordedAt), revision = revision + 1
            where id = \(indicator.id) and revision = \(indicator.revision)
            returning *
            """)
    }

    func observation(
        of indicator: String, on date: CalendarDate
    ) async throws(PostgresError) -> Observation? {
        try await first("select * from observations where indicator = \(indicator) and date = \(date)")
    }

    /// Takes the next instant of the ledger's clock, for a transaction that writes more than one statement can say. What is
    /// read after this has all that was recorded before, and stays so until the transaction ends.
    func ledgerNow() async throws(PostgresError) -> Instant {
        guard let row = try await query("select ledger_now() as recorded_at").first else {
            throw .unavailable("The ledger has no clock.")
        }
        return try row.get("recorded_at")
    }

    /// Appends a version of what was observed; without content it says that there is no observation any more.
    func recordObservation(
        of indicator: String, on date: CalendarDate, _ content: ObservationInput?, at recordedAt: Instant
    ) async throws(PostgresError) {
        try await execute(
            """
            insert into observation_versions (indicator, date, recorded_at, value, source)
            values (\(indicator), \(date), \(recordedAt), \(content?.value), \(content?.source))
            """)
    }
}
