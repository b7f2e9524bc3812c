"""Every verb at the simulated PagerDuty: what it holds afterwards is what was asked for."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from oncall_tui.domain.action import (
    Acknowledge,
    Action,
    Escalate,
    Merge,
    Note,
    Reassign,
    Resolve,
    SetPriority,
    Snooze,
)
from oncall_tui.domain.pager import NewIncident
from oncall_tui.simulator.catalogue import BY_NAME, DEMO_USER, PEOPLE
from oncall_tui.simulator.faults import Fault
from oncall_tui.simulator.pagerduty import PagerDuty as Account
from oncall_tui.simulator.pagerduty.model import Incident
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.sources.actors import ActOutcome
from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from oncall_tui.sources.pagerduty import PagerDuty
from tests.integration.test_vendors_of_the_simulator import now, pagerduty_of

CONFIRMED, ALREADY, GONE, FAILED = ActOutcome.CONFIRMED, ActOutcome.ALREADY, ActOutcome.GONE, ActOutcome.FAILED
OPTIONS = SimulatorOptions(time.time, is_quiet=True, is_ticking=False)


@asynccontextmanager
async def account(**options: Any) -> AsyncIterator[tuple[Simulator, Account, PagerDuty]]:
    async with running(replace(OPTIONS, **options)) as simulator, pagerduty_of(simulator) as source:
        yield simulator, simulator.world.pagerduty, source


def opened(core: Account, count: int = 1) -> list[Incident]:
    return [core.open_incident(f"t{n}", BY_NAME["api"], priority="P3") for n in range(count)]


def logged(incident: Incident) -> list[str]:
    return [entry.kind for entry in incident.log]


async def outcome(source: PagerDuty, action: Action, incident: Incident) -> ActOutcome:
    result = (await source.act(action, [incident.id]))[incident.id]
    assert result.outcome in (CONFIRMED, ALREADY, GONE), result.reason
    return result.outcome


async def test_every_verb_changes_what_it_says_and_twice_is_told() -> None:
    async with account() as (_, core, source):
        one, other = opened(core, 2)
        assert await outcome(source, Acknowledge(), one) is CONFIRMED
        assert await outcome(source, Acknowledge(), one) is ALREADY
        assert await outcome(source, SetPriority("p1"), one) is CONFIRMED
        assert (one.priority, await outcome(source, SetPriority("P1"), one)) == ("P1", ALREADY)
        assert await outcome(source, SetPriority(""), one) is CONFIRMED
        assert (one.priority, await outcome(source, SetPriority(""), one)) == (None, ALREADY)
        assert await outcome(source, Escalate(3), one) is CONFIRMED
        assert [person.id for _, person in one.assignees] == [PEOPLE[2].id]
        assert (one.status, await outcome(source, Escalate(3), one)) == ("triggered", ALREADY)
        hugo = Reassign((PEOPLE[3].id,))
        assert await outcome(source, hugo, one) is CONFIRMED
        assert ([person.id for _, person in one.assignees], await outcome(source, hugo, one)) == (
            [PEOPLE[3].id],
            ALREADY,
        )
        assert await outcome(source, Snooze(timedelta(hours=1)), one) is CONFIRMED
        assert one.snoozed_until == pytest.approx(time.time() + 3600, abs=60)
        assert await outcome(source, Note("[looked] at it"), one) is CONFIRMED
        assert await outcome(source, Merge(other.id), one) is CONFIRMED
        assert (one.status, one.merged_into) == ("resolved", other)
        assert await outcome(source, Merge(other.id), one) is ALREADY
        assert await outcome(source, Resolve("rolled back"), other) is CONFIRMED
        assert [note.content for note in other.notes] == ["rolled back"]
        assert (other.resolution, await outcome(source, Resolve(), other)) == ("rolled back", ALREADY)
        kinds = ["acknowledge", "priority_change", "priority_change", "escalate", "unacknowledge", "assign"]
        assert logged(one) == [*kinds, "acknowledge", "snooze", "annotate", "resolve"], "each was done once"


async def test_nothing_opens_again_what_is_resolved() -> None:
    async with account() as (_, core, source):
        (incident,) = opened(core)
        core.resolve(incident, PEOPLE[1])
        before = logged(incident)
        for action in (
            Acknowledge(),
            SetPriority("P1"),
            Escalate(2),
            Reassign((PEOPLE[2].id,)),
            Snooze(timedelta(minutes=5)),
        ):
            assert await outcome(source, action, incident) is GONE, action
        result = (await source.act(Resolve("again"), [incident.id]))[incident.id]
        assert (result.outcome, result.by) == (ALREADY, PEOPLE[1].name)
        assert (incident.status, logged(incident), incident.notes) == ("resolved", before, [])


@pytest.mark.parametrize(
    "action", [Resolve("over"), SetPriority("P1"), Escalate(2), Reassign((PEOPLE[1].id,))], ids=str
)
async def test_three_hundred_at_once_and_half_of_as_many_unknown(action: Action) -> None:
    async with account(pagerduty_limit=2_000) as (simulator, core, source):
        known = [one.id for one in opened(core, 300)]
        ghosts = [f"QGHOST{n}" for n in range(150)]
        results = await source.act(action, [*known, *ghosts])
        assert {results[one].outcome for one in known} == {CONFIRMED}
        assert {results[one].outcome for one in ghosts} == {GONE}
        puts = [one for one in simulator.wire.received("pagerduty") if one.method == "PUT"]
        assert len(puts) == 2


async def test_a_vendor_that_asks_to_wait_leaves_the_rest_failed_and_marked() -> None:
    async with account(pagerduty_limit=120) as (_, core, source):
        incidents = opened(core, 200)
        results = await source.act(Snooze(timedelta(hours=1)), [one.id for one in incidents])
        done = [one for one in incidents if results[one.id].outcome is CONFIRMED]
        assert 100 <= len(done) < 120
        assert all(one.snoozed_until is not None for one in done)
        left = [one for one in incidents if results[one.id].outcome is FAILED]
        assert len(done) + len(left) == 200
        assert all(one.snoozed_until is None for one in left), "what is told as failed has not been done"
        assert all("send it again" in results[one.id].reason for one in left)


@pytest.mark.parametrize("status", [401, 403, 500])
async def test_a_vendor_in_trouble_has_done_nothing(status: int) -> None:
    async with account() as (simulator, core, source):
        (incident,) = opened(core)
        simulator.wire.faults["pagerduty"] = Fault(status=status)
        for action in (Acknowledge(), Resolve(), Snooze(timedelta(hours=1)), Note("n"), SetPriority("P1"), Escalate(2)):
            result = (await source.act(action, [incident.id]))[incident.id]
            assert (result.outcome, result.may_have_arrived) == (FAILED, False), action
            assert str(status) in result.reason
        assert (incident.status, incident.priority, logged(incident)) == ("triggered", "P3", [])


async def test_a_note_whose_answer_was_lost_is_not_written_twice() -> None:
    async with account() as (_, core, source):
        (incident,) = opened(core)
        begun_at = now()
        core.note(incident, DEMO_USER, "tried a rollback")
        core.note(incident, PEOPLE[1], "anything new?")
        results = await source.act(Note("tried a rollback"), [incident.id], begun_at)
        assert results[incident.id].outcome is ALREADY
        assert results[incident.id].by == DEMO_USER.name
        results = await source.act(Note("anything new?"), [incident.id], begun_at)
        assert results[incident.id].outcome is CONFIRMED, "that one was somebody else's"
        assert len(incident.notes) == 3


async def test_a_snooze_whose_answer_was_lost_is_found() -> None:
    async with account() as (_, core, source):
        (incident,) = opened(core)
        begun_at = now()
        core.snooze(incident, DEMO_USER, 1800)
        results = await source.act(Snooze(timedelta(minutes=30)), [incident.id], begun_at)
        assert results[incident.id].outcome is ALREADY
        assert logged(incident).count("snooze") == 1


async def test_a_merge_that_would_be_too_large_is_told_in_words() -> None:
    async with account() as (_, core, source):
        for key in ("a", "b"):
            payload = {"summary": key, "source": "test", "severity": "error"}
            event = {"routing_key": BY_NAME["api"].routing_key, "event_action": "trigger", "dedup_key": key}
            core.enqueue(event | {"payload": payload})
        target, source_incident = [one for one in core.incidents.values() if one.alerts][-2:]
        target.alerts *= 1_000
        result = (await source.act(Merge(target.id), [source_incident.id]))[source_incident.id]
        assert (result.outcome, result.may_have_arrived) == (FAILED, False)
        assert "1000 alerts" in result.reason
        assert source_incident.is_open


async def test_what_front_ends_ask_is_what_the_account_holds() -> None:
    async with account() as (_, core, source):
        (incident,) = opened(core)
        assert [one.id for one in await source.people()] == [
            one.id for one in sorted(PEOPLE, key=lambda one: one.name.casefold())
        ]
        assert [one.email for one in await source.people("ines.caron")] == [PEOPLE[2].email]
        assert [one.name for one in await source.priorities()] == ["P1", "P2", "P3", "P4", "P5"]
        path = await source.escalation_of(incident.id)
        assert path.name == "Production"
        assert [[person.id for person in level.people] for level in path.levels] == [
            [person.id for person in core.directory.level(number)] for number in (1, 2, 3)
        ]
        assert {one.id for one in await source.pageable_services()} == {one.pagerduty_id for one in BY_NAME.values()}
        with pytest.raises(Refused):
            await source.escalation_of("QGHOST")


@pytest.mark.parametrize("status", [401, 500])
async def test_what_cannot_be_asked_is_an_error(status: int) -> None:
    async with account() as (simulator, core, source):
        (incident,) = opened(core)
        simulator.wire.faults["pagerduty"] = Fault(status=status)
        expected: type[SourceError] = Unauthorised if status == 401 else Refused
        for asked in (
            source.people(),
            source.priorities(),
            source.pageable_services(),
            source.escalation_of(incident.id),
        ):
            with pytest.raises(expected):
                await asked


async def test_an_incident_is_declared_once_whatever_is_lost() -> None:
    wanted = NewIncident("Checkout is down", BY_NAME["api"].pagerduty_id, "mine-1", "low", "p2", "since 03:00")
    async with account() as (_, core, source):
        made = await source.create(wanted)
        assert made.outcome is CONFIRMED, made.reason
        incident = core.incidents[made.id]
        assert (incident.title, incident.urgency, incident.priority) == ("Checkout is down", "low", "P2")
        assert (incident.details, incident.service.name) == ("since 03:00", "api")
        assert (await source.create(wanted, now())).id == made.id
        assert (await source.create(wanted)).id == made.id
        assert sum(one.key == "mine-1" for one in core.incidents.values()) == 1
