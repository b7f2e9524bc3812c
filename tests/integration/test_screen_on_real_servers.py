"""The whole product on Debian's Prometheus and Alertmanager: targets, an alert that goes pending, fires, is muted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from oncall_tui.assembly import open_rooms
from oncall_tui.clock import utc_now
from oncall_tui.config.load import zero_config
from oncall_tui.config.model import AlertmanagerSettings, Config, JournalSettings, PrometheusSettings
from oncall_tui.config.paths import shipped
from oncall_tui.domain.alert import JoinRule, SourceKind, Status
from oncall_tui.domain.service import Health
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.theming import load_themes
from tests.integration.screens import look_again, shows, text_of
from tests.integration.servers import start_alertmanager, start_node_exporter, start_prometheus

pytestmark = pytest.mark.integration

CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
alerting:
  alertmanagers: [{{static_configs: [{{targets: ["{alertmanager}"]}}]}}]
scrape_configs:
  - job_name: laptop
    static_configs: [{{targets: ["{node}"]}}]
  - job_name: checkout
    static_configs: [{{targets: ["127.0.0.1:9"]}}]
"""

RULES = """
groups:
  - name: test
    rules:
      - alert: CheckoutDown
        expr: up{job="checkout"} == 0
        for: 3s
        labels: {severity: critical}
        annotations: {summary: "nobody answers on [/dev/checkout]"}
"""


def _app(config: Config) -> OncallApp:
    themes = load_themes(shipped("themes").glob("*.toml")).themes
    return OncallApp(config, partial(open_rooms, config, environ={}), clock=utc_now, timezone=UTC, themes=themes)


def _host(url: str) -> str:
    return url.removeprefix("http://")


@dataclass(frozen=True)
class Servers:
    """Addresses of a Prometheus and the Alertmanager it writes to."""

    prometheus: str
    alertmanager: str


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """A node exporter that answers, a target that does not, a rule about it."""
    (tmp_path / "prometheus").mkdir()
    (tmp_path / "prometheus" / "rules.yml").write_text(RULES, encoding="utf-8")
    with start_node_exporter(tmp_path) as node, start_alertmanager(tmp_path) as alertmanager:
        hosts = {"node": _host(node.url), "alertmanager": _host(alertmanager.url)}
        with start_prometheus(tmp_path, CONFIG.format(**hosts)) as prometheus:
            yield Servers(prometheus.url, alertmanager.url)


async def test_zero_configuration_shows_targets_and_an_alert_go_pending_and_fire(
    servers: Servers, tmp_path: Path
) -> None:
    """`oncall-tui --prometheus URL`, asked again and again with R instead of waiting for the interval."""
    config = Config(
        sources=zero_config(servers.prometheus).sources, journal=JournalSettings(path=tmp_path / "journal.sqlite3")
    )
    app, seen = _app(config), set[Status]()
    async with app.run_test(size=(120, 36), notifications=True, tooltips=True) as pilot:

        def alert_has(status: Status) -> bool:
            look_again(app)
            seen.update(one.status for one in app.situation.alerts)
            return status in seen

        await shows(pilot, lambda: alert_has(Status.PENDING), "the pending alert")
        await shows(pilot, lambda: alert_has(Status.FIRING), "the firing alert")
        await shows(pilot, lambda: "nobody answers on [/dev/checkout]" in text_of(app), "its title, brackets and all")
        assert {one.name: one.health for one in app.situation.services} == {
            "laptop": Health.UP,
            "checkout": Health.DOWN,
        }
        assert app.situation.verdict.health is Health.DOWN
        await pilot.press("a")
        await shows(pilot, lambda: "here only" in text_of(app), "an acknowledge that no pager knows of")


async def test_prometheus_and_alertmanager_tell_of_one_alert_and_a_silence_shows(
    servers: Servers, tmp_path: Path
) -> None:
    config = Config(
        sources={
            "prometheus": PrometheusSettings(url=servers.prometheus, interval="5s"),
            "alertmanager": AlertmanagerSettings(url=servers.alertmanager, interval="5s"),
        },
        journal=JournalSettings(path=tmp_path / "journal.sqlite3"),
    )
    app = _app(config)
    async with app.run_test(size=(120, 36), notifications=True, tooltips=True) as pilot:

        def joined() -> bool:
            look_again(app)
            kinds = (SourceKind.ALERTMANAGER, SourceKind.PROMETHEUS)
            return [one.source_kinds for one in app.situation.alerts] == [kinds]

        await shows(pilot, joined, "one alert with the records of both")
        assert app.situation.alerts[0].joined_by == (JoinRule.FINGERPRINT,)
        await _silence(servers.alertmanager)

        def silenced() -> bool:
            look_again(app)
            return [one.status for one in app.situation.alerts] == [Status.SILENCED]

        await shows(pilot, silenced, "the alert as silenced")
        await shows(pilot, lambda: "by ops" in text_of(app), "who silenced it")


async def _silence(alertmanager: str) -> None:
    """Silence the rule for an hour, as `amtool silence add` does."""
    now = datetime.now(UTC)
    matcher = {"name": "alertname", "value": "CheckoutDown", "isRegex": False, "isEqual": True}
    silence = {
        "matchers": [matcher],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
        "createdBy": "ops",
        "comment": "planned",
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        (await client.post(f"{alertmanager}/api/v2/silences", json=silence)).raise_for_status()
