"""The clients: they report, correct, withdraw, send again, and find out what became of what got no answer."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from batches import Batch
from shared.journal import Journal, Write
from shared.scene import Partner, content
from shared.wire import Answer, Lines, NoAnswer, NotSent

#: How long a client asks until it says that the service has not come back.
PATIENCE_SECONDS = 60
COUNTS = "participant-counts"


class Over(Exception):
    """The run has ended: something is broken."""


@dataclass
class Own:
    """A count as its client knows it."""

    id: str
    revision: int
    #: As first reported: what a resend sends.
    original: dict
    content: dict
    is_withdrawn: bool = False


@dataclass(frozen=True)
class SharedCount:
    """A count of the crowd, which anybody corrects."""

    id: str
    since: float


class Crowd:
    """What all clients do to the same things at the same time."""

    def __init__(self, partner: Partner, journal: Journal):
        self.partner = partner
        self._journal = journal
        self._start = time.monotonic()
        self._lock = threading.Lock()
        self._created: set[str] = set()
        self._counts: dict[str, SharedCount] = {}

    def report(self) -> dict:
        """The same for everybody for a moment."""
        number = int((time.monotonic() - self._start) * 4)
        return content(self.partner.organisation, f"torture crowd c{number}", random.Random(number)) | {
            "externalId": f"crowd-{number}"
        }

    def created(self, write: Write) -> None:
        """Somebody was answered 201."""
        with self._lock:
            is_second = write.tag in self._created
            self._created.add(write.tag)
        if is_second:
            self._journal.violated(f"the report {write.content['externalId']} was created twice (201 for two requests)")

    def found(self, count: str) -> None:
        with self._lock:
            self._counts.setdefault(count, SharedCount(count, time.monotonic()))

    def settled(self) -> SharedCount | None:
        """One of the last that nobody reports any more, so that who corrects it meets others who do."""
        with self._lock:
            old = [count for count in self._counts.values() if time.monotonic() - count.since > 1]
        return random.choice(old[-4:]) if old else None


class Client:
    """One client, with counts that only it changes; `run` is its thread."""

    def __init__(self, number: int, partner: Partner, crowd: Crowd, ports: list[int], journal: Journal, end: float,
                 kinds: set[str]):
        self.name = f"client {number}"
        self._partner = partner
        self._crowd = crowd
        self._lines = Lines(ports, partner.key)
        self._crowd_lines = Lines(ports, crowd.partner.key)
        self._journal = journal
        self._end = end
        self._own: list[Own] = []
        acts = [(weight, act) for kind, weight, act in self._acts() if kind in kinds]
        self._weights = [weight for weight, _ in acts]
        self._choices = [act for _, act in acts]

    def _acts(self) -> list[tuple[str, int, Callable[[], None]]]:
        return [
            ("posts", 30, self._post), ("posts", 8, self._resend), ("posts", 6, self._post_with_crowd),
            ("posts", 6, self._read_back), ("keys", 6, self._post_with_key), ("corrections", 14, self._correct),
            ("corrections", 3, self._correct_nothing), ("corrections", 6, self._correct_with_crowd),
            ("withdrawals", 5, self._withdraw), ("batches", 10, self._batch),
        ]

    def run(self) -> None:
        try:
            while time.monotonic() < self._end and not self._journal.stopping.is_set():
                random.choices(self._choices, self._weights)[0]()
        except Over:
            pass
        except Exception as error:  # an answer of a shape that nobody promised, most likely
            self._journal.violated(f"{self.name} met something unforeseen: {type(error).__name__}: {error}")

    # --- reports

    def _post(self) -> None:
        report = self._new_content()
        write = self._journal.intend("create", report)
        answer, doubted = self._until_answered("POST", COUNTS, report)
        if answer.status == 201 or answer.status == 200 and doubted:
            self._created(write, answer, "post" if doubted else None)
        else:
            self._unexpected("a new report", answer)
        self._journal.count("posts")

    def _post_with_key(self) -> None:
        """Without an externalId: Idempotency-Key alone keeps it from being counted twice."""
        report = self._new_content()
        del report["externalId"]
        key = str(uuid.uuid4())
        write = self._journal.intend("create", report)
        answer, doubted = self._until_answered("POST", COUNTS, report, busy=409, Idempotency_Key=key)
        if answer.status != 201:
            return self._unexpected("a new report with Idempotency-Key", answer)
        was_replayed = answer.fields.get("Idempotency-Replayed") == "true"
        if was_replayed and not doubted:
            self._broken(f"an answer was replayed for a new Idempotency-Key: {answer}")
        self._created(write, answer, "post with Idempotency-Key" if doubted else None, was_there=was_replayed)
        again, _ = self._until_answered("POST", COUNTS, report, busy=409, Idempotency_Key=key)
        if again.status != 201 or again.body != answer.body:
            self._broken(f"another answer for the same Idempotency-Key: {again}, before: {answer}")
        self._journal.count("posts")
        self._journal.count("resends")

    def _created(self, write: Write, answer: Answer, doubted_as: str | None, was_there: bool | None = None) -> None:
        """`doubted_as` names what got no answer at first."""
        there = answer.json
        self._check_content(write.content, there)
        self._journal.stored(write, there["id"], there["revision"])
        self._own.append(Own(there["id"], there["revision"], write.content, write.content))
        if doubted_as:
            was_there = answer.status == 200 if was_there is None else was_there
            self._journal.resolve(f"{doubted_as}: {'was stored' if was_there else 'was not stored'}")

    def _resend(self) -> None:
        """200 for what was not changed since, 409 for what was."""
        own = self._one_of_mine(with_withdrawn=True)
        if not own:
            return
        answer, _ = self._until_answered("POST", COUNTS, own.original)
        there = answer.json
        if own.revision == 1:
            is_right = answer.status == 200 and (there["id"], there["revision"]) == (own.id, 1)
        else:
            existing = there.get("existing", {})
            is_right = answer.status == 409 and (existing.get("id"), existing.get("revision")) == (own.id, own.revision)
        if not is_right:
            self._broken(f"{own.original['externalId']}, which is {own.id} in revision {own.revision}, sent again: {answer}")
        self._journal.count("resends")

    def _post_with_crowd(self) -> None:
        """The same report as others send at this moment."""
        report = self._crowd.report()
        write = self._journal.intend_shared(report)
        answer, doubted = self._until_answered("POST", COUNTS, report, lines=self._crowd_lines)
        if answer.status in (200, 201):
            count = answer.json["id"]
        elif answer.status == 409 and "existing" in answer.json:
            # Others were quick to correct it.
            count = answer.json["existing"]["id"]
        else:
            return self._unexpected("the crowd's report", answer)
        if answer.status == 201:
            self._crowd.created(write)
        self._journal.stored(write, count, 1)
        self._crowd.found(count)
        if doubted:
            self._journal.resolve(f"crowd's post: {'was not stored' if answer.status == 201 else 'was stored, by us or others'}")
        self._journal.count("crowd's posts")

    def _read_back(self) -> None:
        """What was acknowledged is there, on whichever instance."""
        own = self._one_of_mine(with_withdrawn=True)
        if not own:
            return
        query = {"externalId": own.original["externalId"], "organisation": self._partner.organisation}
        answer, _ = self._until_answered("GET", COUNTS, query=query)
        if answer.status != 200:
            return self._unexpected("a read of one's own", answer)
        items = answer.json["items"]
        if [(item["id"], item["revision"]) for item in items] != [(own.id, own.revision)]:
            self._broken(f"{own.id} was acknowledged in revision {own.revision}, but is read as: {answer}")
        self._check_content(own.content, items[0])
        self._journal.count("reads of one's own")

    # --- corrections

    def _correct(self) -> None:
        own = self._one_of_mine()
        if not own:
            return
        corrected = self._changed(own.content)
        write = self._journal.intend("correct", corrected)
        answer = self._replace(own.id, own.revision, write, self._lines)
        if answer is None:
            return self._broken(f"{own.id} in revision {own.revision} is its client's alone, and {write.tag} was refused as stale")
        self._check_content(corrected, answer)
        self._journal.stored(write, answer["id"], answer["revision"])
        if (answer["id"], answer["revision"]) != (own.id, own.revision + 1):
            self._broken(f"the revision after {own.revision} of {own.id} is {answer['revision']}")
        own.revision, own.content = answer["revision"], corrected
        self._journal.count("corrections")

    def _correct_nothing(self) -> None:
        """The same content makes no revision; a stale ETag neither."""
        own = self._one_of_mine()
        if not own:
            return
        answer, _ = self._until_answered("PUT", f"{COUNTS}/{own.id}", own.content, If_Match=f'"{own.revision}"')
        if answer.status != 200 or answer.json["revision"] != own.revision:
            self._broken(f"{own.id} in revision {own.revision}, replaced by what it is: {answer}")
        if own.revision > 1:
            stale = own.content | {"note": "torture stale"}
            answer, _ = self._until_answered("PUT", f"{COUNTS}/{own.id}", stale, If_Match=f'"{own.revision - 1}"')
            if answer.status != 412:
                self._broken(f"{own.id} in revision {own.revision}, replaced with the ETag of the one before: {answer}")
        self._journal.count("corrections without effect")

    def _correct_with_crowd(self) -> None:
        """Others correct it at this moment; of all who have read the same revision one may succeed."""
        shared = self._crowd.settled()
        if not shared:
            return
        answer, _ = self._until_answered("GET", f"{COUNTS}/{shared.id}", lines=self._crowd_lines)
        if answer.status != 200:
            return self._unexpected("a read of the crowd's count", answer)
        there = answer.json
        corrected = self._changed({name: there[name] for name in _CONTENT if name in there})
        write = self._journal.intend("correct", corrected)
        answer = self._replace(shared.id, there["revision"], write, self._crowd_lines)
        if answer is None:
            self._journal.refused(write)
            self._journal.count("crowd's corrections refused")
        else:
            self._journal.stored(write, answer["id"], answer["revision"])
            self._journal.count("crowd's corrections")

    def _replace(self, count: str, revision: int, write: Write, lines: Lines) -> dict | None:
        """The revision that it became; None when another one came first."""
        body = write.content | {"reason": random.choice(["typo", "lateData", "scope", "other"])}
        doubted = False
        for _ in self._patiently(f"a correction of {count}"):
            answer = self._once("PUT", f"{COUNTS}/{count}", body, lines=lines, If_Match=f'"{revision}"')
            if answer is not None and answer.status == 200:
                if doubted:
                    self._journal.resolve("correction: was not stored")
                return answer.json
            if answer is not None and answer.status != 412:
                self._unexpected("a correction", answer)
            doubted = doubted or answer is None
            if not doubted:
                return None
            # It is ours if our tag is on the revision that comes next.
            revisions = self._revisions(count, lines)
            successor = next((item for item in revisions if item["revision"] == revision + 1), None)
            if successor:
                is_ours = successor.get("note") == write.tag
                self._journal.resolve(f"correction: {'was stored' if is_ours else 'another came first'}")
                return {"id": count, **successor} if is_ours else None
            if answer is not None:
                self._broken(f"{count} has no revision after {revision}, and If-Match {revision} is stale")
        return None

    def _revisions(self, count: str, lines: Lines) -> list[dict]:
        """All of them, however many pages they are."""
        items: list[dict] = []
        page = 1
        while True:
            query = {"limit": 200, "page": page}
            answer, _ = self._until_answered("GET", f"{COUNTS}/{count}/revisions", query=query, lines=lines)
            if answer.status != 200:
                self._unexpected("the revisions", answer)
            items += answer.json["items"]
            if len(answer.json["items"]) < 200:
                return items
            page += 1

    def _withdraw(self) -> None:
        own = self._one_of_mine()
        if not own:
            return
        write = self._journal.intend("withdraw", own.content)
        answer = self._delete(own)
        there = answer.json
        if answer.status != 200 or (there["status"], there["revision"]) != ("withdrawn", own.revision + 1):
            self._broken(f"{own.id} in revision {own.revision} was withdrawn: {answer}")
        self._journal.stored(write, own.id, there["revision"])
        own.revision, own.is_withdrawn = there["revision"], True
        self._journal.count("withdrawals")

    def _delete(self, own: Own) -> Answer:
        """The count, withdrawn."""
        path, doubted = f"{COUNTS}/{own.id}", False
        for _ in self._patiently(f"the withdrawal of {own.id}"):
            answer = self._once("DELETE", path, query={"reason": "doubleCount"}, If_Match=f'"{own.revision}"')
            if answer is not None and not (doubted and answer.status in (409, 412)):
                if doubted:
                    self._journal.resolve("withdrawal: was not stored")
                return answer
            doubted = True
            there, _ = self._until_answered("GET", path)
            if there.status != 200 or there.json["status"] == "withdrawn":
                self._journal.resolve("withdrawal: was stored")
                return there
        raise Over

    # --- batches

    def _batch(self) -> None:
        batch = Batch(self._journal.tag())
        for _ in range(random.choice([2, 5, 20, 50])):
            report = self._new_content()
            batch.add_new(report, self._intend("create", report, batch))
            if random.random() < 0.05:
                batch.add_repetition()
            if random.random() < 0.02:
                report = self._new_content() | {"area": "se-9999"}
                batch.add_bad(report, self._intend("create", report, batch))
        mine = {own.id: own for own in (self._one_of_mine() for _ in range(3)) if own}
        for own in mine.values():
            report = self._changed(own.content)
            batch.add_existing(report, self._intend("correct", report, batch), own.id, own.revision)
        batch.shuffle()
        answer, doubted = self._until_answered(
            "POST", f"{COUNTS}/batch", batch.body, query=batch.query, Content_Type=batch.media_type)
        if answer.status != 200:
            return self._unexpected(f"a batch {batch.query}", answer)
        if problem := batch.check(answer.json, doubted):
            return self._broken(f"a batch {batch.query} as {batch.media_type}{', sent again' if doubted else ''}: {problem}")
        for row, outcome in zip(batch.rows, answer.json["outcomes"]):
            if not row.write:
                continue
            if not batch.stores(row):
                self._journal.refused(row.write)
                continue
            count, revision = row.count or outcome["id"], row.revision + 1
            self._journal.stored(row.write, count, revision)
            if row.count:
                mine[count].revision, mine[count].content = revision, row.content
            else:
                self._own.append(Own(count, revision, row.content, row.content))
        if doubted:
            was_there = any(outcome["outcome"] == "unchanged" for row, outcome in zip(batch.rows, answer.json["outcomes"])
                            if row.write and batch.stores(row))
            self._journal.resolve(f"{batch.mode} batch: {'was stored' if was_there else 'nothing of it was stored'}")
        self._journal.count(f"{batch.mode} batches")
        self._journal.count("rows in batches", len(batch.rows))

    def _intend(self, act: str, report: dict, batch: Batch) -> Write:
        return self._journal.intend(act, report, batch.id, batch.mode == "atomic")

    # --- what they are made of

    def _new_content(self) -> dict:
        tag = self._journal.tag()
        return content(self._partner.organisation, tag) | {"externalId": tag.replace(" ", "-")}

    def _changed(self, report: dict) -> dict:
        """Another content for the same report: a new value, and often a new place in the totals."""
        new = content(report["organisation"], self._journal.tag())
        names = random.choice([["value"], ["value", "area"], ["value", "from", "to"], ["channel"], ["measure", "value"],
                               list(new)])
        return report | {name: new[name] for name in [*names, "note"]}

    def _one_of_mine(self, with_withdrawn: bool = False) -> Own | None:
        candidates = [own for own in self._own[-50:] if "externalId" in own.original
                      and (with_withdrawn or not own.is_withdrawn)]
        return random.choice(candidates) if candidates else None

    def _check_content(self, sent: dict, there: dict) -> None:
        wrong = {name: there.get(name) for name, value in sent.items() if there.get(name) != value}
        if wrong:
            self._broken(f"{there['id']}: sent {sent}, there is {wrong}")

    # --- asking

    def _until_answered(self, method: str, path: str, body=None, *, query: dict | None = None,
                        lines: Lines | None = None, busy: int | None = None, **fields: str) -> tuple[Answer, bool]:
        """Sends the same until it is answered, and tells whether an earlier try may have been done. `busy` is a
        status that says that an earlier try is still being done."""
        doubted = False
        for _ in self._patiently(f"{method} {path}"):
            answer = self._once(method, path, body, query=query, lines=lines, **fields)
            if answer is not None and answer.status != busy:
                return answer, doubted
            doubted = True
        raise Over

    def _once(self, method: str, path: str, body=None, *, query: dict | None = None, lines: Lines | None = None,
              **fields: str) -> Answer | None:
        """None when it was sent and nobody knows what became of it; that is so for 503 as well: the database may have
        died while it committed."""
        for _ in self._patiently("a connection"):
            try:
                answer = (lines or self._lines).ask(method, path, body, query, **fields)
            except NotSent as error:
                self._journal.error(f"no connection ({error})")
                time.sleep(random.uniform(0.01, 0.1))
                continue
            except NoAnswer as error:
                self._journal.error(f"no answer ({error})")
                return None
            if answer.status == 503:
                self._journal.error("503")
                time.sleep(random.uniform(0.05, 0.3))
                return None
            if answer.status >= 500:
                self._broken(f"{method} {path}: {answer}")
            return answer
        raise Over

    def _patiently(self, what: str) -> Iterator[None]:
        """A try after the other, until the run is over or the service has had time enough."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self._journal.stopping.is_set():
                raise Over
            yield
        self._broken(f"{what}: tried for {PATIENCE_SECONDS} s without an answer")

    def _unexpected(self, what: str, answer: Answer) -> None:
        self._broken(f"{what} was answered {answer}")

    def _broken(self, promise: str) -> None:
        self._journal.violated(promise)
        raise Over


#: The members of a count that its reporter decides.
_CONTENT = ["organisation", "campaign", "measure", "value", "from", "to", "area", "channel", "note", "externalId"]
