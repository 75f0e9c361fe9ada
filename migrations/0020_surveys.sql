-- Surveys of municipalities or of organisations, never of persons.
create table surveys (
    id text not null,
    title jsonb not null,
    -- {"country", "level"} or {"organisations": [...]}
    frame jsonb not null,
    -- [{"id", "text", "type", "options"?, "onlyIf"?}]
    questions jsonb not null,
    opened_at timestamptz,
    closed_at timestamptz,
    published_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint surveys_pkey primary key (id),
    constraint surveys_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80),
    constraint surveys_closed_after_opening check (closed_at is null or opened_at is not null),
    constraint surveys_published_after_closing check (published_at is null or closed_at is not null)
);

create index surveys_created_at_index on surveys (created_at, id);
create index surveys_draft_index on surveys (id) where opened_at is null;
create index surveys_search_index on surveys using gin (search_document(title));

create trigger surveys_total after insert on surveys
    referencing new table as changed for each statement execute function keep_list_total();

-- The frame as it was when the survey opened, a row for each respondent, and what they have answered. A respondent is an
-- area or an organisation, according to the frame.
create table survey_responses (
    survey text not null,
    respondent text not null,
    state text not null default 'invited',
    -- {question: answer}
    answers jsonb not null default '{}',
    reason text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint survey_responses_pkey primary key (survey, respondent),
    constraint survey_responses_survey_fkey foreign key (survey) references surveys (id),
    constraint survey_responses_state_valid check (state in ('invited', 'started', 'submitted', 'declined', 'excluded')),
    constraint survey_responses_reason_of_excluded check ((state = 'excluded') = (reason is not null)),
    constraint survey_responses_reason_length check (length(reason) between 1 and 500)
);

create index survey_responses_created_at_index on survey_responses (survey, created_at, respondent);

create trigger survey_responses_total after insert on survey_responses
    referencing new table as changed for each statement execute function keep_list_total('survey');
