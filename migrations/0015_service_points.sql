-- Places where people get help.
create table service_points (
    id text not null,
    name jsonb not null,
    operator text not null,
    kind text not null,
    area text not null,
    latitude numeric,
    longitude numeric,
    address text,
    services text[] not null default '{}',
    languages text[] not null default '{}',
    -- the first and the last day in service
    open_from date,
    open_to date,
    partners text[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    revision integer not null default 1,
    constraint service_points_pkey primary key (id),
    constraint service_points_id_slug check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(id) between 2 and 80),
    constraint service_points_operator_fkey foreign key (operator) references organisations (id),
    constraint service_points_area_fkey foreign key (area) references areas (id),
    constraint service_points_kind_valid check (kind in (
        'digidelCenter', 'servicePoint', 'citizenOffice', 'learningCentre', 'helpDesk')),
    constraint service_points_location_whole check ((latitude is null) = (longitude is null)),
    constraint service_points_latitude_in_range check (latitude between -90 and 90),
    constraint service_points_longitude_in_range check (longitude between -180 and 180),
    constraint service_points_address_length check (length(address) between 1 and 300),
    constraint service_points_dates_ordered check (open_from <= open_to)
);

create index service_points_created_at_index on service_points (created_at, id);
create index service_points_operator_index on service_points (operator);
create index service_points_area_index on service_points (area);
create index service_points_partners_index on service_points using gin (partners);
-- An address is searched as if it were Swedish.
create index service_points_search_index on service_points using gin (
    search_document(name, jsonb_object(array['sv', address])));
-- Who is near is looked for between two latitudes.
create index service_points_latitude_index on service_points (latitude, longitude) where latitude is not null;

create trigger service_points_total after insert on service_points
    referencing new table as changed for each statement execute function keep_list_total();

-- Kilometres along the surface of the earth, taken as a sphere of mean radius (haversine formula), between places that are
-- known. Not strict, since only then it becomes part of the query that calls it, which costs a quarter.
create function distance_km(latitude numeric, longitude numeric, other_latitude numeric, other_longitude numeric)
    returns double precision
    language sql immutable parallel safe
    return 2 * 6371.0088 * asin(least(1, sqrt(
        power(sind((other_latitude - latitude)::float8 / 2), 2)
        + cosd(latitude::float8) * cosd(other_latitude::float8)
            * power(sind((other_longitude - longitude)::float8 / 2), 2))));
