"""Jump mode: letters over the places and rows of the view; the next key goes there, and acts on nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Static

from oncall_tui.ui.jump import labels
from oncall_tui.ui.screens.clickable import Clickable
from oncall_tui.ui.screens.view import View
from oncall_tui.ui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

_ELSEWHERE = ("view.overview", "view.alerts", "view.runbooks", "view.deployments", "view.oncall", "list.filter")
"""Commands whose own keys work in jump mode: they go somewhere too."""


class Jump(ModalScreen[None], Clickable[None]):
    """Lies over a view and shows it through. Any key that is no label leaves it, and does nothing else."""

    CSS_PATH = "jump.tcss"

    app: "OncallApp"

    def __init__(self, view: View) -> None:
        super().__init__()
        self._keymap = view.app.keymap
        self._size_at_start = view.app.size
        self._typed = ""
        self._tables: list[LiveTable[Any]] = list(view.query(LiveTable))
        self._places = [one for one in view.focus_chain if one.region.area and one.can_focus]
        rows = [(table, row_id) for table in self._tables for row_id in table.ids_in_sight]
        of_places, of_rows = labels(len(self._places), len(rows), self._taken)
        self._spots = tuple(zip(of_places, self._places, strict=False))
        self._targets: dict[str, Callable[[], object]] = {label: place.focus for label, place in self._spots}
        self._rows = dict(zip(of_rows, rows, strict=False))
        self._label_rows()

    @property
    def _taken(self) -> str:
        """Letters that are keys of commands that work here."""
        keys = (key for one in (*_ELSEWHERE, "screen.jump") for key in self._keymap.keys_of(one))
        return "".join(key for key in keys if len(key) == 1)

    def compose(self) -> ComposeResult:
        for label, place in self._spots:
            mark = Static(Content(f"{label} "), classes="jump-label")
            mark.styles.offset = Offset(place.region.x, place.region.y)
            yield mark
        words = [
            (self._keymap.shown(one.id), one.label)
            for name in _ELSEWHERE
            if (one := self._keymap.registry.get(name)) is not None and one.is_available(self.app)
        ]
        keys = [("letter", "go there"), *((key, label) for key, label in words if key), ("esc", "stay")]
        parts = [Content.assemble((key, "bold $bright"), " ", (label, "$dim")) for key, label in keys]
        title = Content.styled(" JUMP ", "bold $background on $accent")
        line = Content("   ").join([title, *parts])
        while parts and line.cell_length > self._size_at_start.width:
            parts.pop()  # half a word is worse than none
            line = Content("   ").join([title, *parts])
        yield Static(line, id="jump-line")

    def on_resize(self) -> None:
        """The places are elsewhere now."""
        if self.app.size != self._size_at_start:
            self._leave()

    def on_click(self) -> None:
        self._leave()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        typed = self._typed + event.key
        command = self._keymap.commands.get(event.key)
        if typed in self._targets:
            self._leave()
            self._targets[typed]()
        elif typed in self._rows:
            table, row_id = self._rows[typed]
            self._leave()
            table.focus()
            table.move_to_id(row_id)
        elif any(label.startswith(typed) for label in self._rows):
            self._typed = typed
            self._label_rows()
        else:
            self._leave()
            if command in _ELSEWHERE and not self._typed:
                self.app.action_command(command)

    def _label_rows(self) -> None:
        """Let every table draw the labels of its rows that can still be meant."""
        for table in self._tables:
            table.label_rows(
                {
                    row_id: label[len(self._typed) :]
                    for label, (owner, row_id) in self._rows.items()
                    if owner is table and label.startswith(self._typed)
                }
            )

    def _leave(self) -> None:
        for table in self._tables:
            table.label_rows({})
        if self.is_current:
            self.dismiss(None)
