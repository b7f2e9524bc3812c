"""Themes from files: the shipped ones are whole, a bad one is one message that says where and what."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.color import Color

from oncall_tui.config.paths import shipped
from oncall_tui.ui.theme_depth import contrast
from oncall_tui.ui.theming import COLORS, FALLBACK, LIGHT_VARIABLES, SIXTEEN, VARIABLES, load_themes, theme_of

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


TEXTS = [
    name
    for name in VARIABLES
    if name not in ("production", "calm", "selection", "faint") and not name.startswith("line")
]
MIN_LINE = {theme.stem: 3.0 for theme in SHIPPED} | {SIXTEEN: 2.7}
"""The frame of production is the dark red of VGA, 2.7 on black: the block with the word PROD stands in it."""
OWN_GROUNDS = {"production-text": "production", "calm-text": "calm"}


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_what_is_read_can_be_read_on_every_ground(file: Path) -> None:
    """4.5:1 for text and 3:1 for lines, by WCAG 2.1 AA. What is drawn is looked at in ``tests/ui/test_themes.py``."""
    (theme,) = load_themes([file]).themes
    colours = {name: Color.parse(str(getattr(theme, name) or theme.variables.get(name))).rgb for name in COLORS}
    colours |= {name: Color.parse(value).rgb for name, value in theme.variables.items()}
    # On the grey of a terminal of sixteen colours text is drawn black: tests/unit/ui/test_theming_depth.py.
    usual = ["background", "surface", "panel"] + (["selection"] if theme.name != SIXTEEN else [])
    poor = []
    for name in [*TEXTS, "foreground", "accent", "success", "warning", "error", "primary"]:
        grounds = [OWN_GROUNDS[name]] if name in OWN_GROUNDS else usual
        poor += [(name, ground) for ground in grounds if contrast(colours[name], colours[ground]) < 4.5]
    lines = ["line-1", "line-2", "line-3", "production", "primary", "mark"]
    poor += [(name, "surface") for name in lines if contrast(colours[name], colours["surface"]) < MIN_LINE[theme.name]]
    assert poor == []


@pytest.mark.parametrize("name", ["contrast-dark", "contrast-light"])
def test_high_contrast_is_seven_to_one(name: str) -> None:
    (theme,) = load_themes([file for file in SHIPPED if file.stem == name]).themes
    grounds = [str(theme.background), str(theme.surface), str(theme.panel), theme.variables["selection"]]
    for text in ("p1", "p2", "p3", "p4", "p5", "health-up", "health-unknown", "dim", "bright", "suspect", "mark"):
        ink = Color.parse(theme.variables[text]).rgb
        assert min(contrast(ink, Color.parse(ground).rgb) for ground in grounds) >= 7, text


def test_ember_sends_little_blue_light() -> None:
    (theme,) = load_themes([file for file in SHIPPED if file.stem == "ember"]).themes
    colours = [*theme.variables.values(), theme.primary, str(theme.foreground), str(theme.background)]
    for red, _green, blue in (Color.parse(value).rgb for value in colours):
        assert blue <= red, "the warmest channel is never the blue one"


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


def test_a_light_theme_that_sets_little_takes_the_colours_of_the_light_house_theme() -> None:
    colors = {"primary": "#2f5fc4", "foreground": "#000000", "background": "#ffffff"}
    assert theme_of({"name": "day", "dark": False, "colors": colors}).variables == LIGHT_VARIABLES
    assert theme_of({"name": "day", "colors": colors}).variables == VARIABLES


@pytest.mark.parametrize(("name", "defaults"), [("oncall-dark", VARIABLES), ("oncall-light", LIGHT_VARIABLES)])
def test_the_defaults_are_those_of_the_house_themes(name: str, defaults: Mapping[str, str]) -> None:
    (file,) = [one for one in SHIPPED if one.stem == name]
    assert tomllib.loads(file.read_text())["variables"] == dict(defaults)


def test_a_file_that_cannot_be_read_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'name = "\xff"')
    loading = load_themes([tmp_path / "latin.toml", tmp_path / "gone.toml"])
    assert loading.themes == ()
    assert [one.partition(":")[0] for one in loading.problems] == ["gone.toml", "latin.toml"]


def test_a_file_of_lists_without_end_is_one_message(tmp_path: Path) -> None:
    bad, good = tmp_path / "deep.toml", tmp_path / "good.toml"
    bad.write_text(f"name = {'[' * 5_000}")
    good.write_text(GOOD)
    loading = load_themes([bad, good])
    assert loading.problems == ("deep.toml: lists or tables are nested too deep",)
    assert [theme.name for theme in loading.themes] == ["night"]


def test_every_base_colour_can_be_set() -> None:
    theme = theme_of({"name": "all", "colors": dict.fromkeys(COLORS, "#123456")})
    assert all(getattr(theme, name) == "#123456" for name in COLORS)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_theme_is_in_the_document_with_its_picture(file: Path) -> None:
    docs = Path(__file__).parents[3] / "docs"
    (row,) = [line for line in (docs / "themes.md").read_text().splitlines() if line.startswith(f"| `{file.stem}` |")]
    assert f'src="themes/{file.stem}.svg"' in row
    picture = docs / "themes" / f"{file.stem}.svg"
    assert f">{file.stem}</text>" in picture.read_text()
    assert picture.stat().st_size < 80_000
