import Foundation
import Postgres

extension Queryable {
    /// The campaigns of a series, by their first days.
    func editions(of series: String, showsDrafts: Bool) async throws(PostgresError) -> [Editions.Edition] {
        let rows = try await query(
            """
            select campaigns.*, expected, reported, reporters
            from campaigns
            cross join lateral (
                select count(*) filter (where is_expected) as expected,
                    count(first_reported_at) filter (where is_expected) as reported, count(first_reported_at) as reporters
                from (
                    select expected and exempt_reason is null as is_expected,
                        \(SQL.firstReport(asOf: nil)) as first_reported_at
                    from enrolments
                    where enrolments.campaign = campaigns.id
                ) as enrolled
            ) as completeness
            where series = \(series) and (\(showsDrafts) or announced_at is not null)
            order by starts_on, id
            """)
        var editions: [Editions.Edition] = []
        for row in rows { editions.append(try Editions.Edition(row: row)) }
        return editions
    }
}

extension Editions.Edition: RowDecodable {
    init(row: Row) throws(PostgresError) {
        campaign = try row.get("id")
        name = try row.get("name")
        startsOn = try row.get("starts_on")
        endsOn = try row.get("ends_on")
        countries = try row.get("countries")
        measures = try row.get("measures")
        let lockedAt: Instant? = try row.get("locked_at")
        isLocked = lockedAt != nil
        reporters = try row.get("reporters")
        reportingRate = Share(try row.get("reported"), of: try row.get("expected"))
    }
}
