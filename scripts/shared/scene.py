"""What the run plays on: a campaign long over, its goals, and the organisations that report to it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from shared.wire import Line, NoAnswer, NotSent

CAMPAIGN = "torture-2016"
MEASURES = ["attendances", "reached"]
CHANNELS = ["onSite", "remote", "phone", "mixed"]
AREAS = ["se-0583", "se-0580", "se-0581", "se-0180", "se-1480", "se-1280"]
#: Every report is of one day of this month, so that the goals' answers do not change with the date.
DAYS = [f"2016-10-{day:02}" for day in range(1, 32)]


@dataclass
class Goal:
    """A goal, and which counts are in it."""

    id: str
    measure: str
    scope: dict = field(default_factory=dict)
    #: The areas of its scope with what lies below them; none for all.
    areas: frozenset[str] = frozenset()

    def holds(self, measure: str, area: str) -> bool:
        """Whether a count of this measure and area is in it."""
        return measure == self.measure and (not self.areas or area in self.areas)


#: The first is answered from the totals, the one with a scope from the ledger.
GOALS = [
    Goal("torture-attendances", "attendances"),
    Goal("torture-reached", "reached"),
    Goal("torture-ostergotland", "attendances", {"areas": ["se-05"]}, frozenset({"se-0583", "se-0580", "se-0581"})),
]


@dataclass
class Partner:
    """An organisation that reports, and its key."""

    organisation: str
    key: str


class Scene:
    """Made through the API, as an administrator would."""

    def __init__(self, port: int, admin_key: str, organisations: int):
        self._line = Line(port, admin_key)
        self._post("organisations", {"id": "torture-office", "kind": "association", "area": "se",
                                     "name": "Torture office"})
        self._post("campaigns", {
            "id": CAMPAIGN, "name": "Torture 2016", "startsOn": DAYS[0], "endsOn": DAYS[-1], "countries": ["se"],
            "organiser": "torture-office", "measures": MEASURES,
        })
        for goal in GOALS:
            self._post("goals", {
                "id": goal.id, "name": goal.id, "campaign": CAMPAIGN, "kind": "contribution", "measure": goal.measure,
                "target": 1_000_000_000, "scope": goal.scope,
            })
        self.partners = [self._partner(f"torture-{number}") for number in range(1, organisations + 1)]
        #: The organisation for which everybody reports the same things at once.
        self.crowd = self._partner("torture-crowd")
        self._line.close()

    def _partner(self, organisation: str) -> Partner:
        self._post("organisations", {"id": organisation, "kind": "library", "area": random.choice(AREAS),
                                     "name": organisation})
        key = self._post("keys", {"role": "partner", "organisation": organisation, "label": "Torture"})
        return Partner(organisation, key["secret"])

    def _post(self, path: str, body: dict) -> dict:
        try:
            answer = self._line.ask("POST", path, body)
        except (NotSent, NoAnswer) as error:
            raise RuntimeError(f"POST {path}: {error}") from error
        if answer.status != 201:
            raise RuntimeError(f"POST {path}: {answer}")
        return answer.json


def content(organisation: str, tag: str, dice=random) -> dict:
    """A report of some of the scene's coordinates."""
    first = dice.randrange(len(DAYS))
    return {
        "organisation": organisation, "campaign": CAMPAIGN, "measure": dice.choice(MEASURES),
        # Zero is a real report.
        "value": dice.choice([0, dice.randint(1, 50), dice.randint(1, 5000)]),
        "from": DAYS[first], "to": DAYS[min(first + dice.randrange(7), len(DAYS) - 1)],
        "area": dice.choice(AREAS), "channel": dice.choice(CHANNELS), "note": tag,
    }
