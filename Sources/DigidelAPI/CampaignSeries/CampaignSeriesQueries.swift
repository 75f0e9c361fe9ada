import Postgres

/// Which campaign series are wanted.
struct CampaignSeriesFilter {
    let text: String?

    static let sorting = Sorting(
        [
            .name, .init("description", "coalesce(description::text, '')"),
            .init("createdAt", "created_at", "timestamptz"), .init("updatedAt", "updated_at", "timestamptz"),
            .init("revision", "revision", "integer"), .init("id", "id"),
        ], by: "createdAt")

    init(_ query: inout QueryInput) {
        text = query.text("q", limit: 200)
    }

    var conditions: [SQL] {
        text.map { [.names("name", contain: $0)] } ?? []
    }
}

extension Queryable {
    func campaignSeries(id: String) async throws(PostgresError) -> CampaignSeries? {
        try await first("select * from campaign_series where id = \(id)")
    }

    func campaignSeries(
        _ filter: CampaignSeriesFilter, _ list: ListInput
    ) async throws(PostgresError) -> Page<CampaignSeries> {
        try await page(list, "*", from: "campaign_series", where: filter.conditions)
    }

    func createCampaignSeries(id: String, _ input: CampaignSeriesInput) async throws(PostgresError)
        -> CampaignSeries?
    {
        try await first(
            """
            insert into campaign_series (id, name, description)
            values (\(id), \(input.name), \(input.description))
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
            set name = \(input.name), description = \(input.description), updated_at = now(), revision = revision + 1
            where id = \(series.id) and revision = \(series.revision)
            returning *
            """)
    }
}
