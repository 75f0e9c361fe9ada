"""Commands that must end well."""

from __future__ import annotations

import os
import subprocess


def run(*words: object, **environment: str) -> str:
    """Runs a command in our environment and this one; returns what it said, and raises CalledProcessError with it."""
    return subprocess.run([str(word) for word in words], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env=os.environ | environment).stdout
