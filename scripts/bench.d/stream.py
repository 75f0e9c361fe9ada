"""Measures the live stream of a goal's progress: clients that listen, counts that are posted, when each client has the
event. Called by scripts/bench with a running service:

    python3 scripts/bench.d/stream.py http://127.0.0.1:8089 PID

DIGIDEL_ADMIN_KEY must be set; BENCH_STREAMS (5000) and BENCH_STREAM_POSTS (20) may be. Reports; decides nothing.
Clients that wait for an event are read by this one process, whose own work is part of the times."""

from __future__ import annotations

import http.client
import json
import os
import resource
import select
import socket
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

GOAL = "digidel2013"
#: How many connections are begun before the first of them are waited for.
BATCH = 250
PATIENCE_SECONDS = 60


class Poster:
    """Posts counts, one at a time."""

    def __init__(self, host: str, port: int):
        self.connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
        self.headers = {"Content-Type": "application/json",
                        "Authorization": "Bearer " + os.environ["DIGIDEL_ADMIN_KEY"]}
        self.run = f"stream-{time.time_ns()}"
        self.count = 0

    def post(self) -> None:
        self.count += 1
        body = json.dumps({
            "organisation": "motala-bibliotek", "campaign": GOAL, "measure": "newlyIncluded", "value": 1,
            "from": "2013-10-07", "to": "2013-10-13", "area": "se-0583", "channel": "onSite",
            "evidence": "guideAssessed", "externalId": f"{self.run}-{self.count}"})
        self.connection.request("POST", "/v1/participant-counts", body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise SystemExit(f"bench: a count was answered {answer.status}: {text.decode()}")


class Streams:
    """Clients that listen, and the version that each was told last."""

    def __init__(self, host: str, port: int):
        self.address = (host, port)
        self.epoll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.versions: dict[int, int] = {}
        self.rests: dict[int, bytes] = {}
        self.events = 0

    def open(self, count: int) -> None:
        request = f"GET /v1/goals/{GOAL}/progress/stream HTTP/1.1\r\nHost: {self.address[0]}\r\n\r\n".encode()
        while len(self.sockets) < count:
            for _ in range(min(BATCH, count - len(self.sockets))):
                client = socket.create_connection(self.address, PATIENCE_SECONDS)
                client.sendall(request)
                client.setblocking(False)
                self.sockets[client.fileno()] = client
                self.epoll.register(client, select.EPOLLIN)
            self.wait(1)

    def wait(self, version: int, until: float | None = None) -> list[float]:
        """Reads until all have been told that version or a later one, in the order in which they were; or until then."""
        told = []
        missing = {number for number in self.sockets if self.versions.get(number, 0) < version}
        deadline = until or time.monotonic() + PATIENCE_SECONDS
        while missing:
            ready = self.epoll.poll(max(0.0, deadline - time.monotonic()), 512)
            if not ready and time.monotonic() >= deadline:
                if until:
                    break
                raise SystemExit(f"bench: {len(missing)} clients were not told of version {version}")
            for number, _ in ready:
                self.read(number)
                if number in missing and self.versions.get(number, 0) >= version:
                    missing.discard(number)
                    told.append(time.monotonic())
        return told

    def read(self, number: int) -> None:
        data = self.rests.pop(number, b"") + self.sockets[number].recv(65536)
        if not data:
            raise SystemExit("bench: a stream was ended")
        end = 0
        while (start := data.find(b"id: ", end)) >= 0 and (stop := data.find(b"\n\n", start)) >= 0:
            self.versions[number] = int(data[start + 4:data.index(b"\n", start)])
            self.events += 1
            end = stop
        if b"id: " in data[end:]:
            self.rests[number] = data[end:]

    def close(self) -> None:
        for client in self.sockets.values():
            client.close()


class Process:
    """What the server has used so far."""

    def __init__(self, pid: int):
        self.folder = Path(f"/proc/{pid}")
        self.hertz = os.sysconf("SC_CLK_TCK")

    @property
    def cpu_seconds(self) -> float:
        fields = (self.folder / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / self.hertz

    @property
    def memory_kilobytes(self) -> int:
        lines = (self.folder / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def main() -> None:
    address = urlsplit(sys.argv[1])
    host, port = address.hostname or "127.0.0.1", address.port or 80
    server = Process(int(sys.argv[2]))
    count = int(os.environ.get("BENCH_STREAMS", "5000"))
    posts = int(os.environ.get("BENCH_STREAM_POSTS", "20"))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    memory, cpu, began = server.memory_kilobytes, server.cpu_seconds, time.monotonic()
    streams = Streams(host, port)
    streams.open(count)
    opened = server.memory_kilobytes
    print(f"streams  {count} opened in {time.monotonic() - began:.1f} s, {(server.cpu_seconds - cpu) * 1e6 / count:.0f} us"
          f" of server CPU and {(opened - memory) / count:.1f} KB each ({memory / 1024:.0f} MB before,"
          f" {opened / 1024:.0f} MB with them)")

    poster = Poster(host, port)
    version = max(streams.versions.values())
    times: list[tuple[float, float, float]] = []
    cpu = server.cpu_seconds
    for _ in range(posts):
        version += 1
        thread = threading.Thread(target=poster.post)
        sent = time.monotonic()
        thread.start()
        told = [moment - sent for moment in streams.wait(version)]
        thread.join()
        times.append((told[0], told[len(told) // 2], told[-1]))
        # The next count shall not have to wait for the last one's event to be old enough.
        streams.wait(version + 1, until=sent + 0.5)
    used = server.cpu_seconds - cpu
    for name, position in [("first", 0), ("median", 1), ("last", 2)]:
        sample = sorted(triple[position] * 1000 for triple in times)
        print(f"         {name} client told after {sample[len(sample) // 2]:.0f} ms (median of {posts} posts),"
              f" {sample[-1]:.0f} ms at most")
    print(f"         {used / posts * 1000:.0f} ms of server CPU per event to all, {used * 1e6 / posts / count:.1f} us each")

    seconds = 5.0
    cpu, events, began = server.cpu_seconds, streams.events, time.monotonic()
    posted = poster.count
    stops = threading.Event()

    def keep_posting() -> None:
        while not stops.is_set():
            poster.post()

    thread = threading.Thread(target=keep_posting)
    thread.start()
    streams.wait(1 << 62, until=began + seconds)
    took = time.monotonic() - began
    used = server.cpu_seconds - cpu
    stops.set()
    thread.join()
    streams.wait(version + poster.count - posted)
    print(f"         posting without pause ({(poster.count - posted) / took:.0f}/s):"
          f" {(streams.events - events) / took / count:.1f} events/s to each client, {used / took:.2f} cores,"
          f" {server.memory_kilobytes / 1024:.0f} MB; all have the last state")
    streams.close()


if __name__ == "__main__":
    main()
