"""What is asked of the service."""

import contextlib
import http.client
import json

from shared import service


class Service(service.Service):
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
