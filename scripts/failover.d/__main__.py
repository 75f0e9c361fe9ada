"""Runs the failover: `scripts/failover --help`."""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from players import Bystander, Crowd, Passerby, Poster, Times
from shared.arguments import parse_arguments
from shared.checks import Checks
from shared.database import Database
from shared.fleet import Fleet
from shared.folders import keep_logs, private_folder
from shared.journal import Journal, Outcome
from shared.ports import free_ports
from shared.report import Broken, say
from shared.scene import Scene

ORGANISATIONS = 8
#: From the kill to the promotion: somebody has to notice.
NOTICE_SECONDS = 1.0
#: For how long before the kill a slow standby receives nothing.
SLOW_SECONDS = 0.5
#: From the promotion to the first post that is accepted.
RECOVERY_SECONDS = 3.0


@dataclass(frozen=True)
class Scenario:
    """How it is replicated, and what befalls the primary."""

    name: str
    commit: str
    is_synchronous: bool
    is_slow: bool = False
    is_planned: bool = False

    @property
    def may_lose(self) -> bool:
        """A clean stop waits until the standby has everything."""
        return not (self.is_synchronous or self.is_planned)


SCENARIOS = [
    Scenario("kill, remote_apply", "remote_apply", True),
    Scenario("kill, remote_apply, slow standby", "remote_apply", True, is_slow=True),
    Scenario("kill, on, asynchronous", "on", False),
    Scenario("kill, on, asynchronous, slow standby", "on", False, is_slow=True),
    Scenario("switch-over, remote_apply", "remote_apply", True, is_planned=True),
    Scenario("switch-over, on, asynchronous", "on", False, is_planned=True),
]


def main() -> int:
    arguments = parse()
    say(f"failover: {arguments.clients} posters, {arguments.instances} instances of {arguments.program}, {arguments.seconds:.0f} s each")
    runs = []
    for scenario in SCENARIOS:
        if arguments.only and arguments.only not in scenario.name:
            continue
        with private_folder("failover") as folder:
            run = Run(scenario, arguments, folder)
            try:
                run.run()
            except KeyboardInterrupt:
                return 130
            finally:
                run.clean_up()
            run.report()
        runs.append(run)
    print()
    print_table([run.row for run in runs])
    broken = [run for run in runs if run.violation]
    print("every promise was kept" if not broken else f"BROKEN: {len(broken)} of {len(runs)} runs")
    return 1 if broken or not runs else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="failover", description="Kills a primary under load, promotes its standby, and checks what was promised.")
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("FAILOVER_SECONDS", 12)),
                        help="how long clients post in each run (FAILOVER_SECONDS, 12)")
    parser.add_argument("--clients", type=int, default=int(os.environ.get("FAILOVER_CLIENTS", 16)),
                        help="how many post at once (FAILOVER_CLIENTS, 16)")
    parser.add_argument("--instances", type=int, default=3, help="of the service (3)")
    parser.add_argument("--only", default="", help="run only what has this in its name, such as 'remote_apply'")
    arguments = parse_arguments(parser)
    if arguments.instances < 2:
        parser.error("what is posted is read back through another instance; there must be two")
    return arguments


