"""The simulated `GET /oncalls` against its page in the reference."""

from __future__ import annotations

import random
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from oncall_tui.simulator.catalogue import DEMO_USER
from oncall_tui.simulator.pagerduty import PagerDuty, pagerduty_app

from .hand_clock import HandClock

TOKEN = "u+oncalls"
AHEAD = {"since": "2026-11-23T02:13:20Z", "until": "2026-11-25T00:00:00Z"}


async def asked(params: Any, expect: int = 200) -> Any:
    app = pagerduty_app(PagerDuty(HandClock(), random.Random(1)), TOKEN)
    async with TestClient(TestServer(app), headers={"Authorization": f"Token token={TOKEN}"}) as client:
        answer = await client.get("/oncalls", params=params)
        assert answer.status == expect
        return await answer.json()


def spans(body: Any, policy: str, level: int = 1) -> list[tuple[str, str, str]]:
    return [
        (one["user"]["summary"], one["start"], one["end"])
        for one in body["oncalls"]
        if one["escalation_policy"]["id"] == policy and one["escalation_level"] == level
    ]


async def test_without_a_range_it_is_who_is_on_call_now() -> None:
    now = await asked({})
    assert spans(now, "PPOLICY") == [("Camille Roche", "2026-11-16T09:00:00Z", "2026-11-23T09:00:00Z")]
    assert [len(spans(now, "PPOLICY", level)) for level in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert spans(now, "PPARTNR") == [], "partners are answered by day"


async def test_a_range_has_every_shift_that_overlaps_it() -> None:
    found = await asked(AHEAD | {"limit": "100"})
    assert [one[1] for one in spans(found, "PPOLICY")] == ["2026-11-16T09:00:00Z", "2026-11-23T09:00:00Z"]
    assert spans(found, "PPARTNR") == [
        ("Inès Caron", "2026-11-23T07:00:00Z", "2026-11-23T18:00:00Z"),
        ("Noé Lambert", "2026-11-24T07:00:00Z", "2026-11-24T18:00:00Z"),
    ]


async def test_the_shifts_of_one_user_up_to_the_ninety_days_that_are_computed() -> None:
    params = AHEAD | {"until": "2027-11-01T00:00:00Z", "user_ids[]": DEMO_USER.id, "limit": "100"}
    found = await asked(params)
    assert {one["user"]["id"] for one in found["oncalls"]} == {DEMO_USER.id}
    assert max(one["start"] for one in found["oncalls"]) < "2027-02-21T02:13:20Z"


async def test_earliest_gives_one_shift_of_each_policy_level_and_user() -> None:
    found = await asked(AHEAD | {"until": "2026-12-20T00:00:00Z", "earliest": "true", "limit": "100"})
    keys = [(one["escalation_policy"]["id"], one["escalation_level"], one["user"]["id"]) for one in found["oncalls"]]
    assert len(keys) == len(set(keys)) > 5


@pytest.mark.parametrize("params", [{"since": "soon"}, {"since": AHEAD["until"], "until": AHEAD["since"]}])
async def test_a_range_that_is_none_is_refused(params: dict[str, str]) -> None:
    assert "error" in await asked(params, 400)
