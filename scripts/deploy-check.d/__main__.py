"""Runs the checks: `scripts/deploy-check [units] [files] [stack]`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import files
import stack
import units
from shared.folders import keep_logs, private_folder
from shared.report import Broken, say

CHECKS = {"files": files.check, "units": units.check, "stack": stack.check}


def main() -> int:
    wanted = sys.argv[1:] or list(CHECKS)
    if unknown := set(wanted) - set(CHECKS):
        print(f"deploy-check: no such check: {', '.join(unknown)}; there are {', '.join(CHECKS)}", file=sys.stderr)
        return 64
    program = Path(os.environ["DIGIDEL_BIN"]).resolve()
    is_well = False
    with private_folder("deploy") as folder:
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
                keep_logs(folder, "deploy-check")
    if is_well:
        print("all is as it should be")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
