"""A private PostgreSQL that can be killed, and followed by a standby that can be promoted."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from shared.folders import POSTGRES_USER, give_to_postgres


class Database:
    """A cluster of its own in a folder, reachable over a unix socket, with all its durability on. With a port it listens
    on loopback as well. `settings` are PostgreSQL's."""

    def __init__(self, folder: Path, name: str = "postgres", port: int | None = None,
                 settings: dict[str, str] | None = None):
        self._programs = _programs()
        self.name = name
        self.port = port
        self._settings = {"listen_addresses": "127.0.0.1" if port else "", "max_connections": "200"} | (settings or {})
        if port:
            self._settings["port"] = str(port)
        self._home = folder / name
        self._data = self._home / "data"
        self._sockets = self._home / "socket"
        self.log = self._home / "postgres.log"
        self.kills = 0
        self._halted: int | None = None

    @property
    def url(self) -> str:
        """As the owner of the tables, over the unix socket."""
        return f"postgresql://digidel@/postgres?host={self._sockets}" + (f"&port={self.port}" if self.port else "")

    @property
    def service_url(self) -> str:
        """As the role of the service, which may not alter the schema or rewrite the ledger."""
        return self.url.replace("//digidel@", "//digidel_api@")

    def create(self) -> None:
        """An empty cluster, started."""
        self._make_folders()
        # No locale, as in production's private cluster: text sorts by code point.
        self._run("initdb", "--pgdata", self._data, "--username", "digidel", "--auth", "trust", "--encoding", "UTF8",
                  "--no-locale", "--no-instructions")
        self.start()

    def create_service_role(self) -> None:
        """That of `service_url`."""
        self.run_sql("create role digidel_service nologin; create role digidel_api login in role digidel_service")

    def create_standby_of(self, primary: Database) -> None:
        """A hot standby that streams from the primary under its own name."""
        self._make_folders()
        self._run("pg_basebackup", "--pgdata", self._data, "--write-recovery-conf", "--checkpoint", "fast",
                  "--dbname", f"host=127.0.0.1 port={primary.port} user=digidel application_name={self.name}")
        self.start()

    def _make_folders(self) -> None:
        give_to_postgres(self._home, self._sockets)

    def start(self) -> None:
        """Starts it, after a kill too; what is left of a killed server may keep its successor out for a moment."""
        settings = f"-c unix_socket_directories='{self._sockets}'"
        settings += "".join(f" -c {name}='{value}'" for name, value in self._settings.items())
        deadline = time.monotonic() + 60
        while True:
            try:
                self._run("pg_ctl", "start", "--silent", "--wait", "--pgdata", self._data, "--options", settings,
                          "--log", self.log)
                return
            except subprocess.CalledProcessError as error:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL does not start: {error.stdout}; see {self.log}") from error
                time.sleep(0.1)

    def kill(self) -> None:
        """Kills the postmaster and every process of its own at once: nobody gets to tidy up."""
        for process in self.processes:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.kills += 1

    def promote(self) -> None:
        """Makes a primary of a standby; returns when it takes writes."""
        self._run("pg_ctl", "promote", "--silent", "--wait", "--pgdata", self._data)

    def shut_down(self) -> None:
        """As an operator does: its standbys get all that it has written before it ends."""
        self._run("pg_ctl", "stop", "--silent", "--wait", "--mode", "fast", "--pgdata", self._data)

    def halt_receiver(self) -> None:
        """A standby receives nothing more from its primary, as if the network between them had become slow."""
        for receiver in self.rows("select pid from pg_stat_wal_receiver"):
            os.kill(receiver["pid"], signal.SIGSTOP)
            self._halted = receiver["pid"]

    def drop_receiver(self) -> None:
        """What was on its way to a halted receiver is lost with it."""
        if self._halted:
            os.kill(self._halted, signal.SIGTERM)
            os.kill(self._halted, signal.SIGCONT)

    def stop(self) -> None:
        """Stops it without tidying up: its data is about to be removed."""
        try:
            postmaster = self._postmaster()
            os.kill(postmaster, signal.SIGQUIT)
        except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            return
        for _ in range(100):
            try:
                os.kill(postmaster, 0)
            except ProcessLookupError:
                return
            time.sleep(0.1)

    def rows(self, query: str) -> list[dict]:
        """The rows of a query, by psql and not through the service that is under test."""
        command = [self._programs / "psql", "--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1",
                   "--command", f"select row_to_json(rows) from ({query}) as rows", self.url]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [json.loads(line) for line in output.splitlines() if line]

    def run_sql(self, statements: str) -> None:
        """By psql as well; the first that fails is the last."""
        self._run("psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statements, self.url)

    @property
    def processes(self) -> list[int]:
        """The server's, each session's included."""
        postmaster = self._postmaster()
        return [postmaster, *_children(postmaster)]

    def _postmaster(self) -> int:
        return int((self._data / "postmaster.pid").read_text().splitlines()[0])

    def _command(self, program: str, *arguments) -> list:
        command = [self._programs / program, *arguments]
        return ["runuser", "-u", POSTGRES_USER, "--", *command] if POSTGRES_USER else command

    def _run(self, program: str, *arguments) -> None:
        command = self._command(program, *arguments)
        # A file and not a pipe takes the output: the server would hold a pipe open. `/` is a folder any user may be in.
        with open(self._home / "output", "w+", encoding="utf-8") as output:
            outcome = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
                                     check=False)
            output.seek(0)
            if outcome.returncode:
                raise subprocess.CalledProcessError(outcome.returncode, command, output.read())


def _children(parent: int) -> list[int]:
    output = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    pairs = (line.split() for line in output.splitlines())
    return [int(process) for process, its_parent in pairs if int(its_parent) == parent]


def _programs() -> Path:
    """The folder of PostgreSQL's programs, looked for where digidel looks: PG_BIN, PATH, pg_config, Debian's place."""
    folders = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    if not folders:
        folders += [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
        if shutil.which("pg_config"):
            output = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False).stdout
            folders.append(Path(output.strip()))
        folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in folders:
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "pg_ctl", "postgres", "psql")):
            return folder
    raise RuntimeError("no PostgreSQL server programs found; run scripts/setup or set PG_BIN")


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0
