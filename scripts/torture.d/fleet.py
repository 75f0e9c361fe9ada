"""The instances of the service, and who kills them."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

from database import Database
from journal import Journal


class Instance:
    """One `digidel serve`."""

    def __init__(self, program: Path, number: int, port: int, environment: dict[str, str], folder: Path):
        self.number = number
        self.port = port
        self.log = folder / f"instance-{number}.log"
        self._program = program
        self._environment = environment | {"PORT": str(port)}
        self._process: subprocess.Popen | None = None
        self.kills = 0

    def start(self) -> None:
        with open(self.log, "ab") as log:
            # A session of its own: Ctrl-C is for us, and we stop the instances.
            self._process = subprocess.Popen([self._program, "serve"], env=self._environment, stdin=subprocess.DEVNULL,
                                             stdout=log, stderr=log, start_new_session=True)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self.kills += 1

    def stop(self) -> None:
        """As an operator does. Returns when it is gone; throws TimeoutExpired when it does not go."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=40)

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_status(self) -> int | None:
        return self._process.poll() if self._process else None

    def is_ready(self) -> bool:
        connection = socket.socket()
        connection.settimeout(2)
        try:
            connection.connect(("127.0.0.1", self.port))
            connection.sendall(b"GET /health/ready HTTP/1.1\r\nHost: torture\r\nConnection: close\r\n\r\n")
            return connection.recv(12) == b"HTTP/1.1 200"
        except OSError:
            return False
        finally:
            connection.close()


class Fleet:
    """All instances, on one database and under one public address; `settings` are further ones of theirs."""

    def __init__(self, program: Path, size: int, database_url: str, admin_key: str, folder: Path,
                 settings: dict[str, str] | None = None):
        ports = free_ports(size)
        environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        environment |= {
            "HOST": "127.0.0.1",
            # The same for all: their answers are to be equal byte for byte.
            "PUBLIC_URL": f"http://127.0.0.1:{ports[0]}/v1",
            "DATABASE_URL": database_url,
            "METRICS_ADDRESS": "off",
            "RATE_LIMIT": "off",
            "RATE_LIMIT_ANONYMOUS": "off",
            "DIGIDEL_ADMIN_KEY": admin_key,
            "LOG_LEVEL": "error",
        } | (settings or {})
        self.instances = [
            Instance(program, number, port, environment, folder) for number, port in enumerate(ports, start=1)
        ]

    @property
    def ports(self) -> list[int]:
        return [instance.port for instance in self.instances]

    @property
    def kills(self) -> int:
        return sum(instance.kills for instance in self.instances)

    def start(self) -> None:
        for instance in self.instances:
            instance.start()
        for instance in self.instances:
            self.await_ready(instance)

    def await_ready(self, instance: Instance, seconds: float = 60) -> None:
        """Starts it again when it gave up: without a database at its start, it may."""
        deadline = time.monotonic() + seconds
        while not instance.is_ready():
            if time.monotonic() > deadline:
                raise RuntimeError(f"instance {instance.number} is not ready after {seconds:.0f} s; see {instance.log}")
            if instance.exit_status is not None:
                instance.start()
            time.sleep(0.05)

    def stop(self) -> None:
        for instance in self.instances:
            instance.stop()

    def kill(self) -> None:
        for instance in self.instances:
            instance.kill()


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


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; all held at once, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for free in sockets:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in sockets]
    finally:
        for free in sockets:
            free.close()
