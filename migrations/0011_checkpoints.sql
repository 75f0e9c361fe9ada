-- Sums of what counts, one way of dividing it at a time, that cost the same however many counts there are.

-- Every change of what counts, with all that is known of it: a revision that counts, and the revision before it taken
-- back. `reports` is the change of how many counts count.
create view count_changes as
    select recorded_at, campaign, measure, organisation, kind, area, channel, evidence, breakdowns, from_date, to_date,
        value as delta, 1 as reports
    from participant_counts
    where status = 'accepted'
    union all
    select later.recorded_at, later.campaign, previous.measure, previous.organisation, previous.kind, previous.area,
        previous.channel, previous.evidence, previous.breakdowns, previous.from_date, previous.to_date,
        -previous.value, -1
    from participant_counts as later
    join participant_counts as previous on previous.id = later.id and previous.revision = later.revision - 1
    where later.revision > 1 and previous.status = 'accepted';

-- Few counts are ever corrected: what is taken back is looked for among those.
create index participant_counts_corrected_index on participant_counts (campaign, recorded_at) where revision > 1;

-- The sums over a campaign's changes up to and with an instant. Nothing is recorded at or before an instant that is past,
-- so a checkpoint that is made stays true. What was known at any instant is the last checkpoint before it and the changes
-- since, a few thousand of them. The service makes checkpoints behind what is recorded; any of them can be deleted.
--
-- The arrays are the columns of a table of cells. A cell of the dimension `day` is what was reported for a period from
-- the day `keys` to the day `starts`; a cell of any other dimension is what was reported for periods that end in the
-- month that starts on `starts`. A key is null where reports do not say.
create table ledger_checkpoints (
    campaign text not null,
    recorded_at timestamptz not null,
    measure text not null,
    dimension text not null,
    starts date[] not null,
    keys text[] not null,
    amounts bigint[] not null,
    -- how many counts a cell is made of
    reports bigint[] not null,
    constraint ledger_checkpoints_pkey primary key (campaign, recorded_at, measure, dimension),
    constraint ledger_checkpoints_dimension_valid check (dimension in (
        'day', 'area', 'organisation', 'kind', 'channel', 'evidence', 'gender', 'age', 'priorUse'))
);

-- The cells of one dimension of a campaign, from one day to another, as they were known at an instant. A function, so
-- that the changes since the checkpoint are planned for knowing its instant, and whatever it is part of for thousands of
-- rows.
create function count_cells(
    campaign text, measures text[], dimension text, known_at timestamptz, first_day date, last_day date)
    returns table (measure text, starts_on date, key text, amount bigint, reports bigint)
    language plpgsql stable rows 10000
    -- A plan that is kept may be one for a table that was nearly empty when it was made.
    set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    folded_to timestamptz := coalesce(
        (
            select max(recorded_at)
            from ledger_checkpoints
            where ledger_checkpoints.campaign = count_cells.campaign and recorded_at <= known_at
        ),
        '-infinity');
begin
    -- Months are taken whole.
    if count_cells.dimension <> 'day' then
        first_day := date_trunc('month', first_day::timestamp);
        last_day := date_trunc('month', last_day::timestamp) + interval '1 month - 1 day';
    end if;
    return query
        select *
        from (
            -- Arrays come apart four times as fast here as behind `from`.
            select checkpoint.measure, unnest(starts) as starts_on, unnest(keys), unnest(amounts),
                unnest(checkpoint.reports)
            from ledger_checkpoints as checkpoint
            where checkpoint.campaign = count_cells.campaign and checkpoint.recorded_at = folded_to
                and checkpoint.measure = any(measures) and checkpoint.dimension = count_cells.dimension
        ) as cells
        where cells.starts_on between first_day and last_day;
    if count_cells.dimension in ('gender', 'age', 'priorUse') then
        return query
            select changes.measure, date_trunc('month', to_date::timestamp)::date, cell.key,
                coalesce(cell.value::bigint * changes.reports, delta), changes.reports::bigint
            from (
                -- As below.
                select * from count_changes
                where count_changes.campaign = count_cells.campaign and recorded_at > folded_to and recorded_at <= known_at
                offset 0
            ) as changes
            left join lateral jsonb_each_text(breakdowns -> count_cells.dimension) as cell on true
            where changes.measure = any(measures) and to_date between first_day and last_day;
    else
        return query
            select changes.measure,
                case count_cells.dimension when 'day' then to_date else date_trunc('month', to_date::timestamp)::date end,
                case count_cells.dimension when 'day' then from_date::text when 'area' then area
                    when 'organisation' then organisation when 'kind' then kind when 'channel' then channel
                    when 'evidence' then evidence end,
                delta, changes.reports::bigint
            from (
                -- By when they were recorded, whatever else is asked: without statistics of the table other indexes seem as
                -- good, and all counts are looked through.
                select * from count_changes
                where count_changes.campaign = count_cells.campaign and recorded_at > folded_to and recorded_at <= known_at
                offset 0
            ) as changes
            where changes.measure = any(measures) and to_date between first_day and last_day;
    end if;
