"""The Alertmanager source against a real Alertmanager, with alerts posted and silenced through its API."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.alert import Record, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.sources.alertmanager import Alertmanager
from oncall_tui.sources.base import CheckState
from oncall_tui.sources.fingerprint import fingerprint
from tests.integration.servers import start_alertmanager

pytestmark = pytest.mark.integration

DEADLINE_S = 60.0

CONFIG = """
route: {receiver: nobody, group_wait: 0s, routes: [{receiver: data-team, matchers: ['team="data"']}]}
receivers: [{name: nobody}, {name: data-team}]
inhibit_rules:
  - {source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: [service]}
"""


class Wired:
    """A real Alertmanager and what a test does to it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def source(self, **settings: Any) -> Alertmanager:
        return Alertmanager(
            SourceName("am"),
            AlertmanagerSettings(url=self.url, **settings),
            token=None,
            headers={},
            severities=SeverityMap(),
            clock=lambda: datetime.now(UTC),
        )

    def post(self, path: str, body: object) -> Any:
        answer = httpx.post(f"{self.url}/api/v2/{path}", json=body, trust_env=False)
        answer.raise_for_status()
        return answer.json() if answer.content.strip() else None

    def fire(self, name: str, **labels: str) -> dict[str, str]:
        all_labels = {"alertname": name, **labels}
        annotations = {"summary": f"{name} is on", "runbook": "javascript:alert(1)"}
        self.post("alerts", [{"labels": all_labels, "annotations": annotations, "generatorURL": "http://p:9090/g"}])
        return all_labels


@pytest.fixture
async def wired(tmp_path: Path) -> AsyncIterator[Wired]:
    with start_alertmanager(tmp_path, CONFIG) as server:
        yield Wired(server.url)


async def _until(source: Alertmanager, holds: Callable[[tuple[Record, ...]], bool]) -> tuple[Record, ...]:
    deadline = time.monotonic() + DEADLINE_S
    while True:
        report = await source.poll()
        assert report.records is not None, report.failure
        if holds(report.records.alerts):
            return report.records.alerts
        assert time.monotonic() < deadline, report.records
        await asyncio.sleep(0.05)


async def test_an_alert_is_a_record_with_the_fingerprint_that_we_compute_too(wired: Wired) -> None:
    labels = wired.fire("Disk", service="api", env="staging", severity="warning", path="/dev/sda1 é", empty="")
    source = wired.source()
    (record,) = await _until(source, lambda alerts: len(alerts) == 1)
    assert record.id == fingerprint({name: value for name, value in labels.items() if value})
    assert (record.service, record.environment, record.severity) == ("api", "staging", Severity.P3)
    assert (record.status, record.title) == (Status.FIRING, "Disk is on")
    assert record.runbook is None
    assert record.url == "http://p:9090/g"
    assert source.spending.sent >= 1
    await source.close()


async def test_a_silence_says_who_and_until_when(wired: Wired) -> None:
    wired.fire("Disk", service="api")
    now = datetime.now(UTC)
    ends = (now + timedelta(hours=2)).replace(microsecond=0)
    silence = {
        "matchers": [{"name": "alertname", "value": "Disk", "isRegex": False}],
        "startsAt": now.isoformat(),
        "endsAt": ends.isoformat(),
        "createdBy": "jo@example.com",
        "comment": "known",
    }
    wired.post("silences", silence)
    source = wired.source()
    (record,) = await _until(source, lambda alerts: bool(alerts) and alerts[0].status is Status.SILENCED)
    assert (record.silenced_by, record.silenced_until) == ("jo@example.com", ends)
    assert record.note == ""
    await source.close()


async def test_an_inhibited_alert_says_so(wired: Wired) -> None:
    wired.fire("Slow", service="api", severity="warning")
    wired.fire("Down", service="api", severity="critical")
    source = wired.source()
    alerts = await _until(source, lambda alerts: any(one.status is Status.SILENCED for one in alerts))
    by_name = {record.name: record for record in alerts}
    assert by_name["Down"].status is Status.FIRING
    assert (by_name["Slow"].note, by_name["Slow"].silenced_by) == ("inhibited", None)
    assert (by_name["Slow"].is_inhibited, by_name["Down"].is_inhibited) == (True, False)
    await source.close()


async def test_receiver_and_filters_narrow_what_is_read(wired: Wired) -> None:
    wired.fire("Ours", team="data", service="etl")
    wired.fire("Theirs", team="web", service="api")
    everything, routed, filtered = (
        wired.source(),
        wired.source(receiver="data.*"),
        wired.source(filters=('team="web"',)),
    )
    await _until(everything, lambda alerts: len(alerts) == 2)
    assert [record.name for record in await _until(routed, bool)] == ["Ours"]
    assert [record.name for record in await _until(filtered, bool)] == ["Theirs"]
    for source in (everything, routed, filtered):
        await source.close()


async def test_a_filter_that_is_no_matcher_is_refused_in_the_servers_words(wired: Wired) -> None:
    source = wired.source(filters=("team=~[",))
    report = await source.poll()
    assert report.failure is not None
    assert report.failure.kind == "refused"
    assert "400" in report.failure.message
    await source.close()


async def test_the_doctor_finds_the_version(wired: Wired) -> None:
    source = wired.source()
    accepted, version = await source.check()
    assert (accepted.state, version.state) == (CheckState.OK, CheckState.OK)
    assert "Version 0." in version.what
    await source.close()
