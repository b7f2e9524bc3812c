"""What is drawn, piece by piece with its colours, and how well an eye can read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich._palettes import EIGHT_BIT_PALETTE, STANDARD_PALETTE
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.app import App
from textual.widget import Widget

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one style, where it stands and which widget drew it."""

    text: str
    ink: Rgb
    ground: Rgb
    x: int
    y: int
    widget: Widget
    style: Style

    def __str__(self) -> str:
        ink, ground = (f"#{ColorTriplet(*one).hex[1:]}" for one in (self.ink, self.ground))
        where = self.widget.id or type(self.widget).__name__
        return f"{contrast(self.ink, self.ground):.2f} {ink} on {ground} in {where}: {self.text.strip()[:50]!r}"


def pieces(app: App[Any], system: ColorSystem = ColorSystem.TRUECOLOR) -> Iterator[Piece]:
    """Every piece on the screen that is not blank, in the colours that ``system`` has for it."""
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        x = 0
        for text, style, _control in strip:
            start = x + len(text) - len(text.lstrip())
            if text.strip() and style is not None:
                widget, _region = app.screen.get_widget_at(start, y)
                ink, ground = _rgb(style, system)
                yield Piece(text, ink, ground, start, y, widget, style)
            x += len(text)


def _rgb(style: Style, system: ColorSystem) -> tuple[Rgb, Rgb]:
    assert style.color is not None and style.bgcolor is not None, style
    ink = seen(style.color, system)
    ground = seen(style.bgcolor, system)
    return (ground, ink) if style.reverse else (ink, ground)


def seen(color: Color, system: ColorSystem) -> Rgb:
    """A colour as a terminal with so many colours shows it, once Rich has rounded it."""
    palettes = {ColorSystem.STANDARD: STANDARD_PALETTE, ColorSystem.EIGHT_BIT: EIGHT_BIT_PALETTE}
    rounded = color.downgrade(system)
    triplet = palettes[system][rounded.number] if rounded.number is not None else rounded.get_truecolor()
    return triplet.red, triplet.green, triplet.blue


def luminance(color: Rgb) -> float:
    """Relative luminance by WCAG 2.1, 0 to 1."""
    red, green, blue = (linear(one) for one in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(channel: float) -> float:
    """A channel of sRGB, 0 to 255, as light, 0 to 1."""
    part = channel / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(first: Rgb, second: Rgb) -> float:
    """Contrast ratio by WCAG 2.1, 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)
