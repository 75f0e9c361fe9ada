"""What the clients wanted stored and what they were told: the other book, against which the ledger is held."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum


class Outcome(Enum):
    """What is known of a write."""

    #: On its way; at the end of a run nobody could find out, and it may be there or not.
    OPEN = "open"
    #: Acknowledged: must be there, once.
    STORED = "stored"
    #: Refused, rolled back or a dry run: must not be there.
    REFUSED = "refused"


@dataclass
class Write:
    """One revision that a client wanted stored. Its tag is the count's `note`, so that its row is known again."""

    tag: str
    #: create, correct or withdraw; a withdrawal has no content of its own and keeps the tag it withdraws.
    act: str
    #: The count as it was sent; for a withdrawal as it was.
    content: dict
    #: Writes of one batch share it.
    batch: str | None = None
    is_atomic: bool = False
    outcome: Outcome = Outcome.OPEN
    count: str | None = None
    revision: int | None = None


@dataclass(frozen=True)
class Reading:
    """What a reader was told of a goal."""

    goal: str
    as_of: str
    value: int


@dataclass
class Journal:
    """Shared by all threads. Everything that is found to be broken is told here, and ends the run."""

    stopping: threading.Event = field(default_factory=threading.Event)
    #: Figures for the report.
    figures: Counter = field(default_factory=Counter)
    errors: Counter = field(default_factory=Counter)
    #: What came of writes that got no answer.
    resolved: Counter = field(default_factory=Counter)
    violation: str | None = None

    def __post_init__(self):
        self._lock = threading.Lock()
        self._writes: list[Write] = []
        self._revisions: dict[tuple[str, int], Write] = {}
        self._creations: dict[str, Write] = {}
        self._readings: set[Reading] = set()
        self._bodies: dict[tuple[str, str], bytes] = {}
        self._numbers = 0

    def violated(self, promise: str) -> None:
        """Only the first counts; others may be what it caused."""
        with self._lock:
            if self.violation is None:
                self.violation = promise
        self.stopping.set()

    def count(self, figure: str, by: int = 1) -> None:
        """One more of what is reported as done."""
        with self._lock:
            self.figures[figure] += by

    def error(self, kind: str) -> None:
        """One more that was met and may be met."""
        with self._lock:
            self.errors[kind] += 1

    def resolve(self, what: str) -> None:
        """What became of a write that got no answer."""
        with self._lock:
            self.resolved[what] += 1

    def tag(self) -> str:
        """Unlike any other, and unlike a phone number."""
        with self._lock:
            self._numbers += 1
            return f"torture w{self._numbers}"

    # --- writes

    def intend(self, act: str, content: dict, batch: str | None = None, is_atomic: bool = False) -> Write:
        """Before it is sent: a row that nobody intended is one too many."""
        write = Write(content["note"], act, content, batch, is_atomic)
        with self._lock:
            self._writes.append(write)
        return write

    def intend_shared(self, content: dict) -> Write:
        """A report that several clients send; the first to intend it enters it."""
        with self._lock:
            write = self._creations.get(content["note"])
            if write is None:
                write = self._creations[content["note"]] = Write(content["note"], "create", content)
                self._writes.append(write)
            return write

    def stored(self, write: Write, count: str, revision: int) -> None:
        """It was acknowledged under this id as this revision; the same may be told again, never another."""
        with self._lock:
            holder = self._revisions.setdefault((count, revision), write)
            known = (write.count, write.revision)
            if write.outcome is Outcome.STORED and known != (count, revision):
                problem = f"{write.tag} was acknowledged as {known} and as {(count, revision)}"
            elif write.outcome is Outcome.REFUSED:
                problem = f"{write.tag} was refused, and is there as {(count, revision)}"
            elif holder is not write:
                problem = f"{(count, revision)} was acknowledged to {holder.act} {holder.tag} and to {write.act} {write.tag}"
            else:
                problem = None
            write.outcome, write.count, write.revision = Outcome.STORED, count, revision
        if problem:
            self.violated(problem)

    def refused(self, write: Write) -> None:
        """It was told that this will not be stored."""
        with self._lock:
            was_stored = write.outcome is Outcome.STORED
            write.outcome = Outcome.REFUSED
        if was_stored:
            self.violated(f"{write.tag} was acknowledged, and refused when sent again")

    @property
    def writes(self) -> list[Write]:
        """All, in the order in which they were intended."""
        with self._lock:
            return list(self._writes)

    # --- readings

    def read(self, reading: Reading) -> None:
        """Holds for ever, and is checked at the end."""
        with self._lock:
            self._readings.add(reading)

    def read_body(self, goal: str, etag: str, body: bytes) -> None:
        """Under one strong ETag there is one body, whichever instance answers."""
        with self._lock:
            known = self._bodies.setdefault((goal, etag), body)
        if known != body:
            self.violated(f"two answers of {goal} with ETag {etag} differ:\n  {known!r}\n  {body!r}")

    @property
    def readings(self) -> list[Reading]:
        """All, each once."""
        with self._lock:
            return list(self._readings)
