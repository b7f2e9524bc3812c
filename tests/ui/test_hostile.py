"""Hostile text in every field, through every view, dialog and message: nothing breaks, and nothing is pressed by it."""

from collections.abc import Iterable, Sequence

import pytest
from textual.events import Paste
from textual.widgets import Input

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean_line
from oncall_tui.response.report import ActReport, Outcome
from tests.nasty.corpus import LONG, MARKUP, SEQUENCES, UNICODE
from tests.nasty.scene import situation_of_nothing_but
from tests.ui.desk import SIZES, Desk, FakeRooms, at_desk, config_of

FORBIDDEN = frozenset(
    {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))}
    | set("\u061c\u200e\u200f\u2028\u2029\ufeff")
    | {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x2070))}
) - {"\n"}


def rooms_that_answer_with(text: str) -> FakeRooms:
    """Rooms whose pager answers every acknowledge with hostile words."""
    line = clean_line(text)
    rooms = FakeRooms()

    def answer(alerts: Sequence[Alert]) -> list[ActReport]:
        outcomes = (Outcome.FAILED, Outcome.ALREADY, Outcome.HERE_ONLY, Outcome.GONE)
        return [ActReport(one.id, one.title, outcomes[i % 4], line, by=line) for i, one in enumerate(alerts)]

    rooms.answer = answer
    return rooms


def assert_harmless(desk: Desk, name: str) -> None:
    """The app lives, and has drawn nothing that a terminal would obey."""
    assert desk.app.is_running, name
    found = FORBIDDEN & set(desk.text())
    assert not found, (name, sorted(map(ascii, found)))


def batched_names(texts: Iterable[str], size: int) -> list[tuple[str, ...]]:
    """Their names, a few at a time."""
    names = tuple(texts)
    return [names[at : at + size] for at in range(0, len(names), size)]


TOGETHER = {
    "sequences": " ".join(SEQUENCES.values()),
    "unicode": " ".join(text for name, text in UNICODE.items() if "500" not in name),
    "marks": UNICODE["500 marks on one letter"],
}
"""What is cleaned before it gets to a dialog may come there together."""

IN_DIALOGS = {
    "markup": {" · ".join(names): " ".join(MARKUP[one] for one in names) for names in batched_names(MARKUP, 6)},
    "bytes": TOGETHER,
    "long": {name: LONG[name] for name in ("ten thousand wide", "many lines", "a hundred thousand brackets")},
}


@pytest.mark.parametrize("view", ["1", "2", "4", "5", "7"])
@pytest.mark.parametrize(
    ("size", "texts"),
    zip(SIZES, ({**TOGETHER, **UNICODE, **LONG}, {**TOGETHER, **LONG}, {**TOGETHER, **LONG}), strict=True),
    ids=("small", "usual", "large"),
)
async def test_it_is_drawn_in_every_view(view: str, size: tuple[int, int], texts: dict[str, str]) -> None:
    async with at_desk(size=size, config=config_of(production=True)) as desk:
        await desk.press(view)
        for generation, (name, text) in enumerate(texts.items(), start=1):
            await desk.publish(situation_of_nothing_but(text, generation))
            assert_harmless(desk, name)
        assert desk.rooms.sent == []


@pytest.mark.parametrize("group", IN_DIALOGS.values(), ids=IN_DIALOGS)
async def test_it_is_drawn_in_every_dialog_and_message(group: dict[str, str]) -> None:
    rooms = FakeRooms()
    problems = [clean_line(text) for text in group.values()]
    async with at_desk(size=(80, 24), rooms=rooms, problems=problems) as desk:
        for generation, (name, text) in enumerate(group.items(), start=1):
            rooms.answer = rooms_that_answer_with(text).answer
            rooms.sent.clear()
            await desk.publish(situation_of_nothing_but(text, generation))
            for keys in (["b"], ["escape", "2", "M", "a"]):
                await desk.press(*keys)
                assert_harmless(desk, name)
            assert rooms.sent == [], name
            await desk.press("y")
            await desk.settle()
            assert_harmless(desk, name)
            assert [len(call) for call in rooms.sent] == [4], f"{name}: once, by our own key"
            desk.alerts.clear_marks()
            await desk.press("escape")


async def test_it_is_drawn_in_every_form_and_list() -> None:
    """Notes, snoozing, resolving, escalating, silencing, the past of an alert and what waits, of a hostile alert."""
    texts = {**TOGETHER, "markup": " ".join(MARKUP.values())}
    async with at_desk(size=(80, 24)) as desk:
        for generation, (name, text) in enumerate(texts.items(), start=1):
            await desk.publish(situation_of_nothing_but(text, generation))
            for key in "nzxeSHW":
                await desk.press("2", key)
                assert_harmless(desk, f"{name}: {key}")
                await desk.press("escape", "escape")
        assert desk.rooms.sent == []
        assert desk.rooms.actions == []


async def test_markup_is_drawn_as_it_was_written() -> None:
    async with at_desk(size=(200, 60)) as desk:
        generation = 0
        for view in ("1", "2", "5"):
            await desk.press(view)
            for text in MARKUP.values():
                generation += 1
                await desk.publish(situation_of_nothing_but(text, generation))
                assert text in desk.text()
        for name in ("brackets", "a button", "a closing tag", "a variable"):
            generation += 1
            await desk.publish(situation_of_nothing_but(MARKUP[name], generation))
            await desk.press("b")
            assert MARKUP[name] in desk.text()
            await desk.press("b")


@pytest.mark.parametrize("view", ["1", "2", "5"])
async def test_no_click_anywhere_runs_an_action(view: str) -> None:
    buttons = [one for one in MARKUP.values() if "@" in one]
    async with at_desk(size=(80, 24), problems=buttons) as desk:
        await desk.press(view)
        for generation, text in enumerate(buttons, start=1):
            await desk.publish(situation_of_nothing_but(text, generation))
            for y in range(24):
                for x in range(3, 80, 6):
                    style = desk.app.screen.get_style_at(x, y)
                    assert "@click" not in style.meta, (x, y)
        assert desk.rooms.sent == []
        assert desk.app.is_running


async def test_it_can_be_pasted_into_the_filter() -> None:
    async with at_desk() as desk:
        await desk.publish(situation_of_nothing_but("calm"))
        await desk.press("2", "slash")
        for name, text in {**MARKUP, **UNICODE, **SEQUENCES}.items():
            field = desk.view.query_one("#filter", Input)
            field.value = text
            assert not FORBIDDEN & set(field.value), "no frame can be drawn with it"
            await desk.settle()
            assert_harmless(desk, name)


async def test_what_is_pasted_into_the_palette_is_cleaned_before_it_is_drawn() -> None:
    async with at_desk() as desk:
        await desk.press("colon")
        desk.app.post_message(Paste(SEQUENCES["C1 in one byte"] + UNICODE["bidi overrides"]))
        await desk.settle()
        pasted = desk.app.screen.query_one(Input).value
        assert "PWNED" in pasted
        assert not FORBIDDEN & set(pasted)
