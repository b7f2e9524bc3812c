"""PagerDuty and Sentry as the simulator speaks them: somebody else's reading of the same documentation."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from oncall_tui.config.model import PagerDutySettings, SentrySettings
from oncall_tui.domain.action import Acknowledge
from oncall_tui.domain.alert import JoinRule, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.sources.actors import ActOutcome
from oncall_tui.sources.base import CheckState, Records, Report
from oncall_tui.sources.pagerduty import PagerDuty
from oncall_tui.sources.sentry import Sentry


class Token:
    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def pagerduty_of(simulator: Simulator, **settings: Any) -> AsyncIterator[PagerDuty]:
    told = simulator.announcement()["pagerduty"]
    source = PagerDuty(
        SourceName("pagerduty"),
        PagerDutySettings(url=told["url"], **settings),
        token=Token(told["token"]),
        headers={},
        severities=SeverityMap(),
        clock=now,
    )
    yield source
    await source.close()


@asynccontextmanager
async def sentry_of(simulator: Simulator, **settings: Any) -> AsyncIterator[Sentry]:
    told = simulator.announcement()["sentry"]
    source = Sentry(
        SourceName("sentry"),
        SentrySettings(url=told["url"], organization=told["organization"], **settings),
        token=Token(told["token"]),
        headers={},
        severities=SeverityMap(),
        clock=now,
    )
    yield source
    await source.close()


def records(report: Report) -> Records:
    assert report.failure is None, report.failure
    assert report.records is not None
    return report.records


async def test_a_storm_of_incidents_is_listed_and_acknowledged_in_bulk() -> None:
    """T10, T22: some hundred incidents are shown with one poll and acknowledged with one call."""
    options = SimulatorOptions(time.time, is_ticking=False, incidents=300)
    async with running(options) as simulator, pagerduty_of(simulator) as source:
        found = records(await source.poll())
        assert len(found.alerts) >= 300
        assert found.on_call and found.deployments
        assert any(one.is_me for one in found.on_call)
        assert any(key.rule is JoinRule.RECEIVER_LABELS for one in found.alerts for key in one.keys)
        firing = [one.id for one in found.alerts if one.status is Status.FIRING]
        results = await source.act(Acknowledge(), firing)
        assert {one.outcome for one in results.values()} == {ActOutcome.CONFIRMED}
        assert not any(one.status is Status.FIRING for one in records(await source.poll()).alerts)
        again = await source.act(Acknowledge(), firing[:2])
        assert {one.outcome for one in again.values()} == {ActOutcome.ALREADY}


async def test_the_doctor_is_content_with_the_simulated_vendors() -> None:
    async with (
        running(SimulatorOptions(time.time, is_ticking=False)) as simulator,
        pagerduty_of(simulator) as pager,
        sentry_of(simulator) as sentry,
    ):
        for finding in (*await pager.check(), *await sentry.check()):
            assert finding.state is CheckState.OK, finding


async def test_issues_and_deployments_of_the_simulated_sentry() -> None:
    async with (
        running(SimulatorOptions(time.time, is_ticking=False)) as simulator,
        sentry_of(simulator, query="is:unresolved") as source,
    ):
        found = records(await source.poll())
    assert any(one.note.startswith("new, ") for one in found.alerts)
    assert all(one.service and one.url for one in found.alerts)
    assert all(one.version and one.environment == "production" and one.author for one in found.deployments)
    assert found.warnings == ()


async def test_the_default_query_finds_the_issues_of_high_and_medium_priority() -> None:
    async with (
        running(SimulatorOptions(time.time, is_ticking=False)) as simulator,
        sentry_of(simulator) as source,
        sentry_of(simulator, query="is:unresolved") as everything,
        sentry_of(simulator, query="is:unresolved issue.priority:low") as low,
    ):
        found = {one.id for one in records(await source.poll()).alerts}
        assert found
        without = {one.id for one in records(await low.poll()).alerts}
        assert found == {one.id for one in records(await everything.poll()).alerts} - without
