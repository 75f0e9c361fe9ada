"""What clients get through the proxy."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import ssl
import time
from pathlib import Path

from shared.report import expect, say

HOST = "api.example.se"
GOAL = "digidel2013"


class Connection(http.client.HTTPSConnection):
    """To the proxy on this machine, whose name is HOST, from an address of its own."""

    def __init__(self, certificate: Path, client: str):
        self._tls = ssl.create_default_context(cafile=str(certificate))
        super().__init__(HOST, 8443, timeout=30, context=self._tls)
        self._client = client

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", 8443), timeout=30, source_address=(self._client, 0))
        self.sock = self._tls.wrap_socket(plain, server_hostname=HOST)


class ClientsView:
    """Two clients with addresses of their own, and an admin's key."""

    def __init__(self, certificate: Path, clients: list[str], key: str):
        self._certificate = certificate
        self._clients = clients
        self._key = {"Authorization": f"Bearer {key}"}

    def check(self) -> None:
        self._await_proxy()
        self._transport()
        self._compression()
        self._writes()
        self._streams()

    def _await_proxy(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", 8443), timeout=5).close()
                return
            except OSError:
                expect(time.monotonic() < deadline, "the proxy does not listen")
                time.sleep(0.05)

    def _ask(self, method: str, path: str, body=None, client: int = 0, **fields: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = Connection(self._certificate, self._clients[client])
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        if body is not None:
            body, fields = json.dumps(body).encode(), fields | {"Content-Type": "application/json"} | self._key
        connection.request(method, path, body, fields)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response, content

    def _transport(self) -> None:
        response, content = self._ask("GET", "/health/ready")
        expect(response.status == 200, f"/health/ready: {response.status} {content}")
        response, content = self._ask("GET", f"/v1/goals/{GOAL}/progress")
        expect(response.status == 200, f"progress: {response.status} {content}")
        transport = response.headers.get_all("Strict-Transport-Security") or []
        expect(len(transport) == 1 and "max-age=" in transport[0], f"Strict-Transport-Security is {transport}")
        expect((response.headers.get("Server") or "nginx") == "nginx", "the proxy tells its version")
        response, _ = self._ask("GET", "/metrics")
        expect(response.status == 404, f"/metrics through the proxy: {response.status}")

        context = ssl.create_default_context(cafile=str(self._certificate))
        context.set_alpn_protocols(["h2", "http/1.1"])
        with socket.create_connection(("127.0.0.1", 8443)) as plain, context.wrap_socket(plain, server_hostname=HOST) as tls:
            expect(tls.selected_alpn_protocol() == "h2", "the proxy does not speak HTTP/2")
            version = tls.version()
        context = ssl.create_default_context(cafile=str(self._certificate))
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        try:
            with socket.create_connection(("127.0.0.1", 8443)) as plain, context.wrap_socket(plain, server_hostname=HOST):
                expect(False, "the proxy takes TLS 1.1")
        except (ssl.SSLError, OSError):
            pass

        plain = http.client.HTTPConnection("127.0.0.1", 8000, timeout=10)
        plain.request("GET", "/v1/goals?q=forged", headers={"Host": HOST})
        response = plain.getresponse()
        expect((response.status, response.headers["Location"]) == (308, f"https://{HOST}/v1/goals?q=forged"),
               f"over plain HTTP: {response.status} {response.headers['Location']}")
        say(f"  through the proxy: {version}, HTTP/2, no TLS 1.1, Strict-Transport-Security once, 308 from plain HTTP, no /metrics")

    def _compression(self) -> None:
        path = "/v1/areas?country=se&limit=200"
        _, whole = self._ask("GET", path)
        response, content = self._ask("GET", path, Accept_Encoding="gzip")
        expect(response.headers["Content-Encoding"] == "gzip" and gzip.decompress(content) == whole, "JSON is not compressed")
        expect("accept-encoding" in (", ".join(response.headers.get_all("Vary") or [])).lower(), "Vary lacks Accept-Encoding")
        again, _ = self._ask("GET", path, Accept_Encoding="gzip", If_None_Match=response.headers["ETag"])
        expect(again.status == 304, f"the compressed answer's ETag, sent back: {again.status}")
        say(f"  compressed by the proxy: {len(whole)} bytes as {len(content)}; its ETag sent back is answered 304")

    def _writes(self) -> None:
        series = {"id": "deploy-check", "name": "Deploy check", "description": "Described at some length. " * 80}
        response, content = self._ask("POST", "/v1/campaign-series", series)
        expect(response.status == 201, f"POST: {response.status} {content}")
        expect(response.headers["Location"] == f"https://{HOST}/v1/campaign-series/deploy-check", response.headers["Location"])
        read, content = self._ask("GET", "/v1/campaign-series/deploy-check?lang=all", Accept_Encoding="gzip", **self._key)
        tag = read.headers["ETag"]
        expect(tag.startswith("W/"), f"the proxy left the ETag {tag}; nginx.conf need not mend If-Match")
        changed = json.loads(gzip.decompress(content)) | {"name": "Deploy check, changed"}
        written, content = self._ask("PUT", "/v1/campaign-series/deploy-check", changed, If_Match=tag)
        expect(written.status == 200, f"PUT with the ETag of a compressed answer: {written.status} {content}")
        stale, _ = self._ask("PUT", "/v1/campaign-series/deploy-check", changed, If_Match=tag)
        expect(stale.status == 412, f"PUT with an ETag that is old: {stale.status}")
        say("  POST answers with a public Location; PUT takes the ETag of a compressed answer, and refuses an old one")

    def _streams(self) -> None:
        began = time.monotonic()
        connection, response = self._stream(0)
        expect(response.status == 200, f"a live stream: {response.status}")
        self._next_event(response)
        first = time.monotonic() - began
        expect(first < 1, f"the first event came after {first:.2f} s")
        count = {"organisation": "motala-bibliotek", "campaign": "digidel2013", "measure": "newlyIncluded", "value": 42,
                 "from": "2013-10-07", "to": "2013-10-13", "area": "se-0583", "channel": "onSite",
                 "evidence": "guideAssessed", "externalId": "deploy-check"}
        answer, content = self._ask("POST", "/v1/participant-counts", count)
        expect(answer.status == 201, f"POST of a count: {answer.status} {content}")
        posted = time.monotonic()
        self._next_event(response)
        second = time.monotonic() - posted
        expect(second < 1, f"the event of a count came after {second:.2f} s")

        # The API lets an address have one stream here. It is told the true one, whatever the client claims.
        for claim in ({}, {"X-Forwarded-For": "203.0.113.1"}, {"Forwarded": "for=203.0.113.1"}):
            other, refused = self._stream(0, claim)
            expect(refused.status == 429, f"a second stream of an address, which claims {claim}: {refused.status}")
            other.close()
        other, taken = self._stream(1)
        expect(taken.status == 200, f"a stream of another address: {taken.status}")
        other.close()
        connection.close()
        say(f"  live streams: first event after {first * 1000:.0f} ms, a count's after {second * 1000:.0f} ms; the API sees who asks, "
            "whatever Forwarded and X-Forwarded-For claim")

    def _stream(self, client: int, fields: dict[str, str] | None = None) -> tuple[Connection, http.client.HTTPResponse]:
        connection = Connection(self._certificate, self._clients[client])
        # As browsers ask: they offer to take it compressed.
        connection.request("GET", f"/v1/goals/{GOAL}/progress/stream", headers={"Accept-Encoding": "gzip"} | (fields or {}))
        return connection, connection.getresponse()

    @staticmethod
    def _next_event(response: http.client.HTTPResponse) -> None:
        """Reads until the end of an event with data."""
        has_data = False
        while True:
            line = response.readline()
            expect(line != b"", "the stream has ended")
            has_data = has_data or line.startswith(b"data:")
            if has_data and line == b"\n":
                return
