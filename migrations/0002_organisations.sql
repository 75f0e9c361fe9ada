-- The network's members and partners. `parent` groups, it gives no power.
create table organisations (
    id text not null,
    kind text not null,
    area text not null,
    parent text,
    name jsonb not null,
    website text,
    contact_mailbox text,
    membership text not null default 'active',
    member_since date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint organisations_pkey primary key (id),
    constraint organisations_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80),
    constraint organisations_area_fkey foreign key (area) references areas (id),
    constraint organisations_parent_fkey foreign key (parent) references organisations (id),
    constraint organisations_kind_valid check (kind in (
        'municipality', 'region', 'library', 'regionalLibrary', 'studyAssociation', 'folkHighSchool',
        'agency', 'association', 'company', 'other')),
    constraint organisations_membership_valid check (membership in ('applied', 'active', 'suspended', 'left'))
);

create index organisations_area_index on organisations (area);
create index organisations_created_at_index on organisations (created_at, id);
