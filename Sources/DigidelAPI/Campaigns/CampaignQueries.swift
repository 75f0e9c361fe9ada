import Postgres

/// Which campaigns are wanted.
struct CampaignFilter: ListFilter {
    typealias Item = Campaign
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

    var columns: ListColumns {
        ListColumns(
            [
                .init("id", "id"), .init("series", "coalesce(series, '')"), .name, .description,
                .init("startsOn", "starts_on", "date"), .init("endsOn", "ends_on", "date"),
                .unsorted("countries"), .init("organiser", "organiser"), .unsorted("partners"),
                .unsorted("funding"), .init("timeZone", "time_zone"),
                .init("predecessor", "coalesce(predecessor, '')"), .unsorted("successors"),
                .unsorted("measures"), .unsorted("reporting.opensAt", at: ["reporting", "opensAt"]),
                .unsorted("reporting.dueAt", at: ["reporting", "dueAt"]),
                .unsorted("reporting.closesAt", at: ["reporting", "closesAt"]),
                .init("lockedAt", "coalesce(locked_at, 'infinity')", "timestamptz"),
                .init("state", "campaign_state((campaigns.*)::campaigns, \(now))"),
            ] + .record)
    }

    let source: SQL = "campaigns"
    var selection: SQL { .campaign(at: now) }

    var search: SQL? { .matches("name, description", text) }
    var conditions: [SQL?] {
        wanted + [showsDrafts ? nil : "announced_at is not null"]
    }

    private var wanted: [SQL?] {
        [
            .isOne("series", of: series), .overlaps("countries", countries),
            states.isEmpty ? nil : "campaign_state((campaigns.*)::campaigns, \(now)) = any(\(states))",
            on.map { "\($0)::date between starts_on and ends_on" },
        ]
    }

    /// Drafts are few.
    var total: SQL? {
        guard search == nil, wanted.allSatisfy({ $0 == nil }) else { return nil }
        let all = SQL.total(of: "campaigns")
        return showsDrafts
            ? all : "select (\(all)) - (select count(*) from campaigns where announced_at is null)"
    }
}

extension Queryable {
    func campaign(id: String, at now: Instant) async throws(PostgresError) -> Campaign? {
        try await first("select \(SQL.campaign(at: now)) from campaigns where id = \(id)")
    }

    func createCampaign(
        id: String, _ input: CampaignInput, isDraft: Bool, at now: Instant
    ) async throws(PostgresError) -> Campaign? {
        try await first(
            """
            with clock as materialized (
                select ledger_now() as recorded_at
            ), created as (
                insert into campaigns (id, \(input.stored.columns), announced_at)
                values (\(id), \(input.stored.values), case when not \(isDraft)::boolean then (select recorded_at from clock) end)
                returning *
            ), versioned as (
                insert into campaign_versions (campaign, version, changed_at)
                select id, 1, recorded_at from created, clock
            )
            select \(SQL.campaign(at: now)) from created as campaigns
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
                set \(input.stored.assignments), updated_at = recorded_at, revision = revision + 1
                from clock
                where id = \(campaign.id) and revision = \(campaign.revision)
                returning campaigns.*
            ), versioned as (
                update campaign_versions
                set version = version + 1, changed_at = recorded_at
                from updated, clock
                where campaign_versions.campaign = updated.id
            )
            select \(SQL.campaign(at: now)) from updated as campaigns
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
            select \(SQL.campaign(at: now)) from updated as campaigns
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

extension SQL {
    /// A campaign, how it stands, and the campaigns that go on from it.
    fileprivate static func campaign(at now: Instant) -> SQL {
        """
        campaigns.*, campaign_state((campaigns.*)::campaigns, \(now)) as state, array(
            select successor.id from campaigns as successor
            where successor.predecessor = campaigns.id and successor.announced_at is not null
            order by successor.id
        ) as successors
        """
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
