"""The theme that the screen begins with."""

from typing import TYPE_CHECKING

from oncall_tui.ui.quick_styles import QuickStylesheet
from oncall_tui.ui.theming import FALLBACK

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


def chosen(app: "OncallApp", name: str) -> tuple[str, str]:
    """The theme of this name; where there is none the house theme, with a word about it."""
    if name in app.available_themes:
        return name, ""
    known = ", ".join(sorted(app.available_themes))
    fallback = FALLBACK if FALLBACK in app.available_themes else "textual-dark"
    return fallback, f"display.theme: there is no theme {name}. There are: {known}."


def begin_with(app: "OncallApp", name: str) -> None:
    """Take a theme before anything is drawn, without the reading of all styles that a change costs: about 4 ms."""
    app.set_reactive(type(app).theme, name)
    app.stylesheet = QuickStylesheet(variables=app.get_css_variables())
    is_dark = app.current_theme.dark
    app.update_classes({f"-theme-{name}": True, "-dark-mode": is_dark, "-light-mode": not is_dark}, update=False)
