"""The question before what destroys: a phrase that names the target has to be typed."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Input, Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean_line
from oncall_tui.ui.screens.dialogs import Dialog


class PhraseQuestion(Dialog[str | None]):
    """What is typed, once it is the phrase; ``esc`` leaves everything as it is."""

    IS_QUESTION = True
    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "action_form.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(self, title: str, body: Content, phrase: str, targets: Sequence[Alert]) -> None:
        super().__init__(title, body, [("enter", "run"), ("esc", "cancel")], targets)
        self._phrase = phrase

    def compose_body(self) -> Widget:
        return Static(self._body)

    def _hidden(self) -> Iterable[Widget]:
        """The field stands below what scrolls: what would run is seen while the phrase is typed."""
        yield from super()._hidden()
        wanted = Content.assemble(("type ", "$dim"), (self._phrase, "bold $error"))
        yield Static(wanted)
        yield Input(id="phrase", select_on_focus=False)
        yield Static(id="phrase-problem", classes="problem", markup=False)

    def on_mount(self) -> None:
        self.query_one("#dialog-body").can_focus = False
        self.query_one("#phrase").focus()

    def moving(self) -> tuple[str, str]:
        return "pgup pgdn", "scroll"

    def on_key(self, event: events.Key) -> None:
        """Every letter is typed; the pages scroll."""
        body = self.query_one("#dialog-body")
        pages = {"pageup": body.scroll_page_up, "pagedown": body.scroll_page_down}
        if event.key in pages:
            event.stop()
            pages[event.key](animate=False)
        event.prevent_default()  # Textual would call the handler of the base class as well.

    @on(Input.Submitted, "#phrase")
    def enter(self, message: Input.Submitted) -> None:
        """Take the phrase; anything else starts nothing."""
        message.stop()
        typed = clean_line(message.value, 300)
        if typed != self._phrase:
            problem = self.query_one("#phrase-problem", Static)
            problem.update("That is not the phrase: nothing was started.")
            problem.display = True
        elif self.is_readable:
            self.dismiss(typed)

    def action_cancel(self) -> None:
        self.dismiss(None)
