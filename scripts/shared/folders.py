"""Folders under /tmp, PostgreSQL's user in them, and the logs that are kept of them."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Who runs PostgreSQL's programs when we are root, as whom they refuse to run.
POSTGRES_USER = os.environ.get("POSTGRES_OS_USER", "postgres") if os.getuid() == 0 else None


@contextmanager
def private_folder(name: str) -> Iterator[Path]:
    """A new folder, which is removed after the block, after SIGTERM too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Under /tmp and not TMPDIR, which on macOS is too long for a socket's path.
    folder = Path(tempfile.mkdtemp(prefix=f"digidel-{name}.", dir="/tmp"))
    try:
        if POSTGRES_USER:
            # It has folders of its own below, and must get through; nobody else need.
            os.chown(folder, -1, pwd.getpwnam(POSTGRES_USER).pw_gid)
            folder.chmod(0o710)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def give_to_postgres(*folders: Path) -> None:
    """Makes folders that PostgreSQL's user can write to."""
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        if POSTGRES_USER:
            shutil.chown(folder, POSTGRES_USER, pwd.getpwnam(POSTGRES_USER).pw_gid)


def keep_logs(folder: Path, name: str) -> None:
    """Copies the logs of a run that found something to .build/NAME, and says so."""
    kept = Path(".build") / name
    for log in folder.rglob("*.log"):
        copy = kept / log.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(log, copy)
    print(f"the logs are in {kept}")
