"""What further instances and a standby bring on this machine: `instances.py PROGRAM [seconds]`.

Polls, posts and lists over one, two and three instances on one PostgreSQL, 64 connections in all; then lists with a hot
standby. Reports requests per second, and how much CPU the service, the primary and the standby spend on each."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent
sys.path.append(str(SCRIPTS))

from shared.database import Database  # noqa: E402
from shared.fleet import Fleet  # noqa: E402
from shared.folders import private_folder  # noqa: E402
from shared.ports import free_ports  # noqa: E402

CONNECTIONS = 64
ADMIN_KEY = secrets.token_hex(24)
LOADS = {
    "polls": ["/v1/goals/digidel2013/progress"],
    "posts": ["/v1/participant-counts", "-s", str(SCRIPTS / "bench-post.lua")],
    "lists": ["/v1/organisations?limit=20"],
}


def main() -> None:
    program, seconds = Path(sys.argv[1]), int((sys.argv + ["5"])[2])
    ports = free_ports(2)
    with private_folder("instances") as folder:
        primary, standby = Database(folder, "primary", ports[0]), Database(folder, "standby", ports[1])
        try:
            primary.create()
            Fleet(program, 1, ADMIN_KEY, folder, DATABASE_URL=primary.url).instances[0].load_demo()
            for size in (1, 2, 3):
                measure(program, folder, size, primary, None, ["polls", "posts", "lists"], seconds)
            standby.create_standby_of(primary)
            for size in (1, 3):
                measure(program, folder, size, primary, standby, ["lists"], seconds)
        finally:
            primary.stop()
            standby.stop()


def measure(program: Path, folder: Path, size: int, primary: Database, standby: Database | None, loads: list[str],
            seconds: int) -> None:
    settings = {"READ_DATABASE_URL": f"postgresql://digidel@127.0.0.1:{standby.port}/postgres"} if standby else {}
    url = f"postgresql://digidel@127.0.0.1:{primary.port}/postgres"
    fleet = Fleet(program, size, ADMIN_KEY, folder, DATABASE_URL=url, **settings)
    fleet.start()
    try:
        # Until a standby has been found.
        time.sleep(2)
        for load in loads:
            before = cpu(fleet, primary, standby)
            begun = time.monotonic()
            outputs = run(fleet.ports, LOADS[load], seconds)
            requests = sum(int(re.search(r"(\d+) requests in", output).group(1)) for output in outputs)
            refused = sum(int(found.group(1)) for output in outputs
                          if (found := re.search(r"Non-2xx or 3xx responses: (\d+)", output)))
            spent = [(after - earlier) * 1e6 / max(requests, 1) for earlier, after in
                     zip(before, cpu(fleet, primary, standby))]
            where = f"{size} instance{'s' if size > 1 else ''}{' and a standby' if standby else ''}"
            print(f"{load:6} {where:26} {requests / (time.monotonic() - begun):9.0f} requests/s; CPU each, us: "
                  f"service {spent[0]:.0f}, primary {spent[1]:.0f}, standby {spent[2]:.0f}"
                  + (f"; {refused} refused" if refused else ""), flush=True)
    finally:
        fleet.stop()


def run(ports: list[int], load: list[str], seconds: int) -> list[str]:
    target, *options = load
    environment = os.environ | {"DIGIDEL_ADMIN_KEY": ADMIN_KEY}
    processes = [
        subprocess.Popen(["wrk", "-t1", f"-c{CONNECTIONS // len(ports)}", f"-d{seconds}s", *options,
                          f"http://127.0.0.1:{port}{target}"],
                         env=environment | {"BENCH_RUN": f"{port}"}, stdout=subprocess.PIPE, text=True)
        for port in ports
    ]
    return [process.communicate()[0] for process in processes]


def cpu(fleet: Fleet, *databases: Database | None) -> list[float]:
    """Seconds of CPU so far, of the service and of each database."""
    return [sum(_time(instance.process_id) for instance in fleet.instances)] + [
        sum(_time(process) for process in database.processes) if database else 0 for database in databases
    ]


def _time(process: int) -> float:
    """Of a process and its children that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
