"""The promises, checked when all is quiet: by SQL on the tables, and by what the instances answer."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import datetime
from itertools import accumulate

from shared.database import Database
from shared.journal import Journal, Outcome, Reading, Write
from shared.report import expect
from shared.scene import CAMPAIGN, GOALS, Goal, Partner
from shared.wire import Line

#: How many counts and readings are asked for through the API; all of them are checked by SQL.
SAMPLE = 300
#: A count's member, and its column.
_COLUMNS = {"organisation": "organisation", "campaign": "campaign", "measure": "measure", "value": "value",
            "from": "from_date", "to": "to_date", "area": "area", "channel": "channel", "note": "note",
            "externalId": "external_id"}


class Checks:
    """What is stored, held against what the clients and readers noted."""

    def __init__(self, database: Database, journal: Journal, ports: list[int], partners: list[Partner]):
        self._journal = journal
        self._lines = [Line(port) for port in ports]
        self._reporters = {partner.organisation: [Line(port, partner.key) for port in ports] for partner in partners}
        where = f"where campaign = '{CAMPAIGN}'"
        self._rows = database.rows(
            "select *, (extract(epoch from recorded_at) * 1000000)::bigint as recorded "
            f"from participant_counts {where} order by id, revision")
        self._ledger = database.rows(
            "select *, xmin::text as transaction, (extract(epoch from recorded_at) * 1000000)::bigint as recorded "
            f"from count_ledger {where} order by sequence")
        self._totals = database.rows(
            f"select measure, to_date, sum(value)::bigint as value from count_totals {where} group by measure, to_date")
        self._version = database.rows(f"select sum(version)::bigint as version from campaign_versions {where}")[0]["version"]
        self._by_count: dict[str, list[dict]] = defaultdict(list)
        for row in self._rows:
            self._by_count[row["id"]].append(row)

    def run(self) -> None:
        """Raises Broken for the first promise that was not kept."""
        self.revisions_follow_each_other()
        self.external_ids_are_unique()
        self.acknowledged_writes_are_stored_once()
        self.nothing_else_is_stored()
        self.atomic_batches_are_whole()
        self.ledger_adds_up_to_the_counts()
        self.ledger_is_in_order()
        self.totals_agree()
        self.goals_agree()
        self.readings_hold()
        self.answers_agree_with_the_tables()

    # --- counts

    def revisions_follow_each_other(self) -> None:
        """From one on, without a gap; a withdrawal is the last."""
        for count, rows in self._by_count.items():
            revisions = [row["revision"] for row in rows]
            expect(revisions == list(range(1, len(rows) + 1)), f"the revisions of {count} are {revisions}")
            withdrawn = [row["revision"] for row in rows if row["status"] == "withdrawn"]
            expect(withdrawn in ([], revisions[-1:]), f"{count} was withdrawn as {withdrawn} of {len(rows)} revisions")

    def external_ids_are_unique(self) -> None:
        """Among the counts of an organisation."""
        keys = Counter((rows[0]["organisation"], rows[0]["external_id"]) for rows in self._by_count.values()
                       if rows[0]["external_id"])
        twice = [key for key, times in keys.items() if times > 1]
        expect(not twice, f"two counts have one externalId: {twice[:5]}")

    def acknowledged_writes_are_stored_once(self) -> None:
        """As they were sent, under the id and revision that was told."""
        rows = {(row["id"], row["revision"]): row for row in self._rows}
        for write in self._journal.writes:
            if write.outcome is not Outcome.STORED:
                continue
            row = rows.get((write.count, write.revision))
            expect(row is not None, f"{write.act} {write.tag} was acknowledged as revision {write.revision} of "
                                    f"{write.count}, and is not there")
            status = "withdrawn" if write.act == "withdraw" else "accepted"
            expect(row["status"] == status, f"{write.act} {write.tag} is there as {row['status']}: {row}")
            wrong = _difference(write.content, row)
            expect(not wrong, f"{write.act} {write.tag}, revision {write.revision} of {write.count}: {wrong}")

    def nothing_else_is_stored(self) -> None:
        """Every row is one that was intended, and none that was refused; each once."""
        intended = {write.tag: write for write in self._journal.writes if write.act != "withdraw"}
        withdrawn = {write.count for write in self._journal.writes
                     if write.act == "withdraw" and write.outcome is not Outcome.REFUSED}
        unsettled = {write.content["note"] for write in self._journal.writes
                     if write.act == "withdraw" and write.outcome is Outcome.OPEN}
        stored: dict[str, dict] = {}
        for row in self._rows:
            name = f"revision {row['revision']} of {row['id']} ({row['note']})"
            if row["status"] == "withdrawn":
                expect(row["id"] in withdrawn or row["note"] in unsettled, f"nobody withdrew {name}")
                continue
            write = intended.get(row["note"])
            expect(write is not None, f"nobody sent {name}")
            expect(write.outcome is not Outcome.REFUSED, f"{name} was refused or rolled back, and is there")
            expect(row["note"] not in stored, f"{name} is there twice, also as {stored.get(row['note'])}")
            expect(write.act == ("create" if row["revision"] == 1 else "correct"), f"{name} was sent to {write.act}")
            stored[row["note"]] = row

    def atomic_batches_are_whole(self) -> None:
        """Those of which nobody could find out what became."""
        there = {row["note"] for row in self._rows}
        batches: dict[str, list[Write]] = defaultdict(list)
        for write in self._journal.writes:
            if write.batch and write.is_atomic and write.outcome is Outcome.OPEN:
                batches[write.batch].append(write)
        for batch, writes in batches.items():
            stored = [write.tag in there for write in writes]
            expect(len(set(stored)) == 1, f"{batch} is atomic: {sum(stored)} of {len(stored)} rows are there")

    # --- the ledger

    def ledger_adds_up_to_the_counts(self) -> None:
        """For every revision: what was entered until then is its value at its place, and nothing anywhere else."""
        entered: dict[str, list[dict]] = defaultdict(list)
        for entry in self._ledger:
            entered[entry["count"]].append(entry)
        strangers = entered.keys() - self._by_count.keys()
        expect(not strangers, f"the ledger has counts that do not exist: {list(strangers)[:5]}")
        for count, rows in self._by_count.items():
            for row in rows:
                places: Counter = Counter()
                for entry in entered[count]:
                    if entry["revision"] <= row["revision"]:
                        places[_place(entry)] += entry["delta"]
                found = {place: value for place, value in places.items() if value}
                value = row["value"] if row["status"] == "accepted" else 0
                right = {_place(row): value} if value else {}
                expect(found == right, f"revision {row['revision']} of {count} has {right}, the ledger until then {found}")
            recorded = {row["revision"]: row["recorded"] for row in rows}
            for entry in entered[count]:
                expect(entry["recorded"] == recorded[entry["revision"]],
                       f"revision {entry['revision']} of {count} and its line of the ledger differ in recorded_at")

    def ledger_is_in_order(self) -> None:
        """By sequence the instants grow. What was written together may share one."""
        batches = {(write.count, write.revision): write.batch for write in self._journal.writes if write.batch}
        for before, after in zip(self._ledger, self._ledger[1:]):
            # A batch may be made of subtransactions.
            batch, next_batch = (batches.get((entry["count"], entry["revision"])) for entry in (before, after))
            is_together = before["transaction"] == after["transaction"] or batch is not None and batch == next_batch
            in_order = before["recorded"] < after["recorded"] or is_together and before["recorded"] == after["recorded"]
            expect(in_order, f"the ledger's line {before['sequence']} is of {before['recorded_at']}, "
                             f"and line {after['sequence']} of {after['recorded_at']}")

    def totals_agree(self) -> None:
        """Current counts, ledger and kept totals add up to the same on every day."""
        current: Counter = Counter()
        for rows in self._by_count.values():
            if rows[-1]["status"] == "accepted":
                current[rows[-1]["measure"], rows[-1]["to_date"]] += rows[-1]["value"]
        ledger: Counter = Counter()
        for entry in self._ledger:
            ledger[entry["measure"], entry["to_date"]] += entry["delta"]
        totals = Counter({(row["measure"], row["to_date"]): row["value"] for row in self._totals})
        for day in sorted(current.keys() | ledger.keys() | totals.keys()):
            figures = {"current counts": current[day], "ledger": ledger[day], "count_totals": totals[day]}
            expect(len(set(figures.values())) == 1, f"{day} adds up to {figures}")

    # --- what is answered

    def goals_agree(self) -> None:
        """Every instance answers with the sum of the current counts, and with the version that is stored."""
        for goal in GOALS:
            value = sum(rows[-1]["value"] for rows in self._by_count.values()
                        if rows[-1]["status"] == "accepted" and goal.holds(rows[-1]["measure"], rows[-1]["area"]))
            for line in self._lines:
                progress = _get(line, f"goals/{goal.id}/progress")
                expect(progress["value"] == value, f"{goal.id} is {progress['value']}, its current counts add up to {value}")
                expect(progress["version"] == self._version,
                       f"{goal.id} is in version {progress['version']}, campaign_versions adds up to {self._version}")

    def readings_hold(self) -> None:
        """What was read of an instant holds for ever: in the ledger for all readings, asked again for some."""
        histories = {goal.id: _History(goal, self._ledger) for goal in GOALS}
        readings = self._journal.readings
        for reading in readings:
            value = histories[reading.goal].value(reading.as_of)
            expect(reading.value == value, f"{reading.goal} was read as {reading.value} as of {reading.as_of}, "
                                           f"and the ledger says {value}")
        if "readings of the past" not in self._journal.figures:
            return
        for reading in random.sample(readings, min(SAMPLE, len(readings))):
            self._ask_again(reading)

    def _ask_again(self, reading: Reading) -> None:
        progress = _get(random.choice(self._lines), f"goals/{reading.goal}/progress", {"asOf": reading.as_of})
        expect(progress["value"] == reading.value, f"{reading.goal} as of {reading.as_of} was {reading.value}, "
                                                   f"and is {progress['value']} now")

    def answers_agree_with_the_tables(self) -> None:
        """For a sample of the counts: alone, found by externalId, with their revisions."""
        for count in random.sample(sorted(self._by_count), min(SAMPLE, len(self._by_count))):
            rows = self._by_count[count]
            line = random.choice(self._reporters[rows[0]["organisation"]])
            there = _get(line, f"participant-counts/{count}")
            self._compare(rows[-1], there)
            if rows[-1]["external_id"]:
                query = {"externalId": rows[-1]["external_id"], "organisation": rows[-1]["organisation"]}
                items = _get(line, "participant-counts", query)["items"]
                expect([item["id"] for item in items] == [count], f"{query} finds {items}")
                self._compare(rows[-1], items[0])
            if len(rows) > 1:
                items = _get(line, f"participant-counts/{count}/revisions", {"limit": 200})["items"]
                expect(sorted(item["revision"] for item in items) == [row["revision"] for row in rows][:200],
                       f"{count} has {len(rows)} revisions, and lists {[item['revision'] for item in items]}")
                for item in items:
                    self._compare(rows[item["revision"] - 1], item)

    @staticmethod
    def _compare(row: dict, there: dict) -> None:
        known = {name: there[name] for name in _COLUMNS if name in there}
        wrong = _difference(known, row)
        if (there["revision"], there["status"]) != (row["revision"], row["status"]):
            wrong["revision, status"] = (there["revision"], there["status"])
        expect(not wrong, f"revision {row['revision']} of {row['id']} is answered with {wrong}, stored is {row}")


class _History:
    """What a goal was at every instant, by the ledger."""

    def __init__(self, goal: Goal, ledger: list[dict]):
        entries = sorted((entry["recorded"], entry["delta"]) for entry in ledger
                         if goal.holds(entry["measure"], entry["area"]))
        self._instants = [recorded for recorded, _ in entries]
        self._values = [0, *accumulate(delta for _, delta in entries)]

    def value(self, as_of: str) -> int:
        """At an instant, as the API writes it."""
        return self._values[bisect_right(self._instants, _microseconds(as_of))]


def _microseconds(instant: str) -> int:
    time = datetime.fromisoformat(instant.replace("Z", "+00:00"))
    return int(time.replace(microsecond=0).timestamp()) * 1_000_000 + time.microsecond


def _place(row: dict) -> tuple:
    return row["measure"], row["to_date"], row["area"], row["channel"]


def _difference(sent: dict, row: dict) -> dict:
    return {name: (value, row[_COLUMNS[name]]) for name, value in sent.items() if row[_COLUMNS[name]] != value}


def _get(line: Line, path: str, query: dict | None = None) -> dict:
    answer = line.ask("GET", path, query=query)
    expect(answer.status == 200, f"GET {path} {query or ''}: {answer}")
    return answer.json
