import Foundation
import Postgres

extension Queryable {
    /// Records revisions in one statement: with each its lines of the ledger, and with all of them the totals and the
    /// campaigns' versions, all or nothing. An active member enrols itself by its first report. Returns an outcome per
    /// revision, in their order: what cannot be recorded is left out and does no harm to the others.
    func record(_ revisions: [CountRevision]) async throws(PostgresError) -> [CountOutcome] {
        let rows = try await query(
            """
            with input as (
                -- Of two revisions that would be the same one the first is recorded. The values come as subqueries, so
                -- that the plan does not depend on them and is made once, not each time.
                select *, row_number() over (partition by id, revision order by number) = 1 as is_first
                from unnest(
                    (select \(revisions.map(\.id))::uuid[]), (select \(revisions.map(\.revision))::integer[]),
                    (select \(revisions.map(\.content.organisation))::text[]), (select \(revisions.map(\.content.campaign))::text[]),
                    (select \(revisions.map(\.content.measure))::text[]), (select \(revisions.map(\.content.value))::bigint[]),
                    (select \(revisions.map(\.content.from))::date[]), (select \(revisions.map(\.content.to))::date[]),
                    (select \(revisions.map(\.content.area))::text[]), (select \(revisions.map(\.content.channel))::text[]),
                    (select \(revisions.map(\.content.evidence))::text[]), (select \(revisions.map(\.content.breakdowns))::jsonb[]),
                    (select \(revisions.map(\.content.note))::text[]), (select \(revisions.map(\.content.externalID))::text[]),
                    (select \(revisions.map(\.status))::text[]), (select \(revisions.map(\.late))::boolean[]),
                    (select \(revisions.map(\.reason))::text[]), (select \(revisions.map(\.kind))::text[]),
                    (select \(revisions.map(\.author.key))::uuid[]), (select \(revisions.map(\.author.traceID))::text[]),
                    (select \(revisions.map(\.campaignRevision))::integer[]), (select \(revisions.map(\.today))::date[])
                ) with ordinality as input (
                    id, revision, organisation, campaign, measure, value, from_date, to_date, area, channel, evidence,
                    breakdowns, note, external_id, status, late, reason, kind, actor, trace_id, campaign_revision,
                    today, number)
            ), clock as (
                -- What ledger_now() does, without the cost of a function. The key tells the planner that it is one row.
                update ledger_clock
                set recorded_at = greatest(clock_timestamp(), recorded_at + interval '1 microsecond')
                where id
                returning recorded_at
            ), unchanged as materialized (
                -- Campaigns that are as they were when the rules were asked, and stay so until this is committed.
                select campaigns.id
                from clock, campaigns
                where (campaigns.id, campaigns.revision) in (select campaign, campaign_revision from input)
                for share of campaigns
            ), enrolled as (
                insert into enrolments (campaign, organisation, expected, enrolled_on)
                select distinct on (campaign, organisation) campaign, organisation, false, today
                from input
                where revision = 1 and campaign in (select id from unchanged)
                on conflict do nothing
            ), recorded as (
                insert into participant_counts (
                    id, revision, organisation, campaign, measure, value, from_date, to_date, area, channel, evidence,
                    breakdowns, note, external_id, status, late, reason, kind, actor, trace_id, recorded_at)
                select id, revision, organisation, campaign, measure, value, from_date, to_date, area, channel, evidence,
                    breakdowns, note, external_id, status, late, reason, kind, actor, trace_id, recorded_at
                from input, clock
                where is_first and campaign in (select id from unchanged)
                order by number
                on conflict do nothing
                returning *
            ), entered as (
                insert into count_ledger (
                    recorded_at, count, revision, campaign, measure, organisation, kind, area, channel, to_date, delta)
                select recorded_at, id, revision, campaign, measure, organisation, kind, area, channel, to_date, sum(delta)
                from (
                    select recorded_at, id, revision, campaign, measure, organisation, kind, area, channel, to_date,
                        case status when 'accepted' then value else 0 end as delta
                    from recorded
                    union all
                    -- What the revision before has counted is taken back where it was counted.
                    select recorded.recorded_at, recorded.id, recorded.revision, previous.campaign, previous.measure,
                        previous.organisation, previous.kind, previous.area, previous.channel, previous.to_date,
                        -previous.value
                    from recorded
                    join participant_counts as previous
                        on previous.id = recorded.id and previous.revision = recorded.revision - 1
                    where recorded.revision > 1 and previous.status = 'accepted'
                ) as changes
                group by recorded_at, id, revision, campaign, measure, organisation, kind, area, channel, to_date
                returning *
            ), totalled as (
                insert into count_totals as totals (campaign, measure, to_date, value)
                select campaign, measure, to_date, sum(delta)
                from entered
                group by campaign, measure, to_date
                on conflict (campaign, measure, to_date) do update set value = totals.value + excluded.value
            ), versioned as (
                update campaign_versions
                set version = version + changes.number, changed_at = changes.recorded_at
                from (select campaign, recorded_at, count(*) as number from recorded group by campaign, recorded_at) as changes
                where campaign_versions.campaign = changes.campaign
            )
            select recorded.recorded_at, unchanged.id is not null as is_unchanged
            from input
            left join unchanged on unchanged.id = input.campaign
            left join recorded on recorded.id = input.id and recorded.revision = input.revision and is_first
            order by input.number
            """)
        var outcomes: [CountOutcome] = []
        for (revision, row) in zip(revisions, rows) {
            if let instant: Instant = try row.get("recorded_at") {
                outcomes.append(.recorded(revision.recorded(at: instant)))
            } else {
                let isUnchanged: Bool = try row.get("is_unchanged")
                outcomes.append(isUnchanged ? .taken : .campaignChanged)
            }
        }
        return outcomes
    }
}
