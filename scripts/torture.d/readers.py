"""The readers: they watch a goal grow, and ask for what it was."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta, timezone

from shared.journal import Journal, Reading
from shared.scene import GOALS
from shared.wire import Answer, Line, NoAnswer, NotSent


class Reader:
    """Watches the goals on one instance; `run` is its thread."""

    def __init__(self, port: int, journal: Journal, end: float, asks_for_the_past: bool):
        self.name = f"reader of {port}"
        self._line = Line(port)
        self._journal = journal
        self._end = end
        self._asks_for_the_past = asks_for_the_past
        self._since = datetime.now(timezone.utc)
        self._versions: dict[str, int] = {}
        self._etags: dict[str, str] = {}

    def run(self) -> None:
        try:
            while time.monotonic() < self._end and not self._journal.stopping.wait(random.uniform(0, 0.04)):
                goal = random.choice(GOALS).id
                if self._asks_for_the_past and random.random() < 0.4:
                    self._read_past(goal)
                else:
                    self._read(goal)
        except Exception as error:  # an answer of a shape that nobody promised, most likely
            self._journal.violated(f"the {self.name} met something unforeseen: {type(error).__name__}: {error}")

    def _read(self, goal: str) -> None:
        fields = {"If_None_Match": self._etags[goal]} if goal in self._etags and random.random() < 0.5 else {}
        answer = self._ask(goal, **fields)
        if answer is None or answer.status == 304:
            return
        progress = answer.json
        if progress["version"] < self._versions.get(goal, 0):
            self._journal.violated(f"{goal} went back from version {self._versions[goal]} to {answer}")
        if fields and answer.etag == self._etags[goal]:
            self._journal.violated(f"{goal} was sent again to who has {answer.etag}")
        self._versions[goal] = progress["version"]
        self._etags[goal] = answer.etag or ""
        self._journal.read_body(goal, self._etags[goal], answer.body)
        self._journal.read(Reading(goal, progress["asOf"], progress["value"]))
        self._journal.count("readings")

    def _read_past(self, goal: str) -> None:
        """As it was known an instant ago, when writes of then may not be over, or longer ago."""
        now = datetime.now(timezone.utc)
        age = random.choice([random.uniform(0, 0.01), random.uniform(0, 1), random.uniform(0, (now - self._since).total_seconds())])
        as_of = (now - timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if answer := self._ask(goal, {"asOf": as_of}):
            self._journal.read(Reading(goal, as_of, answer.json["value"]))
            self._journal.count("readings of the past")

    def _ask(self, goal: str, query: dict | None = None, **fields: str) -> Answer | None:
        try:
            answer = self._line.ask("GET", f"goals/{goal}/progress", query=query, **fields)
        except (NotSent, NoAnswer) as error:
            self._journal.error(f"reader: {'no connection' if isinstance(error, NotSent) else 'no answer'} ({error})")
            return None
        if answer.status == 503:
            self._journal.error("reader: 503")
            return None
        if answer.status not in (200, 304):
            self._journal.violated(f"the progress of {goal} {query or ''}: {answer}")
            return None
        return answer
