import Postgres

extension Queryable {
    /// Nil when there is no such campaign that may be shown. With `asOf` it is told from the counts as they stood then;
    /// enrolments are as they are now, since they have no history (decisions.md, 80).
    func completeness(
        campaign: String, asOf: Instant?, showsDrafts: Bool
    ) async throws(PostgresError) -> Completeness? {
        let rows = try await query(
            """
            select versions.version, versions.changed_at, campaigns.due_at, enrolments.organisation,
                organisations.name, organisations.area, counties.id as county, counties.name as county_name,
                enrolments.expected and enrolments.exempt_reason is null as is_expected, enrolments.exempt_reason,
                \(SQL.firstReport(asOf: asOf)) as first_reported_at
            from campaigns
            join campaign_versions as versions on versions.campaign = campaigns.id
            left join enrolments on enrolments.campaign = campaigns.id
            left join organisations on organisations.id = enrolments.organisation
            left join areas on areas.id = organisations.area
            left join areas as counties
                on counties.id = case areas.level when 'municipality' then areas.parent when 'county' then areas.id end
            where campaigns.id = \(campaign) and (\(showsDrafts) or campaigns.announced_at is not null)
            order by enrolments.organisation
            """)
        guard let first = rows.first else { return nil }
        var participants: [Completeness.Participant] = []
        for row in rows {
            // A campaign in which nobody takes part is one row without an organisation.
            guard let _: String = try row.get("organisation") else { continue }
            participants.append(try Completeness.Participant(row: row))
        }
        let changedAt: Instant = try first.get("changed_at")
        return Completeness(
            campaign: campaign, participants: participants, asOf: asOf ?? changedAt,
            version: try first.get("version"))
    }
}

extension SQL {
    /// When the first came of the counts that an organisation has reported to a campaign and that were accepted at an
    /// instant, or are now; null when there is none. A subquery for the row of `enrolments` around it, which finds its
    /// answer by `participant_counts_first_report_index` however many counts there are. A withdrawal is a count's last
    /// revision.
    static func firstReport(asOf: Instant?) -> SQL {
        """
        (
            select first.recorded_at
            from participant_counts as first
            where first.campaign = enrolments.campaign and first.organisation = enrolments.organisation
                and first.revision = 1 and first.recorded_at <= coalesce(\(asOf)::timestamptz, 'infinity')
                and not exists (
                    select from participant_counts as later
                    where later.id = first.id and later.status = 'withdrawn'
                        and later.recorded_at <= coalesce(\(asOf)::timestamptz, 'infinity'))
            order by first.recorded_at
            limit 1
        )
        """
    }
}

extension Completeness.Participant: RowDecodable {
    init(row: Row) throws(PostgresError) {
        organisation = try row.get("organisation")
        name = try row.get("name")
        area = try row.get("area")
        let county: String? = try row.get("county")
        let countyName: LocalisedText? = try row.get("county_name")
        if let county, let countyName {
            self.county = Completeness.County(id: county, name: countyName)
        } else {
            self.county = nil
        }
        isExpected = try row.get("is_expected")
        exemptReason = try row.get("exempt_reason")
        let firstReportedAt: Instant? = try row.get("first_reported_at")
        let dueAt: Instant? = try row.get("due_at")
        hasReported = firstReportedAt != nil
        isOnTime = firstReportedAt.map { first in dueAt.map { first <= $0 } ?? true } ?? false
    }
}
