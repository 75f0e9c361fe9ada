"""Runs the examples of clients/ against a real service; see scripts/clients."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable

from relay import Relay, refusal
from service import GOAL, Service
from shared.report import Faults
from webdriver import Browser

ROOT = Path(__file__).parents[2]
NODE = ["node", str(ROOT / "clients/javascript/progress.js")]
SWIFT = [str(Path(os.environ["DIGIDEL_BIN"]).absolute().parent / "report-counts")]
PYTHON = [sys.executable, "-B", str(ROOT / "clients/python/digidel.py")]
POLLED = f"goals/{GOAL}/progress"
BATCH = "participant-counts/batch"
DAY = str(datetime.date.today() - datetime.timedelta(2))
NOTE = "Åse på Ödegårds bibliotek, æøå 👵"


class Program:
    """A client that goes on until it is stopped, and what it has printed so far."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        self.lines: list[str] = []
        self.complaints: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=[pipe, lines], daemon=True)
            for pipe, lines in ((self._process.stdout, self.lines), (self._process.stderr, self.complaints))]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(pipe: Any, lines: list[str]) -> None:
        for line in pipe:
            lines.append(line.rstrip("\n"))

    def stop(self) -> None:
        self._process.terminate()
        self.wait()

    def wait(self) -> int:
        code = self._process.wait(120)
        for reader in self._readers:
            reader.join()
        return code


