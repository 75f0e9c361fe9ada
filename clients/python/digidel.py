#!/usr/bin/env python3
"""Sends a spreadsheet's participant counts to Digidel API and shows what has been sent. Python 3.9 or later, nothing else.

    export DIGIDEL_API=https://api.example.se/digidel/v1
    export DIGIDEL_KEY=...            the key that the coordination office gave you
    digidel.py send counts.csv        checks every row, then sends them; can be repeated safely
    digidel.py sent CAMPAIGN          what the service has from your organisation
    digidel.py missing CAMPAIGN       who has not reported yet
"""

from __future__ import annotations

import argparse
import collections.abc
import csv
import email.utils
import http.client
import json
import os
import random
import sys
import time
import typing
import urllib.error
import urllib.parse
import urllib.request
import uuid

#: Answers after which the same request may succeed; what we send can be repeated safely.
PASSING = {408, 429, 500, 502, 503, 504}
TRIES = 8


class Problem(Exception):
    """A refusal: the service says what is wrong in a problem document (RFC 9457)."""

    def __init__(self, status: int, document: dict) -> None:
        lines = [f"{status} {document.get('title', '')}. {document.get('detail', '')}".rstrip()]
        lines += [f"  {fault['pointer']}: {fault['detail']} ({fault['code']})" for fault in document.get("errors", [])]
        super().__init__("\n".join(lines))
        self.status = status
        self.document = document


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """urllib would take the key along to wherever it is sent."""

    def redirect_request(self, *_: typing.Any) -> None:
        return None


