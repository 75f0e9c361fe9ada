"""Partners that post and correct counts without pause, and the journal of what they were told."""

from __future__ import annotations

import math
import random
import threading
import time
from dataclasses import dataclass, field

from shared.scene import Partner, content
from shared.wire import Answer, Line, NoAnswer, NotSent

BATCH_ROWS = 20


@dataclass
class Version:
    """A content of a count that a partner sent, and when it was acknowledged; never is infinity."""

    content: dict
    sent: float
    acknowledged: float = math.inf


@dataclass
class Posted:
    """A count and its versions, the last one last. Only one partner changes it, one version after the other."""

    external_id: str
    versions: list[Version]
    id: str | None = None
    etag: str | None = None

    def states(self, after: float, before: float) -> list[dict | None]:
        """What may be stored of it in a state of the database that is no older than `after` and no newer than
        `before`; None stands for nothing."""
        known = [number for number, version in enumerate(self.versions) if version.acknowledged <= after]
        first = known[-1] if known else 0
        possible: list[dict | None] = [version.content for version in self.versions[first:] if version.sent <= before]
        return possible if known else [None, *possible]


@dataclass
class Posts:
    """Everything that was sent. `run` posts until there are so many counts, or until `stopping`."""

    port: int
    partners: list[Partner]
    wanted: int
    counts: list[Posted] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    #: Answers that nobody expects.
    faults: list[str] = field(default_factory=list)
    #: How many counts were acknowledged.
    acknowledged: int = 0

    def __post_init__(self):
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(partner,), daemon=True) for partner in self.partners]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        for thread in self._threads:
            thread.join()

    def wait_for(self, number: int) -> None:
        """Returns when so many are acknowledged."""
        while self.acknowledged < number:
            if not any(thread.is_alive() for thread in self._threads):
                raise RuntimeError(f"the partners gave up; {self.faults[:3]}")
            time.sleep(0.02)

    def _run(self, partner: Partner) -> None:
        line = Line(self.port, partner.key, timeout=60)
        own: list[Posted] = []
        while not self.stopping.is_set() and len(self.counts) < self.wanted:
            try:
                choice = random.random()
                if own and choice < 0.1:
                    self._correct(line, random.choice(own[-200:]))
                elif choice < 0.6:
                    own += self._post(line, partner)
                else:
                    own += self._post_batch(line, partner)
            except (NotSent, NoAnswer):
                time.sleep(0.05)
        line.close()

    def _new(self, partner: Partner, number: int) -> list[Posted]:
        with self._lock:
            first = len(self.counts)
            now = time.time()
            new = []
            for index in range(first, first + number):
                report = content(partner.organisation, f"drill w{index}") | {"externalId": f"drill-{index}"}
                new.append(Posted(report["externalId"], [Version(report, now)]))
            self.counts += new
            return new

    def _post(self, line: Line, partner: Partner) -> list[Posted]:
        [count] = self._new(partner, 1)
        answer = line.ask("POST", "participant-counts", count.versions[0].content)
        if not self._expect(answer, 201):
            return []
        self._acknowledge(count, answer.json["id"], answer.etag)
        return [count]

    def _post_batch(self, line: Line, partner: Partner) -> list[Posted]:
        counts = self._new(partner, BATCH_ROWS)
        answer = line.ask("POST", "participant-counts/batch", [count.versions[0].content for count in counts])
        if not self._expect(answer, 200):
            return []
        for count, outcome in zip(counts, answer.json["outcomes"], strict=True):
            if outcome["outcome"] != "created":
                self.faults.append(f"a row of a batch: {outcome}")
                continue
            self._acknowledge(count, outcome["id"], f'"{outcome["revision"]}"')
        return [count for count in counts if count.id]

    def _correct(self, line: Line, count: Posted) -> None:
        report = count.versions[-1].content | {"value": random.randint(0, 5000), "reason": "typo"}
        version = Version({name: value for name, value in report.items() if name != "reason"}, time.time())
        count.versions.append(version)
        answer = line.ask("PUT", f"participant-counts/{count.id}", report, If_Match=count.etag)
        if self._expect(answer, 200):
            version.acknowledged, count.etag = time.time(), answer.etag

    def _acknowledge(self, count: Posted, identifier: str, etag: str | None) -> None:
        count.versions[0].acknowledged = time.time()
        count.id, count.etag = identifier, etag
        with self._lock:
            self.acknowledged += 1

    def _expect(self, answer: Answer, status: int) -> bool:
        if answer.status == status:
            return True
        self.faults.append(str(answer))
        return False
