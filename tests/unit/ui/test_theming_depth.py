"""Few colours, or none: what is rounded together stays readable, and Rich changes nothing of it afterwards."""

import pytest
from rich._palettes import EIGHT_BIT_PALETTE, STANDARD_PALETTE
from rich.color import Color, ColorSystem
from rich.style import Style

from oncall_tui.config.paths import shipped
from oncall_tui.ui.theme_depth import EIGHT_BIT, STANDARD, Depth, contrast, depth_of, restyled
from oncall_tui.ui.theming import load_themes

BLACK, GREY = (0, 0, 0), (170, 170, 170)
THEMES = load_themes(shipped("themes").glob("*.toml")).themes


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Depth.TRUE),
        ({"TERM": "screen", "COLORTERM": "24bit"}, Depth.TRUE),
        ({"TERM": "xterm-256color"}, Depth.PALETTE),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, Depth.PALETTE),
        ({"TERM": "xterm-kitty"}, Depth.PALETTE),
        ({"TERM": "screen"}, Depth.SIXTEEN),
        ({"TERM": "linux"}, Depth.SIXTEEN),
        ({"TERM": "xterm-16color"}, Depth.SIXTEEN),
        ({"TERM": "dumb"}, Depth.SIXTEEN),
        ({}, Depth.SIXTEEN),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, Depth.NONE),
    ],
)
def test_the_environment_tells_how_many_colours_there_are(environ: dict[str, str], depth: Depth) -> None:
    assert depth_of(environ) is depth


def drawn(style: Style, system: ColorSystem) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Ink and ground as the terminal shows them once Rich has rounded them."""
    palette = STANDARD_PALETTE if system is ColorSystem.STANDARD else EIGHT_BIT_PALETTE
    assert style.color is not None and style.bgcolor is not None
    ink, ground = (one.downgrade(system).number for one in (style.color, style.bgcolor))
    assert ink is not None and ground is not None
    one, other = palette[ink], palette[ground]
    return (one.red, one.green, one.blue), (other.red, other.green, other.blue)


def test_rich_sends_the_colour_that_was_meant() -> None:
    numbers = [Color.from_rgb(*color).downgrade(ColorSystem.STANDARD).number for color in STANDARD]
    assert numbers == list(range(16))
    for meant, given in EIGHT_BIT.items():
        number = Color.from_rgb(*given).downgrade(ColorSystem.EIGHT_BIT).number
        assert number is not None
        assert tuple(EIGHT_BIT_PALETTE[number]) == meant


def pairs() -> list[tuple[str, str]]:
    """Every text colour of every theme on every ground it may stand on."""
    grounds = ("background", "surface", "panel", "selection")
    texts = ("p1", "p2", "p3", "p4", "p5", "health-up", "health-unknown", "dim", "bright", "mark", "suspect")
    found = []
    for theme in THEMES:
        colours = {**theme.variables, "background": theme.background, "surface": theme.surface, "panel": theme.panel}
        found += [(str(colours[text]), str(colours[ground])) for text in texts for ground in grounds]
        found.append((colours["production-text"] or "", colours["production"] or ""))
        found.append((colours["calm-text"] or "", colours["calm"] or ""))
    return sorted(set(found))


@pytest.mark.parametrize(
    ("depth", "system", "least"),
    [(Depth.SIXTEEN, ColorSystem.STANDARD, 4.5), (Depth.PALETTE, ColorSystem.EIGHT_BIT, 4.5)],
)
def test_no_text_of_any_theme_sinks_into_its_ground(depth: Depth, system: ColorSystem, least: float) -> None:
    sixteen = next(theme for theme in THEMES if theme.name == "sixteen")
    for ink, ground in pairs():
        if depth is Depth.PALETTE and ground == sixteen.variables["selection"]:
            continue  # That theme is drawn in sixteen colours wherever it is used.
        shown = drawn(restyled(Style.parse(f"{ink} on {ground}"), depth, BLACK), system)
        assert contrast(*shown) >= least, (ink, ground, shown)


@pytest.mark.parametrize("depth", [Depth.SIXTEEN, Depth.PALETTE])
def test_an_empty_cell_has_the_ground_of_the_text_beside_it(depth: Depth) -> None:
    for ink, ground in pairs():
        text, empty = (restyled(Style.parse(f"{one}on {ground}"), depth, BLACK) for one in (f"{ink} ", ""))
        assert (empty.color, empty.bgcolor) == (None, text.bgcolor), ground


def test_on_a_ground_that_is_not_black_text_of_sixteen_colours_is_black_or_white() -> None:
    for ink in STANDARD:
        style = restyled(Style.from_color(Color.from_rgb(*ink), Color.from_rgb(*GREY)), Depth.SIXTEEN, BLACK)
        assert contrast(*drawn(style, ColorSystem.STANDARD)) >= 4.5


def test_bold_is_left_out_where_a_terminal_would_make_another_colour_of_it() -> None:
    on_grey = restyled(Style.parse("bold #ff5555 on #aaaaaa"), Depth.SIXTEEN, BLACK)
    assert (on_grey.bold, drawn(on_grey, ColorSystem.STANDARD)[0]) == (False, BLACK)
    assert restyled(Style.parse("bold #ff5555 on #000000"), Depth.SIXTEEN, BLACK).bold


def test_what_is_pale_on_purpose_stays_pale_in_256_colours() -> None:
    ink, ground = drawn(restyled(Style.parse("#3a4452 on #0e1116"), Depth.PALETTE, BLACK), ColorSystem.EIGHT_BIT)
    assert 1.2 < contrast(ink, ground) < 2.7


@pytest.mark.parametrize(
    ("style", "is_reversed"),
    [
        ("#ffffff on #000000", False),
        ("#ffffff on #050505", False),
        ("#ff5555 on #aaaaaa", True),
        ("bold #ffffff on #aa0000", True),
        ("reverse #ffffff on #000000", True),
        ("reverse #ffffff on #aaaaaa", False),
    ],
)
def test_without_colours_a_ground_that_stands_out_is_reversed(style: str, is_reversed: bool) -> None:
    plain = restyled(Style.parse(style), Depth.NONE, BLACK)
    assert plain.color is not None and plain.color.is_default
    assert plain.bgcolor is not None and plain.bgcolor.is_default
    assert bool(plain.reverse) is is_reversed
    assert bool(plain.bold) is ("bold" in style)