end;
$$;

-- Makes the next checkpoint of a campaign if there are so many changes since the last one; returns whether it did.
create function make_checkpoint(campaign text, changes_needed integer) returns boolean
    language plpgsql as $$
#variable_conflict use_column
declare
    folded_to timestamptz := coalesce(
        (select max(recorded_at) from ledger_checkpoints where ledger_checkpoints.campaign = make_checkpoint.campaign),
        '-infinity');
    until timestamptz := (
        select recorded_at
        from participant_counts
        where participant_counts.campaign = make_checkpoint.campaign and recorded_at > folded_to
        order by recorded_at
        offset changes_needed - 1
        limit 1);
begin
    if until is null then
        return false;
    end if;
    -- What the next checkpoint is made of stays until it is made.
    perform from ledger_checkpoints
    where ledger_checkpoints.campaign = make_checkpoint.campaign and recorded_at = folded_to
    for key share;
    if folded_to > '-infinity' and not found then
        return false;
    end if;
    insert into ledger_checkpoints (campaign, recorded_at, measure, dimension, starts, keys, amounts, reports)
    with changes as materialized (
        select *, date_trunc('month', to_date::timestamp)::date as month
        from count_changes
        where count_changes.campaign = make_checkpoint.campaign and count_changes.recorded_at > folded_to
            and count_changes.recorded_at <= until
    ), cells as (
        select measure, dimension, unnest(starts) as starts_on, unnest(keys) as key, unnest(amounts) as amount,
            unnest(checkpoint.reports) as reports
        from ledger_checkpoints as checkpoint
        where checkpoint.campaign = make_checkpoint.campaign and checkpoint.recorded_at = folded_to
        union all
        select measure,
            case 0 when grouping(to_date) then 'day' when grouping(area) then 'area'
                when grouping(organisation) then 'organisation' when grouping(kind) then 'kind'
                when grouping(channel) then 'channel' else 'evidence' end,
            coalesce(to_date, month), coalesce(from_date::text, area, organisation, kind, channel, evidence),
            sum(delta), sum(reports)
        from changes
        group by grouping sets (
            (measure, to_date, from_date), (measure, month, area), (measure, month, organisation),
            (measure, month, kind), (measure, month, channel), (measure, month, evidence))
        union all
        select measure, divided.dimension, month, cell.key,
            sum(coalesce(cell.value::bigint * reports, delta)), sum(reports)
        from changes
        cross join (values ('gender'), ('age'), ('priorUse')) as divided (dimension)
        left join lateral jsonb_each_text(breakdowns -> divided.dimension) as cell on true
        group by measure, divided.dimension, month, cell.key
    ), sums as (
        select measure, dimension, starts_on, key, sum(amount)::bigint as amount, sum(reports)::bigint as reports
        from cells
        group by measure, dimension, starts_on, key
        -- What all counts have left is as if it had never been.
        having sum(reports) <> 0
    )
    select make_checkpoint.campaign, until, measure, dimension,
        array_agg(starts_on), array_agg(key), array_agg(amount), array_agg(reports)
    from sums
    group by measure, dimension
    order by measure, dimension
    -- Another instance was quicker.
    on conflict do nothing;
    return found;
end;
$$;
