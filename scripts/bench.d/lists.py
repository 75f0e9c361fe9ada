"""Says what a page of each list costs at 1 000 things and at 100 000: fills an empty database with SQL, since the API would
take hours, and times the first page, a filter that few things pass, and a search, through the API.

    lists.py URL CONNINFO [SIZES ...]        (1000 100000)

DIGIDEL_ADMIN_KEY is the server's; CONNINFO is its database, as psql takes it."""

import http.client
import os
import statistics
import subprocess
import sys
import time
import urllib.parse

REPEATS = 31

# How things number {first} to {last} are made; each list is filled before those that name its things.
TABLES = """
insert into organisations (id, kind, area, name, member_since)
select 'org-' || n, (array['library', 'agency', 'association'])[1 + n % 3], places.ids[1 + n % places.size],
    jsonb_build_object('sv', 'Bibliotek ' || n, 'en', 'Library ' || n), date '2010-01-01' + n % 3000
from generate_series({first}, {last}) as n, places;

insert into campaign_series (id, name) select 'series-' || n, jsonb_build_object('sv', 'Serie ' || n)
from generate_series({first}, {last}) as n;

insert into campaigns (id, series, name, starts_on, ends_on, countries, organiser, measures, announced_at)
select 'campaign-' || n, 'series-' || n, jsonb_build_object('sv', 'Kampanj ' || n), '2016-01-01', '2016-12-31', '{{se}}',
    'org-' || n, '{{attendances}}', now()
from generate_series({first}, {last}) as n;

insert into campaign_versions (campaign, version, changed_at) select 'campaign-' || n, 1, now()
from generate_series({first}, {last}) as n;

insert into enrolments (campaign, organisation, expected, enrolled_on) select 'campaign-1', 'org-' || n, true, '2016-01-01'
from generate_series({first}, {last}) as n;

insert into goals (id, name, campaign, kind, measure, direction, baseline_value, target, starts_on, ends_on)
select 'goal-' || n, jsonb_build_object('sv', 'Mål ' || n), 'campaign-' || n, 'contribution', 'attendances', 'up', 0, 100,
    '2016-01-01', '2016-12-31'
from generate_series({first}, {last}) as n;

insert into indicators (id, name, source, unit) select 'indicator-' || n, jsonb_build_object('sv', 'Indikator ' || n), 'SCB', 'andel'
from generate_series({first}, {last}) as n;

insert into keys (id, role, label, digest)
select gen_random_uuid(), 'coordinator', 'key ' || n, sha256(convert_to('bench ' || n, 'UTF8'))
from generate_series({first}, {last}) as n;

insert into audit_events (id, role, method, object, trace_id)
select gen_random_uuid(), 'admin', 'PUT', 'organisations/org-' || n, repeat('0', 32)
from generate_series({first}, {last}) as n;

insert into projects (id, owner, campaign, areas, name, starts_on)
select 'project-' || n, 'org-' || n, 'campaign-' || n, array[places.ids[1 + n % places.size]],
    jsonb_build_object('sv', 'Projekt ' || n), date '2010-01-01' + n % 3000
from generate_series({first}, {last}) as n, places;

insert into service_points (id, name, operator, kind, area, latitude, longitude, languages, services)
select 'point-' || n, jsonb_build_object('sv', 'Mötesplats ' || n), 'org-' || n, 'helpDesk', places.ids[1 + n % places.size],
    round((55 + random() * 14)::numeric, 6), round((11 + random() * 13)::numeric, 6), array['sv', 'ar'], '{{}}'
from generate_series({first}, {last}) as n, places;

insert into activities (id, organiser, campaign, type, title, area, from_date, to_date, precision, target_groups)
select gen_random_uuid(), 'org-' || n, 'campaign-' || n, 'course', jsonb_build_object('sv', 'Kurs ' || n),
    places.ids[1 + n % places.size], date '2010-01-01' + n % 3000, date '2010-01-01' + n % 3000, 'day', '{{seniorer}}'
from generate_series({first}, {last}) as n, places;

insert into agreements (id, parties, subject, signed_on, valid_from)
select 'agreement-' || n, array['org-' || n, 'org-1'], jsonb_build_object('sv', 'Avtal ' || n), '2016-01-01', '2016-01-01'
from generate_series({first}, {last}) as n;

insert into publications (id, title, kind, publisher, campaign, published_on, topics)
select 'publication-' || n, jsonb_build_object('sv', 'Rapport ' || n), 'report', 'org-' || n, 'campaign-' || n,
    date '2010-01-01' + n % 3000, '{{e-tjänster}}'
from generate_series({first}, {last}) as n;

insert into strategies (id, name) select 'strategy-' || n, jsonb_build_object('sv', 'Strategi ' || n)
from generate_series({first}, {last}) as n;

insert into strategy_items (id, strategy, year, kind, title, affected_groups)
select gen_random_uuid(), 'strategy-1', 2000 + n % 50, 'obligation', jsonb_build_object('sv', 'Krav ' || n), '{{alla}}'
from generate_series({first}, {last}) as n;

insert into surveys (id, title, frame, questions, opened_at)
select 'survey-' || n, jsonb_build_object('sv', 'Enkät ' || n), '{{"organisations": ["org-1"]}}',
    '[{{"id": "q1", "text": {{"sv": "Har ni stöd?"}}, "type": "yesNo"}}]', now()
from generate_series({first}, {last}) as n;

insert into survey_responses (survey, respondent) select 'survey-1', 'org-' || n from generate_series({first}, {last}) as n;

insert into guidance_sessions (id, organisation, area, date, channel, outcome)
select gen_random_uuid(), 'org-' || (1 + n % 2), places.ids[1 + n % places.size], date '2010-01-01' + n % 3000, 'onSite', 'solved'
from generate_series({first}, {last}) as n, places;
"""
PLACES = "create temporary view places as select array_agg(id order by id) as ids, count(*) as size from areas where level = 'municipality';"

