"""The Prometheus and Alertmanager sources against the real servers: rules that go pending, firing and resolved."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncall_tui.config.model import (
    AlertmanagerSettings,
    ChartSettings,
    CheckSettings,
    LineSettings,
    PrometheusSettings,
    ServiceSettings,
)
from oncall_tui.domain.alert import JoinRule, Record, Status
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Health, Targets
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.domain.threshold import Level
from oncall_tui.sources.alertmanager import Alertmanager
from oncall_tui.sources.base import CheckState, Records, Source
from oncall_tui.sources.prometheus import Prometheus
from tests.integration.servers import start_alertmanager, start_node_exporter, start_prometheus

pytestmark = pytest.mark.integration

DEADLINE_S = 60.0

CONFIG = """
global:
  scrape_interval: 1s
  evaluation_interval: 1s
  external_labels: {{region: 'it''s "eu"', replica: "0"}}
alerting:
  alert_relabel_configs: [{{action: labeldrop, regex: replica}}]
  alertmanagers: [{{static_configs: [{{targets: ["{alertmanager}"]}}]}}]
rule_files: [rules.yml]
scrape_configs:
  - job_name: node
    static_configs:
      - {{targets: ["{node}"], labels: {{service: laptop, env: production}}}}
      - {{targets: ["127.0.0.1:9"], labels: {{service: checkout, env: production}}}}
"""

RULES = """
groups:
  - name: test
    interval: 1s
    rules:
      - alert: CheckoutDown
        expr: up{service="checkout"} == 0
        labels: {severity: critical}
        annotations:
          summary: "{{ $labels.service }} does not answer"
          description: "nobody home"
          runbook_url: https://runbooks.example.com/checkout
      - alert: WaitsForAnHour
        expr: up{service="laptop"} == 1
        for: 1h
        labels: {severity: warning}
      - alert: Flag
        expr: vector(1) == FLAG
        labels: {severity: info, service: flag}
"""


@dataclass
class World:
    """Three servers that know each other."""

    prometheus: str
    alertmanager: str
    rules: Path

    def set_flag(self, flag: int) -> None:
        """Make the rule ``Flag`` fire (1) or not (0)."""
        self.rules.write_text(RULES.replace("FLAG", str(flag)), encoding="utf-8")
        httpx.post(f"{self.prometheus}/-/reload", trust_env=False).raise_for_status()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A node exporter, an Alertmanager, and a Prometheus that scrapes one and writes to the other."""
    folder = tmp_path_factory.mktemp("world")
    rules = folder / "prometheus" / "rules.yml"
    rules.parent.mkdir()
    rules.write_text(RULES.replace("FLAG", "0"), encoding="utf-8")
    with start_node_exporter(folder) as node, start_alertmanager(folder) as alertmanager:
        hosts = {"alertmanager": _host(alertmanager.url), "node": _host(node.url)}
        with start_prometheus(folder, CONFIG.format(**hosts), ["--web.enable-lifecycle"]) as prometheus:
            yield World(prometheus.url, alertmanager.url, rules)


def _host(url: str) -> str:
    return url.removeprefix("http://")


def _prometheus(
    world: World, services: Mapping[str, ServiceSettings] | None = None, chart: ChartSettings | None = None
) -> Prometheus:
    return Prometheus(
        SourceName("prom"),
        PrometheusSettings(url=world.prometheus),
        token=None,
        headers={"X-Scope-OrgID": "tenant"},
        severities=SeverityMap(),
        clock=lambda: datetime.now(UTC),
        services=services,
        chart=chart,
    )


def _alertmanager(world: World, **settings: Any) -> Alertmanager:
    return Alertmanager(
        SourceName("am"),
        AlertmanagerSettings(url=world.alertmanager, **settings),
        token=None,
        headers={},
        severities=SeverityMap(),
        clock=lambda: datetime.now(UTC),
    )


