"""When something last happened to an acknowledged incident: what is read, when, and what is made of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oncall_tui.domain.alert import Record
from tests.unit.sources.pagerduty_polls import records
from tests.unit.sources.pagerduty_server import NOW, HandClock, acknowledged, incident, serving, source_of
from tests.unit.sources.test_pagerduty_pagelog import Log, entry

ACKNOWLEDGED_AT = datetime(2026, 11, 20, 2, 40, tzinfo=UTC)


def log(*entries: dict[str, Any], **changes: Any) -> Log:
    made = Log(entries=list(entries))
    made.add(acknowledged("P1", **changes))
    return made


async def polled(vendor: Log, clock: HandClock | None = None, **settings: Any) -> Record:
    async with serving(vendor), source_of(vendor, clock, **settings) as source:
        (record,) = records(await source.poll()).alerts
    return record


async def test_a_note_is_an_event() -> None:
    vendor = log(entry("2026-11-20T02:50:00Z", "annotate"), entry("2026-11-20T02:45:00Z", "escalate"))
    assert (await polled(vendor)).last_event_at == datetime(2026, 11, 20, 2, 50, tzinfo=UTC)
    (asked,) = vendor.asked("GET", "/log_entries")
    assert asked.query["since"] == "2026-11-19T23:00:00Z"


@pytest.mark.parametrize("kind", ["notify", "trigger"])
async def test_what_a_machine_does_is_none(kind: str) -> None:
    assert (await polled(log(entry("2026-11-20T02:50:00Z", kind)))).last_event_at == ACKNOWLEDGED_AT


async def test_an_event_of_another_incident_is_none() -> None:
    assert (await polled(log(entry("2026-11-20T02:50:00Z", "annotate", "P2")))).last_event_at == ACKNOWLEDGED_AT


async def test_nothing_is_read_while_nobody_can_have_forgotten_anything() -> None:
    vendor = Log()
    fresh = [{"at": "2026-11-20T02:57:00Z", "acknowledger": {"summary": "Bob"}}]
    snoozed = [{"type": "unacknowledge", "at": "2026-11-20T06:00:00Z"}]
    vendor.add(
        incident("P1"), acknowledged("P2") | {"acknowledgements": fresh}, acknowledged("P3", pending_actions=snoozed)
    )
    async with serving(vendor), source_of(vendor) as source:
        found = {one.id: one for one in records(await source.poll()).alerts}
    assert vendor.asked("GET", "/log_entries") == []
    assert found["P1"].last_event_at is None
    assert found["P2"].last_event_at == datetime(2026, 11, 20, 2, 57, tzinfo=UTC)
    assert found["P3"].pages_again_at == datetime(2026, 11, 20, 6, tzinfo=UTC)


async def test_it_is_read_once_a_minute_and_only_what_is_new() -> None:
    vendor, clock = log(), HandClock()
    async with serving(vendor), source_of(vendor, clock) as source:
        for _ in range(5):
            await source.poll()
            clock.forward(30)
        first, second, third = vendor.asked("GET", "/log_entries")
        vendor.entries.append(entry("2026-11-20T03:03:00Z", "annotate"))
        clock.forward(60)
        (record,) = records(await source.poll()).alerts
    assert [one.query["since"] for one in (first, second, third)] == [
        "2026-11-19T23:00:00Z",
        "2026-11-20T02:58:00Z",
        "2026-11-20T02:59:00Z",
    ]
    assert record.last_event_at == datetime(2026, 11, 20, 3, 3, tzinfo=UTC)


async def test_where_the_log_does_not_go_back_far_enough_nobody_is_accused() -> None:
    entries = [entry(f"2026-11-20T02:59:{n % 60:02}Z", "notify", f"P{n}") for n in range(1100)]
    record = await polled(log(*entries))
    assert record.last_event_at is not None
    assert NOW - record.last_event_at <= timedelta(minutes=1)


async def test_a_log_that_cannot_be_read_is_a_warning() -> None:
    vendor = log()
    vendor.fail("GET /log_entries", 403)
    async with serving(vendor), source_of(vendor) as source:
        found = records(await source.poll())
    assert found.alerts[0].last_event_at == ACKNOWLEDGED_AT
    assert "events of incidents could not be read" in found.warnings[0]


async def test_a_spent_budget_leaves_the_log_for_later() -> None:
    vendor = log()
    async with serving(vendor), source_of(vendor, budget=5) as source:
        found = records(await source.poll())
    assert vendor.asked("GET", "/log_entries") == []
    assert "request budget of this minute" in "".join(found.warnings)
