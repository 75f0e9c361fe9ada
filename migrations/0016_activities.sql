-- What was done, when that may be known to the season only.
create table activities (
    id uuid not null,
    campaign text,
    project text,
    organiser text not null,
    co_organisers text[] not null default '{}',
    type text not null,
    title jsonb not null,
    area text not null,
    service_point text,
    visited_service_points text[] not null default '{}',
    visited_organisations text[] not null default '{}',
    from_date date not null,
    to_date date not null,
    precision text not null,
    languages text[] not null default '{}',
    target_groups text[] not null default '{}',
    topics text[] not null default '{}',
    free_of_charge boolean,
    url text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint activities_pkey primary key (id),
    constraint activities_campaign_fkey foreign key (campaign) references campaigns (id),
    constraint activities_project_fkey foreign key (project) references projects (id),
    constraint activities_organiser_fkey foreign key (organiser) references organisations (id),
    constraint activities_area_fkey foreign key (area) references areas (id),
    constraint activities_service_point_fkey foreign key (service_point) references service_points (id),
    constraint activities_type_valid check (type in (
        'course', 'dropIn', 'workshop', 'lecture', 'conference', 'studyVisit', 'survey', 'mapping', 'interview', 'fair',
        'other')),
    constraint activities_dates_ordered check (from_date <= to_date),
    constraint activities_precision_valid check (precision in ('day', 'month', 'season', 'halfYear', 'year'))
);

create index activities_created_at_index on activities (created_at, id);
create index activities_campaign_index on activities (campaign);
create index activities_project_index on activities (project);
create index activities_organiser_index on activities (organiser, created_at);
create index activities_area_index on activities (area, to_date);
create index activities_to_date_index on activities (to_date, from_date);
create index activities_visited_index on activities using gin (visited_service_points, visited_organisations);
create index activities_search_index on activities using gin (search_document(title));

create trigger activities_total after insert on activities
    referencing new table as changed for each statement execute function keep_list_total();
