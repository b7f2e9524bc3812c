"""Themes from files: the shipped ones are whole, a bad one is one message that says where and what."""

from pathlib import Path

import pytest
from textual.color import Color

from oncall_tui.config.paths import shipped
from oncall_tui.ui.theming import COLORS, FALLBACK, VARIABLES, load_themes, theme_of

SHIPPED = sorted(shipped("themes").glob("*.toml"))
GOOD = 'name = "night"\n[colors]\nprimary = "#7aa2f7"\nforeground = "#ffffff"\nbackground = "#000000"\n'


def test_the_fallback_is_shipped() -> None:
    assert FALLBACK in [theme.name for theme in load_themes(SHIPPED).themes]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_theme_loads_and_has_every_variable(file: Path) -> None:
    loading = load_themes([file])
    assert loading.problems == ()
    (theme,) = loading.themes
    assert theme.name == file.stem
    assert set(theme.variables) == set(VARIABLES)
    text = file.read_text()
    assert all(f"\n{name} =" in text for name in VARIABLES), "a shipped theme leaves no variable to the default"


def contrast(first: str, second: str) -> float:
    """Contrast ratio by WCAG 2.2."""

    def luminance(text: str) -> float:
        channels = [one / 255 for one in Color.parse(text).rgb]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
@pytest.mark.parametrize("name", [*VARIABLES])
def test_what_is_read_can_be_read(file: Path, name: str) -> None:
    (theme,) = load_themes([file]).themes
    grounds = {"production-text": "production", "calm-text": "calm"}
    if name in ("production", "calm", "selection", "faint"):
        return
    ground = theme.variables[grounds[name]] if name in grounds else str(theme.background)
    least = 4.5 if name not in ("dim", "line-1") else 3.0
    assert contrast(theme.variables[name], ground) >= least, (name, theme.variables[name], ground)


def test_a_good_file_is_a_theme_with_the_defaults_filled_in(tmp_path: Path) -> None:
    (tmp_path / "night.toml").write_text(GOOD + '[variables]\np1 = "rgb(255, 0, 0)"\n')
    (theme,) = load_themes(tmp_path.glob("*.toml")).themes
    assert theme.name == "night"
    assert theme.dark
    assert theme.variables == {**VARIABLES, "p1": "#FF0000"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD.replace('"night"', '""'), "name: letters"),
        (GOOD.replace('"night"', '"[/]"'), "name: letters"),
        (GOOD.replace('name = "night"\n', ""), "name: letters"),
        (GOOD.replace("#7aa2f7", "bluish"), "colors.primary: 'bluish' is not a colour"),
        (GOOD.replace('"#7aa2f7"', "7"), "colors.primary: 7 is not a colour"),
        (GOOD.replace("#7aa2f7", "ansi_red"), "colors.primary: 'ansi_red' is not a colour"),
        (GOOD.replace("#7aa2f7", "#7aa2f780"), "colors.primary: '#7aa2f780' is not a colour"),
        (GOOD.replace("#7aa2f7", "transparent"), "colors.primary: 'transparent' is not a colour"),
        (GOOD.replace("primary", "secondary"), "colors.primary: is missing"),
        (GOOD + 'primry = "#ffffff"\n', "colors.primry: no such colour"),
        (GOOD + '[variables]\np9 = "#ffffff"\n', "variables.p9: no such colour"),
        (GOOD + '[variables]\np1 = "no"\n', "variables.p1: 'no' is not a colour"),
        ('name = "night"\ncolors = 3\n', "colors: a table of colours is needed"),
        ("name = ", "bad.toml: "),
        ("\x00", "bad.toml: "),
    ],
)
def test_a_bad_file_is_one_message_and_the_others_load(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(text)
    (tmp_path / "good.toml").write_text(GOOD)
    loading = load_themes(tmp_path.glob("*.toml"))
    assert [theme.name for theme in loading.themes] == ["night"]
    (problem,) = loading.problems
    assert problem.startswith("bad.toml: ")
    assert words in problem


def test_a_file_that_cannot_be_read_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'name = "\xff"')
    loading = load_themes([tmp_path / "latin.toml", tmp_path / "gone.toml"])
    assert loading.themes == ()
    assert [one.partition(":")[0] for one in loading.problems] == ["gone.toml", "latin.toml"]


def test_every_base_colour_can_be_set() -> None:
    theme = theme_of({"name": "all", "colors": dict.fromkeys(COLORS, "#123456")})
    assert all(getattr(theme, name) == "#123456" for name in COLORS)
