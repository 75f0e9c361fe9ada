"""openapi.yaml as schemathesis is to read it."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import yaml

#: What members that name things may say. A campaign of one week, whose counts are of its days.
ORGANISATIONS = ["abf", "digidel-kansli", "ks"]
AREAS = ["se", "se-0583"]
KNOWN: dict[str, list[Any]] = {
    **dict.fromkeys(["organisation", "organiser", "owner", "operator", "parent", "publisher"], ORGANISATIONS),
    **dict.fromkeys(["from", "startsOn", "signedOn", "publishedOn", "validFrom", "openFrom", "date"],
                    ["2017-03-27", "2017-03-30"]),
    **dict.fromkeys(["to", "endsOn", "validTo", "openTo", "terminatedOn"], ["2017-04-01", "2017-04-02"]),
    "area": AREAS,
    "campaign": ["get-online-week-2017"],
    "indicator": ["vuxna-utan-internetvana"],
    "measure": ["attendances", "reached"],
    "id": ["first-thing", "second-thing", "third-thing", "fourth-thing", "fifth-thing"],
    "predecessor": ["get-online-week-2017"],
    "project": ["ikt-lyftet-se-05"],
    "series": ["get-online-week"],
    "servicePoint": ["digihjelpen-no-0301"],
    "target": [1000],
}
KNOWN_LISTS = {"areas": AREAS, **dict.fromkeys(["coOrganisers", "organisations", "parties", "partners"], ORGANISATIONS)}
#: The schemas of such members.
NAMING = re.compile(r"#/components/schemas/(Optional)?(Slugs?|AreaIds?|Date|Figure|Measure|Parties)")


def describe(address: str) -> dict[str, Any]:
    """The document of a service, with what cannot be guessed: which cursors a list has given, that a radius and a sort by distance
    need a place, which time zones and periods there are, what day it is, that a list is sorted by a member once, which
    columns CSV has, and that statistics take one column of people and not all the others at once as JSON-stat."""
    text = Path("openapi.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text.replace("https://api.example.se/digidel", address))
    parameters, schemas = (document["components"][kind] for kind in ("parameters", "schemas"))
    leave_out_parameters(document, ["Cursor", "RadiusKm"])
    # Streams do not end, so that there would be no answer to check.
    for name in [name for name in document["paths"] if name.endswith("/stream")]:
        del document["paths"][name]
    for parameter in parameters.values():
        schema = parameter["schema"]
        if parameter["name"] == "sort":
            members = re.search(r"\((.*)\)", schema["items"]["pattern"])[1].split("|")
            schema["items"] = {"type": "string", "enum": [member for member in members if member != "distanceKm"]}
        elif parameter["name"] == "on":
            parameter["schema"] = {"type": "string", "enum": ["2012-06-30", "2016-10-03"]}
        elif parameter["name"] == "groupBy":
            columns = [name for name in schemas["Grouping"]["enum"] if name not in ("age", "priorUse")]
            schema.update(items={"type": "string", "enum": columns}, maxItems=6)
        elif parameter["name"] == "asOf":
            parameter["schema"] = {"type": "string", "enum": ["2012-06-30T10:00:00Z", "2016-10-03T08:00:00.250000Z"]}
    for name in ("TimeZone", "OptionalTimeZone"):
        schemas[name]["enum"] = ["Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen"]
    for schema in schemas.values():
        if "period" in schema.get("properties", {}):
            schema["properties"]["period"]["enum"] = ["2012", "2016-Q3", "2016-10", "2016-W40"]
    for body in document["components"]["requestBodies"].values():
        if "text/csv" in body["content"]:
            counts = Path("docs/posting-counts.csv").read_text(encoding="utf-8")
            body["content"]["text/csv"]["schema"] = {"type": "string", "enum": [counts, "value,area\n1,se\n"]}
    return document


def leave_out_parameters(document: dict[str, Any], names: list[str]) -> None:
    left_out = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    for path in document["paths"].values():
        for operation in path.values():
            operation["parameters"] = [item for item in operation.get("parameters", []) if item not in left_out]


def with_known_things(document: dict[str, Any]) -> dict[str, Any]:
    """The document for sequences of requests. Unknown things, sums that do not agree and keys used twice are tried one by
    one; here they would only end every sequence at its beginning."""
    document = copy.deepcopy(document)
    leave_out_parameters(document, ["IdempotencyKey", "IfMatchOfRead", "IfNoneMatch"])
    for title, schema in document["components"]["schemas"].items():
        # What is sent only, so that answers are compared with what the document says.
        if not title.endswith(("New", "Replacement", "Patch", "Input")):
            continue
        properties = schema.get("properties", {})
        for name, member in properties.items():
            if not (kind := NAMING.fullmatch(member.get("$ref", ""))):
                continue
            null = [None] if kind[1] else []
            if name in KNOWN:
                properties[name] = {"enum": KNOWN[name] + null}
            elif name in KNOWN_LISTS:
                items = {"type": "string", "enum": KNOWN_LISTS[name]}
                properties[name] = {
                    "type": ["array", "null"] if null else "array", "items": items, "minItems": 1, "uniqueItems": True}
        for name in ("activity", "breakdowns", "reason"):
            if "null" in type_of(document, properties.get(name, {})):
                properties[name] = {"type": "null"}
    return document


def type_of(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    if reference := schema.get("$ref"):
        schema = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
    types = schema.get("type", [])
    return types if isinstance(types, list) else [types]
