-- Guidance given to somebody, of whom nothing is known.
create table guidance_sessions (
    id uuid not null,
    organisation text not null,
    service_point text,
    -- where: the service point's area, else the organisation's, as it was
    area text not null,
    date date not null,
    topics text[] not null default '{}',
    channel text not null,
    outcome text not null,
    obstacles text[] not null default '{}',
    learned_through text,
    travel_km numeric,
    duration_minutes integer,
    language text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint guidance_sessions_pkey primary key (id),
    constraint guidance_sessions_organisation_fkey foreign key (organisation) references organisations (id),
    constraint guidance_sessions_service_point_fkey foreign key (service_point) references service_points (id),
    constraint guidance_sessions_area_fkey foreign key (area) references areas (id),
    constraint guidance_sessions_channel_valid check (channel in ('onSite', 'remote', 'phone', 'mixed')),
    constraint guidance_sessions_outcome_valid check (outcome in ('solved', 'partly', 'referred', 'notSolved')),
    constraint guidance_sessions_travel_in_range check (travel_km between 0 and 20000),
    constraint guidance_sessions_duration_in_range check (duration_minutes between 0 and 1440)
);

create index guidance_sessions_created_at_index on guidance_sessions (created_at, id);
create index guidance_sessions_organisation_index on guidance_sessions (organisation, created_at, id);
create index guidance_sessions_date_index on guidance_sessions (date);

create trigger guidance_sessions_total after insert on guidance_sessions
    referencing new table as changed for each statement execute function keep_list_total('organisation');
