"""Who kills the instances and the database."""

from __future__ import annotations

import random
import signal
import time

from shared.database import Database
from shared.fleet import Fleet
from shared.journal import Journal


class Saboteur:
    """Kills an instance every few seconds, and the database a given number of times, spread over the run. `run` is its
    thread."""

    name = "saboteur"

    def __init__(self, fleet: Fleet, database: Database, journal: Journal, seconds: float, database_kills: int):
        self._fleet = fleet
        self._database = database
        self._journal = journal
        self._end = time.monotonic() + seconds
        share = seconds / (database_kills + 1)
        self._database_kills = [self._end - seconds + share * (number + 1) for number in range(database_kills)]
        # A short run is to see a few kills too.
        self._pause = min(5, seconds / 8)

    def run(self) -> None:
        try:
            while self._rest(random.uniform(0.3, 1) * self._pause):
                self._check_survivors()
                if self._database_kills and time.monotonic() >= self._database_kills[0]:
                    self._database_kills.pop(0)
                    self._kill_database()
                else:
                    self._kill_instance()
        except Exception as error:  # whatever it is, the run is void
            self._journal.violated(f"the service did not come back: {error}")

    def _rest(self, seconds: float) -> bool:
        """False when it is over."""
        return not self._journal.stopping.wait(seconds) and time.monotonic() < self._end

    def _kill_instance(self) -> None:
        instance = random.choice(self._fleet.instances)
        instance.kill()
        time.sleep(random.uniform(0, 1))
        instance.start()
        self._fleet.await_ready(instance)

    def _kill_database(self) -> None:
        self._database.kill()
        time.sleep(random.uniform(0, 1.5))
        # Sometimes an instance falls as well, and has to start without a database.
        fallen = random.choice(self._fleet.instances) if random.random() < 0.5 else None
        if fallen:
            fallen.kill()
            fallen.start()
        self._database.start()
        for instance in self._fleet.instances:
            if instance is not fallen and instance.exit_status is not None:
                break
            self._fleet.await_ready(instance)
        self._check_survivors()

    def _check_survivors(self) -> None:
        for instance in self._fleet.instances:
            if instance.exit_status is not None:
                status = instance.exit_status
                how = signal.Signals(-status).name if status < 0 else f"status {status}"
                self._journal.violated(f"instance {instance.number} ended by itself ({how}); see {instance.log.name}")
