"""docker-compose.yml against its schema and the house's rules, and the Dockerfiles by a linter."""

from __future__ import annotations

import re
from pathlib import Path

from ruamel.yaml import YAML

from command import run
from dockerfile import Dockerfile
from shared.report import expect, say

DOCKERFILES = [Path("Dockerfile"), Path("deploy/proxy/Dockerfile")]
#: What .env would say.
SECRETS = {
    "PUBLIC_URL": "https://api.example.se/v1", "TLS_DIR": "/etc/digidel/tls", "OWNER_PASSWORD": "owner: $ 'quoted' \"word\"",
    "DATABASE_PASSWORD": "service % /password@", "DIGIDEL_ADMIN_KEY": "an-admin-key-of-32-characters-or-more",
}
_TOOLS = Path(".tools/deploy/bin")


def check(program: Path, _folder: Path) -> None:
    run(_TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
    say("  docker-compose.yml keeps to the Compose specification's schema")
    services = composition()["services"]
    _check_services(services)
    _check_settings(program, services)
    # DL3008 wants versions of Debian's packages, which Debian removes when it mends them.
    for file in DOCKERFILES:
        run(_TOOLS / "hadolint", "--ignore", "DL3008", file)
        for base in Dockerfile(file).bases:
            _check_tag(base)
    say("  hadolint finds nothing in the Dockerfiles; every base has an exact tag")


def composition() -> dict:
    """docker-compose.yml as docker-compose understands it, with SECRETS in place."""
    output = run("docker-compose", "--file", "docker-compose.yml", "config", **SECRETS)
    return YAML(typ="safe").load(output)


def _check_services(services: dict) -> None:
    for name, service in services.items():
        if "build" not in service:
            # What is built has its user from its Dockerfile.
            _check_tag(service["image"])
            expect(str(service.get("user", "0")).split(":", maxsplit=1)[0] not in ("0", "root"), f"{name} runs as root")
        expect(service.get("read_only") is True, f"{name} can write to its root")
        expect("no-new-privileges:true" in service.get("security_opt", []), f"{name} may gain privileges")
        expect(service.get("cap_drop") == ["ALL"] and "cap_add" not in service, f"{name} has capabilities")
        expect(not service.get("privileged"), f"{name} is privileged")
        expect(("ports" in service) == (name == "proxy"), f"{name} publishes ports, or the proxy does not")
    say(f"  {', '.join(services)}: exact tags, not root, read-only, no capabilities; only the proxy can be reached")


def _check_tag(image: str) -> None:
    """Exact: with the minor version or the day, and what it stands on."""
    expect(re.fullmatch(r"[a-z/]+:(\d+\.\d+(\.\d+)?-bookworm|bookworm-\d{8}-slim)", image) is not None,
           f"{image} is not an exact version")


def _check_settings(program: Path, services: dict) -> None:
    """What is set is a setting: the program ignores what it does not know, and nobody would notice."""
    known = set(re.findall(r"^([A-Z_]{4,})  ", run(program, "help"), re.MULTILINE)) | {"PGPASSWORD"}
    used = {name for service in ("api", "migrate") for name in services[service]["environment"]}
    for file in Path("deploy/systemd").glob("*.env.example"):
        used |= set(re.findall(r"^([A-Z_]+)=", file.read_text(encoding="utf-8"), re.MULTILINE))
    expect(used <= known, f"{', '.join(used - known)} is no setting of digidel")
    say("  every variable that is set is a setting")
