-- Campaigns, the series whose editions they are, and who has joined them.
create table campaign_series (
    id text not null,
    name jsonb not null,
    description jsonb,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint campaign_series_pkey primary key (id),
    constraint campaign_series_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80)
);

create table campaigns (
    id text not null,
    series text,
    name jsonb not null,
    description jsonb,
    starts_on date not null,
    ends_on date not null,
    countries text[] not null,
    organiser text not null,
    partners text[] not null default '{}',
    -- [{"funder": text, "amount": number?, "currency": text?}]: shown, never searched
    funding jsonb not null default '[]',
    time_zone text not null default 'Europe/Stockholm',
    predecessor text,
    measures text[] not null,
    opens_at timestamptz,
    due_at timestamptz,
    closes_at timestamptz,
    locked_at timestamptz,
    cancelled_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint campaigns_pkey primary key (id),
    constraint campaigns_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80),
    constraint campaigns_series_fkey foreign key (series) references campaign_series (id),
    constraint campaigns_organiser_fkey foreign key (organiser) references organisations (id),
    constraint campaigns_predecessor_fkey foreign key (predecessor) references campaigns (id),
    constraint campaigns_dates_ordered check (starts_on <= ends_on),
    constraint campaigns_not_own_predecessor check (predecessor <> id),
    constraint campaigns_countries_valid check (cardinality(countries) > 0 and countries <@ array['se', 'no', 'dk']),
    constraint campaigns_measures_valid check (cardinality(measures) > 0 and measures <@ array[
        'attendances', 'newlyIncluded', 'reached', 'activitiesHeld', 'supportersTrained']),
    constraint campaigns_reporting_ordered check (opens_at <= due_at and due_at <= closes_at and opens_at <= closes_at)
);

create index campaigns_series_index on campaigns (series);
create index campaigns_created_at_index on campaigns (created_at, id);

-- The clock decides a campaign's state, except for the acts lock and cancel (domain.md, section 2).
create function campaign_state(campaign campaigns, at timestamptz) returns text
    language sql stable
    return case
        when campaign.cancelled_at is not null then 'cancelled'
        when campaign.locked_at is not null then 'locked'
        when (at at time zone campaign.time_zone)::date < campaign.starts_on then 'announced'
        when (at at time zone campaign.time_zone)::date <= campaign.ends_on then 'running'
        when at <= coalesce(campaign.closes_at, 'infinity') then 'reporting'
        else 'closed'
    end;

create table enrolments (
    campaign text not null,
    organisation text not null,
    -- counts in completeness; an organisation that enrolled itself by reporting was not expected
    expected boolean not null,
    exempt_reason text,
    enrolled_on date not null,
    constraint enrolments_pkey primary key (campaign, organisation),
    constraint enrolments_campaign_fkey foreign key (campaign) references campaigns (id),
    constraint enrolments_organisation_fkey foreign key (organisation) references organisations (id)
);

-- The version of a campaign's figures: the sum over its shards, so that reports posted at the same time by different
-- connections do not wait for one row. Every change that can alter an answer adds to one shard in its own transaction.
create table campaign_versions (
    campaign text not null,
    shard smallint not null,
    version bigint not null,
    changed_at timestamptz not null,
    constraint campaign_versions_pkey primary key (campaign, shard),
    constraint campaign_versions_campaign_fkey foreign key (campaign) references campaigns (id)
) with (fillfactor = 50);

-- A connection's shard, out of 64.
create function connection_shard() returns smallint
    language sql stable
    return (pg_backend_pid() % 64)::smallint;
