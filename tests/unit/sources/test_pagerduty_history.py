"""When the same alert fired before, as it is asked of PagerDuty and read from its answers."""

from datetime import timedelta
from typing import Any

import pytest

from oncall_tui.domain.history import Ending, SameBy
from oncall_tui.sources.errors import RateLimited, Refused
from tests.unit.sources.pagerduty_desk import ANA, BOB, Desk, held, note, resolved
from tests.unit.sources.pagerduty_server import incident, serving, source_of

KEY = "disk-db-1"


def past(vendor_id: str, day: int, minutes: int = 14, who: dict[str, Any] = BOB, **more: Any) -> dict[str, Any]:
    """An incident of this month that lasted so many minutes."""
    began = f"2026-11-{day:02}T01:00:00Z"
    ended = f"2026-11-{day:02}T01:{minutes:02}:00Z"
    fields = {"created_at": began, "incident_key": KEY, "title": "Disk full", "resolved_at": ended}
    return resolved(vendor_id, who, ended, **fields) | more


def desk(*found: dict[str, Any], key: str = KEY) -> Desk:
    made = Desk()
    made.add(held("P1", ANA, incident_key=key, title="Disk full"), *found)
    return made


async def test_the_same_key_is_the_same_alert() -> None:
    vendor = desk(past("POLD", 3), past("PNEW", 18, 20, ANA), past("PELSE", 19, incident_key="other"))
    vendor.notes["PNEW"] = [note("rolled back\x1b[1m", ANA, "2026-11-18T01:19:00Z"), note("why?", BOB)]
    vendor.notes["PNEW"][1]["created_at"] = "2026-11-18T01:05:00Z"
    async with serving(vendor), source_of(vendor) as source:
        history = await source.history_of("P1")
    assert [one.id for one in history.firings] == ["PNEW", "POLD"], "the newest first, and without itself"
    assert (history.same_by, history.is_cut) == (SameBy.KEY, False)
    last = history.last
    assert last is not None and last.note is not None
    assert (last.lasted, last.ending, last.by) == (timedelta(minutes=20), Ending.BY_SOMEBODY, "Ana Smith")
    assert (last.note.text, last.note.by) == ("rolled back\ufffd[1m", "Ana Smith"), "the last one, cleaned"
    assert history.last_noted is last
    assert history.typical == timedelta(minutes=17)
    assert [one.path for one in vendor.requests] == [
        "/incidents/P1",
        "/incidents",
        "/incidents/PNEW/notes",
        "/incidents/POLD/notes",
    ]
    assert history.until - history.since == timedelta(days=30)
    query = vendor.asked("GET", "/incidents")[0].query
    assert (query["since"], query["until"]) == ("2026-10-21T03:00:00Z", "2026-11-20T03:00:00Z")
    assert query.getall("statuses[]") == ["triggered", "acknowledged", "resolved"]


async def test_without_such_a_key_the_same_title_on_the_same_service_is() -> None:
    vendor = desk(
        past("POLD", 3, incident_key="a"),
        past("PCASE", 4, incident_key="b", title=" disk  FULL"),
        past("PELSE", 5, incident_key="c", title="Disk full of logs"),
        key="new-every-time",
    )
    async with serving(vendor), source_of(vendor) as source:
        history = await source.history_of("P1")
    assert [one.id for one in history.firings] == ["PCASE", "POLD"]
    assert history.same_by is SameBy.TITLE
    assert vendor.asked("GET", "/incidents")[1].query["service_ids[]"] == "PSERV"


async def test_keys_that_are_known_are_looked_for_too_and_not_more_than_three() -> None:
    vendor = desk(past("POLD", 3, incident_key="k4"), past("PNEW", 4, incident_key="k1"), key="")
    async with serving(vendor), source_of(vendor) as source:
        history = await source.history_of("P1", ["k1", "k2", "k3", "k4"])
    assert [one.id for one in history.firings] == ["PNEW"]
    assert [one.query["incident_key"] for one in vendor.asked("GET", "/incidents")] == ["k1", "k2", "k3"]


async def test_the_first_time_is_no_failure() -> None:
    async with serving(desk()) as vendor, source_of(vendor) as source:
        history = await source.history_of("P1")
    assert (history.firings, history.last, history.typical) == ((), None, None)


@pytest.mark.parametrize(
    ("changes", "ending", "by"),
    [
        ({}, Ending.BY_SOMEBODY, "Bob Jones"),
        (
            {"last_status_change_by": {"id": "PSERV", "type": "service_reference", "summary": "web"}},
            Ending.BY_ITSELF,
            "",
        ),
        ({"last_status_change_by": {"type": "integration_reference"}}, Ending.BY_ITSELF, ""),
        ({"resolve_reason": {"type": "merge_resolve_reason", "incident": {"id": "PX"}}}, Ending.MERGED, ""),
        ({"last_status_change_by": None}, Ending.UNKNOWN, ""),
        ({"status": "acknowledged"}, Ending.OPEN, ""),
    ],
)
async def test_how_it_ended(changes: dict[str, Any], ending: Ending, by: str) -> None:
    async with serving(desk(past("POLD", 3, **changes))) as vendor, source_of(vendor) as source:
        (firing,) = (await source.history_of("P1")).firings
    assert (firing.ending, firing.by) == (ending, by)
    assert (firing.lasted is None) == (ending is Ending.OPEN)


async def test_notes_are_read_of_the_newest_three_and_may_be_refused() -> None:
    vendor = desk(*(past(f"POLD{n}", n) for n in range(1, 6)))
    vendor.fail("GET /incidents/POLD5/notes", 403)
    vendor.notes["POLD4"] = [note("seen")]
    async with serving(vendor), source_of(vendor) as source:
        history = await source.history_of("P1")
    assert len(history.firings) == 5
    assert [one.path[11:16] for one in vendor.requests if one.path.endswith("/notes")] == ["POLD5", "POLD4", "POLD3"]
    assert history.last_noted is not None and history.last_noted.id == "POLD4"


async def test_it_is_cut_where_the_service_had_too_many_incidents() -> None:
    many = [incident(f"PM{n}", title="Other", created_at="2026-11-10T00:00:00Z") for n in range(600)]
    async with serving(desk(*many, key="")) as vendor, source_of(vendor) as source:
        history = await source.history_of("P1")
    assert history.is_cut
    assert len(vendor.asked("GET", "/incidents")) == 5


async def test_what_fails_is_said_and_the_budget_holds() -> None:
    async with serving(desk()) as vendor:
        async with source_of(vendor) as source:
            with pytest.raises(Refused, match="404"):
                await source.history_of("PNONE")
        async with source_of(vendor, budget=2) as source:
            with pytest.raises(RateLimited, match="budget of 2"):
                await source.history_of("P1")
