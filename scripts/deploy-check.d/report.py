"""What is told of a run."""

from __future__ import annotations


class Broken(Exception):
    """Something that is not as it should be."""


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise Broken(what)


def say(line: str) -> None:
    print(line, flush=True)
