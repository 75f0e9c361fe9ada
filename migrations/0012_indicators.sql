-- Indicators, outside series such as a survey's, and goals that follow them (stock) or count municipalities (coverage).
create table indicators (
    id text not null,
    name jsonb not null,
    description jsonb,
    source text not null,
    unit text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint indicators_pkey primary key (id),
    constraint indicators_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80),
    constraint indicators_source_length check (length(source) between 1 and 500),
    constraint indicators_unit_length check (length(unit) between 1 and 80)
);

create index indicators_created_at_index on indicators (created_at, id);

-- Every row is one version of what was observed on a day, and the latest that was known counts. One without a value says
-- that there is no observation of that day any more.
create table observation_versions (
    indicator text not null,
    date date not null,
    -- from ledger_now()
    recorded_at timestamptz not null,
    value numeric,
    source text,
    constraint observation_versions_pkey primary key (indicator, date, recorded_at),
    constraint observation_versions_indicator_fkey foreign key (indicator) references indicators (id),
    constraint observation_versions_value_in_range check (value between -1000000000000 and 1000000000000 and scale(value) <= 6),
    constraint observation_versions_source_length check (length(source) between 1 and 500),
    constraint observation_versions_source_of_value check (source is null or value is not null)
);

create trigger observation_versions_append_only before update or delete or truncate on observation_versions
    for each statement execute function refuse_change();

-- Observations as they are now.
create view observations as
    select *
    from (
        select distinct on (indicator, date) indicator, date, recorded_at, value, source
        from observation_versions
        order by indicator, date, recorded_at desc
    ) as latest
    where value is not null;

-- What each kind of goal is computed from. A coverage goal may have its target in percent of the municipalities.
alter table goals add column indicator text;
-- "hasReport", and others of domain.md, section 4
alter table goals add column predicate jsonb;
alter table goals add column target_percent numeric;
alter table goals alter column target drop not null;
-- How often the indicator that a goal follows has changed, and when last: part of the version of a goal without a campaign.
alter table goals add column indicator_changes bigint not null default 0;
alter table goals add column indicator_changed_at timestamptz;
alter table goals drop constraint goals_kind_valid;
alter table goals drop constraint goals_measure_present;
alter table goals add constraint goals_indicator_fkey foreign key (indicator) references indicators (id);
alter table goals add constraint goals_kind_valid check (kind in ('contribution', 'stock', 'coverage'));
alter table goals add constraint goals_contribution_has_measure check ((kind = 'contribution') = (measure is not null));
alter table goals add constraint goals_stock_has_indicator check ((kind = 'stock') = (indicator is not null));
alter table goals add constraint goals_coverage_has_predicate check ((kind = 'coverage') = (predicate is not null));
alter table goals add constraint goals_target_given check (num_nonnulls(target, target_percent) = 1);
alter table goals add constraint goals_target_percent_of_coverage check (target_percent is null or kind = 'coverage');
alter table goals add constraint goals_target_percent_in_range check (target_percent between 0 and 100);
alter table goals add constraint goals_scope_of_counts check (
    kind = 'contribution'
    or (scope_organisations = '{}' and scope_kinds = '{}' and scope_channels = '{}'
        and (kind = 'coverage' or scope_areas = '{}')));

create index goals_indicator_index on goals (indicator) where indicator is not null;

-- The municipalities that a coverage goal is about: those in its areas, else those of its campaign's countries.
create function goal_municipalities(scope_areas text[], goal_campaign text) returns setof text
    language sql stable
begin atomic
    select areas.id
    from areas
    where level = 'municipality' and case
        when scope_areas <> '{}' then array[areas.id, areas.parent, areas.country] && scope_areas
        else areas.country = any((select countries from campaigns where campaigns.id = goal_campaign)::text[])
    end;
end;

-- How many they are; null for goals of other kinds.
create function goal_denominator(goal goals) returns bigint
    language sql stable
    return case when goal.kind = 'coverage' then (
        select count(*) from goal_municipalities(goal.scope_areas, goal.campaign)
    ) end;

-- Whether and since when a municipality has reported is looked up there, however many counts there are. Not by campaign
-- first: a table without statistics would be read through it where only a campaign's latest counts are asked for.
create index participant_counts_area_index on participant_counts (area, campaign, to_date) where status = 'accepted';
