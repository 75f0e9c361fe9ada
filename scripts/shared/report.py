"""What is expected of a run, and what is told of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Broken(Exception):
    """A promise that was not kept, something that is not as it should be."""


def expect(holds: bool, what: str) -> None:
    """Raises Broken unless it holds."""
    if not holds:
        raise Broken(what)


def say(line: str) -> None:
    """Prints a line at once, whoever reads it."""
    print(line, flush=True)


class Faults(list[str]):
    """What was found in a run that goes on all the same."""

    def expect(self, what: str, holds: Any) -> None:
        """Notes what does not hold."""
        if not holds:
            self.append(what)

    def expect_equal(self, what: str, found: Any, wanted: Any) -> None:
        """Notes what is not as it should be."""
        self.expect(f"{what}: {found!r} instead of {wanted!r}", found == wanted)

    def expect_none(self, what: str, found: list[str]) -> None:
        """Notes the first few that were found."""
        self += [f"{what}: {fault}" for fault in found[:5]]

    @contextmanager
    def check(self, name: str) -> Iterator[None]:
        """A line for the check that is made in the block."""
        before, began = len(self), time.monotonic()
        yield
        say(f"{name} {'ok' if len(self) == before else 'FAILED'} ({time.monotonic() - began:.1f} s)")

    def tell(self, script: str) -> int:
        """Prints them all; returns the script's exit status."""
        for fault in self:
            print(f"{script}: {fault}", file=sys.stderr)
        return 1 if self else 0
