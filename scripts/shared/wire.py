"""HTTP as the clients speak it: keep-alive connections that tell what is known when no answer comes."""

from __future__ import annotations

import http.client
import json
import random
import socket
from dataclasses import dataclass
from urllib.parse import quote, urlencode


class NotSent(Exception):
    """No connection: nothing of the request can have arrived."""


class NoAnswer(Exception):
    """The connection died under the request: whether it was done is not known."""


@dataclass
class Answer:
    """An answer that came whole."""

    status: int
    fields: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def etag(self) -> str | None:
        """As it came, quoted."""
        return self.fields.get("ETag")

    def __str__(self) -> str:
        return f"{self.status} {self.body.decode(errors='replace')[:600]}"


class Line:
    """A connection to one instance, opened anew when it broke."""

    def __init__(self, port: int, key: str | None = None, timeout: float = 30):
        self._key = key
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def ask(self, method: str, path: str, body=None, query: dict | None = None, **fields: str) -> Answer:
        """`body` is JSON to be, or bytes that go as they are. Throws NotSent or NoAnswer."""
        target = f"/v1/{quote(path)}" + (f"?{urlencode(query)}" if query else "")
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        if self._key:
            fields["Authorization"] = f"Bearer {self._key}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
        self._open()
        try:
            self._connection.request(method, target, body, fields)
            response = self._connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise NoAnswer(type(error).__name__) from error

    def close(self) -> None:
        """It may be asked again, over a new connection."""
        self._connection.close()

    def _open(self) -> None:
        if self._connection.sock is not None:
            return
        try:
            self._connection.connect()
            # Head and body go out as two writes; the second would wait for the first's acknowledgement.
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            self._connection.close()
            raise NotSent(type(error).__name__) from error


class Lines:
    """A client's connections: one to every instance, each request over any of them."""

    def __init__(self, ports: list[int], key: str):
        self._lines = [Line(port, key) for port in ports]

    def ask(self, method: str, path: str, body=None, query: dict | None = None, **fields: str) -> Answer:
        """As of a Line."""
        return random.choice(self._lines).ask(method, path, body, query, **fields)
