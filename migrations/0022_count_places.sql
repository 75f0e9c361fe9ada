-- Where a count comes from: the activity and the service point, for those that say so. The service checks that there are
-- such things; they are never deleted, and a foreign key would cost every count something.
alter table participant_counts
    add column activity uuid,
    add column service_point text;

-- With the new columns.
create or replace view current_participant_counts as
    select *
    from participant_counts
    where not exists (
        select from participant_counts as later
        where later.id = participant_counts.id and later.revision = participant_counts.revision + 1
            and later.revision > 1
    );
