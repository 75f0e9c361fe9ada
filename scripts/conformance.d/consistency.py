"""Every path by its methods: GET, HEAD and OPTIONS agree, what a path does not take is refused with what it takes, tags
are honoured, and Vary and Cache-Control say what an answer depends on."""

from __future__ import annotations

import json
from typing import Any

from places import Places
from service import Answer, Document, Service

#: Fields that are new with every answer.
OWN = {"date", "traceparent"}
#: What is about the connection, not about what is answered.
OF_CONNECTION = {"connection", "keep-alive"}
#: What 304 has of the fields of 200 (RFC 9110, 15.4.5).
VALIDATORS = ("ETag", "Cache-Control", "Vary", "Content-Location", "Expires")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
#: Pages outside of the document, which are read like its paths.
PAGES = ["/", "/dashboard.css", "/dashboard.js", "/icon.svg", "/embed/goals/digidel2013", "/docs",
         "/v1/goals/digidel2013/badge.svg", "/v1/openapi.yaml", "/v1/openapi.json", "/v1/dcat",
         "/.well-known/api-catalog", "/.well-known/security.txt"]


class Faults(list[str]):
    def expect(self, holds: bool, what: object) -> None:
        if not holds:
            self.append(str(what))


def check(service: Service, document: Document, places: Places) -> str:
    faults = Faults()
    methods: dict[str, set[str]] = {}
    for method, path, _ in document.operations():
        methods.setdefault(path, set()).add(method)
    reads = {path: (operation, needs_key(operation))
             for method, path, operation in document.operations() if method == "GET"}
    count = 0
    for path, address in places.paths.items():
        check_methods(service, address, methods[path], faults)
        if path in reads:
            operation, is_for_keys = reads[path]
            check_read(service, address, document.media_types(operation), is_for_keys, faults)
            count += 1
    for page in PAGES:
        check_methods(service, page, {"GET"}, faults)
        check_read(service, page, set(), False, faults)
    assert not faults, "\n".join(dict.fromkeys(faults))
    return f"{len(places.paths)} paths, {count} of them read, and {len(PAGES)} pages"


def needs_key(operation: dict[str, Any]) -> bool:
    """Whether the operation names a security of its own that cannot be left out."""
    return bool(operation.get("security")) and {} not in operation["security"]


def check_methods(service: Service, address: str, methods: set[str], faults: Faults) -> None:
    allowed = {method.lower() for method in methods} | {"options"} | ({"head"} if "GET" in methods else set())
    options = service.ask("OPTIONS", address)
    faults.expect(options.status == 204 and not options.body, f"{options}: {options.status}, not 204")
    faults.expect(options.words("Allow") == allowed, f"{options}: Allow: {options.field('Allow')}")
    for method in METHODS:
        if method.lower() in allowed:
            continue
        answer = service.ask(method, address, with_key=True)
        faults.expect(answer.status == 405, f"{answer}: {answer.status}, not 405")
        faults.expect(answer.field("Allow") == options.field("Allow"), f"{answer}: Allow: {answer.field('Allow')}")


def check_read(service: Service, address: str, media_types: set[str], is_for_keys: bool, faults: Faults) -> None:
    answer = service.ask("GET", address, with_key=is_for_keys)
    faults.expect(answer.status == 200, f"{answer}: {answer.status}, not 200")
    if answer.status != 200:
        return
    check_head(service, answer, is_for_keys, faults)
    check_conditions(service, answer, is_for_keys, faults)
    caching = answer.words("Cache-Control")
    open_to_all = "no-store" not in caching
    faults.expect(bool(caching), f"{answer}: no Cache-Control")
    faults.expect(("public" in caching) != (is_for_keys or not open_to_all), f"{answer}: Cache-Control: {caching}")
    faults.expect((answer.field("ETag") is not None) == (open_to_all and not answer.goes_on), f"{answer}: ETag")
    if is_for_keys:
        check_refusal(service, answer, faults)
    # What nobody may store need not say what it depends on.
    elif open_to_all:
        check_key(service, answer, faults)
    if open_to_all:
        check_languages(service, answer, is_for_keys, faults)
    check_forms(service, answer, media_types, is_for_keys, faults)


def check_head(service: Service, answer: Answer, is_for_keys: bool, faults: Faults) -> None:
    head = service.ask("HEAD", answer.target, with_key=is_for_keys)
    faults.expect(head.status == answer.status and not head.body, f"{head}: {head.status}, {len(head.body)} bytes")
    for name in sorted(names(answer) | names(head)):
        faults.expect(
            head.field(name) == answer.field(name),
            f"{head}: {name}: {head.field(name)}, and of GET {answer.field(name)}")


