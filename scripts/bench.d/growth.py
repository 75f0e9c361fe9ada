"""Says what reading a goal costs as the ledger grows: loads reports into the demo's Digidel2013 in batches and, at each of
the given numbers of counts, times progress, series by month and breakdown by county, as of now and as of instants in the
past. Nothing is answered from what is kept: every request has parameters of its own.

    growth.py URL [COUNTS ...]        (10000 1000000; ten million take a quarter of an hour to load)

DIGIDEL_ADMIN_KEY is the server's."""

import datetime
import http.client
import json
import os
import random
import statistics
import sys
import time
import urllib.parse

BATCH = 10_000
REPEATS = 21
FIRST_DAY = datetime.date(2011, 1, 1)


class Client:
    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)
        self.fields = {"Authorization": "Bearer " + os.environ["DIGIDEL_ADMIN_KEY"]}

    def ask(self, method, path, body=None, media_type="application/json"):
        """The answer's JSON and how many milliseconds it took."""
        fields = dict(self.fields, **({"Content-Type": media_type} if body else {}))
        began = time.perf_counter()
        self.connection.request(method, "/v1/" + path, body, fields)
        response = self.connection.getresponse()
        content = response.read()
        took = (time.perf_counter() - began) * 1000
        if response.status != 200:
            sys.exit(f"{method} {path}: {response.status} {content[:300]}")
        return json.loads(content), took

    def all_items(self, path):
        items, page = [], 1
        while True:
            answer, _ = self.ask("GET", f"{path}&limit=200&page={page}")
            items += answer["items"]
            if len(items) >= answer["_meta"]["totalRecords"]:
                return items
            page += 1


def report(number, organisations, areas, chance):
    """A report for a day, a week or a month, somewhere, by somebody."""
    to = FIRST_DAY + datetime.timedelta(days=chance.randrange(1096))
    since = max(FIRST_DAY, to - datetime.timedelta(days=chance.choice((0, 0, 6, 29))))
    value = chance.randrange(40)
    women = chance.randint(0, value)
    return {
        "organisation": chance.choice(organisations), "campaign": "digidel2013", "measure": "newlyIncluded",
        "value": value, "from": str(since), "to": str(to), "area": chance.choice(areas),
        "channel": chance.choice(("onSite", "remote", "phone", "mixed")), "evidence": "estimated",
        "externalId": f"growth-{number}",
        **({"breakdowns": {"gender": {"woman": women, "man": value - women}}} if number % 2 else {}),
    }


def load(client, have, wanted, organisations, areas):
    """Reports until there are so many; says how many a second."""
    began = time.time()
    for start in range(have, wanted, BATCH):
        numbers = range(start, min(start + BATCH, wanted))
        chance = random.Random(start)
        lines = "\n".join(json.dumps(report(number, organisations, areas, chance)) for number in numbers)
        answer, _ = client.ask("POST", "participant-counts/batch", lines, "application/x-ndjson")
        if answer["tallies"]["created"] != len(numbers):
            sys.exit(f"not all were created: {answer['tallies']}")
    return (wanted - have) / max(time.time() - began, 1e-9)


def settled(client):
    """Returns when checkpoints have caught up: when a breakdown gets no faster for some seconds."""
    best, since = float("inf"), time.time()
    while time.time() - since < 5:
        took = min(client.ask("GET", f"goals/digidel2013/breakdown?by=county&on=2013-12-{day}")[1] for day in (29, 30, 31))
        if took < best * 0.8:
            best, since = took, time.time()
        time.sleep(0.3)


def measure(client, instants):
    """Milliseconds of each reading, the median of some."""
    readings = {
        "progress": "progress?on=2013-12-31",
        "series (month)": "series?interval=month&on=2013-12-31",
        "breakdown (county)": "breakdown?by=county&on=2013-12-31",
        "progress, asOf": "progress?on=2013-12-31&asOf={}",
        "series (month), asOf": "series?interval=month&on=2013-12-31&asOf={}",
        "breakdown (county), asOf": "breakdown?by=county&on=2013-12-31&asOf={}",
    }
    figures = {}
    for name, path in readings.items():
        took = []
        for _ in range(REPEATS):
            instant = random.choice(instants).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            took.append(client.ask("GET", "goals/digidel2013/" + path.format(instant))[1])
        figures[name] = (statistics.median(took), max(took))
    return figures


def main():
    client = Client(sys.argv[1])
    sizes = [int(size) for size in sys.argv[2:]] or [10_000, 1_000_000]
    organisations = [item["organisation"] for item in client.all_items("campaigns/digidel2013/enrolments?sort=organisation")]
    areas = [item["id"] for item in client.all_items("areas?country=se&level=municipality")]
    have, results, instants = 0, {}, [datetime.datetime.now(datetime.timezone.utc)]
    for size in sizes:
        rate = load(client, have, size, organisations, areas)
        now = datetime.datetime.now(datetime.timezone.utc)
        instants += [instants[-1] + (now - instants[-1]) * step / 20 for step in range(1, 20)]
        have = size
        settled(client)
        results[size] = measure(client, instants)
        print(f"{size:>10} counts, loaded at {rate:.0f} a second", flush=True)
    print(f"\n{'ms, median (max)':<26}" + "".join(f"{size:>20}" for size in sizes) + f"{'last / first':>14}")
    for name in results[sizes[0]]:
        row = "".join("{:>20}".format("{:.1f} ({:.1f})".format(*results[size][name])) for size in sizes)
        print(f"{name:<26}{row}{results[sizes[-1]][name][0] / results[sizes[0]][name][0]:>14.2f}")


main()
