"""The part of the check that has a network of its own: `composition.py PROGRAM FOLDER`, with the images in FOLDER/chroot."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import files
from clients_view import ClientsView
from command import run
from dockerfile import Dockerfile
from shared.database import Database
from shared.report import Broken, expect, say

CLIENTS = ["198.51.100.7", "198.51.100.8"]


class ComposedDatabase(Database):
    """The machine's PostgreSQL with the settings of the composition, on 127.0.0.1:5432 of the API's network, with roles
    made as its image makes them."""

    def __init__(self, folder: Path, service: dict, network: str):
        super().__init__(folder)
        self._network = network
        self._service = service
        self._settings = dict(word.split("=", 1) for word in service["command"] if "=" in word)
        self._settings["listen_addresses"] = "127.0.0.1"

    def create(self) -> None:
        super().create()
        environment = self._service["environment"]
        owner, name = environment["POSTGRES_USER"], environment["POSTGRES_DB"]
        password = environment["POSTGRES_PASSWORD"].replace("'", "''")
        # As in the image, it is who made the cluster.
        self.run_sql(f"alter role {owner} password '{password}'")
        self.run_sql(f"create database {name} owner {owner}")
        hba = self._data / "pg_hba.conf"
        hba.write_text("local all all trust\nhost all all all scram-sha-256\n", encoding="utf-8")
        self.run_sql("select pg_reload_conf()")
        subprocess.run(["/bin/sh", "deploy/postgres/roles.sh"], check=True,
                       env={**environment, "PATH": f"{self._programs}:{os.environ['PATH']}", "PGHOST": str(self._sockets)})

    def _command(self, program: str, *arguments) -> list:
        # `runuser` comes after the change of network, which needs root.
        return ["/usr/bin/nsenter", f"--net={self._network}", *super()._command(program, *arguments)]


class Container:
    """What Docker would run of a service: its image's root, read-only, as its user and without any privilege."""

    def __init__(self, name: str, root: Path, dockerfile: Dockerfile, service: dict, network: str | None, log: Path):
        self.name = name
        self.log = log
        self._root = root
        self._dockerfile = dockerfile
        self._service = service
        self._network = network
        self._process: subprocess.Popen | None = None

    def mount(self, hosts: dict[str, str], volumes: dict[Path, str]) -> None:
        hosts = {"localhost": "127.0.0.1", **hosts}
        (self._root / "etc/hosts").write_text("".join(f"{address} {name}\n" for name, address in hosts.items()),
                                              encoding="utf-8")
        for target in volumes.values():
            (self._root / target.lstrip("/")).mkdir(parents=True, exist_ok=True)
        for point in ("proc", "dev", "tmp"):
            (self._root / point).mkdir(exist_ok=True)
        run("mount", "--bind", self._root, self._root)
        run("mount", "-t", "proc", "proc", self._root / "proc")
        run("mount", "--bind", "/dev", self._root / "dev")
        for point in self._service["tmpfs"]:
            run("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", self._root / point.split(":")[0].lstrip("/"))
        for source, target in volumes.items():
            goal = self._root / target.lstrip("/")
            run("mount", "--bind", source, goal)
            run("mount", "-o", "remount,ro,bind", goal)
        run("mount", "-o", "remount,ro,bind", self._root)

    def run(self, *command: str, **settings: str) -> subprocess.CompletedProcess:
        """Until it ends, as `docker compose run` does."""
        with open(self.log.with_suffix(".output"), "w+", encoding="utf-8") as output:
            # As Docker gives it to the container's user, who may open it again as /dev/stdout.
            os.fchown(output.fileno(), *self._dockerfile.user)
            outcome = subprocess.run(self._command([*self._dockerfile.entrypoint, *command]), check=False, stdout=output,
                                     stdin=subprocess.DEVNULL, stderr=output, env=self._environment(settings))
            output.seek(0)
            return subprocess.CompletedProcess(outcome.args, outcome.returncode, output.read())

    def start(self, **settings: str) -> None:
        words = self._service.get("command") or self._dockerfile.command
        with open(self.log, "ab") as output:
            # nginx opens what its stderr is, and it is not root.
            os.fchown(output.fileno(), *self._dockerfile.user)
            self._process = subprocess.Popen(self._command([*self._dockerfile.entrypoint, *words]), stdin=subprocess.DEVNULL,
                                             stdout=output, stderr=output, env=self._environment(settings))

    def is_healthy(self) -> bool:
        command = self._command(self._dockerfile.healthcheck)
        return subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=self._environment({})).returncode == 0

    def await_healthy(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_healthy():
            expect(self._process.poll() is None, f"{self.name} ended: {self.log.read_text(encoding='utf-8')[-2000:]}")
            expect(time.monotonic() < deadline, f"{self.name} is not healthy; see {self.log}")
            time.sleep(0.1)

    def expect_within(self, path: str) -> None:
        """The process sees its root, has no privilege left and cannot write."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        user, group = self._dockerfile.user
        expect(re.search(rf"^Uid:\t{user}\t{user}\t{user}\t{user}$", status, re.MULTILINE) is not None, f"{self.name} runs as another")
        expect(re.search(rf"^Gid:\t{group}\t{group}\t{group}\t{group}$", status, re.MULTILINE) is not None,
               f"{self.name} runs in another group")
        expect("CapEff:\t0000000000000000" in status and "CapBnd:\t0000000000000000" in status, f"{self.name} has capabilities")
        expect("NoNewPrivs:\t1" in status, f"{self.name} may gain privileges")
        touched = subprocess.run(self._command(["/usr/bin/touch", "/usr/touched"]), check=False, capture_output=True, text=True)
        expect("Read-only file system" in touched.stderr, f"{self.name} can write to its root: {touched.stderr}")

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(timeout=30)
        expect(status == 0, f"{self.name} ended with {status}")

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return {"PATH": path} | self._dockerfile.environment | self._service.get("environment", {}) | settings

    def _command(self, words: list[str]) -> list[str]:
        user, group = self._dockerfile.user
        enter = ["nsenter", f"--net={self._network}"] if self._network else []
        return [*enter, "chroot", str(self._root), "setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups",
                "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", *words]


def main() -> int:
    program, folder = Path(sys.argv[1]), Path(sys.argv[2])
    run("mount", "-t", "proc", "proc", "/proc")
    services = files.composition()["services"]
    home = folder / "stack"
    home.mkdir()
    holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
    try:
        _compose(program, folder, home, services, _networks(holder, services))
    except Broken as broken:
        print(f"BROKEN: {broken}")
        return 1
    except subprocess.CalledProcessError as error:
        print(f"BROKEN: {error}\n{error.output or ''}")
        return 1
    finally:
        holder.kill()
    return 0


def _networks(holder: subprocess.Popen, services: dict) -> str:
    """Ours is the proxy's, with clients; the holder's is the API's and the database's. Returns the latter's name."""
    network = f"/proc/{holder.pid}/ns/net"
    while os.readlink(network) == os.readlink("/proc/self/ns/net"):
        time.sleep(0.01)
    addresses = {name: services[name]["networks"]["front"]["ipv4_address"] for name in ("proxy", "api")}
    run("ip", "link", "set", "lo", "up")
    for client in CLIENTS:
        run("ip", "address", "add", f"{client}/32", "dev", "lo")
    run("ip", "link", "add", "front", "type", "veth", "peer", "name", "api", "netns", str(holder.pid))
    run("ip", "address", "add", f"{addresses['proxy']}/24", "dev", "front")
    run("ip", "link", "set", "front", "up")
    run("nsenter", f"--net={network}", "ip", "link", "set", "lo", "up")
    run("nsenter", f"--net={network}", "ip", "address", "add", f"{addresses['api']}/24", "dev", "api")
    run("nsenter", f"--net={network}", "ip", "link", "set", "api", "up")
    return network


def _compose(program: Path, folder: Path, home: Path, services: dict, network: str) -> None:
    database = ComposedDatabase(home, services["database"], network)
    database.create()
    say("  PostgreSQL takes the composition's settings, and roles.sh makes the roles")

    api_image, proxy_image = Dockerfile(Path("Dockerfile")), Dockerfile(Path("deploy/proxy/Dockerfile"))
    api = Container("api", folder / "chroot/api", api_image, services["api"], network, home / "api.log")
    api.mount({"database": "127.0.0.1"}, _swift(program))
    migrate = Container("migrate", folder / "chroot/api", api_image, services["migrate"], network, home / "migrate.log")
    outcome = migrate.run(*services["migrate"]["command"])
    expect(outcome.returncode == 0, f"migrate: {outcome.stdout}")
    outcome = api.run("demo")
    expect(outcome.returncode == 0, f"demo: {outcome.stdout}")
    say("  migrated as the owner; demo data loaded as the service's role")

    # One live stream per client, to see whom the API believes to be asked by.
    api.start(MAX_STREAMS_PER_ADDRESS="1")
    api.await_healthy()
    api.expect_within("/")
    tls = home / "tls"
    (tls / "acme").mkdir(parents=True)
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=api.example.se", "-addext", "subjectAltName=DNS:api.example.se",
        "-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem")
    os.chown(tls / "privkey.pem", *proxy_image.user)
    proxy = Container("proxy", folder / "chroot/proxy", proxy_image, services["proxy"], None, home / "proxy.log")
    proxy.mount({"api": services["api"]["networks"]["front"]["ipv4_address"]}, {tls: services["proxy"]["volumes"][0]["target"]
                if isinstance(services["proxy"]["volumes"][0], dict) else services["proxy"]["volumes"][0].split(":")[1]})
    outcome = proxy.run("-t", "-e", "stderr")
    expect(outcome.returncode == 0 and "warn" not in outcome.stdout, f"nginx -t: {outcome.stdout}")
    proxy.start()
    ClientsView(tls / "fullchain.pem", CLIENTS, services["api"]["environment"]["DIGIDEL_ADMIN_KEY"]).check()
    proxy.expect_within("/")
    say("  proxy and API: their users, no capabilities, no new privileges, a root that cannot be written to")
    log = proxy.log.read_text(encoding="utf-8")
    expect(CLIENTS[0] in log and "forged" not in log and "q=" not in log, f"the proxy's log: {log[:500]}")
    api.stop()
    expect(not api.is_healthy(), "the health check finds a service well that has ended")
    proxy.stop()
    database.stop()
    say("  the health check tells a service that answers from one that does not; both end with 0")


def _swift(program: Path) -> dict[Path, str]:
    """Swift's libraries for a debug build, which does not carry them; the release build needs none."""
    needed = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    folders = {str(Path(path).parent) for path in re.findall(r"=> (\S*/lib/swift/\S+)", needed)}
    if folders:
        say("  (a debug build: Swift's libraries are lent to it)")
    return {Path(folder): folder for folder in folders}


if __name__ == "__main__":
    sys.exit(main())
