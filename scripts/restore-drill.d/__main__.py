"""Runs the drill: `scripts/restore-drill --help`."""

from __future__ import annotations

import argparse
import datetime
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from cluster import ARCHIVE_SECONDS, Cluster, folder_size
from posts import Posts
from promises import Lost, Restored, published, version
from shared.arguments import parse_arguments
from shared.fleet import Fleet
from shared.folders import keep_logs, private_folder
from shared.report import Broken, say
from shared.scene import Scene

ORGANISATIONS = 8
#: How long counts are posted after the accident, because nobody has noticed.
UNNOTICED_SECONDS = 3


@dataclass
class Line:
    """A line of the report."""

    what: str
    size: int
    backup: float
    restore: float
    replay: float
    ready: float
    counts: int
    lost: str

    def __str__(self) -> str:
        out = self.restore + self.replay + self.ready
        return (f"{self.what:<28}{self.size / 1e6:>8.1f}{self.backup:>9.1f}{self.restore:>9.1f}{self.replay:>9.1f}"
                f"{self.ready:>9.1f}{out:>8.1f}{self.counts:>9}  {self.lost}")


HEAD = (f"{'seconds':<28}{'MB':>8}{'backup':>9}{'restore':>9}{'replay':>9}{'start':>9}{'RTO':>8}{'counts':>9}"
        "  lost (RPO)")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="restore-drill", description="Backs up, has an accident, restores, and compares with what was acknowledged.")
    parser.add_argument("--counts", type=int, default=int(os.environ.get("DRILL_COUNTS", 10_000)),
                        help="how many counts are posted (DRILL_COUNTS, 10000)")
    arguments = parse_arguments(parser)
    with private_folder("drill") as folder:
        drill = Drill(arguments.program.resolve(), arguments.counts, folder)
        try:
            drill.run()
        except Broken as broken:
            print(f"BROKEN: {broken}")
            keep_logs(folder, "restore-drill")
            return 1
        except KeyboardInterrupt:
            return 130
        except BaseException:
            keep_logs(folder, "restore-drill")
            raise
        finally:
            drill.clean_up()
    print("every promise was kept")
    return 0


class Watch:
    """How long something takes: `with Watch() as watch: …`."""

    def __enter__(self) -> Watch:
        self.began = time.time()
        return self

    def __exit__(self, *_) -> None:
        self.ended = time.time()

    @property
    def seconds(self) -> float:
        return self.ended - self.began


