"""Secrets in any version of any file, by detect-secrets. What it takes for one and is none is in allowed.txt."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

ALLOWED = Path(__file__).with_name("allowed.txt")
#: Detectors that guess by how random a text looks find every digest, trace and id: 9 in 10 of their findings are none.
#: The others know what keys of some hundred services, private keys, passwords in addresses and assigned secrets look like.
GUESSING = {"Base64HighEntropyString", "HexHighEntropyString"}


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True, errors="replace").stdout


def lines_ever() -> dict[str, dict[str, str]]:
    """By file, every line that it ever had, each with the commit that brought it; the working tree's too."""
    lines: dict[str, dict[str, str]] = {}
    commit = path = ""
    history = git("log", "HEAD", "--no-renames", "--unified=0", "--no-color", "--no-ext-diff", "--text", "--patch",
                  "--diff-merges=first-parent", "--format=commit %h")
    for line in history.splitlines():
        if line.startswith("commit "):
            commit = line[7:]
        elif line.startswith("+++ "):
            path = line[6:]
        elif line.startswith("+"):
            lines.setdefault(path, {}).setdefault(line[1:], commit)
    for path in git("ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        if Path(path).is_file():
            for line in Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
                lines.setdefault(path, {}).setdefault(line, "the working tree")
    return lines


def main() -> int:
    allowed = dict(line.split(maxsplit=1) for line in ALLOWED.read_text(encoding="utf-8").splitlines()
                   if line and not line.startswith("#"))
    found = 0
    used = set()
    with default_settings() as settings:
        settings.disable_plugins(*GUESSING)
        # One folder for all: detect-secrets reads files, and a file's name tells it how to read.
        with tempfile.TemporaryDirectory() as folder:
            for path, lines in sorted(lines_ever().items()):
                file = Path(folder) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("\n".join(lines) + "\n", encoding="utf-8")
                secrets = SecretsCollection()
                secrets.scan_file(str(file))
                file.unlink()
                order = list(lines)
                for _, secret in secrets:
                    used.add(secret.secret_hash)
                    if secret.secret_hash in allowed:
                        continue
                    found += 1
                    line = order[secret.line_number - 1]
                    print(f"{path} ({lines[line]}): {secret.type}, {secret.secret_hash}")
    for digest in allowed.keys() - used:
        print(f"allowed.txt: {digest} is nowhere any more")
        found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
