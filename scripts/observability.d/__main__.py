"""Asks a real service with demo data, has a real Prometheus scrape it, and compares; see scripts/observability."""

import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from queries import dashboard_queries, metric_names, rule_queries
from service import Service
from shared.ports import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "deploy/prometheus/digidel.rules.yml"
DASHBOARD = ROOT / "deploy/grafana/digidel.json"
SECRETS = ["19121212-1212", "hemlig", "anna%40example.se", "anna@example.se"]
failures = []


def check(what, holds, detail=""):
    print(("ok    " if holds else "FAILS ") + what + (f": {detail}" if detail and not holds else ""))
    if not holds:
        failures.append(what)


def use(service):
    """Requests of every kind, so that every metric has something to tell."""
    key = {"Authorization": f"Bearer {service.key}"}
    count = {
        "organisation": "motala-bibliotek", "campaign": "digidel2013", "measure": "newlyIncluded", "value": 42,
        "from": "2013-10-07", "to": "2013-10-13", "area": "se-0583", "channel": "onSite", "evidence": "guideAssessed",
        "externalId": "observed",
    }
    today = time.strftime("%Y-%m-%d")
    service.ask("POST", "/v1/campaigns", {
        "id": "observed", "name": "Observed", "startsOn": today, "endsOn": today, "countries": ["se"],
        "organiser": "motala-bibliotek", "measures": ["attendances"]}, key)
    service.ask("POST", "/v1/campaigns/observed/announce", {}, key)
    for body in (count, count, dict(count, value=43), dict(count, area="nowhere")):
        service.ask("POST", "/v1/participant-counts", body, key)
    for path in ("/health/ready", "/v1/goals", "/v1/goals/digidel2013/progress", "/v1/goals/nowhere", "/nowhere"):
        for _ in range(3):
            service.ask("GET", path)
    service.ask("GET", "/v1/goals", headers={"Authorization": "Bearer wrong"})


def send_secrets(service):
    """Secrets in path, query, fields and body, with the key and with a wrong one."""
    for secret in SECRETS:
        for headers in ({"Authorization": f"Bearer {service.key}"}, {"Authorization": f"Bearer {secret}"}, {}):
            headers = dict(headers, Cookie=secret, Referer=f"http://{secret}/", **{"X-Forwarded-For": "192.0.2.77"})
            for method, path, body in (
                ("GET", f"/{secret}", None), ("GET", f"/v1/organisations/{secret}", None),
                ("GET", f"/v1/goals?q={secret}", None), ("GET", f"/v1/organisations?{secret}={secret}", None),
                ("DELETE", f"/v1/participant-counts/{secret}", None), ("POST", f"/v1/{secret}", {"note": secret}),
                ("POST", "/v1/participant-counts", {"note": secret, "value": secret}),
                ("PUT", f"/v1/organisations/{secret}", {"id": secret, "name": secret}),
                ("POST", f"/v1/participant-counts/batch?mode={secret}", [secret]),
            ):
                service.ask(method, path, body, headers)


def check_log(service):
    lines = service.log.read_text(encoding="utf-8").splitlines()
    check("every line of the log is a JSON object with time and level",
          all({"time", "level"} <= json.loads(line).keys() for line in lines), lines[:3])
    text = "\n".join(lines)
    for secret in [*SECRETS, "192.0.2.77", service.key, "Bearer"]:
        found = [line for line in lines if secret in line]
        check(f"nothing of {'the admin key' if secret == service.key else secret} in the log", not found, found[:2])
    check("the log has the requests", text.count('"method":"POST"') > 50, text.count('"method":"POST"'))
    started = [json.loads(line) for line in lines if '"started"' in line]
    check("the log says what was started", len(started) == 1 and {"version", "postgresql", "schema", "settings"}
          <= started[0].keys() and started[0]["settings"]["DIGIDEL_ADMIN_KEY"] == "given", started)


def check_names(service):
    """Every metric of rules and dashboard is in a scrape, and promtool finds nothing to say of the scrape."""
    text = service.scrape("text/plain")
    linted = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True)
    check("promtool check metrics", linted.returncode == 0, linted.stdout + linted.stderr)
    there = {re.split(r"[{ ]", line)[0] for line in text.splitlines() if not line.startswith("#")} | {"up"}
    for file, queries in ((RULES, rule_queries(RULES)), (DASHBOARD, dashboard_queries(DASHBOARD))):
        used = {name for query in queries for name in metric_names(query)}
        check(f"{file.name}: {len(used)} metrics in {len(queries)} queries are in the scrape", used and used <= there,
              sorted(used - there))
    said = {name for name in there if not name.endswith(("_bucket", "_sum"))}
    told = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs/observability.md").read_text(encoding="utf-8")))
    bases = {re.sub(r"_count$", "", name) for name in said}
    check("docs/observability.md tells of every metric", bases <= told | {"up"}, sorted(bases - told))
    anchors = re.findall(r"alert: (\w+)[\s\S]*?runbook_url: (\S+)", RULES.read_text(encoding="utf-8"))
    check("every alert has its runbook", anchors and all(
        url == f"docs/operations.md#alert-{name.lower()}" for name, url in anchors), anchors)
    titles = re.findall(r"^### (Digidel\w+)$", (ROOT / "docs/observability.md").read_text(encoding="utf-8"), re.M)
    check("docs/observability.md tells of every alert", sorted(titles) == sorted(name for name, _ in anchors), titles)


def check_prometheus(service):
    """A real Prometheus reads the scrape as OpenMetrics, loads the rules and evaluates every query."""
    port = free_port()
    config = service.folder / "prometheus.yml"
    text = (ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8")
    text = text.replace("127.0.0.1:9464", f"127.0.0.1:{service.metrics_port}").replace("15s", "1s")
    config.write_text(text.replace("digidel.rules.yml", str(RULES)), encoding="utf-8")
    log = (service.folder / "prometheus.log").open("w")
    process = subprocess.Popen(
        ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={service.folder}/prometheus",
         f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)

    def query(text):
        url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": text})
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["error"]) from None

    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if query("count_over_time(digidel_database_up[1m]) > 3"):
                    break
            except OSError:
                pass
            use(service)
            time.sleep(0.5)
        check("Prometheus scrapes the service", [item["value"][1] for item in query("up")] == ["1"])
        for queries, must_answer in ((rule_queries(RULES), False), (dashboard_queries(DASHBOARD), True)):
            for text in queries:
                text = text.replace("$__rate_interval", "1m").replace("$job", "digidel").replace("$instance", ".*")
                try:
                    result = query(text)
                    # What has not happened yet has no series to divide.
                    holds = bool(result) or not must_answer
                    detail = "no result"
                except RuntimeError as error:
                    holds, detail = False, str(error)
                if not holds:
                    check(f"query {' '.join(text.split())}", False, detail)
            check(f"{len(queries)} queries evaluated", True)
        firing = {item["metric"]["alertname"] for item in query('ALERTS{alertstate="firing"}')}
        check("no alert fires while all is well", not firing, firing)
    finally:
        process.terminate()
        process.wait()
        log.close()


def main():
    with Service.running("observability", LOG_LEVEL="debug") as service:
        use(service)
        with service.stream("/v1/goals/digidel2013/progress/stream"):
            check_names(service)
            check_prometheus(service)
        send_secrets(service)
        service.stop()
        check_log(service)
    if failures:
        sys.exit(f"observability: {len(failures)} failures")


main()
