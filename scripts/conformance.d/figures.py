"""JSON-stat and CSV say what JSON says."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any
from urllib.parse import quote

from pyjstat import pyjstat

from places import Places
from service import Document, Service

GROUPINGS = ["campaign", "county", "county,year", "campaign,channel", "kind,country,month", "gender,campaign",
             "age", "organisation,quarter", "municipality", "evidence,week"]
#: Cells of CSV that a spreadsheet might take for a formula begin with an apostrophe.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def check_json_stat(service: Service, document: Document, places: Places) -> str:
    """pyjstat reads each answer as a table with the rows of the JSON answer."""
    cells = 0
    for with_key in (False, True):
        for grouping in GROUPINGS:
            target = f"/v1/statistics?groupBy={quote(grouping)}"
            rows = service.get(target, with_key=with_key).json()["items"]
            columns = [*grouping.split(","), "measure"]
            expected = {
                tuple(name_of(row[column]) for column in columns): row["value"]
                for row in rows if row["value"] is not None}
            text = service.get(f"{target}&format=json-stat", with_key=with_key).body.decode()
            table = pyjstat.Dataset.read(text).write("dataframe", naming="id")
            assert set(table.columns) == {*columns, "value"}, f"{grouping}: {list(table.columns)}"
            found = {
                tuple(str(row[column]) for column in columns): row["value"]
                for row in table.to_dict("records") if row["value"] is not None and not math.isnan(row["value"])}
            assert found == expected, f"{grouping}: {sorted(set(found.items()) ^ set(expected.items()))[:3]}"
            assert found, f"{grouping}: no figures"
            cells += len(found)
    return f"{len(GROUPINGS)} groupings, {cells} figures"


def name_of(group: Any) -> str:
    """How JSON-stat calls a group."""
    return "notReported" if group is None else str(group)


def check_csv(service: Service, document: Document, places: Places) -> str:
    """Every list and the statistics have the same rows as CSV and as JSON."""
    lists, count = 0, 0
    for method, path, operation in document.operations():
        if method != "GET" or "text/csv" not in document.media_types(operation):
            continue
        target = places.paths[path]
        pages = "limit" in document.parameters(operation)
        for address in [target] if pages else [f"{target}?groupBy={grouping}" for grouping in GROUPINGS]:
            items = all_items(service, address, pages)
            answer = service.get(address, "text/csv", with_key=True)
            rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8"), newline=""), strict=True))
            assert len(rows) == len(items), f"{address}: {len(rows)} rows of CSV, {len(items)} of JSON"
            for row, item in zip(rows, items):
                compare(address, row, item)
            count += len(rows)
        lists += 1
    assert lists > 20, f"only {lists} lists have CSV"
    return f"{lists} lists, {count} rows"


def all_items(service: Service, address: str, pages: bool) -> list[dict[str, Any]]:
    if not pages:
        return service.get(address, with_key=True).json()["items"]
    items, target = [], f"{address}?limit=200"
    while True:
        page = service.get(target, with_key=True).json()
        items += page["items"]
        if "next" not in page["_links"]:
            assert len(items) == page["_meta"]["totalRecords"], f"{address}: {len(items)} of {page['_meta']}"
            return items
        target = f"{address}?{page['_links']['next']['href'].partition('?')[2]}"


def compare(address: str, row: dict[str, str], item: dict[str, Any]) -> None:
    for column, cell in row.items():
        assert cell is not None and column is not None, f"{address}: a row of another length: {row}"
        expected = cell_of(member(item, column))
        if cell[:1] == "'" and cell[1:2] in FORMULA:
            cell = cell[1:]
        if cell[:1] in ("{", "["):
            assert json.loads(cell) == without_empty(member(item, column)), f"{address}: {column}: {cell}"
        else:
            assert cell == expected, f"{address}: {column}: {cell!r}, in JSON {expected!r}"
    told = set(row)
    missing = [name for name in leaves(item) if not any(name == told_name or name.startswith(f"{told_name}.")
                                                         for told_name in told)]
    assert not missing, f"{address}: CSV has no column for {missing}"


def member(item: dict[str, Any], column: str) -> Any:
    """What JSON has for a column: breakdowns lie one level deeper."""
    value: Any = item
    for name in column.split("."):
        if value is item and name not in item and name in item.get("breakdowns", {}):
            value = item["breakdowns"][name]
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def cell_of(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return "; ".join(cell_of(one) for one in value)
        case float() | int():
            return json.dumps(value)
        case _:
            return str(value)


def without_empty(value: Any) -> Any:
    """What is absent and what is null mean the same."""
    match value:
        case dict():
            return {name: without_empty(one) for name, one in value.items() if one is not None}
        case list():
            return [without_empty(one) for one in value]
        case _:
            return value


def leaves(item: dict[str, Any], prefix: str = "") -> list[str]:
    names = []
    for name, value in item.items():
        if name == "_links":
            continue
        path = f"{prefix}{name}".removeprefix("breakdowns.")
        names += leaves(value, f"{path}.") if isinstance(value, dict) and value else [path] if value not in (
            None, {}, []) else []
    return names


CHECKS = {"JSON-stat by pyjstat": check_json_stat, "CSV and JSON": check_csv}
