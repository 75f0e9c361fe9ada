"""What may be said on the command line."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def parse_arguments(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Among the arguments is `program`, the digidel to run; ends when there is none."""
    parser.add_argument("--program", type=Path, default=Path(os.environ.get("DIGIDEL_BIN", ".build/debug/digidel")),
                        help="the digidel to run (DIGIDEL_BIN)")
    arguments = parser.parse_args()
    if not os.access(arguments.program, os.X_OK):
        sys.exit(f"{parser.prog}: there is no program {arguments.program}; build it or set DIGIDEL_BIN")
    return arguments
