"""The systemd units: verified, judged, and what they forbid held against what the program does."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

from command import run
from shared.database import Database
from shared.ports import free_port
from shared.report import Broken, expect, say

UNITS = Path("deploy/systemd")
#: Tenths of the exposure that systemd-analyze computes; 1.2 today.
THRESHOLD = 13


def check(program: Path, folder: Path) -> None:
    root = folder / "systemd"
    _prepare(root)
    names = sorted(file.name for file in UNITS.glob("digidel*") if file.suffix in (".service", ".socket"))
    output = _analyze(f"--root={root}", "verify", *names)
    expect("digidel" not in output, f"systemd-analyze verify: {output}")
    for name in names:
        if name.endswith(".service"):
            judged = _analyze(f"--root={root}", "--offline=true", f"--threshold={THRESHOLD}", "--no-pager", "security", name)
            say(f"  {judged.strip().splitlines()[-1].removeprefix('→ ')}")
    _check_timeout()
    _run_activated(program, folder)


def _prepare(root: Path) -> None:
    """The units where they would be, with systemd's own, so that verify finds what they name."""
    shutil.copytree("/lib/systemd/system", root / "lib/systemd/system", symlinks=True)
    units = root / "etc/systemd/system"
    units.mkdir(parents=True)
    for file in UNITS.glob("digidel*"):
        shutil.copy(file, units)
    for path in ("usr/local/bin/digidel", "bin/sh"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("#!/bin/sh\n", encoding="utf-8")
        (root / path).chmod(0o755)


def _check_timeout() -> None:
    seconds = int(_said("TimeoutStopSec")[0])
    expect(seconds > 20, f"TimeoutStopSec={seconds} cuts requests off that DRAIN_SECONDS (20) lets finish")


def _said(setting: str) -> list[str]:
    """The values of a setting of the service's unit, in their order."""
    unit = (UNITS / "digidel.service").read_text(encoding="utf-8")
    return re.findall(rf"^{setting}=(.*)$", unit, re.MULTILINE)


def _run_activated(program: Path, folder: Path) -> None:
    """Started by the first client, as by digidel.socket, and watched: does it ask the system for what the unit forbids?"""
    database = Database(folder / "units")
    (folder / "units").mkdir()
    database.create()
    trace, log = folder / "units/trace", folder / "units/activated.log"
    port = free_port()
    settings = {"DATABASE_URL": database.url, "METRICS_ADDRESS": "off", "PUBLIC_URL": f"http://127.0.0.1:{port}/v1"}
    command = ["systemd-socket-activate", f"--listen=127.0.0.1:{port}",
               *(f"--setenv={name}={value}" for name, value in settings.items()),
               # Of /proc only what ProcSubset=pid leaves.
               "unshare", "--mount", "/bin/sh", "-c", 'mount -t proc -o subset=pid proc /proc && exec "$@"', "sh",
               # -D: the program keeps the process id that it was activated with.
               "strace", "-D", "-f", "-qq", "-o", trace, program, "serve"]
    with open(log, "wb") as output:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        for path in ("/health/ready", "/v1/organisations", "/v1/statistics"):
            expect(_get(port, path).startswith(b"HTTP/1.1 200"), f"GET {path} of the activated service; see {log}")
        process.terminate()
        status = process.wait(timeout=30)
        expect(status == 0, f"the activated service ended with {status}")
        _restart(program, settings, log)
    finally:
        process.kill()
        database.stop()
    told = log.read_text(encoding="utf-8")
    expect("listening on" in told, f"it does not say that it listens: {told}")
    say("  started by its first client through systemd-socket-activate, answered, ended with 0")
    _judge(trace.read_text(encoding="utf-8", errors="replace"))


def _restart(program: Path, settings: dict[str, str], log: Path) -> None:
    """A socket that stays open, as digidel.socket keeps it, and three services one after the other: is anybody refused?"""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        port = listener.getsockname()[1]
        clients = _Clients(port)
        process = None
        for _ in range(3):
            if process:
                process.terminate()
                status = process.wait(timeout=30)
                expect(status == 0, f"it ended with {status}")
                time.sleep(0.5)
            with open(log, "ab") as output:
                process = subprocess.Popen(
                    ["/bin/sh", "-c", 'exec 3<&"$1" && LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" serve', program,
                     str(listener.fileno())],
                    env=os.environ | settings, pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL, stdout=output,
                    stderr=output)
            answered = clients.answered
            deadline = time.monotonic() + 60
            while clients.answered < answered + 100 and not clients.faults:
                expect(time.monotonic() < deadline, f"it does not answer; see {log}")
                time.sleep(0.05)
        clients.stop()
        process.terminate()
        process.wait(timeout=30)
    expect(not clients.faults, f"while it was restarted a client met {clients.faults[:3]}")
    say(f"  restarted twice behind its socket: {clients.answered} requests on connections of their own, none refused")


class _Clients:
    """Four who ask all the time, each time on a new connection."""

    def __init__(self, port: int):
        self.answered = 0
        self.faults: list[str] = []
        self._port = port
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                answer = _ask(self._port, "/health/live")
            except OSError as error:
                answer = repr(error).encode()
            with self._lock:
                if answer.startswith(b"HTTP/1.1 200"):
                    self.answered += 1
                else:
                    self.faults.append(answer[:100].decode(errors="replace"))


def _judge(trace: str) -> None:
    # What the loader does before main is under the filter as well.
    used = set(re.findall(r"^\d+ +([a-z_0-9]+)\(", trace, re.MULTILINE))
    allowed: set[str] = set()
    for groups in _said("SystemCallFilter"):
        calls = set().union(*(_calls(group) for group in groups.lstrip("~").split()))
        allowed = allowed - calls if groups.startswith("~") else allowed | calls
    expect(len(used) > 20, "strace has seen hardly anything")
    expect(used <= allowed, f"the filter forbids what the program does: {', '.join(sorted(used - allowed))}")
    executable = [line for line in trace.splitlines() if re.search(r"(mmap|mprotect)\(.*PROT_WRITE\|PROT_EXEC", line)]
    expect(not executable, f"MemoryDenyWriteExecute forbids {executable[:3]}")
    families = set(re.findall(r"\bsocket\((AF_[A-Z0-9]+)", trace))
    # The C library asks netlink for the machine's addresses, and does without when it may not.
    expect(families <= {*_said("RestrictAddressFamilies")[0].split(), "AF_NETLINK"}, f"it uses sockets of {families}")
    resources = used & _calls("@resources")
    say(f"  {len(used)} system calls, all within the filter (of @resources: {', '.join(sorted(resources)) or 'none'}); "
        f"sockets: {', '.join(sorted(families))}; no memory both writable and executable")


def _calls(group: str) -> set[str]:
    """The system calls of one of systemd's groups and of the groups in it."""
    found: set[str] = set()
    for line in _analyze("--no-pager", "syscall-filter", group).splitlines()[1:]:
        word = line.split("#")[0].strip()
        if word.startswith("@"):
            found |= _calls(word)
        elif word:
            found.add(word)
    return found


def _get(port: int, path: str) -> bytes:
    """Waits until somebody listens."""
    deadline = time.monotonic() + 120
    while True:
        try:
            return _ask(port, path)
        except ConnectionRefusedError as error:
            if time.monotonic() > deadline:
                raise Broken(f"nobody listens on {port}") from error
            time.sleep(0.05)


def _ask(port: int, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def _analyze(*words) -> str:
    return run("systemd-analyze", *words, SYSTEMD_COLORS="0")
