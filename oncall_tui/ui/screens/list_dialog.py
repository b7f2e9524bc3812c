"""A dialog over a list: a line of words above it, and a cursor that stays on its entry while the list changes."""

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oncall_tui.ui.screens.dialogs import Dialog

Entry = TypeVar("Entry")


class ListDialog(Dialog[None], Generic[Entry]):
    """What it lists is for each to say: ``list_entries`` draws it, ``under_cursor`` is what an act of it is about."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "list_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", show=False)]

    def __init__(self, title: str, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__(title, Content(), keys)
        self.listed: tuple[Entry, ...] = ()
        """What the options are of, in their order."""

    def compose_body(self) -> Widget:
        return Vertical(Static(id="said"), OptionList(id="listed", markup=False), id="listing")

    def on_mount(self) -> None:
        self.query_one("#dialog-body").can_focus = False
        self.query_one(OptionList).focus()

    def moving(self) -> tuple[str, str]:
        return self.app.keymap.every_shown("list.down", "list.up") or "↑ ↓", "move"

    def on_key(self, event: events.Key) -> None:
        """The keys that move in lists move among the entries, those apart that mean something here."""
        options = self.query_one(OptionList)
        moves = {
            "list.down": options.action_cursor_down,
            "list.up": options.action_cursor_up,
            "list.first": options.action_first,
            "list.last": options.action_last,
        }
        move = moves.get(self.app.keymap.commands.get(event.key, ""))
        if move is not None and event.key not in self._bindings.key_to_bindings:
            event.stop()
            move()
        event.prevent_default()  # Textual would call the handler of the base class as well.

    def action_leave(self) -> None:
        self.dismiss(None)

    def say(self, words: Content) -> None:
        """What stands above the list; nothing when it is empty."""
        said = self.query_one("#said", Static)
        said.update(words)
        said.display = bool(words)

    def list_entries(
        self, entries: Sequence[Entry], told: Callable[[Entry], Content], key: Callable[[Entry], Hashable]
    ) -> None:
        """Draw them; the cursor stays on its entry, or on its place when that is gone."""
        options, at = self.query_one(OptionList), self.under_cursor
        place = options.highlighted or 0
        self.listed = tuple(entries)
        options.set_options(Option(told(one)) for one in self.listed)
        keys = [key(one) for one in self.listed]
        if keys:
            kept = keys.index(key(at)) if at is not None and key(at) in keys else place
            options.highlighted = min(kept, len(keys) - 1)

    @property
    def under_cursor(self) -> Entry | None:
        """The entry that the cursor is on."""
        place = self.query_one(OptionList).highlighted
        return self.listed[place] if place is not None and place < len(self.listed) else None
