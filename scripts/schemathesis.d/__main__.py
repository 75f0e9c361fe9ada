"""Asks a service all that openapi.yaml allows, and checks every answer; see scripts/schemathesis."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from document import describe, with_known_things
from shared.report import say
from shared.service import Service

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "20"))
LOG = Path(".build/schemathesis.log")
PROGRAM = Path(sys.executable).parent / "schemathesis"
CONFIG = Path("scripts/schemathesis.toml").absolute()
HOOKS = Path(__file__).with_name("hooks.py").absolute()
VERSIONED = ("--exclude-path-regex", "^/health/")
EVERYTHING = ("--phases", "examples,coverage,fuzzing", "--seed", "1")


class Runs:
    """Runs of schemathesis on a service, the same on every machine; `has_failed` tells whether any found something."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._key = ("--header", f"Authorization: Bearer {service.key}")
        self.has_failed = False
        # The address of the service, and examples in the place of what no schema can say.
        document = describe(service.address)
        # Things of the demo data are named in the other, so that what is created exists and can be followed further.
        for name, content in (("openapi", document), ("sequences", with_known_things(document))):
            (service.folder / f"{name}.json").write_text(json.dumps(content, default=str), encoding="utf-8")

    def make(self) -> None:
        self._run("with a key", "openapi", "/v1", *self._key, *VERSIONED, *EVERYTHING)
        self._run_sequences()
        # Who has no key is asked less: most of it ends at 401.
        self._run("without a key", "openapi", "/v1", *VERSIONED, "--phases", "fuzzing", "--seed", "1")
        # Outside of the versioned path.
        self._run("health", "openapi", "", "--include-path-regex", "^/health/", *EVERYTHING)

    def _run_sequences(self) -> None:
        """What is created is read, changed and acted on, by the links of the document. A run has as many sequences as
        examples, but not above a hundred, of all operations together: there are ten runs, or as many as examples."""
        # All that is sent fits its schema. Now and then schemathesis takes one for wrong all the same, and wants it refused.
        links = 0
        for seed in range(1, min(EXAMPLES, 10) + 1):
            told = self._run(f"in sequence {seed}", "sequences", "/v1", *self._key, *VERSIONED,
                             "--phases", "stateful", "--mode", "positive",
                             "--exclude-checks", "negative_data_rejection", "--seed", str(seed))
            links += sum(int(covered) for covered in re.findall(r"API Links: *(\d+) covered", told))
        if not links:
            self.fail("no sequence has followed a link")

    def _run(self, name: str, document: str, address: str, *options: str) -> str:
        """One run, told in a line; returns what it said. All checks are made, but those that schemathesis.toml speaks of."""
        # One worker: in Python 3.11 threads that parse at once fail ("AST constructor recursion depth mismatch").
        command = [PROGRAM, "--config-file", CONFIG, "run", f"{document}.json", "--url", self._service.address + address,
                   "--workers", "1", "--max-examples", str(EXAMPLES), "--generation-database", "none",
                   "--continue-on-failure", "--no-color", *options]
        # It leaves a folder behind where it runs. No compiled copies among the sources.
        run = subprocess.run(
            command, cwd=self._service.folder, env=os.environ | {"SCHEMATHESIS_HOOKS": str(HOOKS), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace", check=False)
        with LOG.open("a", encoding="utf-8") as log:
            log.write(f"== {name}\n{run.stdout}")
        outcome = "nothing found"
        if run.returncode:
            outcome, self.has_failed = f"FAILURES, see {LOG.absolute()}", True
            found = re.findall(r"^(?:_+ |- ST|Error).*$", run.stdout, re.MULTILINE)
            say("\n".join(found or run.stdout.splitlines()[-5:]))
        requests = re.search(r"^\s*(\S+) generated,", run.stdout, re.MULTILINE)
        say(f"{name:<14} {requests[1] if requests else ''} requests: {outcome}")
        return run.stdout

    def fail(self, what: str) -> None:
        print(f"schemathesis: {what}", file=sys.stderr)
        self.has_failed = True


def main() -> int:
    LOG.parent.mkdir(exist_ok=True)
    LOG.unlink(missing_ok=True)
    with Service.running("contract") as service:
        runs = Runs(service)
        runs.make()
        lines = service.log.read_text(encoding="utf-8").splitlines()
        if service.exit_status is not None:
            runs.fail("\n".join(["the service has ended; its last words:", *lines[-5:]]))
        if errors := [line for line in lines if '"level":"error"' in line]:
            runs.fail("\n".join(["the service has logged errors:", *errors[:5]]))
    return int(runs.has_failed)


if __name__ == "__main__":
    sys.exit(main())
