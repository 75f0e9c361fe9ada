-- Local efforts, within a campaign or on their own.
create table projects (
    id text not null,
    owner text not null,
    partners text[] not null default '{}',
    campaign text,
    areas text[] not null default '{}',
    name jsonb not null,
    description jsonb,
    starts_on date not null,
    ends_on date,
    -- [{"funder", "amount"?, "currency"?}]
    funding jsonb not null default '[]',
    phase text not null default 'regular',
    -- [{"date", "title": {"sv": ...}}]
    milestones jsonb not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint projects_pkey primary key (id),
    constraint projects_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80),
    constraint projects_owner_fkey foreign key (owner) references organisations (id),
    constraint projects_campaign_fkey foreign key (campaign) references campaigns (id),
    constraint projects_dates_ordered check (starts_on <= ends_on),
    constraint projects_phase_valid check (phase in ('pilot', 'rollout', 'regular'))
);

create index projects_created_at_index on projects (created_at, id);
create index projects_owner_index on projects (owner);
create index projects_campaign_index on projects (campaign);
create index projects_partners_index on projects using gin (partners);
create index projects_areas_index on projects using gin (areas);
create index projects_search_index on projects using gin (search_document(name, description));

create trigger projects_total after insert on projects
    referencing new table as changed for each statement execute function keep_list_total();
