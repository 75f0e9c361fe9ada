"""Checks the guide to the API; see scripts/browser."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Callable

from service import Service
from shared.report import Faults
from webdriver import Browser

QUESTIONS = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
METHODS = ("get", "post", "put", "patch", "delete")


class GuideChecks:
    """Each check ends with a console that was told nothing."""

    def __init__(self, service: Service, browser: Browser, faults: Faults) -> None:
        self._service, self._browser = service, browser
        self._expect, self._expect_none = faults.expect, faults.expect_none

    @property
    def all(self) -> list[Callable[[], None]]:
        return [
            self.guide_contents, self.guide_structure, self.guide_sizes, self.guide_contrast, self.guide_languages,
            self.guide_search, self.guide_copies, self.guide_attempts, self.guide_without_scripts, self.guide_printed,
            self.guide_pictures, self.problem_pages]

    def _open(self, path: str, width: int = 1440, height: int = 900) -> None:
        self._browser.size(width, height)
        self._browser.open(self._service.address + path)

    def _ask(self, question: str, *arguments: Any) -> Any:
        return self._browser.run(f"{QUESTIONS}\nreturn questions.{question}(...arguments);", *arguments)

    def guide_contents(self) -> None:
        """Every operation of openapi.yaml, as the service itself reads it, is on the page."""
        document = json.loads(self._service.read("/v1/openapi.json"))
        wanted = {operation["operationId"] for item in document["paths"].values() for method, operation in item.items() if method in METHODS}
        for language in ("sv", "en"):
            self._open(f"/docs?lang={language}")
            shown = self._browser.run("return [...document.querySelectorAll('article.operation')].filter((node) => node.checkVisibility()).map((node) => node.id)")
            self._expect(f"operations missing: {wanted ^ set(shown)}", set(shown) == wanted and len(shown) == len(wanted))
            empty = self._browser.run("return [...document.querySelectorAll('article.operation')].filter((node) => !node.querySelector('pre code').textContent.startsWith('curl ')).map((node) => node.id)")
            self._expect(f"operations without a command: {empty}", not empty)

    def guide_structure(self) -> None:
        for path in ("/docs?lang=sv", "/docs?lang=en"):
            self._open(path)
            self._expect_none(f"structure of {path}", [fault for fault in self._ask("structure") if fault != "no live region"])
            landmarks = self._browser.run("return ['body > header', 'nav', 'main'].filter((name) => !document.querySelector(name))")
            self._expect(f"landmarks missing: {landmarks}", not landmarks)
        focus = self._browser.run(
            "const link = document.querySelector('.contents a'); link.focus({ focusVisible: true }); const style = getComputedStyle(link); return [style.outlineStyle, parseFloat(style.outlineWidth)]")
        self._expect(f"the focus shows: {focus}", focus[0] != "none" and focus[1] >= 2)

    def guide_sizes(self) -> None:
        for width in (320, 360, 768, 1440, 2560):
            for path in ("/docs?lang=sv", "/docs?lang=en", "/v1/problems?lang=sv", "/v1/problems/conflict?lang=en"):
                self._open(path, width, 800)
                self._browser.run("for (const node of document.querySelectorAll('details')) node.open = true")
                self._expect_none(f"{path} at {width}", self._ask("overflow", False))

    def guide_contrast(self) -> None:
        for system, is_dark in (("light", False), ("dark", True)):
            self._browser.media(prefers_color_scheme=system)
            self._open("/docs?lang=en")
            self._browser.run("for (const node of document.querySelectorAll('.operation:nth-of-type(-n+3) details')) node.open = true")
            self._expect_none(f"contrast in {system}", self._ask("contrast"))
            dark = self._browser.run("return getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g)[0] < 64")
            self._expect(f"for a {system} system", dark == is_dark)
        self._browser.media()

    def guide_languages(self) -> None:
        self._open("/docs?lang=en#paging")
        self._browser.run("document.getElementById('other-language').click()")
        heading = self._browser.until("return document.documentElement.lang === 'sv' && document.getElementById('paging')?.textContent")
        self._expect(f"after the switch: {heading}", heading == "Sidor")
        self._expect("the switch keeps the place", self._browser.address.endswith("#paging"))
        foreign = self._browser.run("return document.querySelector('#listAreas h3 a').lang")
        self._expect("English texts say so in the Swedish guide", foreign == "en")

    def guide_search(self) -> None:
        self._open("/docs?lang=en")
        self._browser.run("const input = document.getElementById('search'); input.value = 'badge nothing'; input.dispatchEvent(new Event('input')); input.value = 'observations'; input.dispatchEvent(new Event('input'))")
        shown = self._browser.run("return [...document.querySelectorAll('.contents li li a')].filter((node) => node.checkVisibility()).map((node) => node.hash)")
        self._expect(f"found: {shown}", shown == ["#listObservations", "#getObservation", "#putObservation", "#deleteObservation"])

    def guide_copies(self) -> None:
        self._open("/docs?lang=en")
        self._browser.devtools("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self._browser.run("document.querySelector('#getArea .copy').click()")
        self._expect("the button says so", self._browser.until("return document.querySelector('#getArea .copy').textContent === 'Copied'"))
        copied = self._browser.run("return navigator.clipboard.readText()")
        self._expect(f"copied: {copied!r}", copied == f"curl '{self._service.address}/v1/areas/se-0583'")

    def guide_attempts(self) -> None:
        """Operations are tried as they stand: an object, a list with a filter, a stream, and one that needs a key."""
        self._open("/docs?lang=en")
        area = self._attempt("getArea")
        self._expect(f"an area: {area}", area["status"].startswith("200") and '"name": "Motala"' in area["body"] and "etag:" in area["fields"])
        filtered = self._attempt("listAreas", {"q": "motala", "format": "csv"})
        self._expect(f"a filtered list: {filtered}", filtered["status"].startswith("200") and filtered["body"].count("\n") == 2 and "se-0583" in filtered["body"])
        live = self._attempt("getLiveness")
        self._expect(f"outside of /v1: {live}", live["status"].startswith("200") and "pass" in live["body"])
        stream = self._attempt("streamGoalProgress", {"id": "digidel2013"})
        self._expect(f"a stream: {stream}", stream["status"].startswith("200") and "event: progress" in stream["body"])
        keys = self._attempt("listKeys", {"secret": self._service.key})
        self._expect(f"with a key: {keys}", keys["status"].startswith("200"))

    def _attempt(self, operation: str, values: dict[str, str] | None = None) -> dict[str, str]:
        place = f"document.querySelector('#{operation} .try')"
        self._browser.run(f"{place}.querySelector('button').click()")
        for name, value in (values or {}).items():
            self._browser.run(f"document.getElementById('{operation}-' + arguments[0]).value = arguments[1]", name, value)
        self._browser.run(f"{place}.querySelector('form').requestSubmit()")
        found = self._browser.until(
            f"const result = {place}.querySelector('.result'), pres = [...result.querySelectorAll('pre code')];"
            "return pres.length === 2 && {status: result.querySelector('.status').textContent, fields: pres[0].textContent, body: pres[1].textContent}",
            seconds=8)
        return found or {"status": "", "fields": "", "body": ""}

    def guide_without_scripts(self) -> None:
        self._browser.scripts(False)
        self._open("/docs?lang=en")
        read = self._browser.run("return [...document.querySelectorAll('article.operation')].every((node) => node.checkVisibility()) && !document.querySelector('form, button')")
        self._expect("all can be read without scripts, and nothing is there that needs them", read)
        self._browser.scripts(True)

    def guide_printed(self) -> None:
        self._open("/docs?lang=sv")
        self._browser.media("print")
        shown = self._browser.run("return ['.contents', '.copy', '.try', '.pages'].filter((name) => document.querySelector(name).checkVisibility())")
        self._expect(f"printed controls: {shown}", not shown)
        self._browser.media()

    def problem_pages(self) -> None:
        for path in ("/v1/problems?lang=sv", "/v1/problems/conflict?lang=en"):
            self._open(path)
            self._expect_none(f"structure of {path}", [fault for fault in self._ask("structure") if fault != "no live region"])
            self._expect_none(f"contrast of {path}", self._ask("contrast"))
            for address in self._browser.run("return [...document.querySelectorAll('a')].filter((link) => !link.hash).map((link) => link.href)"):
                self._service.read(re.sub("^" + re.escape(self._service.address), "", address), accept="text/html")

    def guide_pictures(self) -> None:
        folder = os.environ.get("SCREENSHOTS")
        if not folder:
            return
        for width, height in ((360, 740), (1440, 900)):
            for theme in ("light", "dark"):
                self._browser.media(prefers_color_scheme=theme)
                for name, path in (("guide", "/docs?lang=sv"), ("operation", "/docs?lang=en#listServicePoints"), ("posting", "/docs?lang=en#createParticipantCount"),
                                   ("problem", "/v1/problems/conflict?lang=sv"), ("problems", "/v1/problems?lang=sv")):
                    self._open(path, width, height)
                    self._browser.picture(Path(folder) / f"{name}-{width}-{theme}.png")
        self._browser.media()
