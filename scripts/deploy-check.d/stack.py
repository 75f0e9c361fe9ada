"""docker-compose.yml run for real, except for Docker: its environment, commands and addresses, in the file systems that
the Dockerfiles make, in networks of their own. Then what clients get through the proxy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import files
from dockerfile import Dockerfile
from image import Image
from shared.report import expect


def check(program: Path, folder: Path) -> None:
    images = {
        "api": Image(Dockerfile(Path("Dockerfile")), folder / "chroot/api", {"/out/digidel": program}),
        "proxy": Image(Dockerfile(Path("deploy/proxy/Dockerfile")), folder / "chroot/proxy", {}),
    }
    for image in images.values():
        image.build()
    # From here on in a network and with mounts of our own: ports are free, names mean what they mean in the composition,
    # and nothing is left behind.
    command = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", sys.executable, "-B",
               str(Path(__file__).with_name("composition.py")), str(program), str(folder)]
    outcome = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, env=os.environ | files.SECRETS)
    shutil.rmtree(folder / "chroot", ignore_errors=True)
    expect(outcome.returncode == 0, "the composition does not do what it should")
