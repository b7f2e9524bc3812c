"""Whom PagerDuty called: which days are read, how often, and what stays unknown."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oncall_tui.sources.errors import Unauthorised
from tests.unit.sources.pagerduty_desk import ANA, BOB, Desk, reference
from tests.unit.sources.pagerduty_server import NOW, HandClock, serving, source_of


class Log(Desk):
    """An account whose log is looked at."""

    def days_asked(self) -> list[str]:
        return [one.query["since"][:10] for one in self.asked("GET", "/log_entries")]


def entry(
    at: str, kind: str = "notify", incident: str = "P1", who: dict[str, Any] = ANA, **more: Any
) -> dict[str, Any]:
    return {
        "id": f"R{at}{kind}{incident}{who['id']}",
        "type": f"{kind}_log_entry",
        "created_at": at,
        "user": reference(who),
        "incident": {"id": incident, "type": "incident_reference"},
        "service": {"id": "PSERV"},
    } | more


SINCE = datetime(2026, 11, 17, 12, tzinfo=UTC)


async def test_every_call_of_the_days_that_are_asked_for() -> None:
    vendor = Log(
        entries=[
            entry("2026-11-17T01:00:00Z", incident="POLD", who=BOB),
            entry("2026-11-19T23:59:59Z", incident="P2", who=BOB),
            entry("2026-11-20T01:00:00Z"),
            entry("2026-11-20T01:01:00Z", "acknowledge"),
            entry("2026-11-16T23:00:00Z", incident="PBEFORE"),
        ]
    )
    async with serving(vendor), source_of(vendor) as source:
        log = await source.pages_since(SINCE)
    found = [(one.incident, one.user, one.is_me) for one in log.notifications]
    assert found == [("P1", "Ana Smith", True), ("P2", "Bob Jones", False), ("POLD", "Bob Jones", False)]
    assert vendor.days_asked() == ["2026-11-20", "2026-11-19", "2026-11-18", "2026-11-17"]
    assert (log.since, log.until, log.trouble) == (datetime(2026, 11, 17, tzinfo=UTC), NOW, "")
    asked = vendor.asked("GET", "/log_entries")[0].query
    assert "is_overview" not in asked, "the overview leaves the calls out"


async def test_a_day_that_is_over_is_read_once() -> None:
    vendor, clock = Log(), HandClock()
    async with serving(vendor), source_of(vendor, clock) as source:
        await source.pages_since(SINCE)
        await source.pages_since(SINCE)
        assert len(vendor.days_asked()) == 4, "asked again at once"
        clock.forward(301)
        vendor.entries.append(entry("2026-11-20T03:04:00Z"))
        log = await source.pages_since(SINCE)
    assert vendor.days_asked()[4:] == ["2026-11-20"]
    assert len(log.notifications) == 1


async def test_yesterday_is_read_again_until_late_entries_have_come() -> None:
    vendor, clock = Log(), HandClock(datetime(2026, 11, 20, 0, 3, tzinfo=UTC))
    async with serving(vendor), source_of(vendor, clock) as source:
        await source.pages_since(SINCE)
        clock.forward(600)
        await source.pages_since(SINCE)
    assert vendor.days_asked()[4:] == ["2026-11-20", "2026-11-19"]


async def test_what_the_budget_does_not_allow_stays_unknown() -> None:
    vendor = Log()
    async with serving(vendor), source_of(vendor, budget=4, from_email="") as source:
        log = await source.pages_since(NOW - timedelta(days=14))
    assert log.since == datetime(2026, 11, 19, tzinfo=UTC), "one request went to who sits here"
    assert "budget of 4 requests" in log.trouble


async def test_nothing_at_all_is_a_failure() -> None:
    vendor = Log()
    vendor.fail("GET /log_entries", 403)
    async with serving(vendor), source_of(vendor) as source:
        with pytest.raises(Unauthorised):
            await source.pages_since(SINCE)


async def test_teams_are_asked_for_and_services_are_picked_out() -> None:
    other = entry("2026-11-20T01:00:00Z", incident="P2", service={"id": "PELSE"})
    vendor = Log(
        entries=[
            entry("2026-11-20T01:00:00Z"),
            other,
            {"type": "notify_log_entry", "created_at": "2026-11-20T00:30:00Z"},
        ]
    )
    async with serving(vendor):
        async with source_of(vendor, services=("PSERV",), teams=("PT1",)) as source:
            log = await source.pages_since(NOW)
        async with source_of(vendor) as source:
            everything = await source.pages_since(NOW)
    assert [one.incident for one in log.notifications] == ["P1"]
    assert vendor.asked("GET", "/log_entries")[0].query["team_ids[]"] == "PT1"
    assert [one.incident for one in everything.notifications] == ["P1", "P2"], "what names no incident hides no other"


async def test_without_anybody_known_to_sit_here_no_page_is_mine() -> None:
    vendor = Log(me=None, entries=[entry("2026-11-20T01:00:00Z")])
    async with serving(vendor), source_of(vendor) as source:
        log = await source.pages_since(NOW)
    assert not log.is_me_known
    assert not log.notifications[0].is_me


async def test_a_day_read_before_it_was_known_who_sits_here_is_read_again() -> None:
    vendor, clock = Log(entries=[entry("2026-11-18T01:00:00Z")]), HandClock()
    vendor.fail("GET /users/me", 500, times=4)
    async with serving(vendor), source_of(vendor, clock) as source:
        before = await source.pages_since(SINCE)
        vendor.faults.clear()
        after = await source.pages_since(SINCE)
    assert (before.is_me_known, [one.is_me for one in before.notifications]) == (False, [False])
    assert (after.is_me_known, [one.is_me for one in after.notifications]) == (True, [True])


async def test_a_day_with_more_entries_than_are_listed_is_not_told_as_a_quieter_one() -> None:
    vendor = Log()
    vendor.entries = [entry(f"2026-11-19T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z") for n in range(10_001)]
    async with serving(vendor), source_of(vendor, budget=1_000) as source:
        log = await source.pages_since(SINCE)
    assert log.since == datetime(2026, 11, 20, tzinfo=UTC)
    assert "no more than 10,000 log entries" in log.trouble
