"""The last stage of a Dockerfile, which becomes the image."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Instruction:
    """`RUN`, `COPY` and so on, with what follows as it is written."""

    name: str
    text: str


class Dockerfile:
    """What the images are built from, and the steps of the one that is run."""

    def __init__(self, path: Path):
        self.folder = path.parent
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
        joined = re.sub(r"\\\n", " ", "\n".join(lines))
        every = [Instruction(*line.strip().split(None, 1)) for line in joined.splitlines() if line.strip()]
        self.bases = [step.text.split()[0] for step in every if step.name == "FROM"]
        last = max(number for number, step in enumerate(every) if step.name == "FROM")
        self.steps = every[last + 1:]

    @property
    def user(self) -> tuple[int, int]:
        """Numbers, because Kubernetes cannot tell from a name whether it is root."""
        user, group = self.last("USER").split(":")
        return int(user), int(group)

    @property
    def environment(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for step in self.steps if step.name == "ENV" for pair in step.text.split())

    @property
    def command(self) -> list[str]:
        return json.loads(self.last("CMD"))

    @property
    def entrypoint(self) -> list[str]:
        return json.loads(self.last("ENTRYPOINT"))

    @property
    def healthcheck(self) -> list[str]:
        return json.loads(self.last("HEALTHCHECK").split(" CMD ", 1)[1])

    def last(self, name: str) -> str:
        return [step.text for step in self.steps if step.name == name][-1]