async def _until(source: Source, holds: Callable[[Records], bool]) -> Records:
    """Poll until the records are as wanted."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        report = await source.poll()
        assert report.failure is None, report.failure
        assert report.records is not None
        if holds(report.records):
            return report.records
        assert time.monotonic() < deadline, report.records
        await asyncio.sleep(0.1)


def _named(records: Records, name: str) -> Record | None:
    return next((record for record in records.alerts if record.name == name), None)


async def _closed(*sources: Source) -> None:
    for source in sources:
        await source.close()


async def test_firing_and_pending_alerts_of_real_rules_are_records(world: World) -> None:
    source = _prometheus(world)
    records = await _until(source, lambda now: len(now.alerts) == 2)
    down, waiting = _named(records, "CheckoutDown"), _named(records, "WaitsForAnHour")
    assert down is not None
    assert waiting is not None
    assert (down.status, down.severity, down.service) == (Status.FIRING, Severity.P1, "checkout")
    assert (waiting.status, waiting.severity, waiting.service) == (Status.PENDING, Severity.P3, "laptop")
    assert down.title == "checkout does not answer"
    assert down.summary == "nobody home"
    assert down.environment == "production"
    assert down.runbook == "https://runbooks.example.com/checkout"
    assert down.url == f"{world.prometheus}/alerts?search=CheckoutDown"
    assert timedelta(0) <= datetime.now(UTC) - down.since < timedelta(minutes=5)
    assert down.labels["region"] == 'it\'s "eu"'
    await _closed(source)


async def test_a_rule_that_begins_and_ends_to_hold_comes_and_goes(world: World) -> None:
    source = _prometheus(world)
    world.set_flag(1)
    assert _named(await _until(source, lambda now: _named(now, "Flag") is not None), "Flag")
    world.set_flag(0)
    assert _named(await _until(source, lambda now: _named(now, "Flag") is None), "Flag") is None
    await _closed(source)


async def test_targets_are_services_with_their_health(world: World) -> None:
    source = _prometheus(world)
    records = await _until(source, lambda now: len(now.services) == 2)
    checkout, laptop = records.services
    assert (checkout.name, checkout.environment, checkout.targets) == ("checkout", "production", Targets(0, 1))
    assert (laptop.name, laptop.targets, laptop.health) == ("laptop", Targets(1, 1), Health.UP)
    assert checkout.health is Health.DOWN
    await _closed(source)


async def test_checks_read_real_values_and_one_refused_query_spoils_only_itself(world: World) -> None:
    checks = (
        CheckSettings(name="load", query='node_load1{service="laptop"}', critical=100_000.0),
        CheckSettings(name="memory", query="node_memory_MemAvailable_bytes", maximum="node_memory_MemTotal_bytes"),
        CheckSettings(name="always", query="vector(1)", warning=0.5, for_="10s"),
        CheckSettings(name="several", query="up"),
        CheckSettings(name="broken", query="rate(up"),
        CheckSettings(name="absent", query="nobody_knows_this"),
        CheckSettings(name="scalar", query="scalar(vector(3))", warning=2.0),
        CheckSettings(name="fraction", query="vector(9)", maximum=10, warning=80.0),
    )
    source = _prometheus(world, {"laptop": ServiceSettings(checks=checks)})
    records = await _until(source, lambda now: len(now.services) == 2 and now.services[1].readings[0].value is not None)
    readings = {reading.check.name: reading for reading in records.services[1].readings}
    assert readings["load"].level is Level.OK
    assert readings["memory"].level is Level.OK
    assert readings["always"].level is Level.WARNING
    assert readings["scalar"].level is Level.WARNING
    assert readings["fraction"].level is Level.WARNING
    assert readings["several"].level is Level.UNKNOWN
    assert "2 values" in readings["several"].reason
    assert readings["broken"].level is Level.UNKNOWN
    assert "parse error" in readings["broken"].reason
    assert (readings["absent"].level, readings["absent"].reason) == (Level.UNKNOWN, "no data")
    assert any("laptop broken" in warning and "parse error" in warning for warning in records.warnings)
    await _closed(source)


async def test_the_chart_is_a_line_over_time(world: World) -> None:
    lines = (LineSettings(name="up", query='up{service="laptop"}'), LineSettings(name="bad", query="rate("))
    source = _prometheus(world, chart=ChartSettings(title="Up", lines=lines, unit="x", limit=0.5, span="4m"))
    records = await _until(source, lambda now: bool(now.trends))
    (trend,) = records.trends
    assert (trend.name, trend.unit, trend.limit) == ("up", "x", 0.5)
    assert 0 < len(trend.samples) <= 240
    assert any(warning.startswith("chart line bad: ") for warning in records.warnings)
    await _closed(source)


async def test_fingerprints_equal_alertmanagers_own(world: World) -> None:
    prometheus, alertmanager = _prometheus(world), _alertmanager(world)
    theirs = await _until(alertmanager, lambda now: _named(now, "CheckoutDown") is not None)
    ours = await _until(prometheus, lambda now: _named(now, "CheckoutDown") is not None)
    alerts = [alert for alert in correlate((*theirs.alerts, *ours.alerts)) if alert.title.startswith("checkout")]
    assert len(alerts) == 1
    assert len(alerts[0].records) == 2
    assert JoinRule.FINGERPRINT in alerts[0].joined_by
    await _closed(prometheus, alertmanager)


async def test_the_doctor_finds_version_rules_and_the_target_that_is_down(world: World) -> None:
    source = _prometheus(world)
    await _until(source, lambda now: len(now.services) == 2)
    findings = await source.check()
    said = " ".join(finding.what for finding in findings)
    assert "Version 2." in said or "Version 3." in said
    assert "3 alert rules" in said
    assert "External labels: region, replica." in said
    down = [finding for finding in findings if finding.state is CheckState.WARNING]
    assert len(down) == 1
    assert down[0].what.startswith("1 of 2 targets does not answer: http://127.0.0.1:9/")
    rules = {rule.name: rule for rule in await source.alert_rules()}
    assert len(rules) == 3 and {"Flag", "WaitsForAnHour"} < rules.keys()
    assert [name for name, rule in rules.items() if "runbook_url" in rule.annotations] == [
        name for name in rules if name not in ("Flag", "WaitsForAnHour")
    ]
    assert "checkout" in await source.service_names()
    await _closed(source)


async def test_a_poll_of_sixty_checks_is_within_the_budget(world: World) -> None:
    checks = tuple(CheckSettings(name=f"c{n}", query=f"vector({n})") for n in range(60))
    source = _prometheus(world, {"many": ServiceSettings(checks=checks)})
    report = await source.poll()
    assert report.records is not None
    many = next(service for service in report.records.services if service.name == "many")
    assert [reading.value for reading in many.readings] == [float(n) for n in range(60)]
    assert source.spending.sent == 64
    await _closed(source)
