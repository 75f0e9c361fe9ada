-- What organisations have agreed on.
create table agreements (
    id text not null,
    parties text[] not null,
    subject jsonb not null,
    signed_on date not null,
    valid_from date not null,
    valid_to date,
    terminated_on date,
    -- [{"sv": ...}]
    deliverables jsonb not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint agreements_pkey primary key (id),
    constraint agreements_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80),
    constraint agreements_parties_present check (cardinality(parties) > 0),
    constraint agreements_dates_ordered check (valid_from <= valid_to),
    constraint agreements_terminated_after_signing check (signed_on <= terminated_on)
);

create index agreements_created_at_index on agreements (created_at, id);
create index agreements_parties_index on agreements using gin (parties);
create index agreements_search_index on agreements using gin (search_document(subject));

create trigger agreements_total after insert on agreements
    referencing new table as changed for each statement execute function keep_list_total();

-- How it stands on a day.
create function agreement_state(agreement agreements, today date) returns text
    language sql immutable
    return case
        when agreement.terminated_on <= today then 'terminated'
        when today < agreement.valid_from then 'signed'
        when today > agreement.valid_to then 'expired'
        else 'inForce'
    end;
