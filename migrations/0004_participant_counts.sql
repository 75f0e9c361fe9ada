-- Participant counts: every row is one revision of a count and is never updated or deleted. The current revision is
-- the one that no later one follows; the first carries the reporter's own key.
create table participant_counts (
    id uuid not null,
    revision integer not null,
    organisation text not null,
    campaign text not null,
    measure text not null,
    value bigint not null,
    from_date date not null,
    to_date date not null,
    area text not null,
    channel text not null,
    evidence text,
    breakdowns jsonb,
    note text,
    external_id text,
    status text not null,
    late boolean not null,
    reason text,
    -- the key that did it; null for the set-up key, which has no row
    actor uuid,
    recorded_at timestamptz not null,
    constraint participant_counts_pkey primary key (id, revision),
    constraint participant_counts_enrolment_fkey foreign key (campaign, organisation)
        references enrolments (campaign, organisation),
    constraint participant_counts_area_fkey foreign key (area) references areas (id),
    constraint participant_counts_measure_valid check (measure in (
        'attendances', 'newlyIncluded', 'reached', 'activitiesHeld', 'supportersTrained')),
    constraint participant_counts_value_in_range check (value between 0 and 10000000),
    constraint participant_counts_dates_ordered check (from_date <= to_date),
    constraint participant_counts_channel_valid check (channel in ('onSite', 'remote', 'phone', 'mixed')),
    constraint participant_counts_evidence_valid check (evidence in ('selfAssessed', 'guideAssessed', 'estimated')),
    constraint participant_counts_evidence_present check (measure <> 'newlyIncluded' or evidence is not null),
    constraint participant_counts_external_id_length check (length(external_id) between 1 and 200),
    constraint participant_counts_status_valid check (status in ('accepted', 'withdrawn')),
    constraint participant_counts_reason_valid check (reason in (
        'typo', 'lateData', 'doubleCount', 'scope', 'definition', 'withdrawal', 'other')),
    constraint participant_counts_revision_positive check (revision >= 1)
);

-- Safe to repeat: one count per organisation and the reporter's own key.
create unique index participant_counts_external_id_key on participant_counts (organisation, external_id)
    where revision = 1;
-- The lists partners and coordinators ask for, newest first.
create index participant_counts_organisation_index on participant_counts (organisation, recorded_at, id);
create index participant_counts_campaign_index on participant_counts (campaign, recorded_at, id);

-- Counts as they are now.
create view current_participant_counts as
    select *
    from participant_counts
    where not exists (
        select from participant_counts as later
        where later.id = participant_counts.id and later.revision = participant_counts.revision + 1
    );

-- What changed what counts, and when: the total of any scope as known at an instant is the sum of delta over the rows
-- recorded until then. Kind and area are kept as they were when it was recorded.
create table count_ledger (
    sequence bigint generated always as identity,
    recorded_at timestamptz not null,
    count uuid not null,
    revision integer not null,
    campaign text not null,
    measure text not null,
    organisation text not null,
    kind text not null,
    area text not null,
    channel text not null,
    to_date date not null,
    delta bigint not null,
    constraint count_ledger_pkey primary key (sequence),
    constraint count_ledger_count_fkey foreign key (count, revision) references participant_counts (id, revision)
);

create index count_ledger_scope_index on count_ledger (campaign, measure, recorded_at);

-- The sum of the ledger by campaign, measure and day, kept in the same transaction and spread over shards so that
-- reports posted at the same time do not wait for one row. Its size follows the calendar, not the number of counts.
create table count_totals (
    campaign text not null,
    measure text not null,
    to_date date not null,
    shard smallint not null,
    value bigint not null,
    constraint count_totals_pkey primary key (campaign, measure, to_date, shard)
) with (fillfactor = 50);
