"""A service with a private database and demo data, and what is asked of it."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any

import yaml

from shared import service

#: Where the service says that it is. It answers on this machine, without the part before /v1.
PUBLIC_URL = "https://api.example.se/digidel/v1"


@dataclass
class Answer:
    """An answer as it came: `fields` in their order, names as they were sent."""

    method: str
    target: str
    asked: dict[str, str]
    status: int
    reason: str
    fields: list[tuple[str, str]]
    body: bytes

    def field(self, name: str) -> str | None:
        values = [value for known, value in self.fields if known.lower() == name.lower()]
        return ", ".join(values) if values else None

    def words(self, name: str) -> set[str]:
        """The members of a field that is a list."""
        return {word.strip().lower() for word in (self.field(name) or "").split(",") if word.strip()}

    @property
    def goes_on(self) -> bool:
        return self.media_type == "text/event-stream"

    @property
    def media_type(self) -> str:
        return (self.field("Content-Type") or "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        return json.loads(self.body)

    def __str__(self) -> str:
        asked = "".join(f" {name}: {value};" for name, value in self.asked.items() if name != "Authorization")
        key = " (with a key)" if "Authorization" in self.asked else ""
        return f"{self.method} {self.target}{asked}{key}"


class Service(service.Service):
    def ask(self, method: str, target: str, fields: dict[str, str] | None = None, body: Any = None,
            with_key: bool = False) -> Answer:
        """One request on a connection of its own."""
        asked = dict(fields or {})
        if with_key:
            asked["Authorization"] = f"Bearer {self.key}"
        if body is not None and not isinstance(body, bytes):
            asked.setdefault("Content-Type", "application/json")
            body = json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, target, body=body, headers={"User-Agent": "conformance", **asked})
            response = connection.getresponse()
            # A stream does not end; its first part is there at once.
            goes_on = method == "GET" and response.getheader("Content-Type", "").startswith("text/event-stream")
            return Answer(
                method, target, asked, response.status, response.reason, response.getheaders(),
                response.read1() if goes_on else response.read())
        finally:
            connection.close()

    def get(self, target: str, accept: str | None = None, with_key: bool = False) -> Answer:
        """A GET that must be answered 200."""
        answer = self.ask("GET", target, {"Accept": accept} if accept else None, with_key=with_key)
        if answer.status != 200:
            raise AssertionError(f"{answer} was answered {answer.status}: {answer.body[:200].decode(errors='replace')}")
        return answer


class Document:
    """openapi.yaml."""

    def __init__(self) -> None:
        with open("openapi.yaml", encoding="utf-8") as file:
            self.root = yaml.safe_load(file)

    def operations(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Method, path as it is served, operation."""
        return [
            (method.upper(), path if path.startswith("/health/") else f"/v1{path}", operation)
            for path, item in self.root["paths"].items() for method, operation in item.items()]

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found = self.root
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        return found

    def media_types(self, operation: dict[str, Any]) -> set[str]:
        return set(self.resolve(operation["responses"]["200"]).get("content", {}))

    def parameters(self, operation: dict[str, Any]) -> set[str]:
        return {self.resolve(item)["name"] for item in operation.get("parameters", [])}