class Digidel:
    """The API as its users see it: requests that are tried again, answers as Python values."""

    def __init__(self, address: str, key: str | None = None, language: str = "sv") -> None:
        self._base = address.rstrip("/") + "/"
        self._fields = {"Accept": "application/json", "Accept-Language": language}
        self._key = key
        self._opener = urllib.request.build_opener(NoRedirects)

    def get(self, path: str, **parameters: str) -> typing.Any:
        return self._ask("GET", path, parameters)

    def items(self, path: str, **parameters: str) -> collections.abc.Iterator[dict]:
        """All items of a list, page after page."""
        page = self.get(path, limit="200", **parameters)
        while True:
            yield from page["items"]
            following = page["_links"].get("next")
            if not following:
                return
            page = self.get(following["href"])

    def send_csv(self, table: bytes, dry_run: bool, on_existing: str = "fail", reason: str | None = None) -> dict:
        """One outcome for each row. The good rows are stored, unless it is a dry run."""
        parameters = {"dryRun": "true" if dry_run else "false", "onExisting": on_existing}
        if reason:
            parameters["reason"] = reason
        # The same key in each try: should an answer be lost, the next try gets that answer and not a new one.
        fields = {"Content-Type": "text/csv; charset=utf-8", "Idempotency-Key": str(uuid.uuid4())}
        return self._ask("POST", "participant-counts/batch", parameters, table, fields)

    def _ask(self, method: str, path: str, parameters: dict, body: bytes | None = None, fields: dict | None = None) -> typing.Any:
        address = urllib.parse.urljoin(self._base, path)
        if parameters:
            address += "?" + urllib.parse.urlencode(parameters)
        request = urllib.request.Request(address, body, {**self._fields, **(fields or {})}, method=method)
        if self._key:
            if urllib.parse.urlsplit(address)[:2] != urllib.parse.urlsplit(self._base)[:2]:
                raise ValueError(f"{address} is not at {self._base}; the key stays here. Check DIGIDEL_API")
            request.add_header("Authorization", f"Bearer {self._key}")
        for tries in range(1, TRIES + 1):
            # Twice as long each time, and not all clients at the same moment.
            wait = min(60, 2**tries) * random.uniform(0.25, 0.5)
            try:
                with self._opener.open(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                problem = Problem(error.code, problem_document(error))
                # 409 with this code: the try before is still being worked on.
                codes = {fault["code"] for fault in problem.document.get("errors", [])}
                if tries == TRIES or not (error.code in PASSING or "idempotencyKeyInUse" in codes):
                    raise problem from None
                trouble, wait = str(problem), max(wait, retry_after(error.headers.get("Retry-After")))
            except (OSError, ValueError, http.client.HTTPException) as error:
                # No answer, or half of one. What we sent may have been stored, and may be sent again.
                if tries == TRIES:
                    raise
                trouble = str(getattr(error, "reason", error))
            print(f"{trouble}\nTrying again in {wait:.0f} s", file=sys.stderr)
            time.sleep(wait)
        raise AssertionError("the last try returns or raises")


def problem_document(error: urllib.error.HTTPError) -> dict:
    """What the answer says; a proxy's refusal may say nothing."""
    try:
        if error.headers.get_content_type() == "application/problem+json":
            return json.load(error)
    except (OSError, ValueError, http.client.HTTPException):
        pass
    return {"title": error.reason}


def retry_after(value: str | None) -> float:
    """Seconds to wait: Retry-After is a number, or a date."""
    if not value:
        return 0
    if value.isdigit():
        return int(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return 0


def read_table(path: str) -> tuple[bytes, list[dict]]:
    """The file as it is, and its rows for showing. Refuses what could not be repeated safely."""
    with open(path, "rb") as file:
        table = file.read()
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SystemExit(f"{path} is not UTF-8. Save it as “CSV UTF-8”, or å, ä and ö are lost.") from None
    header = text.partition("\n")[0]
    rows = list(csv.DictReader(text.splitlines(keepends=True), delimiter=";" if ";" in header else ","))
    if any(not (row.get("externalId") or "").strip() for row in rows):
        raise SystemExit(f"{path}: every row needs an externalId; without it, sending twice would count twice.")
    return table, rows


def show_outcomes(answer: dict, rows: list[dict]) -> None:
    for outcome in answer["outcomes"]:
        name = rows[outcome["index"]]["externalId"] if outcome["index"] < len(rows) else ""
        print(f"row {outcome['index'] + 1:>5}  {outcome['outcome']:<9}  {name}")
        for issue in outcome.get("issues", []):
            print(f"           {issue.get('field') or 'row'}: {issue['message']} ({issue['code']})")
    print(", ".join(f"{count} {kind}" for kind, count in answer["tallies"].items() if count) or "no rows")
    for goal in answer["goals"]:
        print(f"goal {goal['goal']}: {goal['before']} → {goal['after']}")


def send(api: Digidel, options: argparse.Namespace) -> int:
    table, rows = read_table(options.file)
    settings = {"on_existing": "revise", "reason": options.correct} if options.correct else {}
    print("Dry run: this would happen")
    trial = api.send_csv(table, dry_run=True, **settings)
    show_outcomes(trial, rows)
    if options.dry_run:
        return 0
    if trial["tallies"]["rejected"] and not options.good_rows:
        print("Nothing has been sent. Correct the rejected rows, or send the others with --good-rows.", file=sys.stderr)
        return 1
    print("\nSent")
    answer = api.send_csv(table, dry_run=False, **settings)
    show_outcomes(answer, rows)
    return 1 if answer["tallies"]["rejected"] else 0


def show_sent(api: Digidel, options: argparse.Namespace) -> int:
    for count in api.items("participant-counts", campaign=options.campaign, sort="from"):
        print(f"{count['from']} – {count['to']}  {count['area']:<8} {count['measure']:<16} {count['value']:>8}"
              f"  {count['status']:<9}  {count.get('externalId') or ''}")
    return 0


def show_missing(api: Digidel, options: argparse.Namespace) -> int:
    completeness = api.get(f"campaigns/{urllib.parse.quote(options.campaign, safe='')}/completeness")
    for organisation in completeness["missing"]:
        print(f"{organisation['organisation']:<40} {organisation['name']}")
    print(f"{completeness['reported']} of {completeness['expected']} have reported", file=sys.stderr)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="send | sent | missing")
    command = commands.add_parser("send", help="check a CSV file, then send it")
    command.add_argument("file")
    command.add_argument("--dry-run", action="store_true", help="only check")
    command.add_argument("--good-rows", action="store_true", help="send the good rows even if others are rejected")
    command.add_argument("--correct", metavar="REASON", help="rows that are there with other content correct it: "
                         "typo, lateData, doubleCount, scope, definition or other")
    command.set_defaults(run=send)
    for name, function, text in (("sent", show_sent, "list what was sent"), ("missing", show_missing, "list who has not reported")):
        command = commands.add_parser(name, help=text)
        command.add_argument("campaign")
        command.set_defaults(run=function)
    options = parser.parse_args()
    address = os.environ.get("DIGIDEL_API")
    if not address:
        parser.error("set DIGIDEL_API to the address of the API, such as https://api.example.se/digidel/v1")
    try:
        return options.run(Digidel(address, os.environ.get("DIGIDEL_KEY")), options)
    except Problem as problem:
        print(problem, file=sys.stderr)
    except (OSError, ValueError, http.client.HTTPException) as error:
        print(f"No answer from {address}: {getattr(error, 'reason', error)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
