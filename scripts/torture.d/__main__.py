"""Runs the torture: `scripts/torture --help`."""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import threading
import time
from pathlib import Path

from clients import PATIENCE_SECONDS, Client, Crowd
from readers import Reader
from saboteur import Saboteur
from shared.arguments import parse_arguments
from shared.checks import Checks
from shared.database import Database
from shared.fleet import Fleet
from shared.folders import keep_logs, private_folder
from shared.journal import Journal, Outcome
from shared.report import Broken
from shared.scene import Scene

INSTANCES = 3
DATABASE_KILLS = 3
ORGANISATIONS = 8
KINDS = ["posts", "keys", "corrections", "withdrawals", "batches", "past"]


def main() -> int:
    arguments = parse()
    with private_folder("torture") as folder:
        run = Run(arguments, folder)
        try:
            return run.run()
        except KeyboardInterrupt:
            return 130
        finally:
            run.clean_up()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="torture", description="Kills instances and the database under load, and checks what was promised.")
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("TORTURE_SECONDS", 300)),
                        help="how long clients write (TORTURE_SECONDS, 300)")
    parser.add_argument("--clients", type=int, default=int(os.environ.get("TORTURE_CLIENTS", 64)),
                        help="how many write at once (TORTURE_CLIENTS, 64)")
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=KINDS,
                        help=f"what is done, to narrow down what was found: {','.join(KINDS)}")
    parser.add_argument("--no-kills", action="store_true", help="let everything live, likewise")
    arguments = parse_arguments(parser)
    if unknown := set(arguments.kinds) - set(KINDS):
        parser.error(f"no such kinds: {', '.join(unknown)}")
    return arguments


class Run:
    """One run, from an empty folder to a report."""

    def __init__(self, arguments: argparse.Namespace, folder: Path):
        self._arguments = arguments
        self._folder = folder
        self._journal = Journal()
        self._database = Database(folder)
        self._admin_key = secrets.token_hex(24)
        self._fleet: Fleet | None = None

    def run(self) -> int:
        print(f"torture: {self._arguments.seconds:.0f} s, {self._arguments.clients} clients, {INSTANCES} instances of "
              f"{self._arguments.program}", flush=True)
        self._database.create()
        self._database.create_service_role()
        self._fleet = Fleet(self._arguments.program, INSTANCES, self._admin_key, self._folder,
                            DATABASE_URL=self._database.service_url, MIGRATION_DATABASE_URL=self._database.url)
        self._fleet.start()
        scene = Scene(self._fleet.ports[0], self._admin_key, ORGANISATIONS)
        self._play(scene)
        if not self._journal.violation:
            self._check(scene)
        self._report()
        return 1 if self._journal.violation else 0

    def _play(self, scene: Scene) -> None:
        """Clients, readers and the saboteur, until the time is up and every client knows what became of its writes."""
        seconds, kinds, journal = self._arguments.seconds, set(self._arguments.kinds), self._journal
        end = time.monotonic() + seconds
        crowd = Crowd(scene.crowd, journal)
        players = [
            Client(number, scene.partners[number % ORGANISATIONS], crowd, self._fleet.ports, journal, end, kinds)
            for number in range(self._arguments.clients)
        ]
        players += [Reader(port, journal, end, "past" in kinds) for port in self._fleet.ports]
        if not self._arguments.no_kills:
            # The last kills leave the clients time to meet them.
            players.append(Saboteur(self._fleet, self._database, journal, seconds * 0.95, DATABASE_KILLS))
        threads = [threading.Thread(target=player.run, name=player.name, daemon=True) for player in players]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0, end - time.monotonic()) + 2 * PATIENCE_SECONDS)
            if thread.is_alive():
                journal.violated(f"{thread.name} has not come to its end")

    def _check(self, scene: Scene) -> None:
        try:
            for instance in self._fleet.instances:
                self._fleet.await_ready(instance)
            # An instance that missed the notice of a change reads anew after a second.
            time.sleep(1.5)
            Checks(self._database, self._journal, self._fleet.ports, [*scene.partners, scene.crowd]).run()
            self._fleet.stop()
            for instance in self._fleet.instances:
                if instance.exit_status != 0:
                    raise Broken(f"instance {instance.number} ended with {instance.exit_status} after SIGTERM")
        except Broken as broken:
            self._journal.violated(str(broken))
        except subprocess.TimeoutExpired:
            self._journal.violated("an instance does not end after SIGTERM")

    def _report(self) -> None:
        journal = self._journal
        writes = journal.writes
        outcomes = {outcome: sum(write.outcome is outcome for write in writes) for outcome in Outcome}
        print(f"kills: {self._fleet.kills} of instances, {self._database.kills} of PostgreSQL")
        print(f"revisions: {outcomes[Outcome.STORED]} acknowledged, {outcomes[Outcome.REFUSED]} refused or rolled back, "
              f"{outcomes[Outcome.OPEN]} never settled")
        for title, figures in (("done", journal.figures), ("errors met", journal.errors),
                               ("writes without an answer", journal.resolved)):
            print(f"{title}:" if figures else f"{title}: none")
            for name, figure in sorted(figures.items()):
                print(f"{figure:9} {name}")
        if journal.violation:
            print(f"BROKEN: {journal.violation}")
            keep_logs(self._folder, "torture")
        else:
            print("every promise was kept")

    def clean_up(self) -> None:
        self._journal.stopping.set()
        if self._fleet:
            self._fleet.kill()
        self._database.stop()


if __name__ == "__main__":
    sys.exit(main())
