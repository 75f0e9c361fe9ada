"""httplint reads answers of every kind; its warnings are mended or accepted with a reason."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

from httplint import HttpRequestLinter, HttpResponseLinter
from httplint.note import levels

from places import Places
from service import PUBLIC_URL, Answer, Document, Service

ACCEPTED = Path(__file__).with_name("accepted-notes.toml")


def answers(service: Service, document: Document, places: Places) -> Iterator[Answer]:
    """Every path read in all of its forms, with and without a key, again, and in ways that it refuses."""
    for method, path, operation in document.operations():
        if path not in places.paths:
            continue
        address = places.paths[path]
        if method != "GET":
            yield service.ask(method, address, {"If-Match": "*"}, {"unknown": 1})
            yield service.ask(method, address, {"If-Match": '"0-sv"'}, {"unknown": 1}, with_key=True)
            yield service.ask(method, address, {"Content-Type": "text/plain"}, b"x", with_key=True)
            continue
        for media_type in sorted(document.media_types(operation)):
            answer = service.ask("GET", address, {"Accept": media_type})
            yield answer
            if tag := answer.field("ETag"):
                yield service.ask("GET", address, {"Accept": media_type, "If-None-Match": tag})
        yield service.ask("GET", address, with_key=True)
        yield service.ask("HEAD", address)
        yield service.ask("OPTIONS", address)
        yield service.ask("GET", address, {"If-Match": '"none"'}, with_key=True)
        yield service.ask("GET", f"{address}?unknown=1", with_key=True)
        yield service.ask("GET", address, {"Authorization": "Bearer unknown"})
        yield service.ask("DELETE", address)
    for page in ("/", "/dashboard.css", "/dashboard.js", "/icon.svg", "/embed/goals/digidel2013",
                 "/v1/goals/digidel2013/badge.svg", "/v1/openapi.yaml", "/v1/openapi.json", "/v1/dcat", "/docs",
                 "/.well-known/api-catalog", "/.well-known/security.txt"):
        yield service.ask("GET", page)
        yield service.ask("HEAD", page)
    yield service.ask("GET", "/v1/nothing")
    yield service.ask("POST", "/v1/strategies", body={"name": "Conformance"}, with_key=True)
    yield service.ask("OPTIONS", "*")


def notes(answer: Answer, origin: str) -> Iterator[tuple[str, str, str | None]]:
    """The name and the text of each warning about an answer, and the field that it is about."""
    request = HttpRequestLinter(start_time=time.time())
    request.process_request_topline(answer.method.encode(), (origin + answer.target).encode(), b"1.1")
    request.process_headers([(name.encode(), value.encode()) for name, value in answer.asked.items()])
    request.finish_content(True)
    response = HttpResponseLinter(start_time=time.time(), _related=request)
    response.base_uri = origin + answer.target
    response.is_head_response = answer.method == "HEAD"
    response.process_response_topline(b"1.1", str(answer.status).encode(), answer.reason.encode())
    response.process_headers([(name.encode(), value.encode("latin-1")) for name, value in answer.fields])
    response.feed_content(answer.body)
    response.finish_content(not answer.goes_on)
    for note in response.notes:
        if note.level in (levels.WARN, levels.BAD):
            yield type(note).__name__, f"{note.level.value}: {note.summary}", note.vars.get("field_name")


def check(service: Service, document: Document, places: Places) -> str:
    accepted = tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))
    used: set[str] = set()
    count = 0
    faults: dict[tuple[str, str], list[str]] = {}
    for answer in answers(service, document, places):
        count += 1
        for name, text, field in notes(answer, PUBLIC_URL.removesuffix("/v1")):
            rule = accepted.get(name)
            if rule and answer.status in rule["statuses"] and field == rule.get("field"):
                used.add(name)
            else:
                faults.setdefault((name, f"{text} ({field})"), []).append(f"{answer}: {answer.status}")
    told = [f"{name}: {text}: {len(where)} answers, such as {where[0]}" for (name, text), where in faults.items()]
    told += [f"{name} is accepted and does not occur" for name in accepted.keys() - used]
    assert not told, "\n".join(told)
    return f"{count} answers; {len(accepted)} kinds of notes are accepted"
