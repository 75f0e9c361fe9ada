"""Checks the pages for people in a browser; see scripts/browser."""

from __future__ import annotations

import http.server
import os
import sys
import threading
from pathlib import Path
from typing import Any, Callable

from guide import GuideChecks
from service import GOAL, NEW, REPORTS, Service
from shared.ports import free_port
from shared.report import Faults
from webdriver import Browser

QUESTIONS = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
#: HTML, CSS and JavaScript of the dashboard, as they are.
MOST_BYTES = 100_000
TAB = "\ue004"


class Checks:
    def __init__(self, service: Service, browser: Browser) -> None:
        self._service, self._browser = service, browser
        self._faults = Faults()
        self._expect, self._expect_equal = self._faults.expect, self._faults.expect_equal
        self._expect_none = self._faults.expect_none

    def run(self) -> Faults:
        checks: list[Callable[[], None]] = [
            self._weight, self._figures, self._structure, self._sizes, self._themes, self._languages, self._panels,
            self._keyboard, self._choice, self._printed, self._motion, self._wall, self._without_scripts, self._live, self._card,
            self._frames, self._unknown, self._pictures, *GuideChecks(self._service, self._browser, self._faults).all, self._interruption]
        for check in checks:
            name = check.__name__.strip("_").replace("_", " ")
            with self._faults.check(f"{name:22}"):
                check()
                # Losing the service is an error in the console too.
                if check != self._interruption:
                    self._expect_none(f"{name}: console", self._complaints(check))
        return self._faults

    # How

    def _ask(self, question: str, *arguments: Any) -> Any:
        return self._browser.run(f"{QUESTIONS}\nreturn questions.{question}(...arguments);", *arguments)

    def _complaints(self, check: Callable[[], None]) -> list[str]:
        # A goal that is not there is asked for, and a frame that may not be is refused.
        expected = {self._unknown: "404", self._frames: "frame-ancestors"}.get(check)
        return [text for text in self._browser.complaints() if not (expected and expected in text)]

    def _open(self, path: str, width: int = 1280, height: int = 900) -> None:
        self._browser.size(width, height)
        self._browser.open(self._service.address + path)
        shown = self._browser.until("return document.getElementById('value')?.textContent && document.getElementById('fresh').dataset.state")
        self._expect(f"{path} shows nothing", shown)

    # What

    def _weight(self) -> None:
        weight = sum(len(self._service.read(path)) for path in ("/", "/dashboard.css", "/dashboard.js", "/icon.svg"))
        self._expect(f"the dashboard weighs {weight} bytes", weight <= MOST_BYTES)

    def _figures(self) -> None:
        """What is shown is what the API says, and the goal is the one that runs."""
        self._open("/?lang=sv")
        figures, progress = self._ask("figures"), self._service.get(f"goals/{GOAL}/progress")
        total = sum(REPORTS.values())
        self._expect_equal("value", figures["value"], str(progress["value"]))
        self._expect_equal("value", progress["value"], total)
        self._expect_equal("percent", figures["percent"], "50,0%")
        self._expect_equal("target", figures["of"], "av1600personer")
        self._expect_equal("status", (progress["status"], figures["status"]), ("onTrack", "På väg"))
        self._expect("what remains", str(progress["remaining"]) in figures["facts"])
        self._expect("what is needed per day", str(progress["requiredPerDay"]).replace(".", ",") in figures["facts"])
        self._expect_equal("the curve's last value", figures["total"], str(progress["value"]))
        breakdown = self._service.get(f"goals/{GOAL}/breakdown?by=county")
        wanted = {row["name"]: [f"{row['perThousand']:.2f}".replace(".", ","), str(row["value"])] for row in breakdown["rows"]}
        self._expect_equal("counties", figures["counties"], wanted)
        self._expect_equal("counties without a report", figures["silent"], 21 - len(wanted))
        self._expect_equal("name", self._browser.run("return document.getElementById('name').textContent"), "1 600 nya & <fler>")

    def _structure(self) -> None:
        goals = [f"/?lang=sv&goal={goal['id']}" for goal in self._service.get("goals?limit=200")["items"]]
        for path in ("/?lang=sv", "/?lang=en&goal=digidel2013", f"/embed/goals/{GOAL}?lang=en", *goals):
            self._open(path)
            self._expect_none(f"structure of {path}", self._ask("structure"))
        self._open("/")
        for address in self._browser.run("return [...document.querySelectorAll('.data a, noscript a')].filter((link) => link.href).map((link) => link.href)"):
            self._service.read(address.removeprefix(self._service.address))
        landmarks = self._browser.run("return ['body > header', 'nav', 'main', 'body > footer'].filter((name) => !document.querySelector(name))")
        self._expect_equal("missing landmarks", landmarks, [])

    def _sizes(self) -> None:
        for width, height in ((320, 640), (360, 740), (768, 1024), (1280, 900), (3840, 2160)):
            for path in ("/?lang=sv&goal=digidel2013", "/?lang=en", f"/?lang=en&goal={NEW}"):
                self._open(path, width, height)
                self._expect_none(f"{path} at {width}", self._ask("overflow", False))

    def _themes(self) -> None:
        for path in ("/?lang=sv", "/?lang=sv&goal=digidel2013", "/?screen=wall", f"/embed/goals/{GOAL}?x=1"):
            for theme, is_dark in (("light", False), ("dark", True)):
                self._open(f"{path}&theme={theme}")
                self._expect_none(f"contrast of {path} in {theme}", self._ask("contrast"))
                self._expect_equal(f"{path} in {theme}", self._is_dark(), is_dark)
        for system, is_dark in (("light", False), ("dark", True)):
            self._browser.media(prefers_color_scheme=system)
            self._open("/")
            self._expect_equal(f"for a {system} system", self._is_dark(), is_dark)
        self._browser.media()

    def _is_dark(self) -> bool:
        return self._browser.run("return getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g)[0] < 64")

    def _languages(self) -> None:
        self._open("/?lang=en")
        figures = self._ask("figures")
        self._expect_equal("in English", (figures["status"], figures["percent"], figures["of"]), ("On track", "50.0%", "of1,600people"))
        self._browser.run("document.getElementById('other-language').click()")
        switched = self._browser.until("return document.documentElement.lang === 'sv' && document.querySelector('#status strong').textContent")
        self._expect_equal("after the switch", switched, "På väg")
        self._expect("the switch keeps the goal", f"goal={GOAL}" in self._browser.address)

    def _panels(self) -> None:
        """No panel is there that has nothing to say."""
        for goal, curve, counties in (
                ("digidel2013", True, True), ("digidel2013-befolkning", True, False), ("digihjelpen", True, False),
                ("program-i-varje-kommun", False, False), ("emedborgarveckan-2016", True, False)):
            self._open(f"/?lang=en&goal={goal}")
            self._expect_equal(f"panels of {goal}", self._browser.run(
                "return ['curve', 'counties'].map((name) => document.querySelector('.' + name).checkVisibility())"), [curve, counties])

    def _keyboard(self) -> None:
        """Every stop in the order of the page, and visible."""
        self._open("/?lang=sv")
        self._browser.press(TAB)
        self._expect_equal("the first stop", self._browser.run("return document.activeElement.className"), "skip")
        for stop in range(1, self._ask("focus")["of"]):
            self._browser.press(TAB)
            focus = self._ask("focus")
            self._expect_equal(f"stop {stop}, {focus['name']}", (focus["stop"], focus["shows"]), (stop, True))

    def _choice(self) -> None:
        self._open("/?lang=sv")
        self._browser.run("const list = document.getElementById('goals'); list.value = 'digidel2013'; list.dispatchEvent(new Event('change'))")
        name = self._browser.until("return document.getElementById('name').textContent.startsWith('500') && document.getElementById('of').textContent")
        self._expect("the chosen goal shows", name)
        self._expect("the address names the chosen goal", "goal=digidel2013" in self._browser.address)
        self._browser.run("history.back()")
        self._expect("back leads back", self._browser.until("return document.getElementById('name').textContent.startsWith('1')"))

    def _printed(self) -> None:
        self._open("/?theme=dark")
        self._browser.media("print")
        hidden = self._browser.run("return ['.choice', '.options', 'details'].filter((name) => document.querySelector(name).checkVisibility())")
        self._expect_equal("printed controls", hidden, [])
        self._expect("dark letters on paper", self._browser.run("return getComputedStyle(document.getElementById('value')).color.match(/\\d+/g)[0] < 64"))
        self._browser.media()

    def _motion(self) -> None:
        self._browser.media(prefers_reduced_motion="reduce")
        self._open("/")
        self._expect_equal("motion", self._browser.run("return getComputedStyle(document.querySelector('.fill')).transitionDuration"), "0s")
        self._browser.media()

    def _wall(self) -> None:
        for width, height in ((3840, 2160), (1920, 1080), (1366, 768), (1080, 1920)):
            for goal in (GOAL, NEW, "digidel2013"):
                self._open(f"/?screen=wall&lang=sv&goal={goal}", width, height)
                self._expect_none(f"wall of {goal} at {width}", self._ask("overflow", True))
                self._expect(f"the curve of {goal} at {width}", self._browser.run(
                    "return document.querySelector('#chart svg').getBoundingClientRect().height > innerHeight / 20"))
        self._expect_equal("controls on the wall", self._ask("focus")["of"], 0)
        self._open("/?screen=wall&rotate=5&lang=sv", 1920, 1080)
        self._expect("the wall goes on to the next goal", self._browser.until(
            "return document.getElementById('name').textContent === 'Fler guider'", seconds=13))
        self._expect_equal("a new goal", self._ask("figures")["status"], "För tidigt att säga")

    def _without_scripts(self) -> None:
        self._browser.size(1280, 900)
        self._browser.scripts(False)
        self._browser.open(f"{self._service.address}/")
        self._expect("where the data is", self._browser.run(
            "return [...document.querySelectorAll('noscript a')].some((link) => link.checkVisibility()"
            " && link.getBoundingClientRect().bottom < innerHeight && link.href.endsWith('/v1/goals'))"))
        self._browser.scripts(True)

    def _live(self) -> None:
        """A count shows within two seconds, without loading the page again."""
        self._open("/?lang=sv")
        self._expect("live", self._browser.until("return document.getElementById('fresh').dataset.state === 'live'"))
        self._browser.run("window.isTheSame = true")
        before = self._service.get(f"goals/{GOAL}/progress")["value"]
        self._service.report(42, "se-0583")
        self._expect("the figure grows", self._browser.until(
            "return document.getElementById('value').textContent.replace(/\\s/g, '') === arguments[0]", str(before + 42), seconds=2))
        figures = self._ask("figures")
        self._expect_equal("what is new", figures["delta"], "+42nyss")
        self._expect_equal("the county", figures["counties"]["Östergötland"][1], str(before + 42 - sum(REPORTS.values()) + REPORTS["se-0583"]))
        self._expect_equal("the curve's last value", figures["total"], str(before + 42))
        self._expect("it is said", self._browser.until("return document.getElementById('say').textContent"))
        self._expect("without loading the page", self._browser.run("return window.isTheSame"))

    def _card(self) -> None:
        for width, height in ((280, 180), (400, 250), (640, 360)):
            # The first has a long name.
            for goal, language in (("digihjelpen", "en"), (GOAL, "sv")):
                self._open(f"/embed/goals/{goal}?lang={language}", width, height)
                self._expect_none(f"card of {goal} at {width}", self._ask("overflow", True))
        self._expect_equal("the card's figure", self._ask("figures")["value"], str(self._service.get(f"goals/{GOAL}/progress")["value"]))
        link = self._browser.run("const link = document.getElementById('full'); return [link.target, link.href]")
        self._expect_equal("the card's link", link, ["_top", f"{self._service.address}/?goal={GOAL}&lang=sv"])

    def _frames(self) -> None:
        """In another site's page the card shows and grows, and the dashboard does not show."""
        frames = "".join(f'<iframe src="{self._service.address}{path}"></iframe>' for path in (f"/embed/goals/{GOAL}", "/"))
        site = Site(f'<!doctype html><link rel="icon" href="data:,">{frames}')
        self._browser.open(site.address)
        self._browser.enter(0)
        self._expect("the card in a frame is live", self._browser.until("return document.getElementById('fresh').dataset.state === 'live'"))
        before = self._service.get(f"goals/{GOAL}/progress")["value"]
        self._service.report(1, "se-0180")
        self._expect("the card grows", self._browser.until(
            "return document.getElementById('value').textContent.replace(/\\s/g, '') === arguments[0]", str(before + 1), seconds=2))
        self._browser.enter(None)
        self._browser.enter(1)
        self._expect("the dashboard is not framed", self._browser.run("return !document.getElementById('value')"))
        self._browser.enter(None)
        site.close()

    def _unknown(self) -> None:
        for path in ("/?goal=no-such-goal&lang=en", "/embed/goals/no-such-goal?lang=en"):
            self._browser.open(self._service.address + path)
            text = self._browser.until("const node = document.getElementById('notice'); return !node.hidden && node.textContent")
            self._expect_equal(path, text, "There is no such goal.")

    def _pictures(self) -> None:
        folder = os.environ.get("SCREENSHOTS")
        if not folder:
            return
        for width, height, screen in ((360, 740, "page"), (1280, 900, "page"), (3840, 2160, "wall")):
            for theme in ("light", "dark"):
                for language in ("sv", "en"):
                    self._open(f"/?lang={language}&theme={theme}&screen={screen}&goal=digidel2013", width, height)
                    self._browser.picture(Path(folder) / f"{width}-{theme}-{language}.png")

    def _interruption(self) -> None:
        """A service that is away is told of, and found again."""
        self._open("/?lang=en")
        self._expect("live", self._browser.until("return document.getElementById('fresh').dataset.state === 'live'"))
        self._service.stop()
        self._expect("the loss is told", self._browser.until("return document.getElementById('fresh').dataset.state === 'offline'", seconds=10))
        self._expect("the figure stays", self._ask("figures")["value"])
        self._service.start()
        self._expect("it is live again", self._browser.until("return document.getElementById('fresh').dataset.state === 'live'", seconds=20))


class Site:
    """Another site with one page."""

    def __init__(self, page: str) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_: Any) -> None:
                pass

        port = free_port()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        # Another host than the service's.
        self.address = f"http://localhost:{port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()


def main() -> int:
    with Service.running("browser") as service:
        service.make_goals()
        browser = Browser()
        try:
            faults = Checks(service, browser).run()
        finally:
            browser.close()
    return faults.tell("browser")


if __name__ == "__main__":
    sys.exit(main())
