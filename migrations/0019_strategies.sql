-- Strategies, and what becomes of them when, for whom.
create table strategies (
    id text not null,
    name jsonb not null,
    description jsonb,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint strategies_pkey primary key (id),
    constraint strategies_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80)
);

create index strategies_created_at_index on strategies (created_at, id);
create index strategies_search_index on strategies using gin (search_document(name, description));

create trigger strategies_total after insert on strategies
    referencing new table as changed for each statement execute function keep_list_total();

create table strategy_items (
    id uuid not null,
    strategy text not null,
    focus_area_number integer,
    focus_area_name jsonb,
    -- the day, or all that is known of it, the year
    date date,
    year integer,
    kind text not null,
    title jsonb not null,
    affected_groups text[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint strategy_items_pkey primary key (id),
    constraint strategy_items_strategy_fkey foreign key (strategy) references strategies (id),
    constraint strategy_items_focus_area_whole check ((focus_area_number is null) = (focus_area_name is null)),
    constraint strategy_items_date_or_year check (num_nonnulls(date, year) = 1),
    constraint strategy_items_year_in_range check (year between 1900 and 9999),
    constraint strategy_items_kind_valid check (kind in ('obligation', 'milestone', 'publication'))
);

-- In the order in which they come true.
create index strategy_items_date_index on strategy_items (strategy, coalesce(date, make_date(year, 1, 1)), id);

create trigger strategy_items_total after insert on strategy_items
    referencing new table as changed for each statement execute function keep_list_total('strategy');
