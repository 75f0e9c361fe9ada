"""A headless Chromium, driven through chromedriver's JSON over HTTP (W3C WebDriver)."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from shared.ports import free_port


class Browser:
    def __init__(self) -> None:
        port = free_port()
        self._driver = subprocess.Popen(["chromedriver", f"--port={port}", "--silent"], stdout=subprocess.DEVNULL)
        self._address = f"http://127.0.0.1:{port}"
        self._session = ""
        arguments = ["--headless=new", "--hide-scrollbars", "--disable-gpu", "--lang=sv"]
        if os.geteuid() == 0:
            # Chromium has no sandbox for root.
            arguments.append("--no-sandbox")
        options: dict[str, Any] = {"args": arguments}
        if found := shutil.which("chromium"):
            options["binary"] = found
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        for attempt in range(100):
            try:
                answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
                break
            except urllib.error.URLError as error:
                if attempt == 99 or isinstance(error, urllib.error.HTTPError):
                    self.close()
                    raise
                time.sleep(0.1)
        self._session = f"/session/{answer['sessionId']}"

    def close(self) -> None:
        try:
            if self._session:
                self._call("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait()

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            self._address + self._session + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def devtools(self, command: str, **parameters: Any) -> Any:
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, address: str) -> None:
        self._call("POST", "/url", {"url": address})

    @property
    def address(self) -> str:
        return self._call("GET", "/url")

    def run(self, script: str, *arguments: Any) -> Any:
        """What a function body returns in the page."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def until(self, script: str, *arguments: Any, seconds: float = 5) -> Any:
        """What the script returns as soon as that is something; None when it takes longer."""
        end = time.monotonic() + seconds
        while not (value := self.run(script, *arguments)):
            if time.monotonic() > end:
                return None
            time.sleep(0.05)
        return value

    def size(self, width: int, height: int) -> None:
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, kind: str = "", **features: str) -> None:
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.devtools("Emulation.setEmulatedMedia", media=kind, features=named)

    def scripts(self, enabled: bool) -> None:
        self.devtools("Emulation.setScriptExecutionDisabled", value=not enabled)

    def press(self, key: str) -> None:
        steps = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": steps}]})

    def enter(self, frame: int | None) -> None:
        """Into a frame of the page, or out of it."""
        self._call("POST", "/frame", {"id": frame})

    def complaints(self) -> list[str]:
        """What the console was told since last time: errors, refusals of the security policy, warnings."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})
                if entry["level"] in ("SEVERE", "WARNING")]

    def picture(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self.devtools("Page.captureScreenshot")["data"]))
