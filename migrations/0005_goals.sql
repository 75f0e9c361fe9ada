-- Goals. The kinds stock and coverage come with the resources that they are computed from.
create table goals (
    id text not null,
    name jsonb not null,
    description jsonb,
    campaign text,
    kind text not null,
    measure text,
    scope_areas text[] not null default '{}',
    scope_organisations text[] not null default '{}',
    scope_kinds text[] not null default '{}',
    scope_channels text[] not null default '{}',
    direction text not null,
    baseline_value numeric not null,
    baseline_date date,
    baseline_source text,
    target numeric not null,
    starts_on date not null,
    ends_on date not null,
    -- [{"date": date, "value": number}], ordered by date
    milestones jsonb not null default '[]',
    tolerance numeric not null default 0.15,
    cancelled boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint goals_pkey primary key (id),
    constraint goals_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80),
    constraint goals_campaign_fkey foreign key (campaign) references campaigns (id),
    constraint goals_kind_valid check (kind in ('contribution')),
    constraint goals_measure_valid check (measure in (
        'attendances', 'newlyIncluded', 'reached', 'activitiesHeld', 'supportersTrained')),
    constraint goals_measure_present check (kind <> 'contribution' or measure is not null),
    constraint goals_direction_valid check (direction in ('up', 'down')),
    constraint goals_target_ahead check (case direction when 'up' then target > baseline_value else target < baseline_value end),
    constraint goals_dates_ordered check (starts_on <= ends_on),
    constraint goals_tolerance_in_range check (tolerance >= 0 and tolerance < 0.5)
);

create index goals_campaign_index on goals (campaign);
create index goals_created_at_index on goals (created_at, id);
