"""A relay between clients and the service that counts what goes by and, when told to, loses it."""

from __future__ import annotations

import dataclasses
import mimetypes
import socket
import struct
import threading
import time
from pathlib import Path

FIELD_END = b"\r\n\r\n"


@dataclasses.dataclass
class Exchange:
    """A request and what became of it; `status` is 0 while there is no answer."""

    method: str
    target: str
    fields: dict[str, str]
    began: float = dataclasses.field(default_factory=time.monotonic)
    status: int = 0
    answer: bytes = b""


@dataclasses.dataclass
class Fault:
    """What is to happen to the next request of a method whose target has a text in it."""

    method: str
    part: str
    #: Given in place of the service's answer.
    answer: bytes = b""
    #: Added to the service's answer.
    field: bytes = b""
    #: half: the service gets half of the body and no client an answer; answer: the service answers, the client gets nothing;
    #: end: the client gets half of the answer's body.
    lose: str = ""


class Relay:
    """One request for each connection, so that what is lost is one request or its answer."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.service = 0
        self.exchanges: list[Exchange] = []
        self.is_frozen = False
        self._faults: list[Fault] = []
        self._streams: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def fail(self, method: str, part: str, **how: bytes | str) -> None:
        with self._lock:
            self._faults.append(Fault(method, part, **how))

    def has_failed(self) -> bool:
        """Whether everything that was to fail has failed."""
        with self._lock:
            return not self._faults

    def seen(self, method: str, part: str, status: int | None = None) -> list[Exchange]:
        with self._lock:
            return [one for one in self.exchanges
                    if one.method == method and part in one.target and status in (None, one.status)]

    def cut_streams(self) -> None:
        with self._lock:
            for stream in self._streams:
                reset(stream)

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            self._relay(client)
        except OSError:
            # One of the two has gone: so does the other.
            pass
        finally:
            with self._lock:
                self._streams.discard(client)
            client.close()

    def _relay(self, client: socket.socket) -> None:
        head, body = read_head(client)
        if not head:
            return
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        while len(body) < int(fields.get("content-length", 0)):
            body += client.recv(65536)
        if target.startswith("/clients/"):
            client.sendall(self._file(target))
            return
        exchange = Exchange(method, target, fields)
        with self._lock:
            self.exchanges.append(exchange)
            fault = next((one for one in self._faults if one.method == method and one.part in target), Fault("", ""))
            if fault in self._faults:
                self._faults.remove(fault)
        if fault.answer:
            exchange.status = int(fault.answer.split(b" ")[1])
            client.sendall(fault.answer)
            return
        with socket.create_connection(("127.0.0.1", self.service), timeout=60) as service:
            kept = [line for line in lines if not line.lower().startswith("connection:")]
            service.sendall("\r\n".join([*kept, "Connection: close"]).encode("latin-1") + FIELD_END)
            service.sendall(body[:len(body) // 2] if fault.lose == "half" else body)
            if fault.lose == "half":
                reset(client)
                return
            head, rest = read_head(service)
            if not head:
                return
            if fault.lose == "answer":
                while service.recv(65536):
                    pass
                reset(client)
                return
            if fault.lose == "end":
                while part := service.recv(65536):
                    rest += part
                client.sendall(head + FIELD_END + rest[:len(rest) // 2])
                return
            exchange.status = int(head.split(b" ")[1])
            is_stream = b"text/event-stream" in head
            if is_stream and self.is_frozen:
                rest = b""
            client.sendall(head + (b"\r\n" + fault.field if fault.field else b"") + FIELD_END + rest)
            exchange.answer = rest
            if is_stream:
                with self._lock:
                    self._streams.add(client)
            while part := service.recv(65536):
                if not self.is_frozen:
                    exchange.answer += part
                    client.sendall(part)

    def _file(self, target: str) -> bytes:
        path = self._files / target.partition("?")[0].removeprefix("/clients/")
        content = path.read_bytes()
        media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (
            media.encode(), len(content), content)


def read_head(connection: socket.socket) -> tuple[bytes, bytes]:
    """A head without its end, and what came after it."""
    received = b""
    while FIELD_END not in received:
        part = connection.recv(65536)
        if not part:
            return b"", b""
        received += part
    head, _, rest = received.partition(FIELD_END)
    return head, rest


def reset(connection: socket.socket) -> None:
    """Breaks a connection off, as when a cable is pulled and the peer notices."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def refusal(status: int, *fields: str) -> bytes:
    """A refusal as a proxy in front of the service gives it, without a problem document."""
    lines = [f"HTTP/1.1 {status} Refused", "Connection: close", "Content-Length: 0", *fields]
    return "\r\n".join(lines).encode() + FIELD_END
