"""The form before an act that needs to know more than a key can say: choices, a field, and what it would be done to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oncall_tui.domain.action import Action
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean
from oncall_tui.ui.screens.dialogs import Dialog
from oncall_tui.ui.screens.entries import tidied
from oncall_tui.ui.widgets.long_text import text_of


class BadEntry(ValueError):
    """What was typed cannot be used; the message says what would do."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something to be typed."""

    placeholder: str
    read: Callable[[str], Action]
    """The action that a text asks for. Raises ``BadEntry``."""


class Form(Dialog[Action | None]):
    """One choice, or one line that is typed, makes the action; ``esc`` leaves everything as it is."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "forms.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(
        self,
        title: str,
        body: Content,
        label: str,
        *,
        targets: Sequence[Alert] = (),
        choices: Sequence[tuple[str, Action]] = (),
        field: Field | None = None,
        search: str = "",
    ) -> None:
        """``label`` says what the enter key does; ``search`` stands in a field that narrows many choices down."""
        keys = [("enter", label), *([("tab", "other")] if choices and field else []), ("esc", "cancel")]
        super().__init__(title, body, keys, targets)
        self._choices = tuple(choices)
        self._offered = self._choices
        self._field = field
        self._search = search

    def compose_body(self) -> Widget:
        parts: list[Widget] = []
        if self._search:
            parts.append(Input(placeholder=self._search, id="search", select_on_focus=False))
        if self._choices:
            parts.append(OptionList(*(Option(Content(words)) for words, _ in self._choices), id="choices"))
        if self._field is not None:
            parts.append(Input(placeholder=self._field.placeholder, id="entry", select_on_focus=False))
            parts.append(Static(id="entry-problem"))
        return Vertical(*parts, text_of(self._body, id="targets"), id="form")

    def on_mount(self) -> None:
        first = self.query("#search" if self._search else "#choices" if self._choices else "#entry")
        if not first:
            return  # It was left before it was there.
        first.first().focus()
        if self._search:
            self.query_one(OptionList).highlighted = 0

    def moving(self) -> tuple[str, str]:
        return ("↑ ↓ pgup pgdn", "move") if self._choices else ("pgup pgdn", "scroll")

    def on_key(self, event: events.Key) -> None:
        """The keys that move in lists move among the choices; in the field every letter is typed."""
        field, body = self.focused, self.query_one("#dialog-body")
        pages = {"pageup": body.scroll_page_up, "pagedown": body.scroll_page_down}
        if event.key in pages:
            event.stop()
            pages[event.key](animate=False)
        if self._choices and self.is_readable:
            choices = self.query_one(OptionList)
            down, up = choices.action_cursor_down, choices.action_cursor_up
            arrows = {"down": down, "up": up} if field is not choices and field == self._search_field else {}
            letters = {"list.down": down, "list.up": up} if field is choices else {}
            move = arrows.get(event.key) or letters.get(self.app.keymap.commands.get(event.key, ""))
            if move is not None:
                event.stop()
                move()
        event.prevent_default()  # Textual would call the handler of the base class as well.

    @on(OptionList.OptionSelected, "#choices")
    def choose(self, message: OptionList.OptionSelected) -> None:
        """Take the choice under the cursor."""
        message.stop()
        self._end(self._offered[message.option_index][1])

    @property
    def _search_field(self) -> Widget | None:
        return self.query_one("#search") if self._search else None

    @on(Input.Changed, "#search")
    def narrow(self, message: Input.Changed) -> None:
        """Offer only what matches, the best first."""
        matcher = Matcher(clean(message.value))
        scored = [(matcher.match(words), words, action) for words, action in self._choices]
        best = sorted((one for one in scored if one[0] > 0), key=lambda one: -one[0]) if message.value else scored
        self._offered = tuple((words, action) for _, words, action in best)
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options([Option(Content(words)) for words, _ in self._offered])
        choices.highlighted = 0 if self._offered else None

    @on(Input.Submitted, "#search")
    def take_best(self, message: Input.Submitted) -> None:
        """Take the choice under the cursor."""
        message.stop()
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._end(self._offered[at][1])

    @on(Input.Changed, "#entry")
    def tidy(self, message: Input.Changed) -> None:
        """What is pasted comes from somewhere else."""
        tidied(message)
        self.query_one("#entry-problem", Static).update("")

    @on(Input.Submitted, "#entry")
    def enter(self, message: Input.Submitted) -> None:
        """Take what is typed, or say what is wrong with it."""
        message.stop()
        assert self._field is not None
        try:
            action = self._field.read(message.value.strip())
        except BadEntry as error:
            self.query_one("#entry-problem", Static).update(Content.styled(str(error), "$warning"))
        else:
            self._end(action)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def _end(self, action: Action) -> None:
        # Nothing that cannot be read is done.
        if self.is_readable:
            self.dismiss(action)
