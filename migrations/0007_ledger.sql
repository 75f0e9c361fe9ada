-- The ledger's clock: one row. Whoever writes what an answer is made of takes its next instant first and holds the row
-- until he commits, so that instants follow one another in the order of commits: what is known as of an instant that was
-- answered for never changes. Writers wait for each other by this; counts that arrive together are written together.
create table ledger_clock (
    id boolean not null default true,
    recorded_at timestamptz not null,
    constraint ledger_clock_pkey primary key (id),
    constraint ledger_clock_one_row check (id)
) with (fillfactor = 10);

insert into ledger_clock (recorded_at) select coalesce(max(recorded_at), 'epoch') from participant_counts;

-- Else plans are made for the many rows that a table without statistics might have.
analyze ledger_clock;

-- The next instant. Take it before anything else that others may hold.
create function ledger_now() returns timestamptz
    language sql
begin atomic
    update ledger_clock
    set recorded_at = greatest(clock_timestamp(), recorded_at + interval '1 microsecond')
    where id
    returning recorded_at;
end;

-- Nothing will be recorded at or before `instant` from now on: needed only before the first answer as of an instant that
-- is later than all that was recorded.
create function ledger_settle(instant timestamptz) returns void
    language sql
begin atomic
    update ledger_clock set recorded_at = instant where id and recorded_at < instant;
end;

-- Under one clock nothing is gained by spreading totals and versions over shards.
alter table campaign_versions rename to sharded_versions;
alter table sharded_versions rename constraint campaign_versions_pkey to sharded_versions_pkey;
alter table sharded_versions rename constraint campaign_versions_campaign_fkey to sharded_versions_campaign_fkey;

create table campaign_versions (
    campaign text not null,
    version bigint not null,
    changed_at timestamptz not null,
    constraint campaign_versions_pkey primary key (campaign),
    constraint campaign_versions_campaign_fkey foreign key (campaign) references campaigns (id)
) with (fillfactor = 50);

insert into campaign_versions (campaign, version, changed_at)
select campaign, sum(version), max(changed_at) from sharded_versions group by campaign;

drop table sharded_versions;

alter table count_totals rename to sharded_totals;
alter table sharded_totals rename constraint count_totals_pkey to sharded_totals_pkey;

create table count_totals (
    campaign text not null,
    measure text not null,
    to_date date not null,
    value bigint not null,
    constraint count_totals_pkey primary key (campaign, measure, to_date)
) with (fillfactor = 50);

insert into count_totals (campaign, measure, to_date, value)
select campaign, measure, to_date, sum(value) from sharded_totals group by campaign, measure, to_date;

drop table sharded_totals;
drop function connection_shard();

-- A revision knows the organisation's kind as it was, so that the ledger follows from the revisions alone, and the trace
-- of the request that made it, so that it is its own line in the audit trail.
alter table participant_counts add column kind text;
alter table participant_counts add column trace_id text;
update participant_counts
set kind = count_ledger.kind, trace_id = repeat('0', 32)
from count_ledger
where count_ledger.count = participant_counts.id and count_ledger.revision = participant_counts.revision;
alter table participant_counts alter column kind set not null;
alter table participant_counts alter column trace_id set not null;

-- In the order in which they were recorded rows lie on disk: this index is some pages small.
create index participant_counts_recorded_at_index on participant_counts using brin (recorded_at);

-- The ledger is written by the statement that writes the revision, and by nothing else.
alter table count_ledger drop constraint count_ledger_count_fkey;

-- Neither revisions nor the ledger are ever changed, whoever tries, the service's own role included.
create function refuse_change() returns trigger
    language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end;
$$;

create trigger participant_counts_append_only before update or delete or truncate on participant_counts
    for each statement execute function refuse_change();
create trigger count_ledger_append_only before update or delete or truncate on count_ledger
    for each statement execute function refuse_change();

-- What a foreign key asks for row by row is asked for all rows of a statement at once, which halves what it costs to
-- record them: there are 10 000 in a batch. Areas are never deleted; enrolments only while they have no counts.
alter table participant_counts drop constraint participant_counts_enrolment_fkey;
alter table participant_counts drop constraint participant_counts_area_fkey;

create function check_counts() returns trigger
    language plpgsql as $$
begin
    if exists (
        select from added
        where not exists (select from areas where areas.id = added.area)
            or not exists (
                select from enrolments
                where enrolments.campaign = added.campaign and enrolments.organisation = added.organisation)
    ) then
        raise exception 'a count needs an area and an enrolment' using errcode = 'foreign_key_violation';
    end if;
    -- A partner's key writes for its own organisation only, even if a handler should forget to ask.
    if exists (
        select
        from added
        join keys on keys.id = added.actor
        where keys.role = 'partner' and keys.organisation <> added.organisation
    ) then
        raise exception 'a partner key writes for its own organisation only' using errcode = 'insufficient_privilege';
    end if;
    return null;
end;
$$;

create function keep_reporters() returns trigger
    language plpgsql as $$
begin
    if exists (
        select from participant_counts
        where participant_counts.campaign = old.campaign and participant_counts.organisation = old.organisation
    ) then
        raise exception 'the organisation has reported'
            using errcode = 'restrict_violation', constraint = 'enrolments_not_reported';
    end if;
    return old;
end;
$$;

create trigger enrolments_kept before delete on enrolments
    for each row execute function keep_reporters();

create trigger participant_counts_checked after insert on participant_counts
    referencing new table as added
    for each statement execute function check_counts();
