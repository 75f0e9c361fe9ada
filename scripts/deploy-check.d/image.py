"""A file system made by a Dockerfile's own steps, in place of the image that Docker would build."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from command import run
from dockerfile import Dockerfile
from shared.report import expect, say

#: What must not be in an image that only runs something.
COMPILERS = ["gcc", "cc", "c++", "g++", "cpp", "clang", "clang++", "swift", "swiftc", "ld", "lld", "gold", "as", "rustc", "go",
             "tcc", "make"]
#: Debian itself, as debootstrap made it; made anew when it is removed.
BASES = Path(".tools/deploy")


class Image:
    """The root of a container, in a folder."""

    def __init__(self, dockerfile: Dockerfile, folder: Path, artefacts: dict[str, Path]):
        """`artefacts` are the files that earlier stages made, by their path there."""
        self.dockerfile = dockerfile
        self.root = folder
        self._artefacts = artefacts

    def build(self) -> None:
        suite = re.match(r"debian:([a-z]+)-", self.dockerfile.bases[-1])
        expect(suite is not None, f"{self.dockerfile.bases[-1]} is no Debian that debootstrap could make")
        base = _base(suite[1])
        self.root.mkdir(parents=True)
        run("tar", "--extract", "--file", base, "--directory", self.root)
        shutil.copy("/etc/resolv.conf", self.root / "etc/resolv.conf")
        for step in self.dockerfile.steps:
            if step.name == "RUN":
                # As Docker does: by a shell, as root.
                run("chroot", self.root, "/usr/bin/env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "DEBIAN_FRONTEND=noninteractive", "/bin/sh", "-c", step.text)
            elif step.name == "COPY":
                self._copy(step.text.split())
            else:
                expect(step.name in ("USER", "ENV", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
                       f"{step.name} is not known here; teach scripts/deploy-check.d/image.py")
        self._expect_no_compiler()
        user, group = self.dockerfile.user
        expect(user >= 10000 and group >= 10000, f"the image runs as {user}:{group}")
        size = sum(file.lstat().st_size for file in self.root.rglob("*") if file.is_file() and not file.is_symlink())
        say(f"  {self.dockerfile.folder}/Dockerfile makes {size / 1e6:.0f} MB, runs as {user}:{group}, holds no compiler")

    def _copy(self, words: list[str]) -> None:
        *sources, target = [word for word in words if not word.startswith("--")]
        is_artefact = any(word.startswith("--from=") for word in words)
        for source in sources:
            file = self._artefacts[source] if is_artefact else self.dockerfile.folder / source
            goal = self.root / target.lstrip("/")
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, goal)

    def _expect_no_compiler(self) -> None:
        folders = ["bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin", "usr/libexec"]
        found = [f"{folder}/{name}" for folder in folders for name in COMPILERS if (self.root / folder / name).exists()]
        found += [str(file.relative_to(self.root)) for file in self.root.glob("usr/lib/gcc/*/*/cc1*")]
        expect(not found, f"the image holds {', '.join(found)}")


def _base(suite: str) -> Path:
    """Debian without anything, as in its image, in a tar file."""
    archive = BASES / f"{suite}.tar"
    if archive.exists():
        return archive
    say(f"  making Debian {suite} with debootstrap ...")
    root = BASES / suite
    shutil.rmtree(root, ignore_errors=True)
    mirror = "http://deb.debian.org/debian"
    run("debootstrap", "--variant=minbase", suite, root, mirror)
    (root / "etc/apt/sources.list").write_text(
        f"deb {mirror} {suite} main\ndeb {mirror} {suite}-updates main\ndeb {mirror}-security {suite}-security main\n",
        encoding="utf-8")
    run("tar", "--create", "--file", f"{archive}.new", "--directory", root, ".")
    Path(f"{archive}.new").rename(archive)
    shutil.rmtree(root)
    return archive
