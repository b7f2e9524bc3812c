"""Which theme the screen begins with, and the files that have to be read for it: one, before the first paint."""

from dataclasses import dataclass
from pathlib import Path

from textual.theme import Theme

from oncall_tui.ui.theme_depth import Depth
from oncall_tui.ui.theme_folder import ThemeFolder
from oncall_tui.ui.theming import FALLBACK, SIXTEEN, load_themes


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """The theme to begin with and what was found on the way."""

    name: str
    themes: tuple[Theme, ...]
    """The user's own, and the chosen one where it is a shipped one: the last of a name holds."""
    problems: tuple[str, ...]


def choose(wanted: str, shipped: Path, own: ThemeFolder, depth: Depth) -> ThemeChoice:
    """The theme called ``wanted``, the user's own before a shipped one; another with a problem when there is none.

    On a terminal of sixteen colours the default gives way to the theme made for it; what else is asked for is kept.
    Without colours it is always that theme: its grounds are black or stand out, nothing between.
    """
    files = {path.stem: path for path in shipped.glob("*.toml")}
    problems = list(own.problems.values())
    name = _usual(depth) if wanted == FALLBACK or depth is Depth.NONE else wanted
    if name not in own.themes and name not in files:
        known = ", ".join(sorted({*files, *own.themes}))
        problems.append(f"display.theme: there is no theme {name}. There are: {known}.")
        name = _usual(depth)
    loading = load_themes([files[name]] if name in files else [])
    return ThemeChoice(name, (*loading.themes, *own.themes.values()), (*problems, *loading.problems))


def named(shipped: Path) -> dict[str, Theme]:
    """Every shipped theme by its name."""
    return {theme.name: theme for theme in load_themes(shipped.glob("*.toml")).themes}


def _usual(depth: Depth) -> str:
    return SIXTEEN if depth in (Depth.NONE, Depth.SIXTEEN) else FALLBACK
