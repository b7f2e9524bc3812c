"""What a silence covers is asked of Alertmanager, and seen before it is made."""

from dataclasses import replace

import pytest

from oncall_tui.domain.action import Silence
from oncall_tui.domain.alert import Record
from oncall_tui.domain.silence import Matcher, read_matchers
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.errors import Unreachable
from tests.nasty.corpus import LONG, MARKUP, SEQUENCES
from tests.ui.desk import FakeSilencer, config_of
from tests.ui.silence_desk import FIRST, HELD, WRITTEN, Waiting, desk_with, field, heard, opened, preview, write
from tests.unit.builders import ALERTMANAGER, alert, record


async def test_the_labels_of_the_alert_begin_it_and_what_they_cover_is_asked_at_once(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD, record(ALERTMANAGER, "f9", title="other", service="api")])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        assert field(desk).text == WRITTEN
        assert silencer.asked == [read_matchers(WRITTEN)]
        assert "covers 2 alerts now:" in desk.text()
        assert "other" in preview(desk)
        assert "→ 04:14, in 2 h" in desk.text()
        assert waiting.set == 0


async def test_what_is_covered_is_asked_once_after_typing_has_come_to_rest(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        field(desk).move_cursor(field(desk).document.end)
        await desk.press(*" env=prod")
        assert "asking alertmanager" in preview(desk)
        assert len(silencer.asked) == 1, "the first one, of the labels"
        silencer.covered = []
        waiting.ring()
        await heard(desk)
        assert silencer.asked[1:] == [read_matchers(f"{WRITTEN} env=prod")]
        assert "covers no active alert now" in preview(desk)
        assert "is not covered: look at the matchers" in preview(desk)


async def test_blanks_change_nothing_and_cost_nothing(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        field(desk).move_cursor(field(desk).document.end)
        await desk.press("space", "comma", "space")
        assert waiting.set == 0
        assert "covers 1 alert now" in preview(desk)


async def test_nothing_is_made_before_what_it_covers_stands_there(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        await desk.press("tab", "tab", *"why")
        silencer.may_answer.clear()
        await write(desk, "team=core")
        desk.app.screen.query_one("#comment").focus()
        await desk.press("enter", "enter", "ctrl+s")
        assert desk.rooms.silenced == []
        assert silencer.asked[1:] == [read_matchers("team=core")], "it is asked at once, and only once"
        silencer.may_answer.set()
        await heard(desk)
        assert desk.rooms.silenced == [], "nobody has seen it yet"
        await desk.press("enter")
        assert [action.matchers for _, action, _ in desk.rooms.silenced if isinstance(action, Silence)] == [
            ('team="core"',)
        ]


async def test_an_answer_to_matchers_of_before_is_not_taken(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    silencer.may_answer.clear()
    async with desk_with(silencer) as desk:
        await opened(desk)
        await write(desk, "team=other")
        silencer.may_answer.set()
        await heard(desk)
        assert "asking alertmanager" in preview(desk)
        waiting.ring()
        await heard(desk)
        assert "covers 1 alert" in preview(desk)


@pytest.mark.parametrize(
    ("text", "words"),
    [("team=core nonsense", "At “nonsense”: a matcher is"), ("", "Write at least one"), ('a="x', "At “a=")],
)
async def test_matchers_that_cannot_be_read_are_said_while_typing(text: str, words: str, waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        await desk.press("tab", "tab", *"why")
        await write(desk, text)
        assert words in desk.text()
        assert "covers" not in preview(desk)
        await desk.press("ctrl+s")
        assert desk.rooms.silenced == []
        assert len(silencer.asked) == 1
        assert desk.app.screen.focused is field(desk)
        await write(desk, WRITTEN)
        assert words not in desk.text()


async def test_a_source_that_does_not_say_is_named_and_asked_again(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[HELD])
    silencer.error = Unreachable("alertmanager.example refuses the connection.", "Is the VPN up?")
    async with desk_with(silencer) as desk:
        await opened(desk)
        await heard(desk)
        assert "refuses the connection. Is the VPN up?" in preview(desk)
        await desk.press("tab", "tab", *"why", "enter")
        await heard(desk)
        assert desk.rooms.silenced == []
        assert len(silencer.asked) == 2
        silencer.error = None
        await desk.press("enter")
        await heard(desk)
        assert desk.rooms.silenced == []
        await desk.press("enter")
        assert len(desk.rooms.silenced) == 1


HOSTILE = {
    "markup": " ".join(MARKUP.values()),
    "sequences": " ".join(SEQUENCES.values()),
    "quotes": 'say "no" \\ [/red] {a="b"} \\n',
    "lines": "one\ntwo\tthree",
    "long": LONG["ten thousand wide"],
}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_labels_are_matchers_like_any_other(text: str, size: tuple[int, int], waiting: Waiting) -> None:
    told: Record = replace(HELD, labels={"alertname": clean_line(text), "raw": text[:10_000]}, title=clean_line(text))
    if set("\x1b\x07\x00") & set(text):
        told = replace(told, labels={"alertname": clean_line(text)})
    standing = replace(FIRST, matchers=(Matcher("a", text),), comment=text, created_by=clean_line(text))
    silencer = FakeSilencer(standing, covered=[told])
    async with desk_with(silencer, alert(told), size=size, config=config_of(production=True)) as desk:
        await opened(desk)
        await heard(desk)
        assert [(one.name, one.value) for one in silencer.asked[0]] == sorted(told.labels.items())
        assert "covers 1 alert now" in desk.text()
        assert "PROD rewapp" in desk.text()
        await desk.press("tab", "tab", *"why", "enter")
        await desk.settle()
        (_, action, _), *_ = desk.rooms.silenced
        assert isinstance(action, Silence)
        assert read_matchers(" ".join(action.matchers)) == silencer.asked[0]
        desk.app.action_command("screen.silences")
        await heard(desk)
        assert "1 h left" in desk.text()
