#!/usr/bin/env python3
"""Computes what comes out of goals, from the rules alone and with fractions, apart from the service's own arithmetic.

    python3 Tests/GoalVectors/compute.py                   writes `expect` of every line of vectors.jsonl anew
    python3 Tests/GoalVectors/compute.py --check FILE ...  compares the `expect` of each line with what it computes

A line of vectors.jsonl is a goal, what is known, a day and what comes out:
- `goal`: kind, direction, baseline, baselineDate, target or targetPercent of denominator, startsOn, endsOn, milestones,
  tolerance, cancelled, and whether it has a campaign
- `counts` (to, value, withdrawn) of a contribution goal, `observations` (date, value) of a stock goal, `covered` of a
  coverage goal: the day from which each municipality counts
- `campaignLocked`; `on`, or `at` (an instant) and `timeZone`
"""

import json
import sys
from datetime import date, datetime
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from zoneinfo import ZoneInfo

LAST_DAY = date(9999, 12, 31).toordinal()


def day(text):
    """A date as a number of days."""
    return date.fromisoformat(text).toordinal()


def text(ordinal):
    return None if ordinal is None else date.fromordinal(ordinal).isoformat()


def exact(number):
    return Fraction(str(number))


def rounded(value, decimals):
    """Halves go away from zero."""
    if value is None:
        return None
    scaled = abs(value) * 10**decimals
    whole = floor(scaled + Fraction(1, 2))
    return shown(Fraction(whole if value >= 0 else -whole, 10**decimals))


def shown(value):
    """As JSON has it."""
    return None if value is None else int(value) if value.denominator == 1 else float(value)


class Goal:
    def __init__(self, vector):
        goal = vector["goal"]
        self.kind = goal["kind"]
        self.sign = 1 if goal["direction"] == "up" else -1
        self.baseline = exact(goal["baseline"])
        if "targetPercent" in goal:
            self.target = Fraction(ceil(exact(goal["targetPercent"]) * goal["denominator"] / 100))
        else:
            self.target = exact(goal["target"])
        self.first, self.last = day(goal["startsOn"]), day(goal["endsOn"])
        self.baseline_day = day(goal["baselineDate"]) if "baselineDate" in goal else None
        self.milestones = [(day(one["date"]), exact(one["value"])) for one in goal["milestones"]]
        self.tolerance = exact(goal["tolerance"])
        self.cancelled = goal.get("cancelled", False)
        self.awaits = goal["campaign"] and not vector["campaignLocked"]
        self.counts = [
            (day(one["to"]), exact(one["value"])) for one in vector.get("counts", []) if not one.get("withdrawn")
        ]
        self.observations = sorted((day(one["date"]), exact(one["value"])) for one in vector.get("observations", []))
        self.covered = [day(one) for one in vector.get("covered", [])]
        self.required = self.sign * (self.target - self.baseline)
        self.days = self.last - self.first + 1

    def value(self, t):
        """V(t)."""
        t = min(t, self.last)
        if self.kind == "contribution":
            return self.baseline + sum(value for to, value in self.counts if self.first <= to <= t)
        if self.kind == "stock":
            known = [value for observed, value in self.observations if observed <= t]
            return known[-1] if known else self.baseline
        return Fraction(sum(since <= t for since in self.covered))

    def achieved(self, t):
        """A(t)."""
        return self.sign * (self.value(t) - self.baseline)

    def elapsed(self, t):
        """e."""
        return min(max(t - self.first + 1, 0), self.days)

    def expected(self, t):
        """X(t)."""
        if not self.milestones:
            return self.required * self.elapsed(t) / self.days
        points = [(self.first - 1, Fraction(0))]
        points += [(date, self.sign * (value - self.baseline)) for date, value in self.milestones]
        points.append((self.last, self.required))
        t = min(max(t, self.first - 1), self.last)
        for (left, low), (right, high) in zip(points, points[1:]):
            if t <= right:
                return low + (high - low) * (t - left) / (right - left)

    def achieved_on(self, t):
        if self.achieved(t) < self.required:
            return None
        return next((one for one in range(self.first, t + 1) if self.achieved(one) >= self.required), None)

    def lacks_observation(self, t):
        """Without a date the baseline is what the goal started from: the value on the day before."""
        since = self.first - 1 if self.baseline_day is None else self.baseline_day
        return self.kind == "stock" and not any(
            since < observed <= min(t, self.last) for observed, _ in self.observations)

    def status(self, t):
        achieved, expected = self.achieved(t), self.expected(t)
        if self.cancelled:
            return "cancelled"
        if t < self.first:
            return "notStarted"
        if achieved >= self.required:
            return "achieved"
        if t > self.last:
            return "awaitingReports" if self.awaits else "missed"
        if self.elapsed(t) < max(1, min(7, ceil(Fraction(5, 100) * self.days))) or self.lacks_observation(t):
            return "insufficientData"
        if expected <= 0:
            return "onTrack" if achieved >= 0 else "offTrack"
        if achieved >= expected * (1 + self.tolerance):
            return "ahead"
        if achieved >= expected * (1 - self.tolerance):
            return "onTrack"
        return "atRisk" if achieved >= expected * (1 - 2 * self.tolerance) else "offTrack"

    def line(self, t):
        """Least squares through the observations and the dated baseline: level and slope; None with too few."""
        points = [(x, y) for x, y in self.observations if x <= min(t, self.last)]
        if len(points) < 3:
            return None
        if self.baseline_day is not None and self.baseline_day <= min(t, self.last):
            points.append((self.baseline_day, self.baseline))
        mean_x = Fraction(sum(x for x, _ in points), len(points))
        mean_y = sum(y for _, y in points) / len(points)
        slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
        return mean_y - slope * mean_x, slope

    def projection(self, t):
        """Overall, recent, completionDate."""
        elapsed, achieved = self.elapsed(t), self.achieved(t)
        remaining = max(Fraction(0), self.required - achieved)
        if elapsed == 0 or self.status(t) in ("cancelled", "notStarted", "insufficientData"):
            return None, None, None
        completion = None
        if self.kind == "stock":
            if (line := self.line(t)) is None:
                return None, None, None
            level, slope = line
            if self.sign * slope > 0:
                met = ceil((self.target - level) / slope)
                # A line that has met the target already tells no day on which the value will.
                completion = met if met > t else None
            overall, recent = level + slope * self.last, None
        else:
            window = min(90, elapsed)
            before = self.achieved(t - window) if t - window >= self.first else 0
            rate = Fraction(achieved - before) / window
            overall = self.baseline + self.sign * achieved * self.days / elapsed
            recent = self.baseline + self.sign * (achieved + rate * (self.days - elapsed))
            if rate > 0:
                completion = t + ceil(remaining / rate)
        if remaining == 0 or t > self.last or completion is not None and not 1 <= completion <= LAST_DAY:
            completion = None
        return overall, recent, completion


