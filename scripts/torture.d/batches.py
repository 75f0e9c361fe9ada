"""Batches: what a client sends as one, and what it may be answered."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from dataclasses import dataclass

from shared.journal import Write

_COLUMNS = ["externalId", "organisation", "campaign", "measure", "value", "from", "to", "area", "channel", "note"]


@dataclass
class Row:
    """One row and what it is: new, repeated (an earlier row again), bad (a rule is broken) or existing (other content
    under an externalId that is taken)."""

    kind: str
    content: dict
    #: None for a repetition, which is not to be stored.
    write: Write | None = None
    count: str | None = None
    revision: int = 0


class Batch:
    """A batch of a random mode and format."""

    def __init__(self, identity: str):
        self.id = identity
        self.mode = random.choice(["atomic", "partial"])
        self.is_dry = random.random() < 0.1
        self.on_existing = random.choice(["fail", "skip", "revise", "revise"])
        self.rows: list[Row] = []
        self.media_type = random.choice(["application/json", "text/csv", "application/x-ndjson"])

    @property
    def query(self) -> dict:
        return {"mode": self.mode, "dryRun": str(self.is_dry).lower(), "onExisting": self.on_existing}

    def add_new(self, content: dict, write: Write) -> None:
        self.rows.append(Row("new", content, write))

    def add_bad(self, content: dict, write: Write) -> None:
        self.rows.append(Row("bad", content, write))

    def add_repetition(self) -> None:
        self.rows.append(Row("repeated", random.choice([row for row in self.rows if row.kind == "new"]).content))

    def add_existing(self, content: dict, write: Write, count: str, revision: int) -> None:
        self.rows.append(Row("existing", content, write, count, revision))

    def shuffle(self) -> None:
        """What is sent twice is new where it comes first."""
        random.shuffle(self.rows)
        first: dict[str, Row] = {}
        for row in self.rows:
            if row.kind not in ("new", "repeated"):
                continue
            earlier = first.setdefault(row.content["externalId"], row)
            if earlier is not row and row.kind == "new":
                earlier.kind, earlier.write, row.kind, row.write = "new", row.write, "repeated", None

    @property
    def body(self) -> bytes:
        contents = [row.content for row in self.rows]
        if self.media_type == "application/json":
            return json.dumps(contents).encode()
        if self.media_type == "application/x-ndjson":
            return "".join(json.dumps(content) + "\n" for content in contents).encode()
        text = io.StringIO()
        writer = csv.DictWriter(text, _COLUMNS, delimiter=random.choice(",;"))
        writer.writeheader()
        writer.writerows(contents)
        # As a spreadsheet saves it, or not.
        return text.getvalue().encode(random.choice(["utf-8", "utf-8-sig"]))

    # --- what is to come of it

    def _refuses(self, row: Row) -> bool:
        return row.kind == "bad" or row.kind == "existing" and self.on_existing == "fail"

    @property
    def _is_rolled_back(self) -> bool:
        return self.mode == "atomic" and any(self._refuses(row) for row in self.rows)

    def stores(self, row: Row) -> bool:
        if self.is_dry or self._is_rolled_back or self._refuses(row):
            return False
        return row.kind == "new" or row.kind == "existing" and self.on_existing == "revise"

    def _outcome(self, row: Row) -> str:
        if self._is_rolled_back or self._refuses(row):
            return "rejected"
        if row.kind == "existing" and self.on_existing == "revise":
            return "revised"
        return "created" if row.kind == "new" else "unchanged"

    def check(self, answer: dict, sent_again: bool) -> str | None:
        """What is wrong with the answer. Sent again after a try that may have been done, what is to be stored may be
        there: `unchanged`, and in an atomic batch all of it or nothing."""
        outcomes = answer["outcomes"]
        if [outcome["index"] for outcome in outcomes] != list(range(len(self.rows))):
            return f"{len(self.rows)} rows, outcomes {[outcome['index'] for outcome in outcomes]}"
        tallies = Counter(outcome["outcome"] for outcome in outcomes)
        if {name: count for name, count in answer["tallies"].items() if count} != tallies:
            return f"the tallies are {answer['tallies']}, the outcomes {dict(tallies)}"
        was_there: set[bool] = set()
        for row, outcome in zip(self.rows, outcomes):
            expected, got = self._outcome(row), outcome["outcome"]
            if sent_again and self.stores(row):
                was_there.add(got == "unchanged")
                if got == "unchanged":
                    continue
            if got != expected:
                return f"a row that is {row.kind}, {row.content}, is to be {expected}: {outcome}"
            codes = [issue["code"] for issue in outcome.get("issues", [])]
            if self._is_rolled_back and not self._refuses(row) and codes != ["rolledBack"]:
                return f"a good row of an atomic batch that is rolled back: {outcome}"
            if got == "revised" and not self.is_dry:
                if (outcome["id"], outcome["revision"]) != (row.count, row.revision + 1):
                    return f"{row.count} in revision {row.revision} was revised: {outcome}"
        if self.mode == "atomic" and len(was_there) > 1:
            return f"it is atomic, and was stored in part: {outcomes}"
        return None
