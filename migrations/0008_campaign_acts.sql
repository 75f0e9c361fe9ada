-- A campaign is a draft until it is announced. Campaigns that are there already were announced when they were created.
alter table campaigns add column announced_at timestamptz;
update campaigns set announced_at = created_at;
-- The version of the service before this one writes none: its campaigns are announced at once.
alter table campaigns alter column announced_at set default now();

-- The clock decides a campaign's state, except for the acts announce, lock and cancel (domain.md, section 2).
create or replace function campaign_state(campaign campaigns, at timestamptz) returns text
    language sql stable
    return case
        when campaign.cancelled_at is not null then 'cancelled'
        when campaign.locked_at is not null then 'locked'
        when campaign.announced_at is null then 'draft'
        when (at at time zone campaign.time_zone)::date < campaign.starts_on then 'announced'
        when (at at time zone campaign.time_zone)::date <= campaign.ends_on then 'running'
        when at <= coalesce(campaign.closes_at, 'infinity') then 'reporting'
        else 'closed'
    end;

alter table enrolments add constraint enrolments_exempt_reason_length
    check (length(exempt_reason) between 1 and 500);

-- Whether an organisation has reported to a campaign, and when first: completeness asks it of every organisation, and
-- must not read all its counts to know.
create index participant_counts_first_report_index on participant_counts (campaign, organisation, recorded_at)
    where revision = 1;
create index participant_counts_withdrawal_index on participant_counts (id, recorded_at)
    where status = 'withdrawn';
