"""Themes while the screen runs: files that come, change, break and go, and the list that tries them on."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.color import Color
from textual.widgets import OptionList

from oncall_tui.config.model import Config, DisplaySettings
from oncall_tui.config.paths import shipped
from oncall_tui.ui.screens.theme_picker import ThemePicker
from oncall_tui.ui.start import build_app, run
from oncall_tui.ui.theme_choice import choose
from oncall_tui.ui.theme_depth import Depth
from oncall_tui.ui.theme_folder import ThemeFolder
from oncall_tui.ui.theme_watch import ThemeWatch
from tests.ui.desk import Desk, FakeRooms, at_desk, build, config_of, opened
from tests.ui.test_life import TROUBLE

NIGHT = 'name = "night"\n[colors]\nprimary = "#7aa2f7"\nforeground = "#ffffff"\nbackground = "{}"\n'
SHIPPED = shipped("themes")


class Turns:
    """A wait that ends when the test says so."""

    def __init__(self) -> None:
        self._may_look = asyncio.Event()
        self._looked = asyncio.Event()

    async def __call__(self) -> None:
        self._looked.set()
        await self._may_look.wait()
        self._may_look.clear()

    async def look(self) -> None:
        """Let the watch look at the folder once, and wait until it has drawn what it found."""
        await self._looked.wait()
        self._looked.clear()
        self._may_look.set()
        await self._looked.wait()


class Watched:
    """A desk, the folder of its user's themes, and the watch on it."""

    def __init__(self, desk: Desk, folder: Path, turns: Turns) -> None:
        self.desk = desk
        self.folder = folder
        self._turns = turns
        self._moment = 2_000

    @property
    def ground(self) -> str:
        """The ground that is really drawn."""
        style = next(style for _text, style, _control in self.desk.app.screen._compositor.render_strips()[-2] if style)
        assert style.bgcolor is not None and style.bgcolor.triplet is not None
        return style.bgcolor.triplet.hex

    def write(self, text: str, name: str = "night.toml") -> None:
        self._moment += 1
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_text(text)
        os.utime(self.folder / name, (self._moment, self._moment))

    async def looks(self, times: int = 2) -> None:
        for _ in range(times):
            await self._turns.look()
        await self.desk.settle()


@asynccontextmanager
async def watched(folder: Path, theme: str = "oncall-dark") -> AsyncIterator[Watched]:
    own, turns = ThemeFolder(folder).look(at_once=True), Turns()
    choice = choose(theme, SHIPPED, own, Depth.TRUE)
    app = build(config_of(), rooms := FakeRooms(), problems=choice.problems)
    for one in choice.themes:
        app.register_theme(one)
    app.theme = choice.name
    app._companions = (ThemeWatch(SHIPPED, own, wanted=theme, wait=turns),)
    async with asyncio.timeout(60), app.run_test(size=(120, 36), notifications=True, tooltips=True) as pilot:
        await opened(app, pilot)
        desk = Desk(app, pilot, rooms)
        await desk.show(TROUBLE)
        yield Watched(desk, folder, turns)


async def test_an_edit_is_drawn_and_a_broken_one_keeps_what_was_with_one_message(tmp_path: Path) -> None:
    (tmp_path / "night.toml").write_text(NIGHT.format("#102030"))
    async with watched(tmp_path, "night") as it:
        assert (it.desk.app.theme, it.ground) == ("night", "#102030")
        it.write(NIGHT.format("#203040"))
        await it.looks()
        assert (it.desk.app.theme, it.ground) == ("night", "#203040")

        it.write(NIGHT.format("bluish"))
        await it.looks(6)
        assert it.ground == "#203040"
        (toast,) = it.desk.toasts()
        assert toast == "Theme\nnight.toml: colors.background: 'bluish' is not a colour, e.g. \"#ff9f45\""

        it.write(NIGHT.format("#304050"))
        await it.looks()
        assert it.ground == "#304050"
        assert it.desk.toasts() == [], "what is mended is no longer told"


async def test_a_theme_that_is_removed_gives_way_and_comes_back(tmp_path: Path) -> None:
    (tmp_path / "night.toml").write_text(NIGHT.format("#102030"))
    async with watched(tmp_path, "night") as it:
        (tmp_path / "night.toml").unlink()
        await it.looks()
        assert it.desk.app.theme == "oncall-dark"
        assert "night" not in it.desk.app.available_themes
        assert it.desk.toasts() == ["Theme\nnight is gone: oncall-dark takes its place."]
        it.write(NIGHT.format("#203040"))
        await it.looks()
        assert (it.desk.app.theme, it.ground) == ("night", "#203040")
        assert it.desk.toasts() == []


