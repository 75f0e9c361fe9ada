"""Compares the service's openapi.json with PyYAML's reading of openapi.yaml; see scripts/contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from typing import Any

import yaml

from shared.ports import free_port

PUBLIC_URL = "https://api.contract.example/some/path/v1"
EXAMPLE_URL = "https://api.example.se/digidel/v1"


def served(program: str) -> Any:
    """The document that the program serves."""
    port = free_port()
    environment = dict(os.environ, PORT=str(port), PUBLIC_URL=PUBLIC_URL)
    service = subprocess.Popen([program, "serve"], env=environment, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/openapi.json", timeout=30) as answer:
                    return json.load(answer)
            except OSError:
                if time.monotonic() > end or service.poll() is not None:
                    raise
                time.sleep(0.1)
    finally:
        service.terminate()
        service.wait(30)


def with_address(node: Any, is_server: bool = False) -> Any:
    """The document with the service's address in its servers."""
    if isinstance(node, dict):
        return {name: with_address(value, is_server or name == "servers") for name, value in node.items()}
    if isinstance(node, list):
        return [with_address(value, is_server) for value in node]
    if is_server and node in (EXAMPLE_URL, EXAMPLE_URL.removesuffix("/v1")):
        return PUBLIC_URL if node == EXAMPLE_URL else PUBLIC_URL.removesuffix("/v1")
    return node


def differences(found: Any, wanted: Any, place: str = "") -> list[str]:
    if isinstance(found, dict) and isinstance(wanted, dict):
        # As JSON an object has an order that people read; YAML's is to be kept.
        if list(found) != list(wanted):
            return [f"{place}: {list(found)} instead of {list(wanted)}"]
        return [fault for name in wanted for fault in differences(found[name], wanted[name], f"{place}/{name}")]
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        return [fault for index, pair in enumerate(zip(found, wanted)) for fault in differences(*pair, f"{place}/{index}")]
    same = type(found) is type(wanted) and found == wanted
    return [] if same else [f"{place}: {found!r} instead of {wanted!r}"]


def main() -> int:
    with open("openapi.yaml", encoding="utf-8") as file:
        wanted = with_address(yaml.safe_load(file))
    faults = differences(served(sys.argv[1]), wanted)
    for fault in faults[:20]:
        print(f"contract: {fault}", file=sys.stderr)
    if not faults:
        print("openapi.json: the same as openapi.yaml")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
