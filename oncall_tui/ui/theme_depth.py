"""How many colours the terminal has, and a screen that stays readable in few of them or in none.

Rich rounds every colour by itself to what the terminal has: a pale text and its ground may become the same. Here ground
and ink are rounded together, the ink to the nearest colour that can be read on the ground. Without colours (NO_COLOR)
a ground that stands out is drawn reversed.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache

from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual import constants
from textual.app import App
from textual.color import Color as ScreenColor
from textual.filter import LineFilter

from oncall_tui.ui.theming import SIXTEEN

Rgb = tuple[int, int, int]


class Depth(Enum):
    """How many colours there are."""

    NONE = "no colours"
    SIXTEEN = "16 colours"
    PALETTE = "256 colours"
    TRUE = "true colour"


_DEPTHS = {"standard": Depth.SIXTEEN, "windows": Depth.SIXTEEN, "256": Depth.PALETTE, "truecolor": Depth.TRUE}

_LEVELS = (0, 95, 135, 175, 215, 255)
STANDARD: tuple[Rgb, ...] = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)),
    *((85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)),
)
"""The sixteen colours as Rich knows them: those of the VGA text mode."""

_COLOURED = [(red, green, blue) for red in _LEVELS for green in _LEVELS for blue in _LEVELS]
EIGHT_BIT: dict[Rgb, Rgb] = {
    **{one: one for one in _COLOURED if len(set(one)) > 1 or one[0] in (0, 255)},
    **{(8 + 10 * i,) * 3: (round((i + 1) * 255 / 25),) * 3 for i in range(24)},
}
"""The colours 16 to 255 of xterm, and what Rich must be given for them: it counts greys from 0 to 25 (rich.color). The
first sixteen are whatever the user has made of them."""

_READABLE = 4.5
"""The contrast of text by WCAG AA."""
_VISIBLE = 2.7
"""What is pale on purpose keeps this much on black: dark grey has 2.8."""
_STANDS_OUT = 1.2
"""The contrast to the screen's own ground from which a ground is more than a shade of it."""


def depth_of(environ: Mapping[str, str]) -> Depth:
    """The colours that Textual will use in this environment; a pure look at NO_COLOR, COLORTERM and TERM."""
    if "NO_COLOR" in environ:
        return Depth.NONE
    console = Console(color_system=constants.COLOR_SYSTEM, force_terminal=True, _environ=environ)  # type: ignore[arg-type]
    return _DEPTHS.get(console.color_system or "", Depth.SIXTEEN)


class FewColors(LineFilter):
    """Draws with the colours there are. With true colour it changes nothing, but for the theme of sixteen colours."""

    def __init__(self, app: App[None], depth: Depth) -> None:
        super().__init__()
        self._app = app
        self._depth = depth

    def apply(self, segments: list[Segment], background: ScreenColor) -> list[Segment]:
        depth = self._depth
        if depth is Depth.TRUE and self._app.theme == SIXTEEN:
            depth = Depth.SIXTEEN
        if depth is Depth.TRUE:
            return segments
        base = ScreenColor.parse(self._app.theme_variables.get("background", "black")).rgb
        return [
            Segment(text, None if style is None else restyled(style, depth, base), control)
            for text, style, control in segments
        ]


def draw_with(app: App[None], depth: Depth) -> None:
    """Let ``app`` draw everything with so many colours. Textual has no public place for a filter of one's own."""
    app._filters.append(FewColors(app, depth))


@lru_cache(4096)
def restyled(style: Style, depth: Depth, base: Rgb) -> Style:
    """``style`` in the colours of ``depth``; ``base`` is the ground of the whole screen."""
    ground = _rgb(style.bgcolor)
    if depth is Depth.NONE:
        stands_out = ground is not None and contrast(ground, base) >= _STANDS_OUT
        plain = Style.from_color(Color.default(), Color.default())
        return style + plain + Style(reverse=bool(style.reverse) != stands_out)
    ink = _rgb(style.color)
    if ground is None:
        return style
    rounded = _of_sixteen if depth is Depth.SIXTEEN else _of_256
    if ink is None:  # An empty cell beside text: rounded by Rich it would get another ground than the text has.
        return style + Style.from_color(None, Color.from_rgb(*rounded(ground, ground)[1]))
    new_ink, new_ground = rounded(ink, ground)
    colours = Style.from_color(Color.from_rgb(*new_ink), Color.from_rgb(*new_ground))
    # Many terminals draw bold text in the bright twin of its colour: bold black on grey would be grey on grey.
    is_dark = depth is Depth.SIXTEEN and new_ink in STANDARD[:8]
    return style + colours + Style(bold=False) if is_dark else style + colours


@lru_cache(4096)
def _of_sixteen(ink: Rgb, ground: Rgb) -> tuple[Rgb, Rgb]:
    """Grounds are of the dark eight, the Linux console has no others; on one with a colour text is black or white."""
    new_ground = STANDARD[STANDARD.index(nearest(ground, STANDARD)) % 8]
    if new_ground == STANDARD[0]:
        wanted = _READABLE if contrast(ink, ground) >= _READABLE else _VISIBLE
        return nearest(ink, [one for one in STANDARD if contrast(one, new_ground) >= wanted]), new_ground
    new_ink = nearest(ink, STANDARD)
    if contrast(new_ink, new_ground) < _READABLE:
        new_ink = max((STANDARD[0], STANDARD[15]), key=lambda one: contrast(one, new_ground))
    return new_ink, new_ground


@lru_cache(4096)
def _of_256(ink: Rgb, ground: Rgb) -> tuple[Rgb, Rgb]:
    """The ink nearest to what it was that can be read as well as before, or as WCAG asks."""
    new_ink, new_ground = _nearest_of_256(ink), _nearest_of_256(ground)
    wanted = min(contrast(ink, ground), _READABLE)
    if contrast(new_ink, new_ground) < wanted:
        new_ink = nearest(ink, [one for one in EIGHT_BIT if contrast(one, new_ground) >= wanted])
    return EIGHT_BIT[new_ink], EIGHT_BIT[new_ground]


@lru_cache(1024)
def _nearest_of_256(color: Rgb) -> Rgb:
    return nearest(color, EIGHT_BIT)


def _rgb(color: Color | None) -> Rgb | None:
    if color is None or color.triplet is None:
        return None
    return color.triplet.red, color.triplet.green, color.triplet.blue


def nearest(color: Rgb, palette: Iterable[Rgb]) -> Rgb:
    """The colour of ``palette`` that looks most like ``color`` (the weighted distance that is called redmean)."""
    red, green, blue = color

    def distance(other: Rgb) -> float:
        mean = (red + other[0]) / 512
        return (2 + mean) * (red - other[0]) ** 2 + 4 * (green - other[1]) ** 2 + (3 - mean) * (blue - other[2]) ** 2

    return min(palette, key=distance)


def contrast(first: Rgb, second: Rgb) -> float:
    """The contrast ratio of WCAG 2.1: 1 (none) to 21 (black on white)."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(4096)
def _luminance(color: Rgb) -> float:
    parts = [one / 255 for one in color]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
