-- The service works as a role that may do what its statements need and no more: it cannot alter the schema, nor rewrite
-- the ledger or the audit trail, not even by switching triggers off. `digidel_service` is a group that no one logs in as; the
-- login role of DATABASE_URL is made a member of it. Migrations are applied by the owner of the tables
-- (MIGRATION_DATABASE_URL). A migration that makes a table also says what the service may do with it.
do $$
begin
    if exists (select from pg_roles where rolname = 'digidel_service') then
        return;
    end if;
    if not exists (select from pg_roles where rolname = current_user and (rolsuper or rolcreaterole)) then
        raise exception 'there is no role digidel_service and % may make none; as an administrator, run: create role digidel_service nologin',
            current_user using errcode = 'undefined_object';
    end if;
    create role digidel_service nologin;
exception
    -- Roles belong to the whole cluster: that of another database was quicker.
    when duplicate_object or unique_violation then null;
end;
$$;

-- Before PostgreSQL 15 everybody may make tables; who does not own the schema cannot take that away and is told so.
revoke create on schema public from public;
grant usage on schema public to digidel_service;

-- What is only read: what migrations fill, and what only the functions below write.
grant select on migrations, areas, list_totals, ledger_checkpoints to digidel_service;
grant select on current_participant_counts, count_changes, audit_trail, observations, news to digidel_service;

-- What is never changed once it is written.
grant select, insert on participant_counts, count_ledger, observation_versions, audit_events, guidance_sessions
    to digidel_service;

-- What has revisions, or sums what was written.
grant select, insert, update on
    organisations, campaign_series, campaigns, goals, indicators, projects, service_points, activities, agreements,
    publications, strategies, strategy_items, surveys, survey_responses, campaign_versions, count_totals
    to digidel_service;

-- What may go away again.
grant select, insert, update, delete on enrolments, idempotent_answers to digidel_service;

-- A key gets no other role and no other organisation, and none that is revoked comes back with another secret.
grant select, insert, update (last_used_at, revoked_at) on keys to digidel_service;
grant select, update (recorded_at) on ledger_clock to digidel_service;

-- Functions that write what the service may only read do so with their owner's rights. What their names mean nobody else
-- can decide.
alter function keep_list_total() security definer set search_path = pg_catalog, public, pg_temp;
alter function make_checkpoint(text, integer) security definer set search_path = pg_catalog, public, pg_temp;
revoke execute on function keep_list_total(), make_checkpoint(text, integer) from public;

grant execute on function
    campaign_state(campaigns, timestamptz), ledger_now(), ledger_settle(timestamptz),
    count_cells(text, text[], text, timestamptz, date, date), make_checkpoint(text, integer),
    goal_municipalities(text[], text), goal_denominator(goals), agreement_state(agreements, date),
    plain_spelling(text), words_apart(text), search_document(jsonb[]), search_query(text),
    distance_km(numeric, numeric, numeric, numeric)
    to digidel_service;
