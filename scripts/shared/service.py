"""A service with a private database and demo data."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.fleet import Instance, environment
from shared.folders import private_folder
from shared.ports import free_ports


class Service(Instance):
    """DIGIDEL_BIN on free ports, its PostgreSQL in a folder of its own; `key` is an admin's."""

    def __init__(self, folder: Path, **settings: str):
        port, self.metrics_port = free_ports(2)
        self.address = f"http://127.0.0.1:{port}"
        self.folder = folder
        self.key = secrets.token_hex(24)
        settings = environment(
            DATA_DIR=str(folder), METRICS_ADDRESS=f"127.0.0.1:{self.metrics_port}", DIGIDEL_ADMIN_KEY=self.key, **settings)
        super().__init__(Path(os.environ["DIGIDEL_BIN"]), 1, port, settings, folder)

    @classmethod
    @contextmanager
    def running(cls, name: str, **settings: str) -> Iterator[Service]:
        """With demo data; nothing is left of it after the block."""
        with private_folder(name) as folder:
            service = cls(folder, **settings)
            try:
                service.load_demo()
                service.start()
                yield service
            finally:
                service.stop()
                subprocess.run([Path(__file__).parents[1] / "stop-clusters", folder], check=False)

    def start(self) -> None:
        """Returns when it is ready."""
        super().start()
        end = time.monotonic() + 30
        while not self.is_ready():
            if time.monotonic() > end or self.exit_status is not None:
                raise SystemExit(f"the service did not start; its last words:\n{self.log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.1)