class Drill:
    """One run, from an empty folder to a report."""

    def __init__(self, program: Path, counts: int, folder: Path):
        self._program = program
        self._counts = counts
        self._folder = folder
        self._admin_key = secrets.token_hex(24)
        self._services: list[Fleet] = []
        self._clusters: list[Cluster] = []
        self._report: list[Line] = []
        #: The last version that anybody saw of what is lost.
        self._seen = 0

    def run(self) -> None:
        say(f"restore-drill: {self._counts} counts, {self._program}")
        self._drill_server()
        self._drill_private()
        print(HEAD)
        for line in self._report:
            print(line)

    # --- PostgreSQL of its own, with an archive

    def _drill_server(self) -> None:
        archive, backup, dump = self._folder / "archive", self._folder / "backup/base", self._folder / "dump/digidel.dump"
        primary = self._cluster("primary")
        primary.create_archiving(archive)
        service = self._service(DATABASE_URL=primary.url)
        service.instances[0].load_demo()
        service.start()
        scene = Scene(service.ports[0], self._admin_key, ORGANISATIONS)
        demo = published(service.ports[0])
        # Without end: partners post on while nobody has noticed the accident.
        posts = Posts(service.ports[0], scene.partners, self._counts * 10)
        began = time.time()
        posts.start()

        posts.wait_for(self._counts // 4)
        with Watch() as base_backup:
            primary.base_backup(backup)
        posts.wait_for(self._counts // 2)
        with Watch() as dumping:
            primary.dump(dump)
        posts.wait_for(self._counts)
        rate = posts.acknowledged / (time.time() - began)
        gone = time.time()
        primary.copy_archive(archive, self._folder / "elsewhere/archive")
        if posts.faults:
            raise Broken(f"while all was well a partner was answered {posts.faults[0]}")

        primary.drop_publications()
        time.sleep(UNNOTICED_SECONDS)
        posts.stopping.set()
        posts.finish()
        noticed = time.time()
        self._seen = version(service.ports[0])
        primary.archive_everything()
        say(f"{posts.acknowledged} counts acknowledged, {rate:.0f} a second beside two backups; the cluster has "
            f"{primary.size / 1e6:.0f} MB, its archive {folder_size(archive) / 1e6:.0f} MB; somebody dropped a table, and it took "
            f"{noticed - gone:.1f} s to be noticed")
        accident = primary.logged("drop table publications")
        self._end(service, primary)

        self._go_back(posts, scene, backup, archive, base_backup, accident, demo)
        self._lose_machine(posts, scene, backup, self._folder / "elsewhere/archive", base_backup, gone, demo)
        self._restore_dump(posts, scene, dump, dumping, demo)

    def _go_back(self, posts: Posts, scene: Scene, backup: Path, archive: Path, backing_up: Watch, accident: str,
                 demo: dict) -> None:
        """Point-in-time recovery, to the moment at which PostgreSQL's log has the statement that should not have been."""
        instant = datetime.datetime.strptime(accident, "%Y-%m-%d %H:%M:%S.%f %Z").replace(tzinfo=datetime.timezone.utc)
        cluster = self._cluster("recovered")
        restored, replayed = cluster.restore(backup), cluster.recover(archive, accident)
        service, start = self._started(DATABASE_URL=cluster.url)
        restoration = Restored(service, cluster, self._admin_key, scene.partners)
        lost = restoration.check(posts, instant.timestamp(), instant.timestamp(), demo)
        restoration.expect_version_after(self._seen)
        self._say("to the moment before (PITR)", folder_size(backup) + folder_size(archive), backing_up, restored, replayed,
                  start, posts, lost, f"nothing from before {accident[11:]}; {len(lost.counts)} counts since, {lost.corrections} corrections")
        restoration.send_again(posts, lost)
        self._end(service, cluster)

    def _lose_machine(self, posts: Posts, scene: Scene, backup: Path, archive: Path, backing_up: Watch, gone: float,
                      demo: dict) -> None:
        """The primary is gone with its disks, between two counts; the backup and what was archived until then remain."""
        cluster = self._cluster("elsewhere/rebuilt")
        restored, replayed = cluster.restore(backup), cluster.recover(archive, None)
        service, start = self._started(DATABASE_URL=cluster.url)
        restoration = Restored(service, cluster, self._admin_key, scene.partners)
        # PostgreSQL looks every second or so whether the time is up, and the copy of a piece takes a moment.
        lost = restoration.check(posts, gone - ARCHIVE_SECONDS - 3, gone, demo)
        restoration.expect_version_after(self._seen)
        before = [count for count in lost.counts if count.versions[0].acknowledged <= gone]
        since = gone - min((count.versions[0].acknowledged for count in before), default=gone)
        self._say("machine lost (archive)", folder_size(backup) + folder_size(archive), backing_up, restored, replayed,
                  start, posts, lost, f"the last {since:.1f} s, {len(before)} counts (archive_timeout {ARCHIVE_SECONDS} s)")
        restoration.send_again(posts, lost)
        self._end(service, cluster)

    def _restore_dump(self, posts: Posts, scene: Scene, dump: Path, dumping: Watch, demo: dict) -> None:
        cluster = self._cluster("loaded")
        restored = cluster.restore_dump(dump)
        service, start = self._started(DATABASE_URL=cluster.url)
        restoration = Restored(service, cluster, self._admin_key, scene.partners)
        lost = restoration.check(posts, dumping.began, dumping.ended, demo)
        restoration.expect_version_after(self._seen)
        self._say("logical (pg_dump -Fc)", dump.stat().st_size, dumping, restored, 0, start, posts, lost,
                  "what came after the dump began")
        restoration.send_again(posts, lost)
        self._end(service, cluster)

    # --- the private cluster of a service without DATABASE_URL

    def _drill_private(self) -> None:
        backup = self._folder / "private-backup/base"
        first = self._cluster("private")
        service = self._service(DATA_DIR=str(first.folder))
        service.instances[0].load_demo()
        service.start()
        scene = Scene(service.ports[0], self._admin_key, ORGANISATIONS)
        demo = published(service.ports[0])
        posts = Posts(service.ports[0], scene.partners, self._counts // 5)
        posts.start()
        posts.wait_for(self._counts // 10)
        with Watch() as backing_up:
            first.base_backup(backup)
        posts.finish()
        if posts.faults:
            raise Broken(f"while all was well a partner was answered {posts.faults[0]}")
        service.stop()
        done = time.time()
        with Watch() as copying:
            self._copy(first.folder, "cold")

        running = self._cluster("running-copy")
        restored = running.restore(backup)
        self._check_private(running, "DATA_DIR, while it runs", folder_size(backup), posts, scene, backing_up,
                            (backing_up.began, backing_up.ended), restored, demo, "what came after the backup")
        with Watch() as restoring:
            self._copy(self._folder / "cold", "cold-copy")
        self._check_private(self._cluster("cold-copy"), "DATA_DIR, stopped", folder_size(self._folder / "cold"), posts, scene,
                            copying, (done, done), restoring.seconds, demo, "nothing")

    def _check_private(self, cluster: Cluster, what: str, size: int, posts: Posts, scene: Scene, backing_up: Watch,
                       period: tuple[float, float], restored: float, demo: dict, told: str) -> None:
        service, start = self._started(DATA_DIR=str(cluster.folder))
        restoration = Restored(service, cluster, self._admin_key, scene.partners)
        lost = restoration.check(posts, *period, demo)
        self._say(what, size, backing_up, restored, 0, start, posts, lost, told)
        restoration.send_again(posts, lost)
        self._end(service, cluster)

    def _copy(self, folder: Path, name: str) -> None:
        subprocess.run(["cp", "-a", folder, self._folder / name], check=True)

    # ---

    def _cluster(self, name: str) -> Cluster:
        cluster = Cluster(self._folder, name)
        self._clusters.append(cluster)
        return cluster

    def _service(self, **settings: str) -> Fleet:
        """One instance, on a database or on a private cluster under DATA_DIR."""
        folder = self._folder / f"service-{len(self._services)}"
        folder.mkdir()
        service = Fleet(self._program, 1, self._admin_key, folder, **settings)
        self._services.append(service)
        return service

    def _started(self, **settings: str) -> tuple[Fleet, Watch]:
        """A service that is ready, and how long that took."""
        service = self._service(**settings)
        with Watch() as start:
            service.start()
        return service, start

    def _end(self, service: Fleet, cluster: Cluster) -> None:
        service.stop()
        cluster.stop()

    def _say(self, what: str, size: int, backing_up: Watch, restored: float, replayed: float, start: Watch, posts: Posts,
             lost: Lost, told: str) -> None:
        counts = posts.acknowledged - len(lost.counts)
        self._report.append(Line(what, size, backing_up.seconds, restored, replayed, start.seconds, counts, told))
        say(f"{what}: as promised")

    def clean_up(self) -> None:
        for service in self._services:
            service.kill()
        for cluster in self._clusters:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main())
