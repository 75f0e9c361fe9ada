import Foundation
import Postgres

/// Which counts are wanted.
struct ParticipantCountFilter {
    let campaigns: [String]
    let organisations: [String]
    let measures: [Measure]
    let areas: [String]
    let from: CalendarDate?
    let to: CalendarDate?
    let statuses: [ParticipantCount.Status]
    let externalID: String?
    /// Whose counts may be seen; nil for all.
    let owner: String?

    static let sorting = Sorting(
        [
            .init("organisation", "organisation"), .init("campaign", "campaign"), .init("measure", "measure"),
            .init("value", "value", "bigint"), .init("from", "from_date", "date"),
            .init("to", "to_date", "date"),
            .init("area", "area"), .init("channel", "channel"), .init("evidence", "coalesce(evidence, '')"),
            .init("note", "coalesce(note, '')"), .init("externalId", "coalesce(external_id, '')"),
            .init("revision", "revision", "integer"), .init("status", "status"),
            .init("late", "late", "boolean"),
            .init("recordedAt", "recorded_at", "timestamptz"), .init("id", "id", "uuid"),
        ], by: "recordedAt")

    init(_ query: inout QueryInput, caller: Caller) {
        campaigns = query.ids("campaign")
        organisations = query.ids("organisation")
        measures = query.choices("measure")
        areas = query.ids("area")
        from = query.date("from")
        to = query.date("to")
        statuses = query.choices("status")
        externalID = query.text("externalId", limit: 200)
        owner = caller.role >= .coordinator ? nil : caller.organisation
    }

    var conditions: [SQL] {
        var conditions: [SQL] = []
        if let owner { conditions.append("organisation = \(owner)") }
        if !campaigns.isEmpty { conditions.append("campaign = any(\(campaigns))") }
        if !organisations.isEmpty { conditions.append("organisation = any(\(organisations))") }
        if !measures.isEmpty { conditions.append("measure = any(\(measures))") }
        if !areas.isEmpty { conditions.append("area in \(SQL.areas(below: areas))") }
        if let from { conditions.append("to_date >= \(from)") }
        if let to { conditions.append("to_date <= \(to)") }
        if !statuses.isEmpty { conditions.append("status = any(\(statuses))") }
        if let externalID { conditions.append("external_id = \(externalID)") }
        return conditions
    }
}

extension Queryable {
    /// The current revision.
    func participantCount(id: UUID) async throws(PostgresError) -> ParticipantCount? {
        try await first("select * from current_participant_counts where id = \(id)")
    }

    /// The current revision of what an organisation reported under its own key.
    func participantCount(organisation: String, externalID: String) async throws(PostgresError)
        -> ParticipantCount?
    {
        try await first(
            """
            select current.*
            from participant_counts as original
            join current_participant_counts as current on current.id = original.id
            where original.organisation = \(organisation) and original.external_id = \(externalID)
                and original.revision = 1
            """)
    }

    func participantCounts(
        _ filter: ParticipantCountFilter, _ list: ListInput
    ) async throws(PostgresError) -> Page<ParticipantCount> {
        try await page(list, "*", from: "current_participant_counts", where: filter.conditions)
    }

    /// What the rules must know to judge a count.
    func countFacts(_ input: ParticipantCountInput, at now: Instant) async throws(PostgresError)
        -> CountFacts?
    {
        try await first(
            """
            select case when campaigns.id is not null then campaign_state(campaigns, \(now)) end as state,
                campaigns.starts_on, campaigns.ends_on, campaigns.countries, campaigns.measures, campaigns.time_zone,
                campaigns.opens_at, campaigns.due_at, campaigns.closes_at, organisations.membership,
                organisations.kind as organisation_kind, areas.country, enrolments.campaign is not null as is_enrolled
            from (values (\(input.campaign), \(input.organisation), \(input.area)))
                as input (campaign, organisation, area)
            left join campaigns on campaigns.id = input.campaign
            left join organisations on organisations.id = input.organisation
            left join areas on areas.id = input.area
            left join enrolments
                on enrolments.campaign = input.campaign and enrolments.organisation = input.organisation
            """)
    }

    /// Stores a report: the count, its line in the ledger, the total and the campaign's version, all or nothing. An
    /// active member enrols itself by it. Nil when the organisation has used the externalId before.
    func createParticipantCount(
        _ input: ParticipantCountInput, kind: Organisation.Kind, isLate: Bool, actor: UUID?,
        on today: CalendarDate
    ) async throws(PostgresError) -> ParticipantCount? {
        try await first(
            """
            with clock as materialized (
                select ledger_now() as recorded_at
            ), enrolled as (
                insert into enrolments (campaign, organisation, expected, enrolled_on)
                values (\(input.campaign), \(input.organisation), false, \(today))
                on conflict do nothing
            ), created as (
                insert into participant_counts (
                    id, revision, organisation, campaign, measure, value, from_date, to_date, area, channel, evidence,
                    breakdowns, note, external_id, status, late, kind, actor, trace_id, recorded_at)
                select
                    \(UUID.version7())::uuid, 1, \(input.organisation), \(input.campaign), \(input.measure),
                    \(input.value)::bigint, \(input.from)::date, \(input.to)::date, \(input.area), \(input.channel),
                    \(input.evidence), \(input.breakdowns)::jsonb, \(input.note), \(input.externalID), 'accepted',
                    \(isLate)::boolean, \(kind), \(actor)::uuid, repeat('0', 32), recorded_at
                from clock
                on conflict (organisation, external_id) where revision = 1 do nothing
                returning *
            ), entered as (
                insert into count_ledger (
                    recorded_at, count, revision, campaign, measure, organisation, kind, area, channel, to_date, delta)
                select recorded_at, id, revision, campaign, measure, organisation, kind, area, channel, to_date, value
                from created
            ), totalled as (
                insert into count_totals as totals (campaign, measure, to_date, value)
                select campaign, measure, to_date, value from created
                on conflict (campaign, measure, to_date) do update set value = totals.value + excluded.value
            ), versioned as (
                update campaign_versions
                set version = version + 1, changed_at = recorded_at
                from created
                where campaign_versions.campaign = created.campaign
            )
            select * from created
            """)
    }
}
