import Foundation
import Postgres

extension Queryable {
    /// Nil when there is no such organisation. Several statements: ask within one snapshot.
    func organisationOverview(
        id: String, on today: CalendarDate
    ) async throws(PostgresError) -> OrganisationOverview? {
        guard let organisation = try await organisation(id: id) else { return nil }
        let most = OrganisationOverview.mostItems
        return OrganisationOverview(
            organisation: organisation, campaigns: try await participations(of: id),
            projects: try await all(
                """
                select * from projects
                where owner = \(id) or partners @> array[\(id)]
                order by starts_on desc, id
                limit \(most)
                """),
            servicePoints: try await all(
                """
                select \(SQL.servicePoint) from service_points
                where operator = \(id) or partners @> array[\(id)]
                order by id
                limit \(most)
                """),
            activities: try await all(
                """
                select \(SQL.activityColumns) from activities
                where organiser = \(id) or co_organisers @> array[\(id)]
                order by from_date desc, id desc
                limit \(OrganisationOverview.mostActivities)
                """),
            reported: try await reported(by: id),
            agreements: try await all(
                """
                select \(SQL.agreement(on: today)) from agreements
                where parties @> array[\(id)]
                order by signed_on desc, id
                limit \(most)
                """),
            publications: try await all(
                """
                select * from publications
                where publisher = \(id)
                order by published_on desc, id
                limit \(most)
                """))
    }

    /// The campaigns that an organisation has a part in, without drafts, the latest first.
    private func participations(
        of id: String
    ) async throws(PostgresError) -> [OrganisationOverview.Participation] {
        try await all(
            """
            select id, name,
                case
                    when organiser = \(id) then 'organiser'
                    when partners @> array[\(id)] then 'partner'
                    else 'enrolled'
                end as role
            from campaigns
            where announced_at is not null
                and (
                    organiser = \(id) or partners @> array[\(id)]
                    or id = any(array(select campaign from enrolments where organisation = \(id))))
            order by starts_on desc, id
            limit \(OrganisationOverview.mostItems)
            """)
    }

    /// What an organisation has reported, by campaign and measure.
    private func reported(by id: String) async throws(PostgresError) -> [CountSums.Row] {
        let selection = CountSelection(
            campaigns:
                "announced_at is not null and id in (select campaign from enrolments where organisation = \(id))",
            measures: Measure.allCases, scope: GoalScope(organisations: [id]))
        return try await countSums(selection, by: [.campaign, .measure])?.rows ?? []
    }
}
