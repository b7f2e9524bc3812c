"""People and the past as the simulator's PagerDuty tells them, which shares nothing with the client."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from oncall_tui.domain.history import Ending
from oncall_tui.domain.pages import Night, in_total, pages_per_day
from oncall_tui.domain.rota import my_shifts, rota
from oncall_tui.simulator.past import PAGES
from oncall_tui.simulator.server import SimulatorOptions, running
from tests.integration.test_vendors_of_the_simulator import pagerduty_of, records

OPTIONS = SimulatorOptions(time.time, is_ticking=False, with_past=True, history_s=3600.0)


async def test_who_is_on_call_now_and_next() -> None:
    async with running(OPTIONS) as simulator, pagerduty_of(simulator) as source:
        found = records(await source.poll())
    now = datetime.now(UTC)
    production, partners = rota(found.on_call, found.policies, now)
    assert (production.name, partners.name, partners.is_used) == ("Production", "Partner support", False)
    assert [one.now[0].user for one in production.levels] == ["Camille Roche", "Noé Lambert", "Inès Caron"]
    assert [one.next[0].user for one in production.levels] == ["Noé Lambert", "Inès Caron", "Hugo Petit"]
    assert all(one.gap_from is None for one in production.levels)
    level = partners.levels[0]
    assert level.gap_from is not None or not level.now, "nobody has it at night"
    current, coming = my_shifts(found.on_call, now, found.my_next)
    assert [one.level for one in current] == [1]
    assert coming is not None and coming.since is not None and coming.since > now


async def test_the_page_on_points_has_a_past() -> None:
    async with running(OPTIONS) as simulator, pagerduty_of(simulator) as source:
        (record,) = (one for one in records(await source.poll()).alerts if "QueueBacklog points" in one.title)
        sent = source.spending.sent
        history = await source.history_of(record.id)
        assert source.spending.sent - sent <= 6
    assert [one.ending for one in history.firings] == [Ending.BY_SOMEBODY, Ending.BY_ITSELF, Ending.BY_SOMEBODY]
    last = history.last
    assert last is not None and last.note is not None
    assert (last.by, last.note.text) == ("Camille Roche", "Drained after the merchant import.")
    assert history.typical == timedelta(minutes=17)


async def test_pages_per_day_are_those_that_called_somebody() -> None:
    now = datetime.now(UTC)
    async with running(OPTIONS) as simulator, pagerduty_of(simulator) as source:
        log = await source.pages_since(now - timedelta(days=30))
        sent = source.spending.sent
        await source.pages_since(now - timedelta(days=30))
        assert source.spending.sent == sent, "every day is kept"
    total = in_total(pages_per_day(log, 30, now, Night()))
    assert total.total == len(PAGES) + 1, "those of the past, and that on points"
    assert 0 < total.nights < total.total
    assert 0 < total.mine < total.total
    assert log.trouble == ""


@pytest.mark.parametrize(("note", "forgotten_for"), [(False, 25.0), (True, 0.0)])
async def test_a_note_is_seen_on_an_acknowledged_incident(note: bool, forgotten_for: float) -> None:
    async with running(OPTIONS) as simulator, pagerduty_of(simulator) as source:
        pager = simulator.world.pagerduty
        (held,) = (one for one in pager.incidents.values() if one.status == "acknowledged")
        if note:
            pager.note(held, pager.directory.people[1], "still looking")
        (record,) = (one for one in records(await source.poll()).alerts if one.id == held.id)
    assert record.last_event_at is not None
    silent = (datetime.now(UTC) - record.last_event_at).total_seconds() / 60
    assert silent == pytest.approx(forgotten_for, abs=1.0)
