import Foundation
import Postgres

extension Queryable {
    /// Records revisions, with each its lines of the ledger, and with all of them the totals and the campaigns' versions:
    /// first revisions in one statement, later ones in another, each all or nothing. Returns an outcome per revision, in
    /// their order: what cannot be recorded is left out and does no harm to the others.
    func record(_ revisions: [CountRevision]) async throws(PostgresError) -> [CountOutcome] {
        // Of two revisions that would be the same one the first is recorded.
        var distinct: [RevisionKey: Int] = [:]
        for (index, revision) in revisions.enumerated() where distinct[revision.key] == nil {
            distinct[revision.key] = index
        }
        var outcomes = [CountOutcome](repeating: .notRecorded, count: revisions.count)
        let chosen = distinct.values.sorted().map { revisions[$0] }
        for statement in [SQL.record(first: chosen), SQL.record(later: chosen)].compactMap(\.self) {
            let rows = try await query(statement)
            guard let instant: Instant = try rows.first?.get("recorded_at") else { continue }
            for row in rows {
                let key = RevisionKey(id: try row.get("id"), revision: try row.get("revision"))
                guard let index = distinct[key] else { continue }
                outcomes[index] = .recorded(revisions[index].recorded(at: instant))
            }
        }
        return outcomes
    }
}

/// What makes a revision the one it is.
private struct RevisionKey: Hashable {
    let id: UUID
    let revision: Int
}

/// A campaign as the rules were asked about it.
private struct JudgedCampaign: Hashable {
    let id: String
    let revision: Int
}

extension CountRevision {
    fileprivate var key: RevisionKey { RevisionKey(id: id, revision: revision) }
    fileprivate var campaign: JudgedCampaign {
        JudgedCampaign(id: content.campaign, revision: campaignRevision)
    }
}

extension SQL {
    /// Records those that are first revisions; nil when there are none. An active member enrols itself by its first report.
    fileprivate static func record(first revisions: [CountRevision]) -> SQL? {
        let revisions = revisions.filter { $0.revision == 1 }
        let enrolled: SQL = """
            , enrolled as (
                insert into enrolments (campaign, organisation, expected, enrolled_on)
                select distinct on (campaign, organisation) campaign, organisation, false, today
                from permitted
                where id in (select id from recorded) and membership = 'active'
                on conflict do nothing
            )
            """
        return record(
            revisions, enrolled: revisions.contains { !$0.isEnrolled } ? enrolled : "",
            unless: "(external_id, organisation) where revision = 1",
            changes: """
                select recorded_at, id, revision, campaign, measure, organisation, kind, area, channel, to_date,
                    value as delta, 1 as counts
                from recorded
                """)
    }

    /// Records those that follow another revision; nil when there are none. What the revision before has counted is taken
    /// back where it was counted.
    fileprivate static func record(later revisions: [CountRevision]) -> SQL? {
        record(
            revisions.filter { $0.revision > 1 }, enrolled: "", unless: "(id, revision)",
            changes: """
                select recorded_at, id, revision, campaign, measure, organisation, kind, area, channel, to_date,
                    sum(delta) as delta, sum(counts) as counts
                from (
                    select recorded_at, id, revision, campaign, measure, organisation, kind, area, channel, to_date,
                        case status when 'accepted' then value else 0 end as delta, 1 as counts
                    from recorded
                    union all
                    select recorded.recorded_at, recorded.id, recorded.revision, previous.campaign, previous.measure,
                        previous.organisation, previous.kind, previous.area, previous.channel, previous.to_date,
                        case previous.status when 'accepted' then -previous.value else 0 end, -1
                    from recorded
                    join participant_counts as previous
                        on previous.id = recorded.id and previous.revision = recorded.revision - 1
                ) as changes
                group by recorded_at, id, revision, campaign, measure, organisation, kind, area, channel, to_date
                """)
    }

