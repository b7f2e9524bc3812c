"""Themes from files: read, checked colour by colour. A broken file is one message, never a broken screen."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from textual.color import Color, ColorParseError
from textual.theme import Theme

from oncall_tui.domain.text import clean_line

FALLBACK = "oncall-dark"
SIXTEEN = "sixteen"
"""The theme whose colours are the sixteen of old terminals, exactly."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")

COLORS = (
    "primary",
    "secondary",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
    "success",
    "warning",
    "error",
)
"""The base colours of a theme, by Textual's names."""

VARIABLES: Mapping[str, str] = {
    "p1": "#ff6b6b",
    "p2": "#ff9f45",
    "p3": "#f2c14e",
    "p4": "#6cb6ff",
    "p5": "#9aa7b5",
    "health-up": "#5fd38d",
    "health-degraded": "#ff9f45",
    "health-down": "#ff6b6b",
    "health-unknown": "#b79cf0",
    "production": "#c32840",
    "production-text": "#ffffff",
    "calm": "#2b6a4d",
    "calm-text": "#e8fff3",
    "dim": "#8d9aa8",
    "faint": "#3a4452",
    "bright": "#f4f7fa",
    "selection": "#21304a",
    "mark": "#7dcfff",
    "suspect": "#d7a6ff",
    "line-1": "#4f8f9f",
    "line-2": "#7aa2f7",
    "line-3": "#d7a6ff",
}
"""Our own colours with their defaults: a variable that a style names and a theme lacks would stop the screen."""

LIGHT_VARIABLES: Mapping[str, str] = {
    "p1": "#b3202f",
    "p2": "#a54901",
    "p3": "#7d5a00",
    "p4": "#1f5fae",
    "p5": "#56616d",
    "health-up": "#127245",
    "health-degraded": "#a54901",
    "health-down": "#b3202f",
    "health-unknown": "#6b4bb8",
    "production": "#b3202f",
    "production-text": "#ffffff",
    "calm": "#cfe8da",
    "calm-text": "#124d30",
    "dim": "#5b6570",
    "faint": "#c9c2b4",
    "bright": "#0d1319",
    "selection": "#d8e4f8",
    "mark": "#066d88",
    "suspect": "#7a2fa8",
    "line-1": "#388493",
    "line-2": "#2f5fc4",
    "line-3": "#7a2fa8",
}
"""The defaults of a light theme: those of a dark one could not be read on it."""


@dataclass(frozen=True, slots=True)
class ThemeLoading:
    """What became of a folder of theme files: themes, and one message for each file that is not one."""

    themes: tuple[Theme, ...]
    problems: tuple[str, ...]


def load_themes(files: Iterable[Path]) -> ThemeLoading:
    """Read theme files; a bad one is a problem that names the file, the key and what was expected."""
    themes: list[Theme] = []
    problems: list[str] = []
    for file in sorted(files):
        try:
            themes.append(theme_of(tomllib.loads(file.read_text(encoding="utf-8"))))
        except (OSError, ValueError) as error:
            problems.append(clean_line(f"{file.name}: {error}"))
        except RecursionError:
            problems.append(clean_line(f"{file.name}: lists or tables are nested too deep"))
    return ThemeLoading(tuple(themes), tuple(problems))


def theme_of(data: Mapping[str, object]) -> Theme:
    """A theme out of a parsed file. Raises ``ValueError`` with the key and what is wrong with it."""
    name = data.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError('name: letters, digits, - and _ are needed, at most 40, e.g. "night-shift"')
    colors = _colors(data, "colors", COLORS)
    missing = [key for key in ("primary", "foreground", "background") if key not in colors]
    if missing:
        raise ValueError(f"colors.{missing[0]}: is missing")
    is_dark = data.get("dark") is not False
    defaults = VARIABLES if is_dark else LIGHT_VARIABLES
    return Theme(
        name=name,
        dark=is_dark,
        primary=colors["primary"],
        secondary=colors.get("secondary"),
        accent=colors.get("accent"),
        foreground=colors["foreground"],
        background=colors["background"],
        surface=colors.get("surface"),
        panel=colors.get("panel"),
        success=colors.get("success"),
        warning=colors.get("warning"),
        error=colors.get("error"),
        variables={**defaults, **_colors(data, "variables", tuple(VARIABLES))},
    )


def _colors(data: Mapping[str, object], table: str, known: tuple[str, ...]) -> dict[str, str]:
    """The colours of one table, each known and each readable."""
    values = data.get(table, {})
    if not isinstance(values, dict):
        raise ValueError(f"{table}: a table of colours is needed")
    colors: dict[str, str] = {}
    for key, value in values.items():
        if key not in known:
            raise ValueError(f"{table}.{key}: no such colour")
        color = _solid(value) if isinstance(value, str) else None
        if color is None:
            raise ValueError(f'{table}.{key}: {clean_line(repr(value), 80)} is not a colour, e.g. "#ff9f45"')
        colors[key] = color.hex
    return colors


def _solid(text: str) -> Color | None:
    """A colour that covers what is under it: styles of the screen add transparency themselves. None if it is none."""
    try:
        color = Color.parse(text)
    except ColorParseError:
        return None
    return color if color.a == 1 and color.ansi is None and not color.auto else None
