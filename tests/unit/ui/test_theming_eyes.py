"""The themes for the colour-blind, seen through their eyes: what is worst, bad and well stay three colours."""

from collections.abc import Callable
from itertools import combinations

import pytest
from textual.color import Color

from oncall_tui.config.paths import shipped
from oncall_tui.ui.theming import load_themes

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

PROTANOPIA: Matrix = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
DEUTERANOPIA: Matrix = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
TRITANOPIA: Matrix = (
    (1.255528, -0.076749, -0.178779),
    (-0.078411, 0.930809, 0.147602),
    (0.004733, 0.691367, 0.303900),
)
"""Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency (2009), the
precomputed matrices of severity 1.0; they act on linear RGB."""

JUST_NOTICED = 2.3
"""The difference in CIELAB that an eye just notices (Mahy and others, 1994)."""
FAR_APART = 8 * JUST_NOTICED

GROUPS = (("p1", "p2", "p3"), ("health-down", "health-degraded", "health-up"), ("line-1", "line-2", "line-3"))


def linear(color: str) -> Triple:
    parts = [one / 255 for one in Color.parse(color).rgb]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return red, green, blue


def seen(color: str, eye: Matrix) -> Triple:
    light = linear(color)
    red, green, blue = (min(max(sum(a * b for a, b in zip(row, light, strict=True)), 0.0), 1.0) for row in eye)
    return red, green, blue


def lab(light: Triple) -> Triple:
    """CIELAB of linear sRGB under D65."""
    rows = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    white = (0.95047, 1.0, 1.08883)

    def curve(value: float) -> float:
        return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116

    x, y, z = (
        curve(sum(a * b for a, b in zip(row, light, strict=True)) / top) for row, top in zip(rows, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(first: str, second: str, eye: Matrix) -> float:
    """Delta E 1976 between two colours as this eye sees them."""
    one, two = (lab(seen(color, eye)) for color in (first, second))
    return float(sum((a - b) ** 2 for a, b in zip(one, two, strict=True)) ** 0.5)


@pytest.fixture
def colour() -> Callable[[str, str], str]:
    themes = {theme.name: theme for theme in load_themes(shipped("themes").glob("*.toml")).themes}
    return lambda theme, name: themes[theme].variables[name]


def test_red_and_green_of_the_same_brightness_are_one_to_an_eye_that_cannot_tell_them() -> None:
    red, green = "#d85f00", "#8a8a00"
    assert difference(red, green, DEUTERANOPIA) < FAR_APART < difference(red, green, TRITANOPIA)


@pytest.mark.parametrize(
    ("theme", "eye"),
    [("deuteranopia", DEUTERANOPIA), ("deuteranopia", PROTANOPIA), ("tritanopia", TRITANOPIA)],
    ids=["deuteranopia", "protanopia", "tritanopia"],
)
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0])
def test_what_is_worst_bad_and_well_stay_apart(
    theme: str, eye: Matrix, group: tuple[str, ...], colour: Callable[[str, str], str]
) -> None:
    apart = {pair: difference(colour(theme, pair[0]), colour(theme, pair[1]), eye) for pair in combinations(group, 2)}
    assert min(apart.values()) >= FAR_APART, apart


@pytest.mark.parametrize(("theme", "eye"), [("deuteranopia", DEUTERANOPIA), ("tritanopia", TRITANOPIA)])
def test_production_looks_like_no_other_environment(theme: str, eye: Matrix, colour: Callable[[str, str], str]) -> None:
    assert difference(colour(theme, "production"), colour(theme, "calm"), eye) >= FAR_APART