def until(condition: Callable[[], Any], seconds: float = 15) -> Any:
    """What the condition gives as soon as that is something; the last it gave when it takes longer."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return value


class Checks:
    def __init__(self, service: Service, relay: Relay, browser: Browser, folder: Path) -> None:
        self._service, self._relay, self._browser, self._folder = service, relay, browser, folder
        self._faults = Faults()
        self._expect, self._expect_equal = self._faults.expect, self._faults.expect_equal
        self._environment = dict(os.environ, DIGIDEL_API=f"{relay.address}/v1")
        key = service.post("keys", {"role": "partner", "organisation": "digidel-kansli", "label": "Clients"})
        self._key = key["secret"]

    def run(self, part: str) -> Faults:
        checks: list[tuple[str, Callable[[], None]]] = [
            ("javascript: lists", lambda: self._lists([*NODE, f"{self._relay.address}/v1"])),
            ("javascript: polling", lambda: self._polling([*NODE, f"{self._relay.address}/v1", GOAL, "0.2"])),
            ("javascript: refusal", lambda: self._unknown([*NODE, f"{self._relay.address}/v1", "no-such-goal"])),
            ("javascript: page", self._page),
            ("javascript: streams", self._streams),
            ("swift: lists", lambda: self._lists([*SWIFT, "goals"])),
            ("swift: polling", lambda: self._polling([*SWIFT, "follow", GOAL, "0.2"])),
            ("swift: refusal", lambda: self._unknown([*SWIFT, "follow", "no-such-goal"])),
            ("swift: each", self._each),
            ("swift: batch", lambda: self._batch("swift", SWIFT, self._json)),
            ("python: batch", lambda: self._batch("python", PYTHON, self._csv)),
            ("python: files", self._files),
            ("python: sent", self._sent),
            ("python: missing", self._missing),
            ("posting-counts.md", lambda: self._guide("docs/posting-counts.md", "guide")),
            ("posting-counts.sv.md", lambda: self._guide("docs/posting-counts.sv.md", "ledning")),
        ]
        for name, check in checks:
            if part not in name:
                continue
            before = len(self._faults)
            with self._faults.check(f"{name:20}"):
                check()
                self._expect("everything has failed that was to fail", self._relay.has_failed())
            self._faults[before:] = [f"{name}: {fault}" for fault in self._faults[before:]]
        return self._faults

    # How

    def _value(self) -> int:
        return self._service.get(POLLED)["value"]

    def _report(self, value: int) -> int:
        """Reports and gives the goal's new value."""
        self._service.report(value, "se-0583")
        return self._value()

    def _run(self, command: list[str], key: str | None = None) -> subprocess.CompletedProcess:
        environment = dict(self._environment, **({"DIGIDEL_KEY": key} if key else {}))
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)

    def _rows(self, name: str, number: int) -> list[dict[str, Any]]:
        return [
            {"organisation": "digidel-kansli", "campaign": GOAL, "measure": "newlyIncluded", "value": 1, "from": DAY, "to": DAY,
             "area": "se-0583", "channel": "onSite", "evidence": "guideAssessed", "note": NOTE, "externalId": f"{name}-å-{index}"}
            for index in range(number)]

    def _json(self, rows: list[dict[str, Any]]) -> str:
        path = self._folder / "counts.json"
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        return str(path)

    def _csv(self, rows: list[dict[str, Any]], encoding: str = "utf-8-sig") -> str:
        """As Excel with Swedish settings writes it."""
        path = self._folder / "counts.csv"
        lines = [";".join(rows[0]), *(";".join(str(cell) for cell in row.values()) for row in rows)]
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding, "replace"))
        return str(path)

    # What both readers do

    def _lists(self, command: list[str]) -> None:
        before = len(self._relay.seen("GET", "/v1/goals?", 200))
        ended = self._run(command)
        goals = self._service.get("goals?limit=200")["items"]
        self._expect_equal("the goals", sorted(ended.stdout.splitlines()), sorted(f"{goal['id']}\t{goal['name']}" for goal in goals))
        self._expect("a page was followed by the next", len(self._relay.seen("GET", "/v1/goals?", 200)) > before)

    def _polling(self, command: list[str]) -> None:
        began = len(self._relay.exchanges)

        def polls(status: int) -> list[Any]:
            return [one for one in self._relay.exchanges[began:] if one.status == status]

        client = Program(command, self._environment)
        try:
            shows = lambda value: until(lambda: client.lines and f": {value} of 1600, " in client.lines[-1])
            self._expect(f"the value is shown: {client.lines}", shows(self._value()))
            self._expect("the name is whole", client.lines and client.lines[0].startswith("1 600 nya & <fler>: "))
            self._expect("304", until(lambda: len(polls(304)) >= 3))
            self._expect_equal("what has not changed is not told", len(client.lines), 1)
            self._expect("the new value is shown", shows(self._report(1)))

            for name, how in (
                ("Retry-After", {"answer": refusal(429, "Retry-After: 2")}), ("RateLimit", {"field": b'RateLimit: "default";r=0;t=2'})):
                before = len(self._relay.exchanges)
                self._relay.fail("GET", POLLED, **how)
                until(self._relay.has_failed)
                failed = len(self._relay.exchanges)
                self._expect(f"a poll after {name}", until(lambda: len(self._relay.exchanges) > failed))
                times = [one.began for one in self._relay.exchanges[before:]]
                pause = max(later - earlier for earlier, later in zip(times, times[1:]))
                self._expect(f"{name} is heeded: {pause:.1f} s", 2 <= pause < 4)

            self._service.stop()
            self._expect("the loss is told", until(lambda: [line for line in client.complaints if "again in" in line]))
            self._service.start()
            self._expect("it goes on", shows(self._report(1)))
        finally:
            client.stop()
        if command[0] == "node":
            told = json.loads(client.complaints[-1].partition(": ")[2])
            self._expect("304 as the client counted", abs(told.get("304", 0) - len(polls(304))) <= 1)

    def _unknown(self, command: list[str]) -> None:
        ended = self._run(command)
        self._expect_equal("exit status", ended.returncode, 1)
        self._expect(f"what is wrong is told: {ended.stderr}", "404 Nothing is here." in ended.stderr)

    # JavaScript in a browser

    def _shows(self, element: str, text: str, seconds: float = 15) -> Any:
        return self._browser.until(
            "return document.getElementById(arguments[0]).textContent.replace(/[^\\w ]/g, '').startsWith(arguments[1])",
            element, text, seconds=seconds)

    def _page(self) -> None:
        page = f"{self._relay.address}/clients/javascript/example.html"
        self._browser.open(f"{page}?goal={GOAL}")
        self._expect("live", self._shows("state", "Live"))
        self._expect("the value", self._shows("value", str(self._value())))
        self._expect("a new value", self._shows("value", str(self._report(1)), seconds=2))

        self._service.stop()
        self._expect("the loss is told", self._browser.until(
            "return /may be old/.test(document.getElementById('state').textContent)", seconds=15))
        self._service.start()
        self._expect("the value after a restart", self._shows("value", str(self._report(1)), seconds=30))

        self._browser.open(f"{page}?goal=no-such-goal")
        self._expect("what is wrong is told", self._shows("state", "404 Nothing is here"))

    def _follow(self) -> None:
        """Has a page follow the goal, quicker than people would have it."""
        self._browser.open(f"{self._relay.address}/clients/javascript/example.html?goal=no-such-goal")
        self._browser.run(
            "window.told = []; window.states = [];"
            "import('/clients/javascript/digidel.js').then(({ Digidel }) => new Digidel(arguments[0]).follow(arguments[1], {"
            " every: 200, streamAgain: 3000, silence: 1000,"
            " onProgress: (now) => told.push(now), onState: (state) => states.push([state.state, state.status]) }))",
            f"{self._relay.address}/v1", GOAL)

    def _streams(self) -> None:
        self._follow()
        told = lambda value: self._browser.until("return told.at(-1)?.value === arguments[0]", value, seconds=10)
        state = lambda name: self._browser.until("return states.at(-1)?.[0] === arguments[0]", name, seconds=15)

        self._expect("live", state("live"))
        self._expect("the value", told(self._value()))
        version = str(self._service.get(POLLED)["version"])

        before = len(self._relay.seen("GET", f"{POLLED}/stream"))
        self._relay.cut_streams()
        self._expect("it connects again", until(lambda: len(self._relay.seen("GET", f"{POLLED}/stream", 200)) > before))
        again = self._relay.seen("GET", f"{POLLED}/stream", 200)[-1]
        self._expect_equal("Last-Event-ID", again.fields.get("last-event-id"), version)
        self._expect("live again", state("live"))
        self._expect("what it has is not told again", b"event: progress" not in again.answer)
        self._expect("the new value after the cut", told(self._report(1)))

        # A stream over which nothing comes any more, though nobody has closed it.
        self._relay.is_frozen = True
        self._expect("a dead stream is found out", told(self._report(1)))
        self._relay.is_frozen = False
        self._expect("and replaced", state("live"))

        # There is no stream to be had for a while.
        self._relay.fail("GET", f"{POLLED}/stream", answer=refusal(429, "Retry-After: 60"))
        self._relay.cut_streams()
        self._expect("it polls", state("polling"))
        self._expect("a value by polling", told(self._report(1)))
        self._expect("304", self._browser.until("return states.some(([, status]) => status === 304)"))
        self._expect("it finds the stream again", state("live"))
        # A proxy that keeps every event back, from the first one on.
        self._relay.is_frozen = True
        self._follow()
        self._expect("a stream that never told anything is given up", told(self._value()))
        self._relay.is_frozen = False
        self._expect("and a better one found", state("live"))
        # The page asks no more.
        self._browser.open("about:blank")

    # Who sends

    def _each(self) -> None:
        file, before = self._json(self._rows("each", 3)), self._value()
        self._relay.fail("POST", "participant-counts", lose="half")
        self._relay.fail("POST", "participant-counts", lose="answer")
        self._relay.fail("POST", "participant-counts", answer=refusal(503, "Retry-After: 1"))
        first = self._run([*SWIFT, "send-each", file], self._key)
        self._expect_equal(f"outcomes ({first.stderr})", [line.split()[0] for line in first.stdout.splitlines()], ["created"] * 3)
        keys = [one.fields["idempotency-key"] for one in self._relay.seen("POST", "/participant-counts")[-6:]]
        self._expect_equal("a key for each count, whatever tries it takes", [keys.count(key) for key in keys], [4] * 4 + [1] * 2)
        second = self._run([*SWIFT, "send-each", file], self._key)
        self._expect_equal("again", [line.split()[0] for line in second.stdout.splitlines()], ["unchanged"] * 3)
        self._expect_equal("counted once", self._value(), before + 3)

    def _batch(self, name: str, command: list[str], file_of: Callable[[list[dict[str, Any]]], str]) -> None:
        rows, before = self._rows(name, 4), self._value()
        outcomes = lambda ended: [
            word for line in ended.stdout.splitlines() for word in line.split() if word in ("created", "unchanged", "rejected")
            and line.strip().endswith(tuple(row["externalId"] for row in rows))]
        dry = [*command, "try"] if name == "swift" else [*command, "send", "--dry-run"]
        tried = self._run([*dry, file_of(rows)], self._key)
        self._expect_equal(f"a trial ({tried.stderr})", outcomes(tried), ["created"] * 4)
        self._expect_equal("nothing is stored by it", self._value(), before)
        self._expect(f"the goal's move is told: {tried.stdout}", f"goal {GOAL}: {before} " in tried.stdout)

        self._relay.fail("POST", f"{BATCH}?dryRun=false", lose="half")
        self._relay.fail("POST", f"{BATCH}?dryRun=false", lose="answer")
        self._relay.fail("POST", f"{BATCH}?dryRun=false", lose="end")
        sent = self._run([*command, "send", file_of(rows)], self._key)
        # Python tells first what would happen.
        self._expect_equal(f"sent ({sent.stderr})", (sent.returncode, outcomes(sent)[-4:]), (0, ["created"] * 4))
        self._expect_equal("counted once", self._value(), before + 4)
        again = self._run([*command, "send", file_of(rows)], self._key)
        self._expect_equal(f"sent again ({again.stderr})", (again.returncode, outcomes(again)[-4:]), (0, ["unchanged"] * 4))
        stored = self._service.send("GET", f"participant-counts?externalId={name}-%C3%A5-0")["items"]
        self._expect_equal("every letter is there", [count["note"] for count in stored], [NOTE])

        # The service is away when it begins and comes in the middle of the tries.
        rows = self._rows(f"{name}-later", 2)
        self._service.stop()
        client = Program([*command, "send", file_of(rows)], dict(self._environment, DIGIDEL_KEY=self._key))
        self._expect("the loss is told", until(lambda: [line for line in client.complaints if "again in" in line]))
        self._service.start()
        self._expect_equal("it goes through", client.wait(), 0)
        self._expect_equal("all is counted", self._value(), before + 6)

        rows[1]["area"] = "se-9999"
        rows[1]["externalId"] += "-new"
        refused = self._run([*command, "send", file_of(rows)], self._key)
        self._expect_equal("exit status of a rejected row", refused.returncode, 1)
        self._expect(f"the row's fault is told: {refused.stdout}", "area: " in refused.stdout and "(unknownArea)" in refused.stdout)
        stranger = self._run([*command, "send", file_of(rows)], "k" * 40)
        self._expect("a wrong key is told", stranger.returncode == 1 and "401 A valid key is needed." in stranger.stderr)

        elsewhere = len(self._relay.seen("POST", "elsewhere"))
        self._relay.fail("POST", BATCH, answer=refusal(307, f"Location: {self._relay.address}/v1/elsewhere"))
        moved = self._run([*command, "send", file_of(rows)], self._key)
        self._expect("a redirect is an error", moved.returncode == 1 and "307" in moved.stderr)
        self._expect_equal("and the key is not taken there", len(self._relay.seen("POST", "elsewhere")), elsewhere)

    def _files(self) -> None:
        rows = self._rows("files", 3)
        ended = self._run([*PYTHON, "send", self._csv(rows, encoding="latin-1")], self._key)
        self._expect("another character set is refused", ended.returncode == 1 and "not UTF-8" in ended.stderr)
        rows[2]["externalId"] = ""
        ended = self._run([*PYTHON, "send", self._csv(rows)], self._key)
        self._expect("a row without externalId is refused", ended.returncode == 1 and "externalId" in ended.stderr)
        rows[2].update(externalId="files-2", value=-1)
        before = self._value()
        ended = self._run([*PYTHON, "send", self._csv(rows)], self._key)
        self._expect("nothing is sent of a file with a bad row", ended.returncode == 1 and self._value() == before)
        ended = self._run([*PYTHON, "send", "--good-rows", self._csv(rows)], self._key)
        self._expect("the good rows", ended.returncode == 1 and self._value() == before + 2)
        rows[2]["value"], rows[0]["value"] = 1, 5
        ended = self._run([*PYTHON, "send", "--correct", "typo", self._csv(rows)], self._key)
        self._expect(f"a correction: {ended.stderr}", ended.returncode == 0 and self._value() == before + 7)
        self._expect("is told", "1 created, 1 revised, 1 unchanged" in ended.stdout.replace("revised, 1 created", "created"))

    def _sent(self) -> None:
        """More than a page."""
        self._run([*PYTHON, "send", self._csv(self._rows("many", 230))], self._key).check_returncode()
        ended = self._run([*PYTHON, "sent", GOAL], self._key)
        lines = ended.stdout.splitlines()
        total = self._service.send("GET", f"participant-counts?campaign={GOAL}")["_meta"]["totalRecords"]
        self._expect_equal(f"all counts ({ended.stderr})", len(lines), total)
        self._expect_equal("those of the last file", len([line for line in lines if "  many-å-" in line]), 230)

    def _missing(self) -> None:
        self._service.send("PUT", f"campaigns/{GOAL}/enrolments/digidel-kansli", {})
        self._service.send("PUT", f"campaigns/{GOAL}/enrolments/motala-bibliotek", {})
        ended = self._run([*PYTHON, "missing", GOAL], self._key)
        self._expect_equal("who has not reported", [line.split()[0] for line in ended.stdout.splitlines()], ["motala-bibliotek"])
        self._expect("how many have", "1 of 2 have reported" in ended.stderr)


    # The guide for partners

    def _guide(self, page: str, name: str) -> None:
        """Every command of the page, in its order, as it stands but for the address and the names of reports."""
        text = (ROOT / page).read_text(encoding="utf-8")
        commands = "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
        for stands, runs in (
            ("http://127.0.0.1:8080", self._relay.address), (".build/debug/digidel", os.environ["DIGIDEL_BIN"]),
            ("motala-2016-w40", f"motala-2016-{name}")):
            self._expect(f"{stands} is in the page", stands in commands)
            commands = commands.replace(stands, runs)
        before = len(self._relay.exchanges)
        ended = subprocess.run(
            ["sh", "-eu", "-c", commands], cwd=ROOT, env=self._service.environment, capture_output=True, text=True,
            encoding="utf-8", timeout=120, check=False)
        self._expect_equal(f"exit status ({ended.stderr[-500:]})", ended.returncode, 0)
        asked = self._relay.exchanges[before:]
        self._expect_equal("requests", len(asked), commands.count('curl '))
        self._expect_equal("refusals", [(one.method, one.target, one.status) for one in asked if one.status >= 400], [])
        for said in ('"status":"withdrawn"', '"revision":2', '"dryRun":true', '"dryRun":false', '"rejected":0'):
            self._expect(f"{said} is answered", said in ended.stdout)
        self._expect("no row is rejected", not re.search('"rejected":[1-9]', ended.stdout))


def main() -> int:
    relay = Relay(ROOT / "clients")
    with Service.running("clients", PUBLIC_URL=f"{relay.address}/v1") as service:
        relay.service = service.port
        service.make_goals()
        today = datetime.date.today()
        for number in range(25):
            service.post("goals", {
                "id": f"mal-{number}", "name": f"Mål å {number}", "kind": "contribution", "measure": "reached", "target": 10,
                "startsOn": str(today), "endsOn": str(today + datetime.timedelta(9))})
        browser = Browser()
        try:
            with tempfile.TemporaryDirectory(prefix="digidel-clients.") as folder:
                faults = Checks(service, relay, browser, Path(folder)).run(" ".join(sys.argv[1:]))
        finally:
            browser.close()
    return faults.tell("clients")


if __name__ == "__main__":
    sys.exit(main())
