-- Indexes for lists of millions, and no more of them than are needed: every count pays for each.

-- What a reporter calls a count is looked up with its organisation and, by coordinators, without it.
drop index participant_counts_external_id_key;
create unique index participant_counts_external_id_key on participant_counts (external_id, organisation)
    where revision = 1;

-- Whether and when first an organisation has reported to a campaign, and how many counts it has reported.
drop index participant_counts_first_report_index;
create index participant_counts_first_report_index on participant_counts (organisation, campaign, recorded_at)
    where revision = 1;

-- The list of all counts, and the audit trail, in their order.
drop index participant_counts_recorded_at_index;
create index participant_counts_recorded_at_index on participant_counts (recorded_at, id);

-- Few counts are ever corrected: whether one was is looked up among those.
create index participant_counts_later_index on participant_counts (id, revision) where revision > 1;

create or replace view current_participant_counts as
    select *
    from participant_counts
    where not exists (
        select from participant_counts as later
        where later.id = participant_counts.id and later.revision = participant_counts.revision + 1
            and later.revision > 1
    );

-- With `event`, by which the events of one instant are ordered, and without a join, so that both parts are read in the
-- order of their indexes.
create or replace view audit_trail as
    select id::text, recorded_at, actor, role, method, object, trace_id, null::uuid as count, id as event
    from audit_events
    union all
    select participant_counts.id || '.' || revision, recorded_at, actor,
        coalesce((select keys.role from keys where keys.id = actor), 'admin'),
        case when status = 'withdrawn' then 'DELETE' when revision = 1 then 'POST' else 'PUT' end,
        'participant-counts/' || participant_counts.id, trace_id, participant_counts.id, participant_counts.id
    from participant_counts;

-- The ledger is read by scope and time only: one index in the place of two.
alter table count_ledger drop constraint count_ledger_pkey;
drop index count_ledger_scope_index;
alter table count_ledger add constraint count_ledger_pkey primary key (campaign, measure, recorded_at, sequence);

-- How many counts there are, withdrawn ones included, so that a list of a million knows its length without counting.
-- Instances of the version before know nothing of it: stop them before they record any more.
alter table count_totals add column counts bigint not null default 0;
update count_totals
set counts = current.counts
from (
    select campaign, measure, to_date, count(*) as counts
    from current_participant_counts
    group by campaign, measure, to_date
) as current
where (count_totals.campaign, count_totals.measure, count_totals.to_date)
    = (current.campaign, current.measure, current.to_date);

-- As before, but in one query with a look into an index for each reference, however few or many rows there are: joins
-- would be planned once, for as many rows as there happened to be then.
create or replace function check_counts() returns trigger
    language plpgsql as $$
declare
    fault text;
begin
    select case when area is null then 'area' when enrolment is null then 'enrolment' else 'key' end
    into fault
    from (
        select
            (select true from areas where areas.id = added.area) as area,
            (
                select true
                from enrolments
                where enrolments.campaign = added.campaign and enrolments.organisation = added.organisation
            ) as enrolment,
            (
                select keys.organisation <> added.organisation
                from keys
                where keys.id = added.actor and keys.role = 'partner'
            ) as is_foreign
        from added
    ) as checked
    where area is null or enrolment is null or is_foreign
    limit 1;
    case fault
        when 'area' then
            raise exception 'a count needs an area' using errcode = 'foreign_key_violation';
        when 'enrolment' then
            raise exception 'a count needs an enrolment'
                using errcode = 'foreign_key_violation', constraint = 'participant_counts_enrolled';
        when 'key' then
            raise exception 'a partner key writes for its own organisation only'
                using errcode = 'insufficient_privilege';
        else null;
    end case;
    return null;
end;
$$;
