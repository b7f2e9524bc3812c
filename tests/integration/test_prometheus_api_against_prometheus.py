"""The simulated HTTP API answers as a real Prometheus does: alerts, rules, targets, errors."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from oncall_tui.simulator.prometheus import Target, prometheus_app
from oncall_tui.simulator.rules import AlertRule, RuleEngine
from oncall_tui.simulator.series import SeriesStore

from .servers import start_node_exporter, start_prometheus

pytestmark = pytest.mark.integration

T0 = 1_700_000_000.0
DEADLINE_S = 60.0
VOLATILE = ("activeAt", "lastEvaluation", "evaluationTime", "file", "interval")

TEMPLATES = (
    "{{ $value }} {{ $labels.zone }} {{ $labels.missing }}|{{ .Value }} {{ .Labels.zone }}",
    "{{ $value | humanize }} {{ humanize 1234.5678 }} {{ 0.00001 | humanize }} {{ 0.0 | humanize }}",
    "{{ 123456789.0 | humanize }} {{ 0.1234567 | humanize }} {{ -1500.0 | humanize }}",
    "{{ 1023.99 | humanize1024 }} {{ 1536.0 | humanize1024 }} {{ 5.5e9 | humanize1024 }}",
    "{{ $value | humanizePercentage }} {{ 0.99951 | humanizePercentage }} {{ 12.5 | humanizePercentage }}",
    "{{ 0.0 | humanizeDuration }} {{ 59.5 | humanizeDuration }} {{ -90.5 | humanizeDuration }}",
    "{{ 0.0000012 | humanizeDuration }} {{ 0.25 | humanizeDuration }} {{ 100000.0 | humanizeDuration }}",
    "{{ 3600.0 | humanizeDuration }} {{ 7325.9 | humanizeDuration }} {{ 86400.0 | humanizeDuration }}",
    "{{ 1e21 }} {{ 1000000.0 }} {{ 100000.0 }} {{ 1234567.25 }} {{ 0.0001 }} {{ 0.00001 }}",
    '{{ printf "%.2f" $value }} {{ $value | printf "%.0f%%" }} {{ printf "%v/%s" $value $labels.zone }}',
    '{{ printf "%6.1f|%-8s|%e" 2.25 "ab" 1234.5 }} {{ $labels.zone | toUpper | toLower | title }}',
    "{{- $value -}}",
)
RULES = (
    AlertRule("Firing", 'label_replace(vector(0.0375), "zone", "eu-west", "", "")',
              labels={"severity": "page", "where": "in-{{ $labels.zone }}"},
              annotations={f"text{number}": text for number, text in enumerate(TEMPLATES)}, group="one"),
    AlertRule("Pending", "vector(1.2345678e+07)", for_s=3600, annotations={"a": "{{ $value }}"}, group="one"),
    AlertRule("Inactive", "nothing > 1", keep_firing_for_s=300, group="two"),
    AlertRule("Infinite", "vector(1) / 0", annotations={"a": "{{ $value }}"}, group="two"),
)  # fmt: skip
ERRORS = (
    "query?query=up&time=x",
    "query?query=up&time=2023-01-01",
    "query_range?query=up",
    "query_range?query=up&start=1",
    "query_range?query=up&start=1&end=2",
    "query_range?query=up&start=1&end=2&step=x",
    "query_range?query=up&start=3&end=2&step=1",
    "query_range?query=up&start=1&end=2&step=0",
    "query_range?query=up&start=1&end=2&step=-5",
    "query_range?query=up%5B1m%5D&start=1&end=2&step=1",
    "query_range?query=up&start=1&end=20002&step=1",
    "series",
    "label/a-b/values",
    "rules?type=x",
    "metadata?limit=x",
)


def rules_file() -> str:
    """Return the rules as a rules file; JSON is YAML."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for rule in RULES:
        entry = {
            "alert": rule.name,
            "expr": rule.expr,
            "for": f"{rule.for_s:.0f}s",
            "keep_firing_for": f"{rule.keep_firing_for_s:.0f}s",
            "labels": rule.labels,
            "annotations": rule.annotations,
        }
        groups.setdefault(rule.group, []).append(entry)
    return json.dumps({"groups": [{"name": name, "rules": rules} for name, rules in groups.items()]})


