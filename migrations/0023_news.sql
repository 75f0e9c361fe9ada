-- Whatever has been published, of all kinds alike; a draft is published when it ceases to be one, and its goals with it.
create view news as
    select 'campaign' as kind, id, name as title, announced_at as created_at
    from campaigns
    where announced_at is not null
    union all
    select 'goal', goals.id, goals.name, goals.created_at
    from goals
    left join campaigns on campaigns.id = goals.campaign
    where goals.campaign is null or campaigns.announced_at <= goals.created_at
    union all
    select 'goal', goals.id, goals.name, campaigns.announced_at
    from campaigns
    join goals on goals.campaign = campaigns.id
    where campaigns.announced_at > goals.created_at
    union all
    select 'project', id, name, created_at from projects
    union all
    select 'activity', id::text, title, created_at from activities
    union all
    select 'servicePoint', id, name, created_at from service_points
    union all
    select 'agreement', id, subject, created_at from agreements
    union all
    select 'publication', id, title, created_at from publications
    union all
    select 'strategy', id, name, created_at from strategies
    union all
    select 'survey', id, title, opened_at from surveys where opened_at is not null
    union all
    select 'organisation', id, name, created_at from organisations;

create index campaigns_announced_at_index on campaigns (announced_at);
create index surveys_opened_at_index on surveys (opened_at);
