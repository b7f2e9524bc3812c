"""A text of hundreds of lines: every line can be reached and read, and no more are drawn than there are in sight."""

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static

from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.widgets.long_text import LONG, LongText, text_of
from tests.ui.desk import at_desk
from tests.ui.test_dialogs import alerts, body

LINES = [f"line {number} of a storm, 数字 {'x' * (number % 70)}".rstrip() for number in range(300)]
WHOLE = Content("\n").join([Content.styled(one, "bold") for one in LINES] + [Content(), Content("the end")])


class Both(App[None]):
    """The same text as Textual draws it, or as we do."""

    def __init__(self, shown: Static) -> None:
        super().__init__()
        self.shown = shown

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield self.shown


async def drawn(shown: Static) -> list[str]:
    """Every line of it, and that it has room for all of them."""
    app = Both(shown)
    async with app.run_test(size=(50, 20)):
        return [shown.render_line(y).text.rstrip() for y in range(shown.size.height)]


async def test_it_is_read_as_textual_draws_it() -> None:
    assert await drawn(LongText(WHOLE)) == await drawn(Static(WHOLE))


def test_only_what_is_long_is_drawn_line_by_line() -> None:
    assert type(text_of(Content("a\n" * (LONG - 1)))) is Static
    assert type(text_of(Content("a\n" * LONG), id="told")) is LongText


async def test_a_question_about_a_storm_draws_what_is_in_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[int] = set()
    render_line = LongText.render_line

    def noting(self: LongText, y: int) -> Strip:
        asked.add(y)
        return render_line(self, y)

    monkeypatch.setattr(LongText, "render_line", noting)
    async with at_desk(*alerts(400), size=(120, 36)) as desk:
        await desk.press("2", "M", "a")
        assert isinstance(desk.app.screen, Question)
        assert "trouble 00" in desk.text()
        assert "trouble 399" in body(desk)
        assert 10 < len(asked) < 100
        await desk.press("G")
        assert "trouble 399" in desk.text()
        await desk.press("y")
    assert [len(targets) for targets in desk.rooms.sent] == [400]
