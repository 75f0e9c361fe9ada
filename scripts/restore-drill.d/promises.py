"""Whether what was restored is what was promised."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass

from cluster import Cluster
from posts import Posted, Posts
from shared.checks import Checks
from shared.fleet import Fleet
from shared.journal import Journal
from shared.report import expect
from shared.scene import CAMPAIGN, GOALS, Partner
from shared.wire import Answer, Line

#: What is compared of a count.
_MEMBERS = ["organisation", "campaign", "measure", "value", "from", "to", "area", "channel", "note", "externalId"]


@dataclass
class Restored:
    """A service on a restored database, held against the journal."""

    fleet: Fleet
    cluster: Cluster
    admin_key: str
    partners: list[Partner]

    @property
    def _port(self) -> int:
        return self.fleet.ports[0]

    def check(self, posts: Posts, after: float, before: float, demo: dict) -> Lost:
        """Raises Broken unless what is there is a state of the database no older than `after` and no newer than
        `before`: every count acknowledged by then, once, as it was last acknowledged, and nothing else. `demo` is what
        was published of everything else."""
        rows = self._stored()
        stored = dict(rows)
        lost = Lost([], 0)
        for count in posts.counts:
            there = stored.pop(count.external_id, None)
            states = [state and _content(state) for state in count.states(after, before)]
            expect((there and _content(there)) in states, f"{count.external_id} is {there}, and should be {states}")
            last = count.versions[-1]
            if there is None and count.id is not None:
                lost.counts.append(count)
            elif there is not None and count.id is not None and _content(there) != _content(last.content):
                lost.corrections += last.acknowledged < float("inf")
        expect(not stored, f"nobody posted {list(stored)[:3]}")
        self._agree(rows)
        now = published(self._port)
        expect(now == demo, "what was published of other campaigns is not what it was")
        return lost

    def expect_version_after(self, seen: int) -> None:
        """No version comes again that somebody has seen with another content."""
        now = version(self._port)
        expect(now > seen, f"version {seen} was seen before the accident, and the restored goal is in version {now}")

    def send_again(self, posts: Posts, lost: Lost) -> None:
        """What partners do after a loss: they send again what they have. What was lost is created, the rest is known."""
        keys = {partner.organisation: partner.key for partner in self.partners}
        lines = {organisation: Line(self._port, key) for organisation, key in keys.items()}
        missing = {count.external_id for count in lost.counts}
        kept = [count for count in posts.counts
                if count.id and count.external_id not in missing and len(count.versions) == 1]
        for counts, outcome in ((lost.counts, "created"), (kept[-500:], "unchanged")):
            for organisation, line in lines.items():
                rows = [count.versions[-1].content for count in counts
                        if count.versions[0].content["organisation"] == organisation]
                # Ten thousand rows, or a body's limit, whichever comes first.
                for first in range(0, len(rows), 2000):
                    part = rows[first:first + 2000]
                    answer = line.ask("POST", "participant-counts/batch", part)
                    expect(answer.status == 200 and answer.json["tallies"][outcome] == len(part),
                           f"{len(part)} counts sent again, to be {outcome}: {answer}")
        self._agree(self._stored(), asks_one_by_one=False)

    def _stored(self) -> dict[str, dict]:
        """The campaign's counts by externalId, as the API tells them."""
        line = Line(self._port, self.admin_key, timeout=120)
        answer = line.ask("GET", "participant-counts", query={"campaign": CAMPAIGN, "format": "csv"})
        expect(answer.status == 200, f"the list of counts: {answer}")
        rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
        by_id = {row["externalId"]: row for row in rows}
        expect(len(by_id) == len(rows), "an externalId is there twice")
        return by_id

    def _agree(self, rows: dict[str, dict], asks_one_by_one: bool = True) -> None:
        """The counts that are there, ledger, totals, goals and statistics tell the same."""
        # Their journal is empty: the drill has one of its own.
        checks = Checks(self.cluster, Journal(), self.fleet.ports, self.partners)
        checks.revisions_follow_each_other()
        checks.external_ids_are_unique()
        checks.ledger_adds_up_to_the_counts()
        checks.ledger_is_in_order()
        checks.totals_agree()
        checks.goals_agree()
        if asks_one_by_one:
            checks.answers_agree_with_the_tables()
        line = Line(self._port)
        sums: Counter = Counter()
        for row in rows.values():
            if int(row["value"]):
                sums[row["measure"], row["channel"]] += int(row["value"])
        items = _get(line, "statistics", {"campaign": CAMPAIGN, "groupBy": "channel"})["items"]
        told = Counter({(item["measure"], item["channel"]): item["value"] for item in items if item["value"]})
        expect(told == sums, f"statistics tell {told}, the counts add up to {sums}")
        for goal in GOALS:
            value = sum(int(row["value"]) for row in rows.values() if goal.holds(row["measure"], row["area"]))
            progress = _get(line, f"goals/{goal.id}/progress")["value"]
            expect(progress == value, f"{goal.id} is {progress}, its counts add up to {value}")


@dataclass
class Lost:
    """What was acknowledged and is not there: posted or corrected after the instant that was restored."""

    counts: list[Posted]
    corrections: int


def version(port: int) -> int:
    """Of the first goal's progress: what its ETag is made of."""
    return _get(Line(port), f"goals/{GOALS[0].id}/progress")["version"]


def published(port: int) -> dict:
    """What anybody can read of the other campaigns: sums by campaign and year, organisations, goals."""
    line = Line(port)
    statistics = _get(line, "statistics", {"groupBy": "campaign,year"})["items"]
    answer = {"statistics": [item for item in statistics if item["campaign"] != CAMPAIGN]}
    for kind in ("organisations", "campaigns", "goals", "publications", "activities", "service-points"):
        listed = line.ask("GET", kind, query={"format": "csv"})
        expect(listed.status == 200, f"the list of {kind}: {listed}")
        rows = csv.DictReader(io.StringIO(listed.body.decode("utf-8-sig")))
        answer[kind] = [json.dumps(row) for row in rows if CAMPAIGN not in (row.get("id"), row.get("campaign"))]
    return answer


def _content(there: dict) -> dict:
    """What a partner said of a count, as text, which is what CSV holds."""
    return {name: str(there[name]) for name in _MEMBERS}


def _get(line: Line, path: str, query: dict | None = None) -> dict:
    answer: Answer = line.ask("GET", path, query=query)
    expect(answer.status == 200, f"GET {path}: {answer}")
    return answer.json
