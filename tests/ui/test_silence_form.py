"""Silences are made in a form: matchers, an end and a comment, of one alert."""

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.widgets import Input

from oncall_tui.domain.action import Silence
from oncall_tui.domain.silence import Matcher, read_matcher, read_matchers
from oncall_tui.domain.text import clean_line
from oncall_tui.response.report import Outcome
from oncall_tui.ui.screens.silence_form import SilenceForm
from tests.ui.desk import FakeSilencer
from tests.ui.silence_desk import HELD, PAGE, WRITTEN, Waiting, desk_with, field, heard, opened, write
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, alert, freshness, record

MANY_LETTERS, BROKEN = "x" * 5_000, "first\nsecond\ttab \x1b[31m\u202eright"
RAW = replace(
    HELD,
    labels={"alertname": "Errors", "long": clean_line(MANY_LETTERS), "text": clean_line(BROKEN)},
    raw_labels=(("long", MANY_LETTERS), ("text", BROKEN)),
)


async def test_what_is_drawn_cleaned_is_asked_and_made_as_alertmanager_has_it(waiting: Waiting) -> None:
    exact = (Matcher("alertname", "Errors"), Matcher("long", MANY_LETTERS), Matcher("text", BROKEN))
    silencer = FakeSilencer(covered=[RAW])
    async with desk_with(silencer, alert(RAW)) as desk:
        await opened(desk)
        await heard(desk)
        written = field(desk).text
        assert "\x1b" not in written and "\u202e" not in written
        assert len(written) < 1_000
        assert silencer.asked == [exact]
        await desk.press("enter", "enter", *"known", "enter")
        await desk.settle()
        ((_, action, _),) = desk.rooms.silenced
        assert isinstance(action, Silence)
        assert tuple(map(read_matcher, action.matchers)) == exact


async def test_what_somebody_changes_in_it_is_asked_as_they_wrote_it(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[RAW])
    async with desk_with(silencer, alert(RAW)) as desk:
        await opened(desk)
        await heard(desk)
        await write(desk, field(desk).text.replace("…", "y"))
        waiting.ring()
        await heard(desk)
        assert [one.value for one in silencer.asked[-1]] == ["Errors", "x" * 399 + "y", BROKEN]


@pytest.mark.parametrize("last", ["enter", "ctrl+s"])
@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_enter_goes_from_field_to_field_and_the_last_one_makes_it(
    last: str, size: tuple[int, int], waiting: Waiting
) -> None:
    async with desk_with(FakeSilencer(covered=[HELD]), size=size) as desk:
        await opened(desk)
        await heard(desk)
        await desk.press("enter", *"45m", "enter", *"moved to eu-2", last)
        await desk.settle()
        wanted = Silence(
            ('alertname="HighErrorRate"', 'service="api"', 'team="core"'),
            NOW,
            NOW + timedelta(minutes=45),
            "moved to eu-2",
        )
        assert desk.rooms.silenced == [(ALERTMANAGER, wanted, "")]
        assert not isinstance(desk.app.screen, SilenceForm)
        assert desk.toasts() == ["Silenced: “errors” (until 02:59)."]
        assert "silenced" in desk.row("errors")
        assert desk.rooms.monitor.refreshed == 1, "Alertmanager is asked anew"
        assert desk.rooms.sent == []


async def test_an_end_may_be_a_moment(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[HELD])) as desk:
        await opened(desk)
        await heard(desk)
        await desk.press("enter", *"06:00", "enter", *"why", "enter")
        (_, action, _), *_ = desk.rooms.silenced
        assert isinstance(action, Silence)
        assert action.ends_at == NOW.replace(hour=6, minute=0)


@pytest.mark.parametrize(
    ("end", "comment", "words", "focused"),
    [
        ("soon", "why", "Write a span such as 45m, 2h or 1d12h", "end"),
        ("2020-01-01", "why", "That is over already", "end"),
        ("2h", "", "Write why: the others read it.", "comment"),
        ("2h", "   ", "Write why: the others read it.", "comment"),
    ],
)
async def test_an_end_and_a_comment_are_needed(
    end: str, comment: str, words: str, focused: str, waiting: Waiting
) -> None:
    async with desk_with(FakeSilencer(covered=[HELD]), size=(80, 24)) as desk:
        await opened(desk)
        await heard(desk)
        desk.app.screen.query_one("#end", Input).value = end
        desk.app.screen.query_one("#comment", Input).value = comment
        await desk.press("ctrl+s")
        assert words in desk.text()
        assert desk.rooms.silenced == []
        assert desk.app.screen.focused is not None
        assert desk.app.screen.focused.id == focused


async def test_letters_typed_into_the_fields_are_text(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[HELD])) as desk:
        await opened(desk)
        await write(desk, "")
        await desk.press(*"aqxzRSfj?:/1=x")
        assert field(desk).text == "aqxzRSfj?:/1=x"
        await desk.press("tab", "tab", *"qxynS:?")
        assert desk.app.screen.query_one("#comment", Input).value == "qxynS:?"
        assert desk.rooms.monitor.refreshed == 0
        await desk.press("escape")
        assert not isinstance(desk.app.screen, SilenceForm)
        assert (desk.rooms.sent, desk.rooms.silenced) == ([], [])


async def test_a_refresh_under_the_form_changes_nothing_about_the_target(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[HELD])) as desk:
        await opened(desk)
        await heard(desk)
        newer = alert(record(ALERTMANAGER, "f0", title="newer", labels={"alertname": "Newer"}))
        await desk.show(newer, PAGE, sources=[freshness(ALERTMANAGER), freshness(PAGERDUTY)])
        assert "Meanwhile: “errors” is over" in desk.text()
        assert field(desk).text == WRITTEN
        await desk.press("tab", "tab", *"why", "enter")
        (_, action, _), *_ = desk.rooms.silenced
        assert isinstance(action, Silence)
        assert action.matchers == tuple(map(str, read_matchers(WRITTEN)))


async def test_what_alertmanager_does_not_hold_cannot_be_silenced() -> None:
    async with desk_with(FakeSilencer()) as desk:
        await desk.press("2", "j", "S")
        assert not isinstance(desk.app.screen, SilenceForm)
        assert desk.toasts() == ["Only what Alertmanager holds can be silenced."]


async def test_the_row_says_how_far_it_is_and_how_it_ended(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[HELD])) as desk:
        desk.rooms.may_answer.clear()
        desk.rooms.silence_outcome, desk.rooms.silence_reason = Outcome.FAILED, "Alertmanager answered 500"
        await opened(desk)
        await heard(desk)
        await desk.press("tab", "tab", *"why", "enter")
        assert "silencing …" in desk.row("errors")
        await desk.press("S")
        assert any("Already on its way" in toast for toast in desk.toasts())
        await desk.answer()
        assert "not silenced: Alert" in desk.row("errors")
        assert any("Not silenced" in toast and "answered 500" in toast for toast in desk.toasts())
