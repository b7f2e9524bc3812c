"""What is typed ahead goes to what the key before it opens, or nowhere: never to the list."""

import asyncio
import textwrap
from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual import events
from textual.app import App
from textual.widgets import Input

from oncall_tui.domain.action import Note
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.pager import EscalationLevel, EscalationPath
from oncall_tui.ui import typed_ahead
from oncall_tui.ui.commands import REGISTRY
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.forms import Form
from oncall_tui.ui.screens.help import Help
from oncall_tui.ui.screens.view import View
from tests.ui.bursts import PATIENCE_S, burst, click, heard, key, send
from tests.ui.desk import Desk, FakeAccount, FakeRooms, at_desk
from tests.ui.silence_desk import LABELS
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, PROMETHEUS, SENTRY, alert, before, record

EVERYWHERE = alert(
    record(PAGERDUTY, "Q1", title="paged", since=before(9)),
    replace(record(ALERTMANAGER, "f1", since=before(9), labels=LABELS), silence_ids=("s1",)),
    record(SENTRY, "1", since=before(9)),
)
RULE = alert(record(PROMETHEUS, "f2", title="rule", since=before(8)))
OTHER = alert(record(PAGERDUTY, "Q3", title="other", since=before(7)))
ROWS = (EVERYWHERE, RULE, OTHER)

PATH = EscalationPath("P1", "Default", (EscalationLevel(1), EscalationLevel(2)))
OPENING = [one for one in REGISTRY.values() if (one.opens or one.asks_first) and one.key]


def filter_of(desk: Desk) -> str:
    return desk.view.query_one("#filter", Input).value


def unharmed(desk: Desk) -> bool:
    """Nothing was sent, nothing broke, and nothing was refused because it came too early."""
    return desk.rooms.sent == [] and desk.toasts() == []


@pytest.mark.parametrize("typed", ["2/api", "/api", "42/api", "4/api", "21/api", "4521/api", "/api<enter>"])
async def test_letters_typed_with_the_key_of_the_filter_go_to_the_filter_on_a_fresh_start(typed: str) -> None:
    letters, _, last = typed.partition("<")
    async with at_desk(*ROWS) as desk:
        await burst(desk, letters, *([f"<{last}"] if last else []))
        assert filter_of(desk) == "api"
        assert desk.view.query_one("#filter").has_focus is not bool(last)
        assert unharmed(desk)


async def test_letters_go_to_the_filter_later_too_and_pasted_ones_in_their_order() -> None:
    async with at_desk(*ROWS) as desk:
        for view in ("2", "4", "1", "2"):
            await burst(desk, view)
            await burst(desk, "/api", events.Paste(" a\x1b[31ma"), "a")
            assert filter_of(desk) == "api a\ufffd[31maa"
            await burst(desk, "<escape>")
        assert unharmed(desk)


async def test_no_letter_behind_a_key_that_opens_something_acts_on_the_list() -> None:
    rooms = FakeRooms()
    rooms.accounts = {PAGERDUTY: FakeAccount()}
    rooms.escalation = PATH
    async with at_desk(*ROWS, rooms=rooms, size=(160, 50)) as desk:
        await burst(desk, "2")
        for command in [*OPENING, *OPENING]:
            # In jump mode a letter is a place to go to, where the keys behind it are meant for.
            await burst(desk, key(command.key.split(",")[0].strip()), "a" if command.id == "screen.jump" else "ajaa")
            assert desk.rooms.sent == [], command.id
            await leave(desk)
            assert desk.alerts.cursor_id == EVERYWHERE.id, command.id
        assert desk.rooms.actions == []
        assert not any("broke" in one for one in desk.toasts())


async def leave(desk: Desk) -> None:
    """Back to the list, without its filter."""
    while not isinstance(desk.app.screen, View) or desk.view.query_one("#filter").has_focus:
        await burst(desk, "<escape>")
    await burst(desk, "g")


async def test_what_is_typed_into_a_form_is_all_of_it_and_sent_by_its_enter() -> None:
    async with at_desk(*ROWS) as desk:
        await burst(desk, "2")
        await burst(desk, "nhello")
        assert isinstance(desk.app.screen, Form)
        assert desk.app.screen.query_one("#entry", Input).value == "hello"
        await burst(desk, "<escape>")
        await burst(desk, "naja/q", "<enter>", "j")
        assert desk.rooms.actions == [Note("aja/q")]
        assert desk.rooms.ids_sent == [[EVERYWHERE.id]]
        assert desk.alerts.cursor_id == RULE.id, "behind the form the list has the keys again"
        await burst(desk, ":acknowledge")
        assert desk.app.screen.query_one(Input).value == "acknowledge"
        assert len(desk.rooms.sent) == 1


async def test_a_question_is_answered_by_who_has_seen_it() -> None:
    async with at_desk(*ROWS) as desk:
        await burst(desk, "2")
        await burst(desk, "<space>", "ay")
        assert isinstance(desk.app.screen, Question)
        assert desk.rooms.sent == []
        assert desk.toasts() == [typed_ahead.UNSEEN]
        await burst(desk, "y")
        assert desk.rooms.ids_sent == [[EVERYWHERE.id]]


ANSWERS: Sequence[Sequence[str]] = (["yy"], ["<escape>"], ["j", "n"])
MEANS_NOTHING: Sequence[Sequence[str | events.Event]] = (["jj"], ["<tab>"], ["Y", "<enter>"], [events.Paste("y")], [])