def expect(vector):
    goal = Goal(vector)
    today = {}
    if "at" in vector:
        instant = datetime.fromisoformat(vector["at"].replace("Z", "+00:00"))
        today["on"] = instant.astimezone(ZoneInfo(vector["timeZone"])).date().isoformat()
    t = day(today.get("on") or vector["on"])
    achieved, expected = goal.achieved(t), goal.expected(t)
    remaining = max(Fraction(0), goal.required - achieved)
    left = goal.days - goal.elapsed(t)
    overall, recent, completion = goal.projection(t)
    return today | {
        "value": shown(goal.value(t)),
        "achieved": shown(achieved),
        "required": shown(goal.required),
        "remaining": shown(remaining),
        "percent": rounded(100 * achieved / goal.required, 1),
        "expected": rounded(expected, 1),
        "variance": rounded(achieved - expected, 1),
        "pace": rounded(achieved / expected, 3) if expected > 0 else None,
        "requiredPerDay": rounded(remaining / left, 1) if left else None,
        "status": goal.status(t),
        "achievedOn": text(goal.achieved_on(t)),
        "overall": rounded(overall, 0),
        "recent": rounded(recent, 0),
        "completionDate": text(completion),
    }


def read(file):
    return [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]


def main():
    if sys.argv[1:2] == ["--check"]:
        wrong = 0
        for vector in (vector for file in sys.argv[2:] for vector in read(file)):
            computed = expect(vector)
            for name, value in vector["expect"].items():
                if computed[name] != value:
                    print(f"{vector['name']}: {name} is {value}, computed {computed[name]}")
                    wrong += 1
        return wrong > 0
    file = Path(__file__).with_name("vectors.jsonl")
    lines = [json.dumps(vector | {"expect": expect(vector)}, ensure_ascii=False) for vector in read(file)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} vectors")


if __name__ == "__main__":
    sys.exit(main())