async def test_a_theme_that_comes_can_be_chosen(tmp_path: Path) -> None:
    async with watched(tmp_path / "themes") as it:
        it.write(NIGHT.format("#102030"))
        await it.looks()
        assert it.desk.app.theme == "oncall-dark"
        assert "night" in it.desk.app.available_themes


async def test_the_users_own_holds_over_a_shipped_one_for_as_long_as_it_is_there(tmp_path: Path) -> None:
    async with watched(tmp_path, "fjord") as it:
        before = it.ground
        it.write(NIGHT.format("#102030").replace('"night"', '"fjord"'))
        await it.looks()
        assert (it.desk.app.theme, it.ground) == ("fjord", "#102030")
        (tmp_path / "night.toml").unlink()
        await it.looks()
        assert (it.desk.app.theme, it.ground) == ("fjord", before)


async def test_nothing_is_done_while_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.toml").write_text("name = ")
    async with watched(tmp_path) as it:
        told = it.desk.toasts()
        drawn: list[str] = []
        monkeypatch.setattr(it.desk.app, "refresh_css", lambda **_: drawn.append("again"))
        await it.looks(5)
        assert it.desk.toasts() == told
        assert drawn == []


async def test_after_the_first_paint_every_theme_is_there(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    app = build_app(Config(display=DisplaySettings(theme="dawn")), environ)
    assert "fjord" not in app.available_themes, "one theme is read before the first paint"
    assert app.theme == "dawn"
    async with app.run_test() as pilot, asyncio.timeout(60):
        while "fjord" not in app.available_themes:
            await pilot.pause()
        assert {path.stem for path in SHIPPED.glob("*.toml")} <= set(app.available_themes)


# The list


async def test_the_screen_wears_the_theme_under_the_cursor_and_takes_the_old_one_back() -> None:
    async with at_desk(TROUBLE) as desk:
        await desk.press("T")
        picker = desk.app.screen
        assert isinstance(picker, ThemePicker)
        field = picker.query_one(OptionList)
        assert field.highlighted_option is not None and field.highlighted_option.id == "oncall-dark"
        names = [str(one.id) for one in field.options]
        assert names == sorted(path.stem for path in SHIPPED.glob("*.toml")), "none of Textual's own"
        await desk.press("g")
        assert desk.app.theme == names[0]
        await desk.press("j", "down")
        assert desk.app.theme == names[2]
        ground = Color.parse(str(desk.app.available_themes[names[2]].background))
        assert desk.view.styles.background == ground, "the view behind the list wears it"
        await desk.press("escape")
        assert desk.app.theme == "oncall-dark"
        assert desk.toasts() == []
        assert not isinstance(desk.app.screen, ThemePicker)


async def test_enter_keeps_the_theme_and_tells_how_it_stays() -> None:
    async with at_desk(TROUBLE) as desk:
        await desk.press("T", "g", "enter")
        assert desk.app.theme == "contrast-dark"
        assert not isinstance(desk.app.screen, ThemePicker)
        (toast,) = desk.toasts()
        assert 'theme = "contrast-dark" under [display]' in toast


async def test_enter_on_the_theme_in_use_says_nothing() -> None:
    async with at_desk(TROUBLE) as desk:
        await desk.press("T", "enter")
        assert (desk.app.theme, desk.toasts()) == ("oncall-dark", [])


async def test_a_theme_whose_file_went_while_the_list_was_open_is_not_worn(tmp_path: Path) -> None:
    (tmp_path / "aurora.toml").write_text(NIGHT.format("#102030").replace('"night"', '"aurora"'))
    async with watched(tmp_path) as it:
        await it.desk.press("T", "k")
        await it.desk.press("g")
        assert it.desk.app.theme == "aurora"
        (tmp_path / "aurora.toml").unlink()
        await it.looks()
        assert it.desk.app.theme == "oncall-dark"
        await it.desk.press("j", "g")
        assert it.desk.app.theme != "aurora"
        await it.desk.press("escape")
        assert it.desk.app.theme == "oncall-dark"


@pytest.mark.parametrize("term", ["dumb", "unknown", "DUMB "])
def test_a_terminal_that_cannot_show_a_screen_gets_a_sentence(term: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Config(), {"TERM": term}) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f'TERM is "{term}"' in told.err
    assert "oncall-tui status" in told.err