def check_conditions(service: Service, answer: Answer, is_for_keys: bool, faults: Faults) -> None:
    tag = answer.field("ETag")
    unmet = service.ask("GET", answer.target, {"If-Match": '"none"'}, with_key=is_for_keys)
    faults.expect(unmet.status == 412, f"{unmet}: {unmet.status}, not 412")
    if tag is None:
        return
    faults.expect(tag.startswith('"'), f"{answer}: {tag} is not strong")
    for method in ("GET", "HEAD"):
        for known in (tag, f'"none", W/{tag}', "*"):
            again = service.ask(method, answer.target, {"If-None-Match": known}, with_key=is_for_keys)
            faults.expect(again.status == 304 and not again.body, f"{again}: {again.status}, not 304")
            for name in VALIDATORS:
                faults.expect(
                    again.field(name) == answer.field(name),
                    f"{again}: {name}: {again.field(name)}, and of 200 {answer.field(name)}")
            for name in ("Content-Type", "Content-Length", "Content-Language"):
                faults.expect(again.field(name) is None, f"{again}: {name} in 304")


def check_refusal(service: Service, answer: Answer, faults: Faults) -> None:
    """Without a key."""
    refused = service.ask("GET", answer.target)
    faults.expect(refused.status == 401, f"{refused}: {refused.status}, not 401")
    faults.expect(refused.field("WWW-Authenticate") is not None, f"{refused}: no WWW-Authenticate")
    faults.expect("no-store" in refused.words("Cache-Control"), f"{refused}: may be stored")


def check_key(service: Service, answer: Answer, faults: Faults) -> None:
    """A shared cache gives nobody what was answered to a key."""
    own = service.ask("GET", answer.target, with_key=True)
    if own.status != 200:
        faults.expect(False, f"{own}: {own.status}, not 200")
    elif (own.body, own.field("Cache-Control")) != (answer.body, answer.field("Cache-Control")):
        faults.expect("authorization" in answer.words("Vary"), f"{answer}: depends on the key, and Vary does not say so")
        faults.expect("public" not in own.words("Cache-Control"), f"{own}: public")
        faults.expect(own.field("ETag") != answer.field("ETag"), f"{own}: has the ETag of what is public")


def check_languages(service: Service, answer: Answer, is_for_keys: bool, faults: Faults) -> None:
    varies = "accept-language" in answer.words("Vary")
    for language in ("sv", "nb", "da", "en"):
        other = service.ask("GET", answer.target, {"Accept-Language": language}, with_key=is_for_keys)
        differs = (without_trace(other), other.field("Content-Language")) != (
            without_trace(answer), answer.field("Content-Language"))
        if differs:
            faults.expect(varies, f"{other}: depends on the language, and Vary does not say so")
            faults.expect(other.field("ETag") != answer.field("ETag"), f"{other}: has the ETag of another language")
        if other.field("Content-Language") is not None:
            faults.expect(
                other.field("Content-Language") == language or not differs,
                f"{other}: Content-Language: {other.field('Content-Language')}")


def check_forms(
    service: Service, answer: Answer, media_types: set[str], is_for_keys: bool, faults: Faults
) -> None:
    tags = set()
    for media_type in media_types:
        form = service.ask("GET", answer.target, {"Accept": media_type}, with_key=is_for_keys)
        faults.expect(form.media_type == media_type, f"{form}: Content-Type: {form.field('Content-Type')}")
        tags.add(form.field("ETag"))
        check_head_of(service, form, media_type, is_for_keys, faults)
    if len(media_types) > 1:
        faults.expect(len(tags) == len(media_types), f"{answer}: forms share an ETag")
        faults.expect("accept" in answer.words("Vary"), f"{answer}: has several forms, and Vary does not say so")
    # What has no form that is asked for comes in its usual one (RFC 9110, 12.5.1).
    other = service.ask("GET", answer.target, {"Accept": "application/x-none"}, with_key=is_for_keys)
    faults.expect(
        other.status == 200 and other.media_type == answer.media_type,
        f"{other}: {other.status} {other.field('Content-Type')}")


def check_head_of(service: Service, form: Answer, media_type: str, is_for_keys: bool, faults: Faults) -> None:
    head = service.ask("HEAD", form.target, {"Accept": media_type}, with_key=is_for_keys)
    for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
        faults.expect(head.field(name) == form.field(name), f"{head}: {name}: {head.field(name)}")


def names(answer: Answer) -> set[str]:
    return {name.lower() for name, _ in answer.fields} - OWN - OF_CONNECTION


def without_trace(answer: Answer) -> object:
    """The body, without what is of the moment."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        return answer.body
    if isinstance(body, dict):
        body.pop("instance", None)
    return body
