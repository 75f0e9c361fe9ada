-- Who did what and when, with the trace of the request; counts are their own trail (participant_counts).
create table audit_events (
    id uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    -- the key that did it; null for the set-up key, which has no row
    actor uuid,
    role text not null,
    -- as HTTP has it, such as PUT
    method text not null,
    -- what was written, as its path below the API's base: campaigns/digidel2013
    object text not null,
    trace_id text not null,
    constraint audit_events_pkey primary key (id)
);

create index audit_events_recorded_at_index on audit_events (recorded_at, id);
create index audit_events_object_index on audit_events (object, recorded_at);
create index audit_events_actor_index on audit_events (actor, recorded_at);

create trigger audit_events_append_only before update or delete or truncate on audit_events
    for each statement execute function refuse_change();

-- Answers to POST requests that had an Idempotency-Key, to be given again for a day. A row stands for one key of one
-- caller for one address; it is written in the transaction of what it answers.
create table idempotent_answers (
    -- SHA-256 over the caller's key, the method, the path with its query, and the Idempotency-Key
    scope bytea not null,
    -- SHA-256 of the request's body
    body_digest bytea not null,
    status integer not null,
    -- [[name, value]], in their order
    fields jsonb not null,
    body text not null,
    created_at timestamptz not null default clock_timestamp(),
    constraint idempotent_answers_pkey primary key (scope)
);

create index idempotent_answers_created_at_index on idempotent_answers (created_at);

-- The audit trail as a whole. `count` is set where the object is a count.
create view audit_trail as
    select id::text, recorded_at, actor, role, method, object, trace_id, null::uuid as count
    from audit_events
    union all
    select participant_counts.id || '.' || revision, recorded_at, actor, coalesce(keys.role, 'admin'),
        case when status = 'withdrawn' then 'DELETE' when revision = 1 then 'POST' else 'PUT' end,
        'participant-counts/' || participant_counts.id, trace_id, participant_counts.id
    from participant_counts
    left join keys on keys.id = actor;
