"""The search for a runbook: words that its title, its path or a heading holds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.ui.screens.dialogs import Dialog

if TYPE_CHECKING:
    from oncall_tui.ui.rooms import RunbookRoom

_MOST = 200


class FindRunbook(Dialog[Entry | None]):
    """Lists what fits while it is typed."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "forms.tcss", "asking.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(self, room: "RunbookRoom", words: str, typed: str = "") -> None:
        """``words`` say why it is searched; ``typed`` stands in the field."""
        super().__init__("Find a runbook", Content(words), [("enter", "open"), ("esc", "cancel")])
        self._room = room
        self._typed = typed
        self._offered: Sequence[Entry] = ()

    def compose_body(self) -> Widget:
        return Vertical(
            Static(self._body, id="asked"),
            Input(self._typed, placeholder="words of its title, path or headings", id="search", select_on_focus=False),
            OptionList(id="choices", markup=False),
            Static(id="entry-problem"),
            classes="asking",
        )

    def on_mount(self) -> None:
        self.query_one("#search").focus()
        self._search(self._typed)

    def moving(self) -> tuple[str, str]:
        return "↑ ↓", "move"

    def on_key(self, event: events.Key) -> None:
        """In the field every letter is typed; the arrows move among what was found."""
        choices = self.query_one(OptionList)
        moves = {"down": choices.action_cursor_down, "up": choices.action_cursor_up}
        if event.key in moves:
            event.stop()
            moves[event.key]()
        event.prevent_default()

    @on(Input.Changed, "#search")
    def narrow(self, message: Input.Changed) -> None:
        """Look for other words."""
        self._search(message.value)

    @work(group="search", exclusive=True, exit_on_error=False, description="search runbooks")
    async def _search(self, words: str) -> None:
        found = await self._room.search(clean_line(words))
        is_all = not found and bool(words.strip()) and words == self._typed
        if is_all:
            # Nothing bears the name of the alert: everything there is, to choose from.
            found = await self._room.search("")
        self._offered = found[:_MOST]
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options(
            [
                Option(Content.assemble((one.title, "bold $bright"), (f"   {one.relative}", "$dim")))
                for one in self._offered
            ]
        )
        choices.highlighted = 0 if self._offered else None
        told = "" if found else "No runbook holds all these words."
        self.query_one("#entry-problem", Static).update(
            Content.styled("Nothing bears this name: these are all runbooks." if is_all and found else told, "$warning")
        )

    @on(OptionList.OptionSelected, "#choices")
    def choose(self, message: OptionList.OptionSelected) -> None:
        """Take the one under the cursor."""
        message.stop()
        self._take(message.option_index)

    @on(Input.Submitted, "#search")
    def take_best(self, message: Input.Submitted) -> None:
        """The same, from the field."""
        message.stop()
        self._take(self.query_one(OptionList).highlighted)

    def _take(self, at: int | None) -> None:
        if at is not None and at < len(self._offered) and self.is_readable:
            self.dismiss(self._offered[at])

    def action_cancel(self) -> None:
        self.dismiss(None)
