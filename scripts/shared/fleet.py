"""The instances of the service."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

from shared.ports import free_ports


def environment(**settings: str) -> dict[str, str]:
    """What an instance finds there: settings, and nothing of another project that happens to be in our environment."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "PG_BIN", "POSTGRES_OS_USER")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        # As many requests as are sent here are no attack.
        "HOST": "127.0.0.1", "METRICS_ADDRESS": "off", "RATE_LIMIT": "off", "RATE_LIMIT_ANONYMOUS": "off",
    } | settings


class Instance:
    """One `digidel serve`, with its log in a folder."""

    def __init__(self, program: Path, number: int, port: int, settings: dict[str, str], folder: Path):
        self.number = number
        self.port = port
        self.log = folder / f"instance-{number}.log"
        self.environment = settings | {"PORT": str(port)}
        self._program = program.resolve()
        self._process: subprocess.Popen | None = None
        self.kills = 0

    def load_demo(self) -> None:
        """By the same program, with the same settings."""
        subprocess.run([self._program, "demo"], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Does not wait until it is ready."""
        with open(self.log, "ab") as log:
            # A session of its own: Ctrl-C is for us, and we stop the instances.
            self._process = subprocess.Popen([self._program, "serve"], env=self.environment, stdin=subprocess.DEVNULL,
                                             stdout=log, stderr=log, start_new_session=True)

    def kill(self) -> None:
        """Nothing gets finished. Returns when it is gone."""
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
        """Of the process that was started last."""
        return self._process.pid if self._process else None

    @property
    def exit_status(self) -> int | None:
        """None while it runs, and before it was started."""
        return self._process.poll() if self._process else None

    def is_ready(self) -> bool:
        """Whether it answers that it can work."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return connection.recv(12) == b"HTTP/1.1 200"
        except OSError:
            return False


class Fleet:
    """All instances, under one public address; `settings` say, among others, on which database."""

    def __init__(self, program: Path, size: int, admin_key: str, folder: Path, **settings: str):
        ports = free_ports(size)
        # The same for all: their answers are to be equal byte for byte.
        address = f"http://127.0.0.1:{ports[0]}/v1"
        settings = environment(PUBLIC_URL=address, DIGIDEL_ADMIN_KEY=admin_key, LOG_LEVEL="error", **settings)
        self.instances = [
            Instance(program, number, port, settings, folder) for number, port in enumerate(ports, start=1)
        ]

    @property
    def ports(self) -> list[int]:
        """Those of all, in their order."""
        return [instance.port for instance in self.instances]

    @property
    def kills(self) -> int:
        """How often any of them was killed."""
        return sum(instance.kills for instance in self.instances)

    def start(self) -> None:
        """Returns when all are ready."""
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
        """One after the other, as an operator does."""
        for instance in self.instances:
            instance.stop()

    def kill(self) -> None:
        """Whatever state they are in."""
        for instance in self.instances:
            instance.kill()
