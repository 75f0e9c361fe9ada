import Postgres

/// Which campaign series are wanted.
struct CampaignSeriesFilter: ListFilter {
    typealias Item = CampaignSeries
    let text: String?

    init(_ query: inout QueryInput, _ call: Call) {
        text = query.text("q", limit: 200)
    }

    let columns = ListColumns([.init("id", "id"), .name, .description] + .record)
    let source: SQL = "campaign_series"
    var search: SQL? { .matches("name, description", text) }
    let conditions: [SQL?] = []
    var total: SQL? { isEverything ? .total(of: "campaign_series") : nil }
}

extension Queryable {
    func campaignSeries(id: String) async throws(PostgresError) -> CampaignSeries? {
        try await first("select * from campaign_series where id = \(id)")
    }

    func createCampaignSeries(
        id: String, _ input: CampaignSeriesInput
    ) async throws(PostgresError) -> CampaignSeries? {
        try await first(
            """
            insert into campaign_series (id, \(input.stored.columns)) values (\(id), \(input.stored.values))
            returning *
            """)
    }

    /// Nil when the series has not that revision any more.
    func updateCampaignSeries(
        _ series: CampaignSeries, _ input: CampaignSeriesInput
    ) async throws(PostgresError) -> CampaignSeries? {
        try await first(
            """
            update campaign_series
            set \(input.stored.assignments), updated_at = now(), revision = revision + 1
            where id = \(series.id) and revision = \(series.revision)
            returning *
            """)
    }
}