class Real:
    """A real server that is asked over HTTP."""

    def __init__(self, url: str) -> None:
        self._port = int(url.rsplit(":", 1)[1])

    def ask(self, path: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10.0)
        try:
            connection.request("GET", f"/api/v1/{path}")
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def settled(self) -> bool:
        """Return whether both targets were scraped and every rule evaluated."""
        targets = self.ask("targets")[1]["data"]["activeTargets"]
        groups = self.ask("rules")[1]["data"]["groups"]
        health = [rule["health"] for group in groups for rule in group["rules"]]
        return {target["health"] for target in targets} == {"up", "down"} and set(health) == {"ok"}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    folder: Path = tmp_path_factory.mktemp("api")
    rules = folder / "rules.yml"
    rules.write_text(rules_file())
    with start_node_exporter(folder) as exporter:
        addresses = [exporter.url.removeprefix("http://"), "127.0.0.1:1"]
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(rules)],
            "scrape_configs": [{"job_name": "node", "static_configs": [{"targets": addresses}]}],
        }
        with start_prometheus(folder, json.dumps(config)) as server:
            found = Real(server.url)
            deadline = time.monotonic() + DEADLINE_S
            while not found.settled():
                assert time.monotonic() < deadline, "the server did not settle"
                time.sleep(0.1)
            yield found


async def simulated(path: str) -> tuple[int, Any]:
    """Return status and body of the simulated server's answer."""
    store = SeriesStore()
    engine = RuleEngine(store, RULES, lambda: T0)
    engine.evaluate(T0)
    targets = [
        Target("node", "a:80", last_scrape=T0),
        Target("node", "b:80", up=False, last_scrape=T0, last_error="refused"),
    ]
    app = prometheus_app(store, engine, lambda: targets, lambda: T0)
    async with TestClient(TestServer(app)) as client:
        response = await client.get(f"/api/v1/{path}")
        return response.status, await response.json()


def steady(value: Any) -> Any:
    """Return *value* without what differs from run to run."""
    if isinstance(value, dict):
        return {key: "" if key in VOLATILE else steady(item) for key, item in value.items()}
    return [steady(item) for item in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("path", ["rules?type=alert", "rules?type=record", "rules"])
async def test_rules_with_their_templates_agree(real: Real, path: str) -> None:
    assert steady(await simulated(path)) == steady(real.ask(path))


async def test_alerts_agree(real: Real) -> None:
    answers = []
    for status, body in (await simulated("alerts"), real.ask("alerts")):
        # The groups of a real server are evaluated, and listed, in no fixed order.
        alerts = sorted(body["data"]["alerts"], key=lambda alert: str(alert["labels"]["alertname"]))
        answers.append((status, steady(alerts)))
    assert answers[0] == answers[1]


async def test_targets_have_the_same_fields(real: Real) -> None:
    def shape(body: Any) -> list[Any]:
        found = sorted(body["data"]["activeTargets"], key=lambda target: str(target["health"]))
        return [
            [target["health"], bool(target["lastError"]), sorted(target), sorted(target["discoveredLabels"])]
            for target in found
        ]

    assert shape((await simulated("targets"))[1]) == shape(real.ask("targets")[1])


async def test_build_information_has_the_same_fields(real: Real) -> None:
    ours, theirs = await simulated("status/buildinfo"), real.ask("status/buildinfo")
    assert ours[1]["data"].keys() == theirs[1]["data"].keys()


@pytest.mark.parametrize("path", ERRORS)
async def test_errors_agree_to_the_letter(real: Real, path: str) -> None:
    assert await simulated(path) == real.ask(path)
