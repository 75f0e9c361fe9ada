"""PostgreSQL with an archive of its WAL, backups of it, and clusters that are made from them."""

from __future__ import annotations

import time
from pathlib import Path

from shared.database import Database
from shared.folders import give_to_postgres

#: Seconds after which a piece of WAL is archived though it is not full: what the loss of the machine may cost.
ARCHIVE_SECONDS = 5


class Cluster(Database):
    """A database with what is needed to lose it. Everything an operator would type is run as typed: see
    docs/operations.md."""

    def __init__(self, folder: Path, name: str):
        super().__init__(folder / name)
        self.folder = folder / name
        self.name = name

    # --- the primary

    def create_archiving(self, archive: Path) -> None:
        """A new cluster that archives its WAL and logs who changes the schema."""
        give_to_postgres(self.folder, archive)
        self.create()
        self.shut_down()
        self._configure(
            "wal_level = replica", "archive_mode = on", f"archive_timeout = {ARCHIVE_SECONDS}s",
            # Never over a file that is there: it may be another cluster's.
            f"archive_command = 'test ! -f {archive}/%f && cp %p {archive}/.%f && mv {archive}/.%f {archive}/%f'",
            "log_statement = ddl", "log_line_prefix = '%m [%p] '", "log_timezone = 'UTC'")
        self.start()

    def copy_archive(self, archive: Path, copy: Path) -> None:
        """What another machine holds of the archive at this moment."""
        give_to_postgres(copy)
        # Not what is on its way.
        self._run("/bin/sh", "-c", f"cp {archive}/[0-9]* {copy}")

    def base_backup(self, folder: Path) -> None:
        """A copy of the running cluster, checked against its manifest."""
        give_to_postgres(folder.parent)
        self._run("pg_basebackup", "--dbname", self.url, "--pgdata", folder, "--checkpoint", "fast", "--wal-method",
                  "stream")
        self._run("pg_verifybackup", "--quiet", folder)

    def dump(self, file: Path) -> None:
        """The database, and beside it the roles, which are no part of a database."""
        give_to_postgres(file.parent)
        self._run("pg_dumpall", "--roles-only", "--file", file.with_suffix(".roles"), "--dbname", self.url)
        self._run("pg_dump", "--format", "custom", "--file", file, self.url)

    def archive_everything(self) -> None:
        """Closes the piece of WAL that is being written, and waits until it is in the archive."""
        segment = self.rows("select pg_walfile_name(pg_switch_wal()) as name")[0]["name"]
        deadline = time.monotonic() + 60
        while (self.rows("select last_archived_wal as name from pg_stat_archiver")[0]["name"] or "") < segment:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{segment} is not archived; see {self.log}")
            time.sleep(0.1)

    # --- what is made of a backup

    def restore(self, backup: Path) -> float:
        """Copies a base backup to where the cluster will be; seconds it took."""
        give_to_postgres(self.folder, self._home, self._sockets)
        began = time.monotonic()
        self._run("/bin/cp", "-a", backup, self._data)
        return time.monotonic() - began

    def recover(self, archive: Path, until: str | None) -> float:
        """Replays the archive, up to an instant or to its end, and opens the cluster for writing; seconds it took."""
        settings = [f"restore_command = 'cp {archive}/%f %p'", "archive_mode = off", "recovery_target_action = promote"]
        if until:
            settings.append(f"recovery_target_time = '{until}'")
        self._configure(*settings)
        self._run("/usr/bin/touch", self._data / "recovery.signal")
        began = time.monotonic()
        self.start()
        while self.rows("select pg_is_in_recovery() as is_recovering")[0]["is_recovering"]:
            if time.monotonic() - began > 600:
                raise RuntimeError(f"recovery does not end; see {self.log}")
            time.sleep(0.05)
        self._move_versions_on()
        return time.monotonic() - began

    def restore_dump(self, file: Path) -> float:
        """Into the empty database of a new cluster; seconds it took."""
        give_to_postgres(self.folder)
        self.create()
        began = time.monotonic()
        # It says of digidel that it is there already, and goes on.
        self._run("psql", "--quiet", "--file", file.with_suffix(".roles"), self.url)
        self._run("pg_restore", "--dbname", self.url, "--exit-on-error", "--jobs", "2", file)
        # What the planner knows of the tables is not in a dump.
        self.run_sql("analyze")
        self._move_versions_on()
        return time.monotonic() - began

    def _move_versions_on(self) -> None:
        """Else a version that was answered in the time that is lost comes again with another content, under its ETag."""
        self.run_sql("update campaign_versions set version = version + 1000000")

    # --- the accident

    def drop_publications(self) -> None:
        """What an operator does who believes to be somewhere else. Counts are posted on."""
        self.run_sql("drop table publications cascade")

    def logged(self, words: str) -> str:
        """When the statement with these words was logged first, as PostgreSQL wrote it down."""
        for line in self.log.read_text(encoding="utf-8").splitlines():
            if "LOG:  statement:" in line and words in line:
                return line.split(" [")[0]
        raise RuntimeError(f"{words} is not in {self.log}")

    # ---

    def _configure(self, *lines: str) -> None:
        with open(self._data / "postgresql.auto.conf", "a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)

    @property
    def size(self) -> int:
        return folder_size(self._data)


def folder_size(folder: Path) -> int:
    """Bytes of the files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
