"""A service with a private database and demo data, and goals that are running today."""

from __future__ import annotations

import datetime
import json
import urllib.request
from typing import Any

from shared import service

#: The goal that runs and ends first; `REPORTS` is what was counted at first, by area. `NEW` has begun today.
GOAL, NEW = "nu", "ny"
REPORTS = {"se-0180": 310, "se-1480": 240, "se-1280": 160, "se-0583": 90}


class Service(service.Service):
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

    def make_goals(self) -> None:
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
