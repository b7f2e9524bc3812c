"""Verbs that ask before they act: what the form offers is sent to what was under the cursor at the key press."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from textual.widgets import Input, Static

from oncall_tui.domain.action import Action, Archive, Assign, Note, Resolve, Snooze
from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.verb import Verb
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.ui.screens.forms import Form
from tests.ui.desk import Clock, Desk, FakeRooms, at_desk
from tests.ui.palettes import searched
from tests.unit.builders import PAGERDUTY, PROMETHEUS, SENTRY, alert, before, freshness, record

PAGED = alert(record(PAGERDUTY, "Q1", title="paged", since=before(9)), record(SENTRY, "1", since=before(9)))
ISSUE = alert(record(SENTRY, "7", title="issue", since=before(8)))
RULE = alert(record(PROMETHEUS, "f1", title="rule", since=before(7)))
ROWS = (PAGED, ISSUE, RULE)


def form_text(desk: Desk) -> str:
    """What the open form says of its targets."""
    return str(desk.app.screen.query_one("#targets", Static).content)


@pytest.mark.parametrize(
    ("keys", "action"),
    [
        (["z", "enter"], Snooze(timedelta(minutes=15))),
        (["z", "j", "j", "enter"], Snooze(timedelta(hours=4))),
        (["z", "tab", *"1d12h", "enter"], Snooze(timedelta(hours=36))),
        (["x", "enter"], Resolve()),
        (["x", *"rolled back", "enter"], Resolve("rolled back")),
        (["n", *"aqx z1?:", "enter"], Note("aqx z1?:")),
    ],
)
async def test_a_verb_is_sent_with_what_was_chosen_or_typed(keys: list[str], action: Action) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", *keys)
        assert desk.rooms.actions == [action]
        assert desk.rooms.ids_sent == [[PAGED.id]]
        assert not isinstance(desk.app.screen, Form)


@pytest.mark.parametrize("key", ["x", "z", "n"])
async def test_escape_leaves_everything_as_it_is(key: str) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", key)
        assert isinstance(desk.app.screen, Form)
        await desk.press("escape")
        assert desk.rooms.actions == []
        assert desk.mode == "alerts"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["z", "tab", *"soon", "enter"], "Write a span of time such as 45m, 2h or 1d12h."),
        (["z", "tab", *"8d", "enter"], "PagerDuty snoozes for a second to seven days."),
        (["n", "enter"], "Write something, or leave with esc."),
    ],
)
async def test_what_cannot_be_used_is_said_in_the_form_and_can_be_mended(keys: list[str], words: str) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", *keys)
        assert words in desk.text()
        assert desk.rooms.actions == []
        await desk.press(*["backspace"] * 5, *"1h", "enter")
        assert len(desk.rooms.actions) == 1


async def test_an_issue_without_a_page_is_resolved_at_sentry() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "j", "x", "j", "enter")
        assert desk.rooms.actions == [Resolve(in_next_release=True)]
        assert desk.rooms.monitor.refreshed == 1, "Sentry is asked anew"
        assert desk.rooms.ids_sent == [[ISSUE.id]]


@pytest.mark.parametrize(
    ("words", "keys", "action"),
    [
        ("archive", ["enter"], Archive()),
        ("archive", ["j", "j", "enter"], Archive(timedelta(days=1))),
        ("assign", [*"team:core", "enter"], Assign("team:core")),
    ],
)
async def test_what_has_no_key_is_in_the_palette(words: str, keys: list[str], action: Action) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "j", "colon", *words)
        await searched(desk)
        await desk.press("enter")
        await desk.pilot.pause()
        await desk.press(*keys)
        assert desk.rooms.actions == [action]


async def test_the_form_says_where_it_would_be_done_and_what_is_left_alone() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "M", "z")
        text = form_text(desk)
        assert "paged" in text
        assert "→ pagerduty" in text
        assert "2 marked alerts are left alone" in text
        await desk.press("escape", "n")
        assert "→ the journal only" in form_text(desk)
        await desk.press(*"seen", "enter")
        assert desk.rooms.ids_sent == [[one.id for one in ROWS]]


@pytest.mark.parametrize(("key", "words"), [("z", "Only what PagerDuty holds can be snoozed."), ("x", "be resolved.")])
async def test_where_nobody_can_do_it_that_is_said(key: str, words: str) -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "G", key)
        assert not isinstance(desk.app.screen, Form)
        assert any(words in toast for toast in desk.toasts())


async def test_a_refresh_under_the_form_changes_nothing_about_the_target() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "z")
        newer = alert(record(PAGERDUTY, "Q9", title="newer"))
        await desk.show(newer, ISSUE, PAGED)
        await desk.press("enter")
        assert desk.rooms.ids_sent == [[PAGED.id]]


async def test_the_row_says_how_far_it_is_and_how_it_ended() -> None:
    rooms = FakeRooms()
    rooms.may_answer.clear()
    rooms.answer = lambda alerts: [
        ActReport(one.id, one.title, Outcome.FAILED, "PagerDuty answered 500", verb=Verb.SNOOZE) for one in alerts
    ]
    async with at_desk(*ROWS, rooms=rooms) as desk:
        await desk.press("2", "z", "enter")
        assert "snoozing …" in desk.row("paged")
        await desk.press("x")
        assert any("Already on its way" in toast for toast in desk.toasts())
        rooms.may_answer.set()
        await desk.settle()
        assert "not snoozed: PagerDuty" in desk.row("paged")
        assert any("Not snoozed" in toast for toast in desk.toasts())


async def test_what_the_next_poll_tells_takes_the_place_of_a_yes() -> None:
    clock = Clock()
    async with at_desk(*ROWS, clock=clock) as desk:
        desk.rooms.answer = lambda alerts: [
            ActReport(one.id, one.title, Outcome.CONFIRMED, verb=Verb.SNOOZE) for one in alerts
        ]
        await desk.press("2", "z", "enter")
        await desk.settle()
        assert "snoozed" in desk.row("paged")
        held = replace(PAGED, status=Status.ACKNOWLEDGED, acknowledged_by="Ann")
        clock.forward(timedelta(seconds=31))
        later = clock()
        await desk.show(held, ISSUE, sources=[replace(freshness(PAGERDUTY), fetched_at=later)])
        assert "snoozed" not in desk.row("paged")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_form_over_forty_alerts_can_be_answered(size: tuple[int, int]) -> None:
    many: list[Alert] = [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}")) for i in range(40)]
    async with at_desk(*many, size=size) as desk:
        await desk.press("2", "M", "z")
        assert "15 minutes" in desk.text()
        await desk.press("enter")
        assert len(desk.rooms.ids_sent[0]) == 40


async def test_what_a_form_is_about_can_be_read_to_its_end() -> None:
    many: list[Alert] = [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}")) for i in range(40)]
    async with at_desk(*many, size=(80, 24)) as desk:
        await desk.press("2", "M", "n")
        assert "trouble 39" not in desk.text()
        await desk.press(*["pagedown"] * 5)
        assert "trouble 39" in desk.text()
        await desk.press(*"x", "enter")
        assert desk.rooms.actions == [Note("x")]


async def test_letters_typed_into_a_form_are_text() -> None:
    async with at_desk(*ROWS) as desk:
        await desk.press("2", "n", *"aqxzR")
        await asyncio.sleep(0)
        assert desk.app.screen.query_one("#entry", Input).value == "aqxzR"
        assert desk.rooms.monitor.refreshed == 0