    /// Records revisions and what they change. The values come as subqueries, so that the plan does not depend on them
    /// and is made once, not each time.
    private static func record(
        _ revisions: [CountRevision], enrolled: SQL, unless conflict: SQL, changes: SQL
    ) -> SQL? {
        if revisions.isEmpty { return nil }
        let campaigns = Array(Set(revisions.map(\.campaign)))
        return """
            with input as (
                select *
                from unnest(
                    (select \(revisions.map(\.id))::uuid[]), (select \(revisions.map(\.revision))::integer[]),
                    (select \(revisions.map(\.content.organisation))::text[]), (select \(revisions.map(\.content.campaign))::text[]),
                    (select \(revisions.map(\.content.measure))::text[]), (select \(revisions.map(\.content.value))::bigint[]),
                    (select \(revisions.map(\.content.from))::date[]), (select \(revisions.map(\.content.to))::date[]),
                    (select \(revisions.map(\.content.area))::text[]), (select \(revisions.map(\.content.channel))::text[]),
                    (select \(revisions.values(\.content.evidence))::text[]), (select \(revisions.values(\.content.activity))::uuid[]),
                    (select \(revisions.values(\.content.servicePoint))::text[]), (select \(revisions.values(\.content.breakdowns))::jsonb[]),
                    (select \(revisions.values(\.content.note))::text[]), (select \(revisions.values(\.content.externalID))::text[]),
                    (select \(revisions.map(\.status))::text[]), (select \(revisions.map(\.late))::boolean[]),
                    (select \(revisions.values(\.reason))::text[]), (select \(revisions.map(\.kind))::text[]),
                    (select \(revisions.values(\.author.key))::uuid[]), (select \(revisions.map(\.author.traceID))::text[]),
                    (select \(revisions.map(\.campaignRevision))::integer[]),
                    (select \(revisions.map(\.organisationRevision))::integer[]), (select \(revisions.map(\.today))::date[])
                ) as input (
                    id, revision, organisation, campaign, measure, value, from_date, to_date, area, channel, evidence,
                    activity, service_point, breakdowns, note, external_id, status, late, reason, kind, actor, trace_id,
                    campaign_revision, organisation_revision, today)
            ), clock as (
                -- What ledger_now() does, without the cost of a function. The key tells the planner that it is one row.
                update ledger_clock
                set recorded_at = greatest(clock_timestamp(), recorded_at + interval '1 microsecond')
                where id
                returning recorded_at
            ), unchanged as materialized (
                -- Campaigns that are as they were when the rules were asked, and stay so until this is committed.
                select campaigns.id, campaigns.revision
                from clock, campaigns
                where (campaigns.id, campaigns.revision) in (
                    select *
                    from unnest((select \(campaigns.map(\.id))::text[]), (select \(campaigns.map(\.revision))::integer[])))
                for share of campaigns
            ), permitted as (
                -- Counts of reporters that are as they were, too.
                select input.*, clock.recorded_at, organisations.membership
                from input
                join organisations
                    on organisations.id = input.organisation and organisations.revision = input.organisation_revision
                cross join clock
                where (campaign, campaign_revision) in (select id, revision from unchanged)
            ), recorded as (
                insert into participant_counts (
                    id, revision, organisation, campaign, measure, value, from_date, to_date, area, channel, evidence,
                    activity, service_point, breakdowns, note, external_id, status, late, reason, kind, actor, trace_id,
                    recorded_at)
                select id, revision, organisation, campaign, measure, value, from_date, to_date, area, channel, evidence,
                    activity, service_point, breakdowns, note, external_id, status, late, reason, kind, actor, trace_id,
                    recorded_at
                from permitted
                on conflict \(conflict) do nothing
                returning id, revision, recorded_at, campaign, measure, organisation, kind, area, channel, to_date, value, status
            )\(enrolled), changes as not materialized (
                \(changes)
            ), entered as (
                insert into count_ledger (
                    recorded_at, count, revision, campaign, measure, organisation, kind, area, channel, to_date, delta)
                select recorded_at, id, revision, campaign, measure, organisation, kind, area, channel, to_date, delta
                from changes
            ), totalled as (
                insert into count_totals as totals (campaign, measure, to_date, value, counts)
                select campaign, measure, to_date, sum(delta), sum(counts)
                from changes
                group by campaign, measure, to_date
                on conflict (campaign, measure, to_date)
                    do update set value = totals.value + excluded.value, counts = totals.counts + excluded.counts
            ), versioned as (
                update campaign_versions
                set version = version + changed.number, changed_at = changed.recorded_at
                from (select campaign, recorded_at, count(*) as number from recorded group by campaign, recorded_at) as changed
                where campaign_versions.campaign = changed.campaign
            )
            select id, revision, recorded_at from recorded
            """
    }
}

extension [CountRevision] {
    /// A value of each, or null for all when none has one: an array of nulls costs as much as one of values.
    fileprivate func values<Value>(_ value: (CountRevision) -> Value?) -> [Value?]? {
        let values = map(value)
        return values.contains { $0 != nil } ? values : nil
    }
}
