"""What is expected of a run, and what is told of it."""

from __future__ import annotations


class Broken(Exception):
    """A promise that was not kept, something that is not as it should be."""


def expect(holds: bool, what: str) -> None:
    """Raises Broken unless it holds."""
    if not holds:
        raise Broken(what)


def say(line: str) -> None:
    """Prints a line at once, whoever reads it."""
    print(line, flush=True)
