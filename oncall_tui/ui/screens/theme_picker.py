"""The list of themes: the screen behind it wears the one under the cursor, and takes the old one back on escape."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.theme import BUILTIN_THEMES, Theme
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oncall_tui.ui.screens.fitting import Fitting
from oncall_tui.ui.theming import FALLBACK
from oncall_tui.ui.widgets.lines import TooSmall

_SAMPLES = ("p1", "p2", "p3", "p4", "health-up", "suspect")
_NAME_WIDTH = 17


class ThemePicker(ModalScreen[None], Fitting[None]):
    """A list beside the view, not over it: what is chosen is to be seen."""

    CSS_PATH = "theme_picker.tcss"
    AUTO_FOCUS = "#themes"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "revert", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._before: str = ""

    def compose(self) -> ComposeResult:
        self._before = self.app.theme
        # Textual's own themes know nothing of our severities.
        themes = [one for name, one in sorted(self.app.available_themes.items()) if name not in BUILTIN_THEMES]
        names = [one.name for one in themes]
        with Vertical(id="theme-picker") as frame:
            frame.border_title = Content(" Theme ")
            field = OptionList(*(Option(sample(one), id=one.name) for one in themes), id="themes")
            field.highlighted = names.index(self._before) if self._before in names else None
            yield field
            keys = Content.assemble(("enter", "bold $bright"), (" take it   ", "$dim"), ("esc", "bold $bright"))
            yield Static(keys + Content.styled(" as it was", "$dim"), id="theme-picker-keys")
        yield TooSmall("esc leaves the list")

    def on_key(self, event: events.Key) -> None:
        """The keys that move in lists move here as well."""
        field = self.query_one(OptionList)
        moves = {
            "list.down": field.action_cursor_down,
            "list.up": field.action_cursor_up,
            "list.first": field.action_first,
            "list.last": field.action_last,
        }
        move = moves.get(self.app.keymap.commands.get(event.key, ""))
        if move is not None and self.is_readable:
            event.stop()
            move()

    @on(OptionList.OptionHighlighted)
    def wear(self, message: OptionList.OptionHighlighted) -> None:
        """Draw the screen in the theme under the cursor."""
        self._wear(message.option_id)

    @on(OptionList.OptionSelected)
    def take(self, message: OptionList.OptionSelected) -> None:
        """Leave with the theme under the cursor."""
        self._wear(message.option_id)
        self.dismiss(None)
        if self.app.theme != self._before:
            keep = f'theme = "{self.app.theme}" under [display] in oncall.toml keeps it.'
            self.app.say(keep, title=f"{self.app.theme}, until the screen is closed")

    def action_revert(self) -> None:
        """Leave with the theme of before."""
        self._wear(self._before if self._before in self.app.available_themes else FALLBACK)
        self.dismiss(None)

    def _wear(self, name: str | None) -> None:
        # A theme whose file was removed while the list was open is still in the list.
        if name is not None and name in self.app.available_themes:
            self.app.theme = name


def sample(theme: Theme) -> Content:
    """The name of a theme, and its own colours on its own ground: ``fjord   P1 P2 P3 P4 ● ◆``."""
    ground = theme.background or "black"
    words = {"health-up": "●", "suspect": "◆"}
    colours = [(f" {words.get(key, key.upper())}", f"{theme.variables[key]} on {ground}") for key in _SAMPLES]
    return Content.assemble(f"{theme.name[:_NAME_WIDTH]:<{_NAME_WIDTH}} ", *colours, (" ", f"on {ground}"))
