-- Learning material, reports, recommendations, guides.
create table publications (
    id text not null,
    title jsonb not null,
    description jsonb,
    kind text not null,
    publisher text not null,
    campaign text,
    project text,
    languages text[] not null default '{}',
    topics text[] not null default '{}',
    target_groups text[] not null default '{}',
    licence text,
    -- [{"mediaType", "url"}]
    formats jsonb not null default '[]',
    published_on date not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint publications_pkey primary key (id),
    constraint publications_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80),
    constraint publications_publisher_fkey foreign key (publisher) references organisations (id),
    constraint publications_campaign_fkey foreign key (campaign) references campaigns (id),
    constraint publications_project_fkey foreign key (project) references projects (id),
    constraint publications_kind_valid check (kind in ('learningMaterial', 'report', 'recommendation', 'guide')),
    constraint publications_licence_length check (length(licence) between 1 and 200)
);

create index publications_created_at_index on publications (created_at, id);
create index publications_publisher_index on publications (publisher);
create index publications_campaign_index on publications (campaign);
create index publications_project_index on publications (project);
create index publications_published_on_index on publications (published_on);
create index publications_search_index on publications using gin (search_document(title, description));

create trigger publications_total after insert on publications
    referencing new table as changed for each statement execute function keep_list_total();
