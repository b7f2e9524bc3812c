"""Two small dialogs: one line to be typed, one of several to be chosen."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oncall_tui.ui.screens.dialogs import Dialog
from oncall_tui.ui.screens.entries import tidied


class Ask(Dialog[str | None]):
    """One line; ``esc`` leaves everything as it is."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "forms.tcss", "asking.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(
        self,
        title: str,
        body: Content,
        label: str,
        *,
        placeholder: str = "",
        value: str = "",
        is_secret: bool = False,
        objection: Callable[[str], str] = lambda text: "" if text else "write something, or leave with esc",
    ) -> None:
        """``label`` says what the enter key does; ``objection`` why a text is not taken, empty when it is."""
        super().__init__(title, body, [("enter", label), ("esc", "cancel")])
        self._placeholder = placeholder
        self._value = value
        self._is_secret = is_secret
        self._objection = objection

    def compose_body(self) -> Widget:
        return Vertical(
            Static(self._body, id="asked"),
            Input(
                self._value, placeholder=self._placeholder, id="entry", select_on_focus=False, password=self._is_secret
            ),
            Static(id="entry-problem"),
            classes="asking",
        )

    def on_mount(self) -> None:
        self.query_one("#entry").focus()

    def moving(self) -> tuple[str, str]:
        return "pgup pgdn", "scroll"

    def on_key(self, event: events.Key) -> None:
        event.prevent_default()  # In a field every letter is typed; the base class would scroll.

    @on(Input.Changed, "#entry")
    def tidy(self, message: Input.Changed) -> None:
        """What is pasted comes from somewhere else."""
        tidied(message)
        self.query_one("#entry-problem", Static).update("")

    @on(Input.Submitted, "#entry")
    def enter(self, message: Input.Submitted) -> None:
        """Take what is typed, or say what is wrong with it."""
        message.stop()
        text = message.value.strip()
        problem = self._objection(text)
        if problem:
            self.query_one("#entry-problem", Static).update(Content.styled(problem, "$warning"))
        elif self.is_readable:
            self.dismiss(text)

    def action_cancel(self) -> None:
        self.dismiss(None)


class Choose(Dialog[int | None]):
    """One of several; ``esc`` chooses none."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "forms.tcss", "asking.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "cancel", show=False)]

    def __init__(
        self,
        title: str,
        body: Content,
        label: str,
        choices: Sequence[Content],
        at: int = 0,
        *,
        is_table: bool = False,
    ) -> None:
        """``at`` is where the cursor stands first; the ``body`` of a table is the line above its rows."""
        super().__init__(title, body, [("enter", label), ("esc", "cancel")])
        self._choices = tuple(choices)
        self._at = at
        self._is_table = is_table

    def compose_body(self) -> Widget:
        options = OptionList(*(Option(one) for one in self._choices), id="choices", markup=False)
        asked = Static(self._body, id="asked")
        asked.display = bool(self._body.plain)
        return Vertical(asked, options, classes="asking -table" if self._is_table else "asking")

    def on_mount(self) -> None:
        self.query_one("#dialog-body").can_focus = False
        choices = self.query_one(OptionList)
        choices.focus()
        choices.highlighted = self._at if self._choices else None

    def moving(self) -> tuple[str, str]:
        return self.app.keymap.every_shown("list.down", "list.up") or "↑ ↓", "move"

    def on_key(self, event: events.Key) -> None:
        """The keys that move in lists move among the choices."""
        choices = self.query_one(OptionList)
        moves = {
            "list.down": choices.action_cursor_down,
            "list.up": choices.action_cursor_up,
            "list.first": choices.action_first,
            "list.last": choices.action_last,
        }
        move = moves.get(self.app.keymap.commands.get(event.key, ""))
        if move is not None and event.key not in self._bindings.key_to_bindings:
            event.stop()
            move()
        event.prevent_default()  # Textual would call the handler of the base class as well.

    @on(OptionList.OptionSelected, "#choices")
    def choose(self, message: OptionList.OptionSelected) -> None:
        """Take the one under the cursor."""
        message.stop()
        if self.is_readable:
            self.dismiss(message.option_index)

    def action_cancel(self) -> None:
        self.dismiss(None)
