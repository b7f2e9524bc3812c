"""A dialog that takes several lines: what a command printed somewhere else."""

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Static, TextArea

from oncall_tui.domain.text import clean
from oncall_tui.ui.screens.dialogs import Dialog


class PastedLines(TextArea):
    """Lines from somewhere else: cleaned before they are in it, and refused as a whole where they are too many."""

    class Refused(Message):
        """Nothing was put in: it would be too long."""

        def __init__(self, length: int) -> None:
            super().__init__()
            self.length = length

    def __init__(self, limit: int) -> None:
        super().__init__(id="lines")
        self._limit = limit

    async def on_paste(self, event: events.Paste) -> None:
        """Put it in cleaned; a part of it would look like all."""
        length = len(self.text) - len(self.selected_text) + len(event.text)
        event.stop()
        event.prevent_default()  # Textual would put it in as it is.
        if length > self._limit:
            self.post_message(self.Refused(length))
        else:
            self.insert(clean(event.text, self._limit))


class PasteLines(Dialog[str | None]):
    """Several lines; ``esc`` leaves everything as it is."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "forms.tcss", "asking.tcss", "pasting.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("ctrl+s", "take", show=False, priority=True),
    ]

    def __init__(self, title: str, body: Content, label: str, *, limit: int, objection: Callable[[str], str]) -> None:
        """``label`` says what ctrl+s does; ``objection`` why lines are not taken, empty when they are."""
        super().__init__(title, body, [("ctrl+s", label), ("esc", "cancel")])
        self._limit = limit
        self._objection = objection

    def compose_body(self) -> Widget:
        return Vertical(
            Static(self._body, id="asked"), PastedLines(self._limit), Static(id="entry-problem"), classes="asking"
        )

    def on_mount(self) -> None:
        self.query_one("#dialog-body").can_focus = False
        self.query_one(PastedLines).focus()

    def moving(self) -> tuple[str, str]:
        return "↑ ↓", "move"

    def on_key(self, event: events.Key) -> None:
        event.prevent_default()  # Every letter is typed; the base class would scroll.

    @on(TextArea.Changed, "#lines")
    def count(self, message: TextArea.Changed) -> None:
        """What was said of the lines before holds no more."""
        count = len(message.text_area.text.strip("\n").splitlines())
        self._say(f"{count:,} line{'' if count == 1 else 's'}" if count else "", "$dim")

    @on(PastedLines.Refused)
    def refuse(self, message: PastedLines.Refused) -> None:
        """Say that nothing was put in, and what to do."""
        self._say(
            f"Nothing was pasted: {message.length:,} characters, and at most {self._limit:,} are taken. "
            "Paste only the lines that the step is to give.",
            "$warning",
        )

    def action_take(self) -> None:
        """``ctrl+s``: take the lines, or say what is wrong with them."""
        text = self.query_one(PastedLines).text
        safe = clean(text, self._limit + 1).strip("\n")
        problem = f"longer than {self._limit:,} characters" if len(text) > self._limit else self._objection(safe)
        if problem:
            self._say(f"Not taken: {problem}.", "$warning")
        elif self.is_readable:
            self.dismiss(safe)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def _say(self, text: str, style: str) -> None:
        self.query_one("#entry-problem", Static).update(Content.styled(text, style))
