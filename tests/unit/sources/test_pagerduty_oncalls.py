"""Who is on call now and next, as it is asked of PagerDuty: what, how often, and what happens when it fails."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from tests.unit.sources.pagerduty_polls import ANA, records
from tests.unit.sources.pagerduty_server import FakePagerDuty, HandClock, serving, source_of

NIGHT = ("2026-11-19T18:00:00Z", "2026-11-20T07:00:00Z")
DAY = ("2026-11-20T07:00:00+00:00", "2026-11-20T19:00:00+01:00")
IN_A_MONTH = ("2026-12-20T18:00:00Z", "2026-12-21T07:00:00Z")


def shift(user: Any, span: tuple[str, str] = NIGHT, policy: str = "PP1", level: int = 1) -> dict[str, Any]:
    who = user if isinstance(user, dict) else {"id": user, "summary": user}
    named = {"id": policy, "summary": f"Policy {policy}"}
    return {"user": who, "escalation_policy": named, "escalation_level": level, "start": span[0], "end": span[1]}


def policy(vendor_id: str, levels: int = 1, services: int = 1) -> dict[str, Any]:
    rules = [{"id": f"R{n}", "targets": []} for n in range(levels)]
    found = [{"id": f"S{n}"} for n in range(services)]
    return {"id": vendor_id, "name": f"Policy {vendor_id}", "escalation_rules": rules, "services": found}


async def test_shifts_to_come_are_known_before_they_begin() -> None:
    async with serving(FakePagerDuty(me=ANA)) as fake:
        fake.oncalls = [shift("Bob"), shift(ANA, DAY)]
        fake.full_policies = [policy("PP1", levels=2), policy("PP2", services=0)]
        async with source_of(fake) as source:
            found = records(await source.poll())
    now, then = found.on_call
    assert (now.user, now.is_me, then.user, then.is_me) == ("Bob", False, "Ana Smith", True)
    assert now.until == then.since, "whatever zone it is written in"
    assert found.my_next == then
    assert [(one.id, one.levels, one.is_used) for one in found.policies] == [("PP1", 2, True), ("PP2", 1, False)]
    assert found.on_call_at is not None
    (asked,) = fake.asked("GET", "/oncalls")
    assert (asked.query["since"], asked.query["until"]) == ("2026-11-20T03:00:00Z", "2026-11-28T03:00:00Z")
    assert "earliest" not in asked.query, "it would hide the next shift of whoever is on call now"


async def test_my_next_shift_is_looked_for_further_ahead() -> None:
    async with serving(FakePagerDuty(me=ANA)) as fake:
        fake.oncalls = [shift(ANA), shift(ANA, IN_A_MONTH)]
        async with source_of(fake) as source:
            found = records(await source.poll())
    assert [one.user for one in found.on_call] == ["Ana Smith"]
    assert found.my_next is not None and found.my_next.since is not None
    assert f"{found.my_next.since:%d %b}" == "20 Dec"
    _, far = fake.asked("GET", "/oncalls")
    assert (far.query["user_ids[]"], far.query["until"]) == ("PANA", "2027-02-17T03:00:00Z")


async def test_it_is_asked_seldom_and_the_policies_more_seldom() -> None:
    clock = HandClock()
    async with serving(FakePagerDuty()) as fake, source_of(fake, clock, oncall_interval="2m") as source:
        for _ in range(9):
            await source.poll()
            clock.forward(119 if clock.now.second == 0 else 1)
    assert len(fake.asked("GET", "/oncalls")) == 5
    assert len(fake.asked("GET", "/escalation_policies")) == 1


async def test_on_calls_of_the_teams_only() -> None:
    async with serving(FakePagerDuty(policies={"PT1": ["PP1"]})) as fake:
        fake.oncalls = [shift("Ana"), shift("Bob", policy="PP2")]
        async with source_of(fake, teams=("PT1",)) as source:
            assert [one.user for one in records(await source.poll()).on_call] == ["Ana"]


async def test_a_filter_by_users_is_one_for_incidents() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.oncalls = [shift("Ana"), shift("Bob", level=2)]
        async with source_of(fake, users=("Ana",)) as source:
            assert len(records(await source.poll()).on_call) == 2, "nobody would be missed on level 2 otherwise"


@pytest.mark.parametrize("status", [403, 404])
async def test_policies_that_may_not_be_read_keep_nobody_from_the_screen(status: int) -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.oncalls = [shift("Bob")]
        fake.fail("GET /escalation_policies", status)
        async with source_of(fake) as source:
            found = records(await source.poll())
    assert [one.user for one in found.on_call] == ["Bob"]
    (warning,) = found.warnings
    assert "one that pages nobody is not noticed" in warning


async def test_before_the_first_answer_nobody_is_known_not_nobody() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.fail("GET /oncalls", 500)
        async with source_of(fake) as source:
            found = records(await source.poll())
    assert (found.on_call, found.on_call_at) == ((), None)
    assert "on-calls could not be read" in found.warnings[0]


async def test_names_are_cleaned_and_one_bad_entry_hides_no_other() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.full_policies = [policy("PP9")]
        fake.oncalls = [shift("Eve\x1b[2J\u202eevil"), {"user": None, "escalation_level": 1}]
        async with source_of(fake) as source:
            found = records(await source.poll())
    assert [one.user for one in found.on_call] == ["Eve\ufffd[2J\ufffdevil"]
    assert found.warnings == ("1 of the on-calls came in a shape nobody expected: not shown.",)
    assert found.policies == (), "whoever was in it may be on call: nobody is told to be missing"


class Waiting(FakePagerDuty):
    """Answers for neither before it was asked for both."""

    both = asyncio.Barrier(2)

    async def _policies(self, request: web.Request) -> web.Response:
        await self.both.wait()
        return await super()._policies(request)

    async def _oncalls(self, request: web.Request) -> web.Response:
        await self.both.wait()
        return await super()._oncalls(request)


async def test_shifts_and_policies_are_asked_for_at_the_same_time() -> None:
    async with serving(Waiting()) as fake:
        fake.oncalls, fake.full_policies = [shift("Bob")], [policy("PP1")]
        async with source_of(fake) as source, asyncio.timeout(30):
            found = records(await source.poll())
    assert ([one.user for one in found.on_call], [one.id for one in found.policies]) == (["Bob"], ["PP1"])
