"""Acknowledging incidents: the state is read first, every id gets a result, nothing is repeated by itself."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from oncall_tui.domain.action import Acknowledge
from oncall_tui.sources.actors import ActOutcome, ActResult
from tests.unit.sources.pagerduty_server import (
    TOKEN,
    FakePagerDuty,
    HandClock,
    acknowledged,
    incident,
    serving,
    source_of,
)

CONFIRMED, ALREADY, GONE, FAILED = ActOutcome.CONFIRMED, ActOutcome.ALREADY, ActOutcome.GONE, ActOutcome.FAILED


def put_ids(fake: FakePagerDuty) -> list[list[str]]:
    return [[row["id"] for row in one.body["incidents"]] for one in fake.asked("PUT", "/incidents")]


async def test_a_triggered_incident_is_acknowledged_and_confirmed_by_the_answer() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        async with source_of(fake, from_email="ana@acme.example") as source:
            assert await source.act(Acknowledge(), ["P1"]) == {"P1": ActResult("P1", CONFIRMED, by="Ana Smith")}
        (put,) = fake.asked("PUT", "/incidents")
        assert put.body == {"incidents": [{"id": "P1", "type": "incident_reference", "status": "acknowledged"}]}, (
            "T13: nothing but the status is sent, so that level, policy and assignment stay"
        )
        assert put.headers["From"] == "ana@acme.example"
        assert put.headers["Content-Type"] == "application/json"
        assert [one.path for one in fake.requests] == ["/incidents/P1", "/incidents"]


@pytest.mark.parametrize("is_polled_before", [True, False])
async def test_the_owner_of_a_user_token_is_the_sender(is_polled_before: bool) -> None:
    me = {"id": "PANA", "name": "Ana Smith", "email": "ana@acme.example"}
    async with serving(FakePagerDuty(me=me)) as fake:
        fake.add(incident("P1"))
        async with source_of(fake) as source:
            if is_polled_before:
                await source.poll()
            assert (await source.act(Acknowledge(), ["P1"]))["P1"].outcome is CONFIRMED
        assert fake.asked("PUT", "/incidents")[0].headers["From"] == "ana@acme.example"
        assert len(fake.asked("GET", "/users/me")) == 1


async def test_resolved_unknown_and_acknowledged_ones_are_left_alone() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("PRES", status="resolved"), acknowledged("PBOB"), incident("P1"))
        async with source_of(fake) as source:
            results = await source.act(Acknowledge(), ["PRES", "PGHOST", "PBOB", "P1", "P1"])
        assert {one: result.outcome for one, result in results.items()} == {
            "PRES": GONE,
            "PGHOST": GONE,
            "PBOB": ALREADY,
            "P1": CONFIRMED,
        }
        assert results["PBOB"].by == "Bob Jones"
        assert "open it again" in results["PRES"].reason
        assert put_ids(fake) == [["P1"]]


async def test_nothing_to_acknowledge_is_no_request() -> None:
    """T15: a bulk verb over an empty list does nothing."""
    async with serving(FakePagerDuty()) as fake, source_of(fake) as source:
        assert await source.act(Acknowledge(), []) == {}
        assert fake.requests == []


async def test_an_answer_of_500_is_a_failure_with_its_reason() -> None:
    """T9: the reason is shown, and an answer that came did not get lost."""
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        fake.fail("PUT /incidents", 500, {"error": {"message": "Internal error"}})
        async with source_of(fake) as source:
            result = (await source.act(Acknowledge(), ["P1"]))["P1"]
        assert (result.outcome, result.may_have_arrived) == (FAILED, False)
        assert "500" in result.reason and "Internal error" in result.reason
        assert len(fake.asked("PUT", "/incidents")) == 1, "an act is never repeated by itself"


async def test_a_timeout_may_have_arrived() -> None:
    """T9: the answer is lost, so nobody knows."""
    fake = FakePagerDuty()
    fake.add(incident("P1"))
    fake._manage = fake.hang  # type: ignore[method-assign, assignment]
    async with serving(fake), source_of(fake, timeout="1s") as source:
        result = (await source.act(Acknowledge(), ["P1"]))["P1"]
    assert (result.outcome, result.may_have_arrived) == (FAILED, True)
    assert "did not answer" in result.reason


@pytest.mark.parametrize("status", [502, 504])
async def test_a_gateway_that_gave_up_may_have_let_it_through(status: int) -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        fake.fail("PUT /incidents", status, "<html>")
        async with source_of(fake) as source:
            result = (await source.act(Acknowledge(), ["P1"]))["P1"]
    assert (result.outcome, result.may_have_arrived) == (FAILED, True)


async def test_when_the_state_cannot_be_read_nothing_is_sent() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(*(incident(f"P{n}") for n in range(9)))
        fake.fail("GET /incidents/P1", 504)
        fake.fail("GET /incidents", 500)
        async with source_of(fake) as source:
            few = await source.act(Acknowledge(), ["P1", "P2"])
            many = await source.act(Acknowledge(), [f"P{n}" for n in range(9)])
        assert (few["P1"].outcome, few["P1"].may_have_arrived, few["P2"].outcome) == (FAILED, False, CONFIRMED)
        assert {one.outcome for one in many.values()} == {FAILED}
        assert put_ids(fake) == [["P2"]]


async def test_three_of_forty_fail_and_are_named() -> None:
    """T22: the refusal of a whole request is narrowed down to those that cause it."""
    ids = [f"P{n:02}" for n in range(40)]
    async with serving(FakePagerDuty(stubborn={"P03", "P17", "P39"})) as fake:
        fake.add(*(incident(one) for one in ids))
        async with source_of(fake) as source:
            results = await source.act(Acknowledge(), ids)
    assert list(results) == ids
    failed = {one: result.reason for one, result in results.items() if result.outcome is FAILED}
    assert sorted(failed) == ["P03", "P17", "P39"]
    assert all("Incident cannot be changed" in reason for reason in failed.values())
    assert sum(result.outcome is CONFIRMED for result in results.values()) == 37
    assert len(fake.asked("PUT", "/incidents")) < 40
    assert len(fake.asked("GET", "/incidents")) == 1, "forty states in one read"


async def test_more_than_250_go_in_slices() -> None:
    ids = [f"P{n:03}" for n in range(320)]
    async with serving(FakePagerDuty()) as fake:
        fake.add(*(incident(one) for one in ids))
        async with source_of(fake) as source:
            results = await source.act(Acknowledge(), ids)
    assert {result.outcome for result in results.values()} == {CONFIRMED}
    assert [len(one) for one in put_ids(fake)] == [250, 70]


async def test_an_incident_outside_of_the_filters_is_read_by_its_id() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(*(incident(f"P{n}") for n in range(5)), incident("PLOW", urgency="low"))
        async with source_of(fake, urgencies=("high",)) as source:
            results = await source.act(Acknowledge(), [*(f"P{n}" for n in range(5)), "PLOW"])
        assert {one.outcome for one in results.values()} == {CONFIRMED}
        assert [one.path for one in fake.requests].count("/incidents/PLOW") == 1


async def test_a_missing_from_email_is_what_the_advice_names() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        said = {"error": {"message": "Requester User Not Found", "code": 1008}}
        fake.fail("PUT /incidents", 400, said)
        async with source_of(fake) as source:
            without = (await source.act(Acknowledge(), ["P1"]))["P1"].reason
        async with source_of(fake, from_email="ana@acme.example") as source:
            given = (await source.act(Acknowledge(), ["P1"]))["P1"].reason
    assert "Requester User Not Found" in without and "`from_email`" in without
    assert "`from_email`" not in given


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"incidents": []}, FAILED),
        ({}, FAILED),
        ({"incidents": [{"id": "P1", "status": "triggered"}]}, FAILED),
        ({"incidents": [{"id": "P1", "status": "resolved"}]}, GONE),
    ],
)
async def test_only_what_the_answer_says_is_confirmed(answer: Any, outcome: ActOutcome) -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        fake.fail("PUT /incidents", 200, answer)
        async with source_of(fake) as source:
            result = (await source.act(Acknowledge(), ["P1"]))["P1"]
    assert result.outcome is outcome
    assert result.reason


async def test_an_id_cannot_climb_out_of_its_path() -> None:
    async with serving(FakePagerDuty()) as fake, source_of(fake) as source:
        results = await source.act(Acknowledge(), ["../users/me", "..", "P1?x=y"])
        assert {one.outcome for one in results.values()} <= {GONE, FAILED}
        assert not fake.asked("GET", "/users/me")
        assert put_ids(fake) == []


async def test_an_acknowledge_is_granted_when_polls_have_spent_the_budget() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(*(incident(f"P{n}") for n in range(30)))
        clock = HandClock()
        async with source_of(fake, clock, budget=6) as source:
            for _ in range(3):
                await source.poll()
            failure = (await source.poll()).failure
            assert failure is not None and failure.kind == "rate limited"
            assert (await source.act(Acknowledge(), ["P1"]))["P1"].outcome is CONFIRMED


async def test_a_poll_that_hangs_does_not_hold_up_an_acknowledge() -> None:
    """T16: acts have threads of their own."""
    fake = FakePagerDuty()
    fake.add(incident("P1"))
    hung = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        hung.set()
        return await fake.hang(request)

    fake._incidents = hang  # type: ignore[method-assign]
    async with serving(fake), source_of(fake, timeout="30s") as source:
        poll = asyncio.create_task(source.poll())
        await asyncio.wait_for(hung.wait(), 30)
        assert (await source.act(Acknowledge(), ["P1"]))["P1"].outcome is CONFIRMED
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll


async def test_no_reason_holds_the_token() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        fake.fail("PUT /incidents", 400, {"error": {"message": f"Authorization: Token token={TOKEN}"}})
        async with source_of(fake) as source:
            reason = (await source.act(Acknowledge(), ["P1"]))["P1"].reason
    assert "Authorization" in reason
    assert TOKEN not in reason
