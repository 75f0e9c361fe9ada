"""Runs the checks: `scripts/deploy-check [units] [files] [stack]`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

# What the torture has of clusters serves here too.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "torture.d"))

# pylint: disable=wrong-import-position
import files
import stack
import units
from report import Broken, say

CHECKS = {"files": files.check, "units": units.check, "stack": stack.check}
#: Where the logs of a run that found something are kept.
LOGS = Path(".build/deploy-check")


def main() -> int:
    wanted = sys.argv[1:] or list(CHECKS)
    if unknown := set(wanted) - set(CHECKS):
        print(f"deploy-check: no such check: {', '.join(unknown)}; there are {', '.join(CHECKS)}", file=sys.stderr)
        return 64
    program = Path(os.environ["DIGIDEL_BIN"]).resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="digidel-deploy.", dir="/tmp"))
    folder.chmod(0o711)
    is_well = False
    try:
        for name in wanted:
            say(f"{name}:")
            CHECKS[name](program, folder)
        is_well = True
    except Broken as broken:
        print(f"BROKEN: {broken}")
    except subprocess.CalledProcessError as error:
        print(f"BROKEN: {error}\n{error.output or ''}")
    finally:
        if not is_well:
            LOGS.mkdir(parents=True, exist_ok=True)
            for log in folder.rglob("*.log"):
                if "chroot" not in log.parts:
                    shutil.copy(log, LOGS)
            print(f"the logs are in {LOGS}")
        shutil.rmtree(folder, ignore_errors=True)
    if is_well:
        print("all is as it should be")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