async def test_an_answer_that_came_before_its_question_is_told_once_and_what_means_nothing_to_it_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    async with at_desk(*ROWS) as desk:
        monkeypatch.setattr(desk.app, "say", lambda text, **_: told.append(text))
        await burst(desk, "2")
        await burst(desk, "<space>")
        for is_told, behind in [*((True, one) for one in ANSWERS), *((False, one) for one in MEANS_NOTHING)]:
            await burst(desk, "a", *behind)
            assert isinstance(desk.app.screen, Question)
            assert told == [typed_ahead.UNSEEN] * is_told, behind
            told.clear()
            await burst(desk, "<escape>")
        assert desk.rooms.sent == []
    assert len(textwrap.wrap(typed_ahead.UNSEEN, 36)) <= 2, "at 80x24 it stands over the foot of a tall question only"


async def test_what_does_not_open_takes_what_was_meant_for_it_along() -> None:
    async with at_desk(*ROWS) as desk:
        await burst(desk, "2")
        await burst(desk, "jHaaj")
        assert desk.alerts.cursor_id == RULE.id, "the key before it was heard, those behind it were not"
        desk.rooms.may_answer.clear()
        await burst(desk, "ja")
        assert desk.rooms.ids_sent == [[OTHER.id]]
        await burst(desk, "nkakaa")
        assert desk.rooms.ids_sent == [[OTHER.id]]
        assert desk.alerts.cursor_id == OTHER.id
        assert "Already on its way" in desk.toasts()[-1]
        await desk.answer()


async def test_keys_that_open_nothing_are_all_heard_in_their_order() -> None:
    async with at_desk(*ROWS) as desk:
        await burst(desk, "2")
        await burst(desk, "jjkg")
        assert desk.alerts.cursor_id == EVERYWHERE.id
        await burst(desk, "?", "<escape>", "jj")
        assert desk.alerts.cursor_id == OTHER.id
        await burst(desk, "g", "<space>", "<space>", "1", "2", "j")
        assert desk.alerts.marked == {EVERYWHERE.id, RULE.id}
        assert unharmed(desk)


async def test_priority_keys_keep_their_place_and_a_click_is_aimed_at_what_stood_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    monkeypatch.setattr("oncall_tui.ui.fixed_keys.has_shell", lambda: True)
    async with at_desk(*ROWS) as desk:
        monkeypatch.setattr(App, "action_suspend_process", lambda _app: seen.append(filter_of(desk)))
        await burst(desk, "2/a", "<ctrl+z>", "p")
        assert seen == ["a"]
        assert filter_of(desk) == "ap"
        await burst(desk, "<escape>")
        region = desk.alerts.region
        await burst(desk, "?", click(region.x + 4, region.y + 2))
        assert isinstance(desk.app.screen, Help)
        await burst(desk, "<escape>")
        assert desk.alerts.cursor_id == EVERYWHERE.id
        await burst(desk, click(region.x + 4, region.y + 2), "j")
        assert desk.alerts.cursor_id == OTHER.id, "a click and a key behind it are both heard"


class SlowPager(FakeRooms):
    """A pager that takes its time to tell its levels."""

    def __init__(self) -> None:
        super().__init__()
        self.may_tell = asyncio.Event()
        self.escalation = PATH

    async def escalation_of(self, alert: Alert) -> EscalationPath:
        await self.may_tell.wait()
        return await super().escalation_of(alert)


async def opened(desk: Desk, kind: type) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not isinstance(desk.app.screen, kind):
            await desk.pilot.pause(0)


async def test_a_hold_ends_before_a_slow_vendor_answers_and_what_was_typed_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typed_ahead, "LIMIT_TICKS", 5)
    rooms = SlowPager()
    async with at_desk(*ROWS, rooms=rooms) as desk:
        await burst(desk, "2")
        await typed(desk, "ejaa")
        assert desk.toasts() == [typed_ahead.DROPPED]
        assert desk.alerts.cursor_id == EVERYWHERE.id
        await typed(desk, "j")
        assert desk.alerts.cursor_id == RULE.id, "the list has the keys again"
        await typed(desk, "a")
        assert rooms.sent == []
        assert "The screen was changing" in desk.toasts()[-1]
        rooms.may_tell.set()
        await opened(desk, Form)
        await typed(desk, "<enter>", "<escape>")
        assert rooms.actions == [], "what opens by itself takes no key that was meant for the list"
        assert isinstance(desk.app.screen, Form)
        monkeypatch.setattr(typed_ahead, "_SUDDEN_S", 0)
        desk.app.typed_ahead._sudden_until = 0
        await typed(desk, "<escape>")
        await opened(desk, View)


async def typed(desk: Desk, *keys: str) -> None:
    """Keys while a vendor is waited for, whom waiting for commands would wait for as well."""
    send(desk, *keys)
    await desk.pilot.pause(0)
    await heard(desk)


async def test_what_is_typed_while_a_vendor_answers_soon_goes_to_the_form() -> None:
    rooms = SlowPager()
    async with at_desk(*ROWS, rooms=rooms) as desk:
        await burst(desk, "2")
        send(desk, "e", "<escape>", "j")
        await desk.pilot.pause(0)
        rooms.may_tell.set()
        await heard(desk)
        assert isinstance(desk.app.screen, View)
        assert desk.alerts.cursor_id == RULE.id
        assert rooms.actions == []


@pytest.mark.parametrize("ids", [("view.alerts", "list.filter"), ("view.runbooks", "list.filter")], ids=str)
async def test_a_command_that_comes_before_its_view_is_there_breaks_nothing(ids: Sequence[str]) -> None:
    async with at_desk(*ROWS) as desk:
        for one in ids:
            desk.app.action_command(one)
            await asyncio.sleep(0)
        await desk.settle()
        assert not any("broke" in one for one in desk.toasts())