LISTS = [
    "organisations", "organisations?kind=library&area=se-0583", "organisations?q=bibliotek%20777", "campaign-series", "campaigns",
    "campaigns?series=series-7", "campaigns?q=kampanj%20777", "campaigns/campaign-1/enrolments", "goals",
    "goals?campaign=campaign-7", "indicators", "keys", "audit-events", "audit-events?object=organisations/org-7", "projects",
    "projects?campaign=campaign-7", "projects?area=se-0583", "projects?partner=org-7", "activities",
    "activities?organiser=org-7", "activities?area=se-0583&from=2012-01-01&to=2012-01-07", "activities?q=kurs%20777",
    "service-points", "service-points?area=se-0583", "service-points?near=58.537,15.036&radiusKm=5&language=ar",
    "agreements", "agreements?party=org-7", "publications", "publications?publisher=org-7", "publications?q=rapporterna%20777",
    "strategies", "strategies/strategy-1/items", "surveys", "surveys/survey-1/responses", "guidance-sessions",
    "guidance-sessions?organisation=org-1", "news?since=2030-01-01", "news?since=2016-01-01",
]


def fill(conninfo, first, last):
    sql = PLACES + TABLES.format(first=first, last=last) + "analyze;"
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", conninfo], input=sql.encode(), check=True)
    subprocess.run(["psql", "-qX", conninfo, "-c", "vacuum analyze"], check=True)


def milliseconds(connection, target):
    """The median of so many readings."""
    fields = {"Authorization": "Bearer " + os.environ["DIGIDEL_ADMIN_KEY"]}
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        connection.request("GET", "/v1/" + target, headers=fields)
        response = connection.getresponse()
        content = response.read()
        took.append((time.perf_counter() - began) * 1000)
        if response.status != 200:
            sys.exit(f"{target}: {response.status} {content[:300]}")
    return statistics.median(took)


def main():
    url, conninfo, *sizes = sys.argv[1:]
    parts = urllib.parse.urlsplit(url)
    sizes = [int(size) for size in sizes] or [1_000, 100_000]
    results, last = {target: [] for target in LISTS}, 0
    for size in sizes:
        fill(conninfo, last + 1, size)
        last = size
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)
        for target in LISTS:
            results[target].append(milliseconds(connection, target))
    print(f"{'GET /v1/':60}" + "".join(f"{size:>10,}" for size in sizes) + "      ms, and how many times as long")
    for target, took in results.items():
        print(f"{target:60}" + "".join(f"{ms:10.2f}" for ms in took) + f"{took[-1] / took[0]:8.1f}")


main()
