-- Searching and counting what lists have.

-- A text as it is often typed on another keyboard: small letters, å ä → a, ö ø → o, æ → ae, other accents left out.
create function plain_spelling(spelled text) returns text
    language sql immutable parallel safe strict
    return regexp_replace(
        replace(replace(replace(normalize(lower(spelled collate "und-x-icu"), nfd), 'æ', 'ae'), 'ø', 'o'), 'ß', 'ss'),
        '[\u0300-\u036f]', '', 'g');

-- A text without what the parser of words would take for part of one: no-break blanks, and the slashes of a path.
create function words_apart(joined text) returns text
    language sql immutable parallel safe strict
    return translate(joined, U&'/\00A0', '  ');

-- What `search_query` finds in localised texts: each text's words as its language bends them, as they stand and in plain
-- spelling. The collation is named because that of a database may know no letters but a to z.
create function search_document(variadic localised jsonb[]) returns tsvector
    language sql immutable parallel safe cost 10000
begin atomic
    select
        to_tsvector('pg_catalog.swedish', coalesce(string_agg(concat_ws(' ', small ->> 'sv', plain ->> 'sv'), ' '), ''))
        || to_tsvector('pg_catalog.norwegian', coalesce(string_agg(concat_ws(' ', small ->> 'nb', plain ->> 'nb'), ' '), ''))
        || to_tsvector('pg_catalog.danish', coalesce(string_agg(concat_ws(' ', small ->> 'da', plain ->> 'da'), ' '), ''))
        || to_tsvector('pg_catalog.english', coalesce(string_agg(concat_ws(' ', small ->> 'en', plain ->> 'en'), ' '), ''))
        || to_tsvector('pg_catalog.simple', coalesce(string_agg(concat_ws(
            ' ', plain ->> 'sv', plain ->> 'nb', plain ->> 'da', plain ->> 'en'), ' '), ''))
    from unnest(localised) as texts
    cross join words_apart(texts::text) as words
    cross join cast(lower(words collate "und-x-icu") as jsonb) as small
    cross join cast(plain_spelling(words) as jsonb) as plain;
end;

-- Finds texts that have all the words: bent in any way that one of the languages bends them, or the beginnings of words in
-- plain spelling.
create function search_query(words text) returns tsquery
    language sql immutable parallel safe strict
begin atomic
    select plainto_tsquery('pg_catalog.swedish', small) || plainto_tsquery('pg_catalog.swedish', plain)
        || plainto_tsquery('pg_catalog.norwegian', small) || plainto_tsquery('pg_catalog.norwegian', plain)
        || plainto_tsquery('pg_catalog.danish', small) || plainto_tsquery('pg_catalog.danish', plain)
        || plainto_tsquery('pg_catalog.english', small) || plainto_tsquery('pg_catalog.english', plain)
        || coalesce((
            select string_agg(format('''%s'':*', replace(replace(word, '\', '\\'), '''', '''''')), ' & ')::tsquery
            from unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', plain))) as word
        ), plainto_tsquery('pg_catalog.simple', ''))
    from words_apart(words) as apart
    cross join lower(apart collate "und-x-icu") as small
    cross join plain_spelling(apart) as plain;
end;

create index areas_search_index on areas using gin (search_document(name));
create index organisations_search_index on organisations using gin (search_document(name));
create index campaigns_search_index on campaigns using gin (search_document(name, description));
create index campaign_series_search_index on campaign_series using gin (search_document(name, description));
create index goals_search_index on goals using gin (search_document(name, description));
create index indicators_search_index on indicators using gin (search_document(name, description));

-- How many rows a table has, by what its lists are within: an organisation, a survey. Counting 100 000 rows for each
-- page costs more than reading the page. Spread over shards, so that writers seldom wait for each other.
create table list_totals (
    list text not null,
    parent text not null,
    shard smallint not null,
    records bigint not null,
    constraint list_totals_pkey primary key (list, parent, shard)
) with (fillfactor = 50);

-- Keeps `list_totals` for its table; its argument is the column that says what a row is within, if there is one.
create function keep_list_total() returns trigger
    language plpgsql as $$
begin
    if not exists (select from changed) then
        return null;
    end if;
    execute format(
        'insert into list_totals (list, parent, shard, records)
        select %L, %s, pg_backend_pid() %% 4, %s * count(*) from changed group by 2 order by 2
        on conflict (list, parent, shard) do update set records = list_totals.records + excluded.records',
        tg_table_name,
        case when tg_nargs = 0 then quote_literal('') else format('changed.%I::text', tg_argv[0]) end,
        case tg_op when 'INSERT' then 1 else -1 end);
    return null;
end;
$$;

create trigger organisations_total after insert on organisations
    referencing new table as changed for each statement execute function keep_list_total();
create trigger campaigns_total after insert on campaigns
    referencing new table as changed for each statement execute function keep_list_total();
create trigger campaign_series_total after insert on campaign_series
    referencing new table as changed for each statement execute function keep_list_total();
create trigger goals_total after insert on goals
    referencing new table as changed for each statement execute function keep_list_total();
create trigger indicators_total after insert on indicators
    referencing new table as changed for each statement execute function keep_list_total();
create trigger keys_total after insert on keys
    referencing new table as changed for each statement execute function keep_list_total();
create trigger audit_events_total after insert on audit_events
    referencing new table as changed for each statement execute function keep_list_total();
create trigger enrolments_total after insert on enrolments
    referencing new table as changed for each statement execute function keep_list_total('campaign');
create trigger enrolments_total_less after delete on enrolments
    referencing old table as changed for each statement execute function keep_list_total('campaign');

insert into list_totals (list, parent, shard, records)
select 'organisations', '', 0, count(*) from organisations
union all select 'campaigns', '', 0, count(*) from campaigns
union all select 'campaign_series', '', 0, count(*) from campaign_series
union all select 'goals', '', 0, count(*) from goals
union all select 'indicators', '', 0, count(*) from indicators
union all select 'keys', '', 0, count(*) from keys
union all select 'audit_events', '', 0, count(*) from audit_events
union all select 'enrolments', campaign, 0, count(*) from enrolments group by campaign;

-- What the public sees is all but these.
create index campaigns_draft_index on campaigns (id) where announced_at is null;

-- The order of lists that had no index for it, and what is looked up for each campaign of a list.
create index campaign_series_created_at_index on campaign_series (created_at, id);
create index keys_created_at_index on keys (created_at, id);
create index campaigns_predecessor_index on campaigns (predecessor);
