"""A service with a private database and demo data, and goals that are running today."""

from __future__ import annotations

import datetime
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from webdriver import free_port

#: The goal that runs and ends first; `REPORTS` is what was counted at first, by area. `NEW` has begun today.
GOAL, NEW = "nu", "ny"
REPORTS = {"se-0180": 310, "se-1480": 240, "se-1280": 160, "se-0583": 90}


class Service:
    def __init__(self, program: str) -> None:
        self._program = program
        # PostgreSQL runs as another user when we are root, and must get through.
        self._folder = Path(tempfile.mkdtemp(prefix="digidel-browser.", dir="/tmp"))
        self._folder.chmod(0o711)
        self.key = secrets.token_hex(24)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._server: subprocess.Popen | None = None
        self.environment = dict(
            os.environ, DATA_DIR=str(self._folder), HOST="127.0.0.1", PORT=str(self.port), METRICS_ADDRESS="off",
            RATE_LIMIT="off", RATE_LIMIT_ANONYMOUS="off",
            DIGIDEL_ADMIN_KEY=self.key)

    def prepare(self) -> None:
        self._digidel("demo").check_returncode()
        self.start()
        self._make_goals()

    def _digidel(self, command: str) -> subprocess.CompletedProcess:
        return subprocess.run([self._program, command], env=self.environment, stdout=subprocess.DEVNULL, check=False)

    def start(self) -> None:
        log = (self._folder / "serve.log").open("a", encoding="utf-8")
        self._server = subprocess.Popen([self._program, "serve"], env=self.environment, stderr=log)
        end = time.monotonic() + 20
        while True:
            try:
                self.read("/health/ready")
                return
            except OSError:
                if time.monotonic() > end or self._server.poll() is not None:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        if self._server and self._server.poll() is None:
            self._server.send_signal(signal.SIGTERM)
            self._server.wait(30)

    def remove(self) -> None:
        self.stop()
        subprocess.run(["scripts/stop-clusters", str(self._folder)], check=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    def read(self, path: str, accept: str = "*/*") -> bytes:
        request = urllib.request.Request(self.address + path, headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def get(self, path: str) -> Any:
        return json.loads(self.read(f"/v1/{path}"))

    def post(self, path: str, body: Any) -> Any:
        return self.send("POST", path, body)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """As an admin."""
        request = urllib.request.Request(
            f"{self.address}/v1/{path}", json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def _make_goals(self) -> None:
        today = datetime.date.today()
        first, last = today - datetime.timedelta(60), today + datetime.timedelta(60)
        self.post("campaigns", {
            "id": GOAL, "name": {"sv": "Digitalt nu", "en": "Digital now"}, "startsOn": str(first), "endsOn": str(last),
            "countries": ["se"], "organiser": "digidel-kansli", "measures": ["newlyIncluded"]})
        self.post("goals", {
            "id": GOAL, "name": {"sv": "1 600 nya & <fler>", "en": "1,600 new & <more>"}, "campaign": GOAL,
            "kind": "contribution", "measure": "newlyIncluded", "target": 1600})
        self.post("goals", {
            "id": NEW, "name": "Fler guider", "kind": "contribution", "measure": "supportersTrained", "target": 20,
            "startsOn": str(today), "endsOn": str(last + datetime.timedelta(300))})
        for number, (area, value) in enumerate(REPORTS.items()):
            self.report(value, area, today - datetime.timedelta(50 - 10 * number))

    def report(self, value: int, area: str, day: datetime.date | None = None) -> None:
        day = day or datetime.date.today() - datetime.timedelta(1)
        self.post("participant-counts", {
            "organisation": "digidel-kansli", "campaign": GOAL, "measure": "newlyIncluded", "value": value,
            "from": str(day), "to": str(day), "area": area, "channel": "onSite", "evidence": "guideAssessed"})
