"""A service of its own with demo data, and a client for it."""

import contextlib
import http.client
import json
import os
import secrets
import socket
import subprocess
import time

ADMIN_KEY = secrets.token_hex(24)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Service:
    """`digidel serve` on free ports, with its data and its log in a folder."""

    def __init__(self, root, folder):
        self.root, self.folder = root, folder
        self.port, self.metrics_port = free_port(), free_port()
        self.program = os.environ["DIGIDEL_BIN"]
        self.environment = dict(
            os.environ, HOST="127.0.0.1", PORT=str(self.port), DATA_DIR=str(folder / "data"),
            METRICS_ADDRESS=f"127.0.0.1:{self.metrics_port}", DIGIDEL_ADMIN_KEY=ADMIN_KEY, LOG_LEVEL="debug",
            # As many requests as are sent here are no attack.
            RATE_LIMIT="off", RATE_LIMIT_ANONYMOUS="off")
        self.process = None

    def start(self):
        (self.folder / "data").mkdir()
        os.chmod(self.folder / "data", 0o711)
        demo = subprocess.run([self.program, "demo"], cwd=self.root, env=self.environment, capture_output=True, text=True)
        if demo.returncode:
            raise SystemExit(f"observability: {demo.stderr}")
        with (self.folder / "serve.log").open("wb") as log:
            self.process = subprocess.Popen([self.program, "serve"], cwd=self.root, env=self.environment, stderr=log)
        for _ in range(300):
            with contextlib.suppress(OSError):
                if self.ask("GET", "/health/ready") == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit("observability: the service did not start; its last words:\n" + self.log()[-2000:])

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
        subprocess.run([str(self.root / "scripts/stop-clusters"), str(self.folder)], check=False)

    def log(self):
        return (self.folder / "serve.log").read_text(encoding="utf-8")

    def ask(self, method, path, body=None, headers=None):
        """Sends a request on a connection of its own; returns the status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = dict(headers or {})
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    @contextlib.contextmanager
    def stream(self, path):
        """A live stream that is open meanwhile."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        try:
            yield connection.getresponse()
        finally:
            connection.close()

    def scrape(self, accept):
        connection = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=30)
        connection.request("GET", "/metrics", headers={"Accept": accept})
        text = connection.getresponse().read().decode()
        connection.close()
        return text
