"""How the service is found: security.txt, the catalogue of APIs, the catalogue of data, and the pages of problems."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pyshacl
import rdflib
import sectxt
from rdflib.compare import graph_diff, isomorphic

from places import Places
from service import PUBLIC_URL, Answer, Document, Service

SHAPES = Path(__file__).with_name("dcat-shapes.ttl")
SITE = PUBLIC_URL.removesuffix("/v1")
#: Media types that rdflib does not know by their names.
RDF_FORMATS = {"application/json": "json-ld"}
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")

#: A link set (RFC 9264, 4.2). Contexts have an anchor, relations have targets, and a target has an address.
LINK_SET = {
    "type": "object", "additionalProperties": False, "required": ["linkset"],
    "properties": {"linkset": {"type": "array", "minItems": 1, "items": {
        "type": "object", "required": ["anchor"], "minProperties": 2,
        "properties": {"anchor": {"type": "string", "format": "uri"}},
        "additionalProperties": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["href"],
            "properties": {
                "href": {"type": "string", "format": "uri"}, "type": {"type": "string"}, "title": {"type": "string"},
                "hreflang": {"type": "array", "items": {"type": "string"}}},
            "additionalProperties": {"type": "array"}}}}}},
}


def here(address: str) -> str:
    """Where the service answers what is published at an address of its site."""
    assert address.startswith(SITE), f"{address} is not at {SITE}"
    return address.removeprefix(SITE).partition("#")[0]


def check_security_text(service: Service, document: Document, places: Places) -> str:
    answer = service.get("/.well-known/security.txt")
    assert answer.field("Content-Type").lower() == "text/plain; charset=utf-8", answer.field("Content-Type")
    parser = sectxt.Parser(answer.body, urls=f"{origin()}/.well-known/security.txt")
    assert parser.is_valid(), parser.errors
    # What is answered anew for every reader cannot be signed by a person.
    advice = [advice for advice in parser.recommendations if advice["code"] not in ("not_signed", "no_encryption")]
    assert not advice, advice
    assert parser.preferred_languages == ["sv", "en"], parser.preferred_languages
    return f"{len(parser.lines) - 1} lines"


def origin() -> str:
    parts = urlsplit(PUBLIC_URL)
    return f"{parts.scheme}://{parts.netloc}"


def check_api_catalogue(service: Service, document: Document, places: Places) -> str:
    """RFC 9727: the links to all that describes the API, and each of them answers as it says."""
    path = "/.well-known/api-catalog"
    answer = service.get(path)
    assert answer.media_type == "application/linkset+json", answer.field("Content-Type")
    assert 'profile="https://www.rfc-editor.org/info/rfc9727"' in answer.field("Content-Type")
    head = service.ask("HEAD", path)
    for said in (answer, head):
        assert re.search(r'rel="?api-catalog"?', said.field("Link") or ""), f"{said}: Link: {said.field('Link')}"
    links = answer.json()
    jsonschema.validate(links, LINK_SET, format_checker=jsonschema.FormatChecker())
    relations: dict[str, list[dict]] = {}
    for context in links["linkset"]:
        for relation, targets in context.items():
            if relation != "anchor":
                relations.setdefault(relation, []).extend(targets)
    missing = {"item", "service-desc", "service-doc", "status"} - relations.keys()
    assert not missing, f"no links for {missing}"
    assert {"href": PUBLIC_URL} in [{"href": item["href"]} for item in relations["item"]], relations["item"]
    count = 0
    for relation, targets in relations.items():
        for target in targets:
            if relation != "item" and target["href"].startswith(SITE):
                found = service.get(here(target["href"]), target.get("type"))
                assert found.media_type == target.get("type", found.media_type), f"{found}: {found.media_type}"
                count += 1
    return f"{len(relations)} relations, {count} addresses answer"


def check_data_catalogue(service: Service, document: Document, places: Places) -> str:
    """rdflib reads the same graph in every form; it fits the shapes, and every address of data gives that data."""
    operation = next((operation for _, path, operation in document.operations() if path == "/v1/dcat"), None)
    assert operation, "openapi.yaml has no /dcat"
    graphs = {}
    for media_type in sorted(document.media_types(operation)):
        answer = service.get("/v1/dcat", media_type)
        assert answer.media_type == media_type, f"{answer}: {answer.media_type}"
        graphs[media_type] = rdflib.Graph().parse(data=answer.body, format=RDF_FORMATS.get(media_type, media_type), publicID=f"{PUBLIC_URL}/dcat")
    assert len(graphs) >= 2, f"only {list(graphs)}"
    (name, graph), *others = graphs.items()
    for other_name, other in others:
        if not isomorphic(graph, other):
            _, first, second = graph_diff(graph, other)
            raise AssertionError(f"{name} has\n{first.serialize()}\nand {other_name}\n{second.serialize()}")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=str(SHAPES))
    assert conforms, report
    # Of shapes that select nothing nothing is asked.
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService):
        assert (None, rdflib.RDF.type, kind) in graph, f"there is no {kind}"
    addresses = set(graph.objects(None, DCAT.accessURL)) | set(graph.objects(None, DCAT.downloadURL))
    addresses |= set(graph.objects(None, DCAT.endpointDescription))
    for address in sorted(addresses):
        service.get(here(str(address)))
    return f"{len(graph)} triples in {len(graphs)} forms, {len(addresses)} addresses of data"


def check_problems(service: Service, document: Document, places: Places) -> str:
    """Refusals of every kind fit the schema of problems (RFC 9457), say what the status line says, and their type leads to a
    page that explains it."""
    schema = {"$ref": "#/components/schemas/Problem", "components": document.root["components"]}
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    types: set[str] = set()
    answers = refusals(service, places)
    for answer in answers:
        assert answer.media_type == "application/problem+json", f"{answer}: {answer.status} {answer.media_type}"
        problem = answer.json()
        fault = jsonschema.exceptions.best_match(validator.iter_errors(problem))
        assert fault is None, f"{answer}: {fault.message}: {problem}"
        assert problem["status"] == answer.status, f"{answer}: {answer.status}, {problem['status']} in the body"
        assert problem["instance"] == answer.field("traceparent").split("-")[1], f"{answer}: another trace"
        types.add(problem["type"])
    for address in types:
        page = service.get(here(address)).json()
        assert page["type"] == address, page
        assert b"<html" in service.get(here(address), "text/html").body, address
    return f"{len(answers)} refusals of {len(types)} types"


def refusals(service: Service, places: Places) -> list[Answer]:
    strategy = service.ask("POST", "/v1/strategies", body={"name": "Problems"}, with_key=True)
    assert strategy.status == 201, strategy.body
    address = here(strategy.field("Location"))
    count = places.paths["/v1/participant-counts/{id}"]
    answers = [
        service.ask("GET", "/v1/nothing"),
        service.ask("GET", "/v1/areas/nowhere"),
        service.ask("GET", "/v1/areas?limit=0&unknown=1&page=x"),
        service.ask("GET", count),
        service.ask("GET", count, {"Authorization": "Bearer unknown"}),
        service.ask("GET", count, {"Authorization": "Basic dTpw"}),
        service.ask("DELETE", "/v1/areas"),
        service.ask("BREW", "/v1/areas"),
        service.ask("GET", "/v1/areas", {"If-Match": '"none"'}),
        service.ask("GET", f"/v1/areas?q={'x' * 9000}"),
        service.ask("GET", "/v1/areas", {"X-Long": "x" * 20_000}),
        service.ask("GET", "/v1/areas", {"Expect": "200-ok"}),
        service.ask("PUT", address, body={"name": "Problems"}, with_key=True),
        service.ask("PUT", address, {"If-Match": '"7-sv-key"'}, {"name": "Problems"}, with_key=True),
        service.ask("POST", "/v1/strategies", body={"name": "Problems"}, with_key=True),
        service.ask("POST", "/v1/strategies", body={"name": "Ring 070-123 45 67"}, with_key=True),
        service.ask("POST", "/v1/strategies", body=b"{", with_key=True),
        service.ask("POST", "/v1/strategies", body={"unknown": 1}, with_key=True),
        service.ask("POST", "/v1/strategies", {"Content-Type": "text/plain"}, b"x", with_key=True),
        service.ask("POST", "/v1/strategies", {"Content-Encoding": "gzip"}, {"name": "x"}, with_key=True),
        service.ask("POST", "/v1/strategies", body={"name": "x" * (1 << 20)}, with_key=True),
        service.ask("POST", "/v1/keys", body={"role": "admin", "label": "x"},
                    fields={"Authorization": f"Bearer {partner_key(service)}"}),
    ]
    statuses = {answer.status for answer in answers}
    expected = {400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 417, 422, 428, 431, 501}
    assert statuses == expected, f"{sorted(statuses ^ expected)} of the statuses"
    return answers


def partner_key(service: Service) -> str:
    answer = service.ask("POST", "/v1/keys", with_key=True,
                         body={"role": "partner", "organisation": "abf", "label": "problems"})
    return json.loads(answer.body)["secret"]


CHECKS = {
    "security.txt by sectxt": check_security_text,
    "api-catalog (RFC 9727)": check_api_catalogue,
    "DCAT-AP-SE by rdflib and SHACL": check_data_catalogue,
    "problem documents": check_problems,
}
