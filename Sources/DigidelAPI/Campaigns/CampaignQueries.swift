import Postgres

/// Which campaigns are wanted.
struct CampaignFilter {
    let series: [String]
    let countries: [Country]
    let states: [Campaign.State]
    /// Campaigns that go on at that day.
    let on: CalendarDate?
    let text: String?
    private let now: Instant
    private let showsDrafts: Bool

    init(_ query: inout QueryInput, _ call: Call) {
        series = query.ids("series")
        countries = query.choices("country")
        states = query.choices("state")
        on = query.date("on")
        text = query.text("q", limit: 200)
        now = call.now
        showsDrafts = call.showsDrafts
    }

    static func sorting(now: Instant) -> Sorting {
        Sorting(
            [
                .init("series", "coalesce(series, '')"), .name,
                .init("description", "coalesce(description::text, '')"),
                .init("startsOn", "starts_on", "date"),
                .init("endsOn", "ends_on", "date"), .init("organiser", "organiser"),
                .init("timeZone", "time_zone"),
                .init("predecessor", "coalesce(predecessor, '')"),
                .init("lockedAt", "coalesce(locked_at, 'infinity')", "timestamptz"),
                .init("state", "campaign_state(campaigns, \(now))"),
                .init("createdAt", "created_at", "timestamptz"),
                .init("updatedAt", "updated_at", "timestamptz"), .init("revision", "revision", "integer"),
                .init("id", "id"),
            ], by: "createdAt")
    }

    var conditions: [SQL] {
        var conditions: [SQL] = showsDrafts ? [] : ["announced_at is not null"]
        if !series.isEmpty { conditions.append("series = any(\(series))") }
        if !countries.isEmpty { conditions.append("countries && \(countries)::text[]") }
        if !states.isEmpty { conditions.append("campaign_state(campaigns, \(now)) = any(\(states))") }
        if let on { conditions.append("\(on)::date between starts_on and ends_on") }
        if let text { conditions.append(.names("name", contain: text)) }
        return conditions
    }
}

extension Queryable {
    func campaign(id: String, at now: Instant) async throws(PostgresError) -> Campaign? {
        try await first(
            "select campaigns.*, campaign_state(campaigns, \(now)) as state from campaigns where id = \(id)")
    }

    func campaigns(
        _ filter: CampaignFilter, _ list: ListInput, at now: Instant
    ) async throws(PostgresError) -> Page<Campaign> {
        try await page(
            list, "campaigns.*, campaign_state(campaigns, \(now)) as state", from: "campaigns",
            where: filter.conditions)
    }

    func createCampaign(
        id: String, _ input: CampaignInput, isDraft: Bool, at now: Instant
    ) async throws(PostgresError) -> Campaign? {
        try await first(
            """
            with clock as materialized (
                select ledger_now() as recorded_at
            ), created as (
                insert into campaigns (
                    id, series, name, description, starts_on, ends_on, countries, organiser, partners, funding,
                    time_zone, predecessor, measures, opens_at, due_at, closes_at, announced_at)
                select
                    \(id), \(input.series), \(input.name)::jsonb, \(input.description)::jsonb, \(input.startsOn)::date,
                    \(input.endsOn)::date, \(input.countries)::text[], \(input.organiser),
                    \(input.partners)::text[], \(Fundings(input.funding))::jsonb, \(input.timeZone),
                    \(input.predecessor), \(input.measures)::text[], \(input.opensAt)::timestamptz,
                    \(input.dueAt)::timestamptz, \(input.closesAt)::timestamptz,
                    case when not \(isDraft)::boolean then recorded_at end
                from clock
                returning *
            ), versioned as (
                insert into campaign_versions (campaign, version, changed_at)
                select id, 1, recorded_at from created, clock
            )
            select created.*, campaign_state((created.*)::campaigns, \(now)) as state from created
            """)
    }

    /// Nil when the campaign has not that revision any more.
    func updateCampaign(
        _ campaign: Campaign, _ input: CampaignInput, at now: Instant
    ) async throws(PostgresError) -> Campaign? {
        try await first(
            """
            with clock as materialized (
                select ledger_now() as recorded_at
            ), updated as (
                update campaigns
                set series = \(input.series), name = \(input.name), description = \(input.description),
                    starts_on = \(input.startsOn), ends_on = \(input.endsOn), countries = \(input.countries),
                    organiser = \(input.organiser), partners = \(input.partners), funding = \(Fundings(input.funding)),
                    time_zone = \(input.timeZone), predecessor = \(input.predecessor), measures = \(input.measures),
                    opens_at = \(input.opensAt), due_at = \(input.dueAt), closes_at = \(input.closesAt),
                    updated_at = recorded_at, revision = revision + 1
                from clock
                where id = \(campaign.id) and revision = \(campaign.revision)
                returning campaigns.*
            ), versioned as (
                update campaign_versions
                set version = version + 1, changed_at = recorded_at
                from updated, clock
                where campaign_versions.campaign = updated.id
            )
            select updated.*, campaign_state((updated.*)::campaigns, \(now)) as state from updated
            """)
    }

    /// Nil when there is no such campaign, when the act has been done, and when the campaign's state does not allow it.
    func perform(_ act: CampaignAct, on id: String, at now: Instant) async throws(PostgresError) -> Campaign?
    {
        try await first(
            """
            with clock as materialized (
                select ledger_now() as recorded_at
            ), updated as (
                update campaigns
                set \(act.column) = recorded_at, updated_at = recorded_at, revision = revision + 1
                from clock
                where id = \(id) and \(act.condition)
                returning campaigns.*
            ), versioned as (
                update campaign_versions
                set version = version + 1, changed_at = recorded_at
                from updated, clock
                where campaign_versions.campaign = updated.id
            )
            select updated.*, campaign_state((updated.*)::campaigns, \(now)) as state from updated
            """)
    }

    /// Whether counts are stored that the campaign, changed so, would not have accepted.
    func hasCountsOutside(_ campaign: Campaign, _ input: CampaignInput) async throws(PostgresError) -> Bool {
        try await query(
            """
            select from current_participant_counts
            join areas on areas.id = area
            where campaign = \(campaign.id) and status = 'accepted' and not (
                from_date >= \(input.startsOn) and to_date <= \(input.endsOn)
                and measure = any(\(input.measures)) and areas.country = any(\(input.countries)))
            limit 1
            """
        ).count > 0
    }
}

extension CampaignAct {
    /// Where it is noted when the act was done.
    fileprivate var column: SQL {
        switch self {
        case .announce: "announced_at"
        case .lock: "locked_at"
        case .cancel: "cancelled_at"
        }
    }

    /// That the act can be done, and has not been done.
    fileprivate var condition: SQL {
        switch self {
        case .announce: "announced_at is null and cancelled_at is null"
        case .lock: "locked_at is null and cancelled_at is null and announced_at is not null"
        case .cancel: "cancelled_at is null and locked_at is null"
        }
    }
}