class Run:
    """One scenario, from an empty folder to its figures."""

    def __init__(self, scenario: Scenario, arguments: argparse.Namespace, folder: Path):
        self._scenario = scenario
        self._arguments = arguments
        self._folder = folder
        self._journal = Journal()
        self._times = Times()
        ports = free_ports(2)
        self._primary = Database(folder, "primary", ports[0], {
            "synchronous_standby_names": "standby" if scenario.is_synchronous else "",
            "synchronous_commit": scenario.commit,
        })
        # Alone it waits for nobody, once it is the primary.
        self._standby = Database(folder, "standby", ports[1], {
            "synchronous_standby_names": "", "synchronous_commit": scenario.commit,
            # Asked to promote just when its receiver has ended, PostgreSQL first sleeps this long, 5 s unless it is told.
            "wal_retrieve_retry_interval": "100ms",
        })
        self._admin_key = secrets.token_hex(24)
        self._fleet: Fleet | None = None
        self._lost = 0
        self._struck = self._promoted = 0.0

    @property
    def violation(self) -> str | None:
        return self._journal.violation

    def run(self) -> None:
        self._primary.create()
        self._standby.create_standby_of(self._primary)
        hosts = f"127.0.0.1:{self._primary.port},127.0.0.1:{self._standby.port}"
        url = f"postgresql://digidel@{hosts}/postgres"
        self._fleet = Fleet(
            self._arguments.program, self._arguments.instances, self._admin_key, self._folder,
            DATABASE_URL=f"{url}?target_session_attrs=read-write", READ_DATABASE_URL=url)
        self._fleet.start()
        scene = Scene(self._fleet.ports[0], self._admin_key, ORGANISATIONS)
        self._play(scene)
        if not self._journal.violation:
            self._check(scene)

    def _play(self, scene: Scene) -> None:
        seconds, ports = self._arguments.seconds, self._fleet.ports
        start = time.monotonic()
        end = start + seconds
        players = [
            Poster(number, scene.partners[number % ORGANISATIONS], ports, self._journal, self._times, end,
                   self._scenario.may_lose)
            for number in range(self._arguments.clients)
        ]
        players += [
            Passerby("torture-office", self._admin_key, ports, self._journal, self._times, end),
            Bystander("reader of lists", ports, None, self._journal, self._times, end),
        ]
        crowd = Crowd(players)
        crowd.start()
        time.sleep(seconds * 0.45)
        readers = self._standby.rows("select 1 as one from pg_stat_activity where application_name = 'digidel'")
        if not readers:
            self._journal.violated("nobody reads from the standby")
        self._strike()
        crowd.join(self._journal)

    def _strike(self) -> None:
        """What befalls the primary, and the promotion of its standby."""
        if self._scenario.is_slow:
            self._standby.halt_receiver()
            time.sleep(SLOW_SECONDS)
        self._struck = time.monotonic()
        if self._scenario.is_planned:
            self._primary.shut_down()
        else:
            self._primary.kill()
            # What waits on its way to a slow standby is lost with the primary.
            time.sleep(NOTICE_SECONDS)
            self._standby.drop_receiver()
        self._promoted = time.monotonic()
        self._standby.promote()

    def _check(self, scene: Scene) -> None:
        try:
            for instance in self._fleet.instances:
                if instance.exit_status is not None:
                    raise Broken(f"instance {instance.number} ended by itself; see {instance.log.name}")
                self._fleet.await_ready(instance)
            # An instance that missed the notice of a change reads anew after a second.
            time.sleep(1.5)
            self._check_recovery()
            checks = Checks(self._standby, self._journal, self._fleet.ports, [*scene.partners, scene.crowd])
            stored = {(row["id"], row["revision"]) for row in self._standby.rows("select id, revision from participant_counts")}
            lost = [write for write in self._journal.writes
                    if write.outcome is Outcome.STORED and (write.count, write.revision) not in stored]
            self._lost = len(lost)
            if self._scenario.may_lose:
                # They are told, and all else must hold of what is left.
                for write in lost:
                    write.outcome = Outcome.OPEN
            checks.run()
            self._fleet.stop()
            for instance in self._fleet.instances:
                if instance.exit_status != 0:
                    raise Broken(f"instance {instance.number} ended with {instance.exit_status} after SIGTERM")
        except Broken as broken:
            self._journal.violated(str(broken))
        except subprocess.TimeoutExpired:
            self._journal.violated("an instance does not end after SIGTERM")

    def _check_recovery(self) -> None:
        if not [start for start, _ in self._times.posts if start > self._promoted]:
            raise Broken("no post was accepted after the promotion")
        if self._recovery > RECOVERY_SECONDS:
            raise Broken(f"the first post was accepted {self._recovery:.1f} s after the promotion began")
        if not self._times.lags:
            raise Broken("nobody without a key saw a change")

    # --- figures

    @property
    def _accepted(self) -> list[float]:
        return sorted(start + seconds for start, seconds in self._times.posts)

    @property
    def _gap(self) -> float:
        """The longest time in which no post was accepted, around the strike."""
        moments = [moment for moment in self._accepted if moment > self._struck - 2]
        return max((after - before for before, after in zip(moments, moments[1:])), default=0)

    @property
    def _recovery(self) -> float:
        return min((moment for moment in self._accepted if moment > self._promoted), default=0) - self._promoted

    @property
    def row(self) -> list[str]:
        before = [seconds for start, seconds in self._times.posts if start + seconds < self._struck - SLOW_SECONDS]
        after = [seconds for start, seconds in self._times.posts if start > self._promoted + self._recovery + 0.5]
        refused = [moment for moment in self._times.refusals if moment >= self._struck]
        outage = self._promoted + self._recovery - refused[0] if refused else 0.0
        lags = self._times.lags
        return [
            self._scenario.name, str(sum(write.outcome is Outcome.STORED for write in self._journal.writes) + (
                self._lost if self._scenario.may_lose else 0)),
            str(self._lost), f"{self._gap:.2f}", f"{outage:.2f}", f"{self._recovery:.2f}",
            f"{_quantile(before, 0.5):.0f} / {_quantile(before, 0.99):.0f}",
            f"{_quantile(after, 0.5):.0f} / {_quantile(after, 0.99):.0f}",
            f"{_quantile(lags, 0.5):.0f} / {1000 * max(lags, default=0):.0f}",
            f"{self._times.reads_refused} of {self._times.reads}",
        ]

    def report(self) -> None:
        journal = self._journal
        say(f"{self._scenario.name}: {journal.figures['posts read back']} posts read back through another instance"
            + (f", {journal.figures['posts not read back']} not there" if journal.figures["posts not read back"] else "")
            + "".join(f"; {number} without an answer {what}" for what, number in sorted(journal.resolved.items())))
        for name, figure in sorted(journal.errors.items()):
            print(f"{figure:9} {name}")
        if journal.violation:
            say(f"BROKEN: {journal.violation}")
            keep_logs(self._folder, "failover")

    def clean_up(self) -> None:
        self._journal.stopping.set()
        if self._fleet:
            self._fleet.kill()
        self._primary.stop()
        self._standby.stop()


def print_table(rows: list[list[str]]) -> None:
    head = ["", "acknowledged", "lost", "longest gap, s", "refused to accepted, s", "promotion to accepted, s",
            "post p50 / p99 before, ms", "after, ms", "seen without a key p50 / max, ms", "reads refused"]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")


def _quantile(seconds: list[float], share: float) -> float:
    """In milliseconds."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


if __name__ == "__main__":
    sys.exit(main())
