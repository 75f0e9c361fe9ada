"""Who uses the service during a run: posters who read back what they posted, and a reader without a key."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field

from shared.journal import Journal, Write
from shared.scene import Partner, content
from shared.wire import Answer, Line, NoAnswer, NotSent

COUNTS = "participant-counts"
#: How long anybody asks until he says that the service has not come back.
PATIENCE_SECONDS = 30


class Over(Exception):
    """The run has ended: something is broken."""


@dataclass
class Times:
    """When what was answered, by the clock of the run; shared by all threads."""

    #: Posts: when the request began and how long it took.
    posts: list[tuple[float, float]] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    #: Lists that were asked for without a key.
    reads: int = 0
    reads_refused: int = 0
    #: How long after a change was acknowledged a reader without a key saw it.
    lags: list[float] = field(default_factory=list)


class Player:
    """A thread with a line to every instance."""

    def __init__(self, name: str, ports: list[int], key: str | None, journal: Journal, times: Times, end: float):
        self.name = name
        self._lines = [Line(port, key, timeout=15) for port in ports]
        self._journal = journal
        self._times = times
        self._end = end

    def run(self) -> None:
        try:
            while time.monotonic() < self._end and not self._journal.stopping.is_set():
                self.play()
        except Over:
            pass
        except Exception as error:  # an answer of a shape that nobody promised, most likely
            self._journal.violated(f"{self.name} met something unforeseen: {type(error).__name__}: {error}")

    def play(self) -> None:
        raise NotImplementedError

    def ask(self, line: int, method: str, path: str, body=None, **fields: str) -> Answer | None:
        """None when nobody knows what became of it."""
        try:
            answer = self._lines[line].ask(method, path, body, **fields)
        except (NotSent, NoAnswer) as error:
            # The instances live; only the database dies.
            self._journal.error(f"{method} without an answer ({error})")
            if method == "POST":
                self._times.refusals.append(time.monotonic())
            return None
        if answer.status == 503:
            if not answer.fields.get("Retry-After"):
                self.broken(f"503 without Retry-After: {answer}")
            if method == "POST":
                self._times.refusals.append(time.monotonic())
            return None
        return answer

    def until_answered(self, lines: list[int], method: str, path: str, body=None, **fields: str) -> tuple[Answer, bool]:
        """Sends the same to any of the lines until it is answered; tells whether an earlier try may have been done."""
        deadline, doubted = time.monotonic() + PATIENCE_SECONDS, False
        while time.monotonic() < deadline:
            if self._journal.stopping.is_set():
                raise Over
            answer = self.ask(random.choice(lines), method, path, body, **fields)
            if answer is not None:
                return answer, doubted
            doubted = True
            time.sleep(random.uniform(0.02, 0.08))
        self.broken(f"{method} {path}: no answer in {PATIENCE_SECONDS} s")
        raise Over

    def broken(self, promise: str) -> None:
        self._journal.violated(promise)
        raise Over


class Poster(Player):
    """Posts without pause, and reads each count back through another instance."""

    def __init__(self, number: int, partner: Partner, ports: list[int], journal: Journal, times: Times, end: float,
                 may_lose: bool):
        super().__init__(f"poster {number}", ports, partner.key, journal, times, end)
        self._partner = partner
        self._may_lose = may_lose

    def play(self) -> None:
        tag = self._journal.tag()
        report = content(self._partner.organisation, tag) | {"externalId": tag.replace(" ", "-")}
        write = self._journal.intend("create", report)
        instance = random.randrange(len(self._lines))
        answer, start = None, 0.0
        deadline, doubted = time.monotonic() + PATIENCE_SECONDS, False
        while answer is None:
            if time.monotonic() > deadline:
                self.broken(f"{tag}: no answer in {PATIENCE_SECONDS} s")
            if self._journal.stopping.is_set():
                raise Over
            start = time.monotonic()
            answer = self.ask(instance, "POST", COUNTS, report)
            if answer is None:
                doubted = True
                time.sleep(random.uniform(0.02, 0.08))
                instance = random.randrange(len(self._lines))
        if answer.status != 201 and not (answer.status == 200 and doubted):
            self.broken(f"{tag} was answered {answer}")
        self._times.posts.append((start, time.monotonic() - start))
        if doubted:
            self._journal.resolve("was not stored" if answer.status == 201 else "was stored")
        self._journal.stored(write, answer.json["id"], answer.json["revision"])
        self._read_back(write, instance)

    def _read_back(self, write: Write, instance: int) -> None:
        others = [line for line in range(len(self._lines)) if line != instance]
        answer, doubted = self.until_answered(others, "GET", f"{COUNTS}/{write.count}")
        if answer.status == 404 and self._may_lose:
            return self._journal.count("posts not read back")
        if answer.status != 200 or answer.json["value"] != write.content["value"]:
            self.broken(f"{write.tag} was acknowledged, and read back through another instance: {answer}")
        self._journal.count("posts read back")


class Passerby(Player):
    """Reads without a key what an administrator has just changed, and notes how late he sees it."""

    def __init__(self, organisation: str, admin_key: str, ports: list[int], journal: Journal, times: Times, end: float):
        super().__init__("reader without a key", ports, None, journal, times, end)
        self._path = f"organisations/{organisation}"
        self._admin = Player("administrator", ports, admin_key, journal, Times(), end)
        self._number = 0

    def play(self) -> None:
        self._number += 1
        all_lines = list(range(len(self._lines)))
        answer, _ = self._admin.until_answered(all_lines, "PATCH", self._path, {"name": f"number {self._number}"},
                                               If_Match="*")
        if answer.status != 200:
            self.broken(f"a change of a name was answered {answer}")
        changed = time.monotonic()
        while time.monotonic() < self._end and not self._journal.stopping.is_set():
            answer = self.ask(random.choice(all_lines), "GET", self._path)
            if answer is None:
                pass
            elif answer.status != 200:
                self.broken(f"a read without a key was answered {answer}")
            elif answer.json["name"] == f"number {self._number}":
                self._times.lags.append(time.monotonic() - changed)
                break
            # What was lost is not waited for.
            elif time.monotonic() > changed + 8:
                break
            time.sleep(0.002)
        time.sleep(0.05)


class Bystander(Player):
    """Reads lists without a key, also while no primary is there."""

    def play(self) -> None:
        answer = self.ask(random.randrange(len(self._lines)), "GET", "organisations")
        self._times.reads += 1
        if answer is None:
            self._times.reads_refused += 1
        elif answer.status != 200:
            self.broken(f"a list was answered {answer}")
        time.sleep(0.01)


class Crowd:
    """All threads of a run."""

    def __init__(self, players: list[Player]):
        self._threads = [threading.Thread(target=player.run, name=player.name, daemon=True) for player in players]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self, journal: Journal) -> None:
        for thread in self._threads:
            thread.join(2 * PATIENCE_SECONDS)
            if thread.is_alive():
                journal.violated(f"{thread.name} has not come to its end")
