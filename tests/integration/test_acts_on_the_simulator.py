"""Issues and silences as the simulator keeps them: changed by what is sent, told by what comes back."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.action import Archive, Assign, Resolve
from oncall_tui.domain.alert import Record, Status
from oncall_tui.domain.covering import covering
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.silence import Matcher, Silence
from oncall_tui.simulator.catalogue import PEOPLE, TEAMS
from oncall_tui.simulator.faults import Fault
from oncall_tui.simulator.sentry.model import Issue
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.sources.actors import ActOutcome
from oncall_tui.sources.alertmanager import Alertmanager
from oncall_tui.sources.retry import NO_RETRY
from oncall_tui.sources.sentry.bulk import LONGEST_ADDRESS
from tests.integration.test_vendors_of_the_simulator import Token, now, records, sentry_of

CONFIRMED, ALREADY, GONE, FAILED = ActOutcome.CONFIRMED, ActOutcome.ALREADY, ActOutcome.GONE, ActOutcome.FAILED


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with running(SimulatorOptions(time.time, is_ticking=False)) as one:
        yield one


@asynccontextmanager
async def alertmanager_of(simulator: Simulator, **settings: Any) -> AsyncIterator[Alertmanager]:
    told = simulator.announcement()["alertmanager"]
    source = Alertmanager(
        SourceName("am"),
        AlertmanagerSettings(url=told["url"], **settings),
        token=Token(told["token"]),
        headers={},
        severities=SeverityMap(),
        clock=now,
        retry=NO_RETRY,
    )
    try:
        yield source
    finally:
        await source.close()


def holder(issue: Issue) -> Any:
    """Who has it."""
    return issue.assigned_to


def changes(simulator: Simulator, vendor: str) -> list[tuple[str, str, str]]:
    """What was sent beside reads: method, path and body."""
    return [(one.method, one.path, one.body) for one in simulator.wire.received(vendor) if one.method != "GET"]


async def test_issues_are_resolved_archived_and_assigned(simulator: Simulator) -> None:
    issues = simulator.world.sentry.issues
    first, second, third, *_ = [one for one in issues.values() if one.status == "unresolved"]
    async with sentry_of(simulator) as source:
        assert (await source.act(Assign(PEOPLE[1].email), [third.id]))[third.id].outcome is CONFIRMED
        assert holder(third)["name"] == PEOPLE[1].name
        again = (await source.act(Assign(PEOPLE[1].email.upper()), [third.id]))[third.id]
        assert (again.outcome, again.reason) == (ALREADY, f"{PEOPLE[1].name} has it already.")
        assert (await source.act(Assign(f"team:{TEAMS[0]}"), [third.id]))[third.id].outcome is CONFIRMED
        assert holder(third)["type"] == "team"
        assert (await source.act(Assign("nobody"), [third.id]))[third.id].outcome is FAILED
        assert (await source.act(Assign(""), [third.id]))[third.id].outcome is CONFIRMED
        assert holder(third) is None
        results = await source.act(Resolve(in_next_release=True), [first.id, second.id, "404404"])
        assert [one.outcome for one in results.values()] == [CONFIRMED, CONFIRMED, GONE]
        assert (first.status, first.status_details["inNextRelease"]) == ("resolved", True)
        assert (await source.act(Resolve(), [first.id]))[first.id].outcome is ALREADY
        archive = Archive(timedelta(minutes=30))
        assert (await source.act(archive, [first.id]))[first.id].outcome is GONE
        assert (await source.act(archive, [third.id]))[third.id].outcome is CONFIRMED
        assert third.substatus == "archived_until_condition_met"
        assert (await source.act(archive, [third.id], begun_at=now()))[third.id].outcome is ALREADY
        shown = {one.id: one for one in records(await source.poll()).alerts}
    assert first.id not in shown
    assert {one.status for one in issues.values() if one not in (first, second, third)} <= {"unresolved", "ignored"}


async def test_a_storm_of_issues_is_resolved_in_few_requests_and_no_other_is_hit() -> None:
    async with running(SimulatorOptions(time.time, is_ticking=False, alerts=8_000)) as simulator:
        issues = simulator.world.sentry.issues
        async with sentry_of(simulator, query="is:unresolved") as source:
            shown = [one for one in records(await source.poll()).alerts if one.status is Status.FIRING]
            meant = [one.id for one in shown[:-50]]
            assert len(meant) > 500
            results = await source.act(Resolve(), meant)
        assert {one.outcome for one in results.values()} == {CONFIRMED}
        assert all(issues[one].status == "resolved" for one in meant)
        assert all(issues[one.id].status == "unresolved" for one in shown[-50:])
        requests = [one for one in simulator.wire.received("sentry") if one.method == "PUT"]
        assert len(requests) <= len({issues[one].project.name for one in meant}) + 2
        assert all("id=" in one.query and len(one.query) < LONGEST_ADDRESS for one in requests)


async def test_issues_that_vanish_in_the_moment_of_the_change_take_no_other_with_them(simulator: Simulator) -> None:
    """Sentry changes whatever the query finds when none of the ids is there: the query that is sent finds nothing."""
    before = {one.id: one.status for one in simulator.world.sentry.issues.values()}
    async with sentry_of(simulator) as source:
        answer = await source._actor._api.change_issues(["404404"], "700", {"status": "resolved"})
    assert answer is None
    assert {one.id: one.status for one in simulator.world.sentry.issues.values()} == before
    told = simulator.announcement()["sentry"]
    naive = f"{told['url']}/api/0/organizations/{told['organization']}/issues/?id=404404"
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {told['token']}"}, trust_env=False) as client:
        await client.put(naive, json={"status": "resolved"})
    assert "unresolved" not in {one.status for one in simulator.world.sentry.issues.values()}, "what it saves from"


async def alerts_of(source: Alertmanager) -> tuple[Record, ...]:
    return records(await source.poll()).alerts


async def test_an_alert_is_muted_for_longer_and_heard_again(simulator: Simulator) -> None:
    world = simulator.world
    world.alertmanager.receive({"alertname": "Odd", "service": "api", "name": 'a "b" \\ é'}, {})
    async with alertmanager_of(simulator) as source:
        (odd,) = [one for one in await alerts_of(source) if one.name == "Odd"]
        wanted = Silence(covering([odd.labels]).matchers, now(), now() + timedelta(hours=1), "known", "jo")
        assert [one.id for one in await source.covered_by(wanted.matchers)] == [odd.id]
        made = await source.silence(wanted)
        assert (await source.silence(wanted)).outcome is ALREADY
        muted = {one.id: one.silence_ids for one in await alerts_of(source) if one.silence_ids}
        assert muted.pop(odd.id) == (made.id,)
        assert made.id not in str(muted), "the other alerts are muted by somebody else, or by nobody"
        (listed,) = [one for one in await source.silences() if one.id == made.id]
        longer = Silence(
            listed.matchers, listed.starts_at, listed.ends_at + timedelta(hours=1), "still", "kim", listed.id
        )
        assert (await source.silence(longer)).id == made.id
        assert (await source.expire(made.id)).outcome is CONFIRMED
        assert (await source.expire(made.id)).outcome is ALREADY
        assert (await source.silence(longer)).outcome is GONE
        assert {one.id: one.silence_ids for one in await alerts_of(source) if one.silence_ids} == muted
    assert [(method, path) for method, path, _ in changes(simulator, "alertmanager")] == [
        ("POST", "/api/v2/silences"),
        ("POST", "/api/v2/silences"),
        ("DELETE", f"/api/v2/silence/{made.id}"),
    ]


FAULTS = (
    Fault(status=401),
    Fault(status=403),
    Fault(status=429, retry_after_s=37),
    Fault(status=500),
    Fault(is_off=True),
    *(Fault(answer=answer) for answer in ("reset", "empty", "truncated", "html", "wrong shape", "redirect")),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: str(one.status or one.answer or "off"))
async def test_a_vendor_that_is_broken_is_told_as_such_and_is_sent_nothing(simulator: Simulator, fault: Fault) -> None:
    issue = next(iter(simulator.world.sentry.issues))
    wanted = Silence((Matcher("alertname", "Odd"),), now(), now() + timedelta(hours=1), "", "jo")
    async with alertmanager_of(simulator) as silencer, sentry_of(simulator) as actor:
        simulator.wire.faults.update(alertmanager=fault, sentry=fault)
        results = [
            await silencer.silence(wanted),
            await silencer.expire("e2b9d387-c68f-4233-939f-7eac14bae592"),
            *(await actor.act(Resolve(), [issue])).values(),
        ]
    for result in results:
        assert result.outcome is FAILED, result
        assert not result.may_have_arrived
        assert result.reason
    assert not changes(simulator, "alertmanager") and not changes(simulator, "sentry")
