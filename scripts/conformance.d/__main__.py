"""Holds a service with demo data against other people's readers of what it speaks; a line for each."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import traceback
import urllib.request
from collections.abc import Callable

import consistency
import discovery
import figures
import lint
from places import Places
from service import PUBLIC_URL, Document, Service

Check = Callable[[Service, Document, Places], str]


def check_metrics(service: Service, document: Document, places: Places) -> str:
    """promtool's linter has nothing to say of a scrape."""
    promtool = shutil.which("promtool")
    assert promtool, "promtool is missing; scripts/setup observability installs it"
    # It reads the older format only.
    request = urllib.request.Request(f"http://127.0.0.1:{service.metrics_port}/metrics", headers={"Accept": "text/plain"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        metrics = answer.read()
    told = subprocess.run([promtool, "check", "metrics"], input=metrics, capture_output=True, check=False)
    assert told.returncode == 0, (told.stdout + told.stderr).decode()
    return f"{len(metrics.splitlines())} lines"


def check_log(service: Service, document: Document, places: Places) -> str:
    """None of it was an error of the service."""
    lines = service.log.read_text(encoding="utf-8").splitlines()
    errors = [line for line in lines if '"level":"error"' in line]
    assert not errors, "\n".join(errors[:5])
    return f"{len(lines)} lines, no errors"


# The log comes last: it tells of all the others.
CHECKS: dict[str, Check] = {
    "methods, conditions, Vary": consistency.check,
    "httplint": lint.check,
    **figures.CHECKS,
    **discovery.CHECKS,
    "metrics by promtool": check_metrics,
    "log": check_log,
}


def main() -> int:
    wanted = sys.argv[1:]
    failed = False
    settings = {
        "PUBLIC_URL": PUBLIC_URL, "PUBLISHER_EMAIL": "data@example.se", "SECURITY_CONTACT": "mailto:security@example.se"}
    with Service.running("conformance", **settings) as service:
        document = Document()
        places = Places(service, document)
        for name, check in CHECKS.items():
            if wanted and not any(word in name for word in wanted):
                continue
            began = time.monotonic()
            try:
                outcome = check(service, document, places)
            except Exception as error:  # A reader that fails to read is a finding, and the others still have their turn.
                failed = True
                outcome = "FAILED"
                told = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
                print(told or traceback.format_exc(), file=sys.stderr)
            print(f"{name:<31} {outcome} ({time.monotonic() - began:.0f} s)", flush=True)
    return int(failed)


sys.exit(main())
