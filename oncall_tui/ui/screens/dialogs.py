"""Dialogs: something to read, and the question before a bulk act."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.links import with_links
from oncall_tui.ui.present import changes
from oncall_tui.ui.screens.fitting import Fitting
from oncall_tui.ui.widgets.lines import TooSmall
from oncall_tui.ui.widgets.long_text import text_of


class Dialog(ModalScreen[ScreenResultType], Fitting[ScreenResultType]):
    """A frame over the view with a title, a body that scrolls and a line of keys; red-framed on production.

    Its own keys are fixed. Beside the arrows the body is scrolled by the keys that move in lists.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = "dialogs.tcss"

    def __init__(
        self, title: str, body: Content, keys: Sequence[tuple[str, str]], targets: Sequence[Alert] = ()
    ) -> None:
        """``targets`` are the alerts that its answer acts on, as they were at the key press."""
        super().__init__()
        self._title = title
        self._body = body
        self._keys = keys
        self._targets = tuple(targets)

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="-production" if self.app.is_production else "") as frame:
            frame.border_title = Content(f" {self._title} ")
            if self.app.is_production:
                frame.border_subtitle = Content(f" PROD {self.app.environment} ")
            with VerticalScroll(id="dialog-body"):
                yield self.compose_body()
            keys = [
                Content.assemble((key, "bold $bright"), " ", (label, "$dim"))
                for key, label in (*self._keys, self.moving())
            ]
            with Vertical(id="dialog-foot"):
                yield Static(id="dialog-news")
                yield from self._hidden()
                yield Static(Content("   ").join(keys), id="dialog-keys")
        yield TooSmall("esc leaves the dialog")

    def _hidden(self) -> Iterable[Widget]:
        """Marks outlive a filter: that some targets were not seen in the list is told before they are acted on."""
        table = self.app.view.alerts_table
        hidden = sum(one.id in table.hidden_marks for one in self._targets) if table is not None else 0
        if hidden:
            noun = "alert" if len(self._targets) == 1 else "alerts"
            yield Static(Content.styled(f"The filter hides {hidden} of these {noun}.", "$warning"), id="dialog-hidden")

    def on_mount(self) -> None:
        """Between the key press and the dialog a vendor may have been asked: the picture can be another since."""
        self.hear(self.app.situation)

    def hear(self, situation: Situation) -> None:
        """Say what has become of the targets; what is acted on stays what it was."""
        for news in self.query("#dialog-news").results(Static):
            text = changes.since_then(self._targets, situation)
            news.update(text)
            news.display = bool(text)

    def moving(self) -> tuple[str, str]:
        """The keys that move in it, and what they do."""
        return self.app.keymap.every_shown("list.down", "list.up") or "↑ ↓", "scroll"

    def compose_body(self) -> Widget:
        """What the frame holds."""
        return text_of(with_links(self._body, self.app.terminal))

    def on_key(self, event: events.Key) -> None:
        """Scroll by the keys of lists, those apart that mean something to this dialog."""
        command = self.app.keymap.commands.get(event.key)
        if event.key in self._bindings.key_to_bindings:
            return
        body = self.query_one("#dialog-body")
        moves = {
            "list.down": lambda: body.scroll_relative(y=1, animate=False),
            "list.up": lambda: body.scroll_relative(y=-1, animate=False),
            "list.first": lambda: body.scroll_home(animate=False),
            "list.last": lambda: body.scroll_end(animate=False),
        }
        if command in moves:
            event.stop()
            moves[command]()


class Notice(Dialog[None]):
    """Something to read. The key that opened it closes it again."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "leave", show=False)]

    def __init__(self, title: str, body: Content, *, opened_by: str) -> None:
        """``opened_by`` is the id of its command."""
        super().__init__(title, body, [("esc", "close")])
        self._opened_by = opened_by

    def on_key(self, event: events.Key) -> None:
        if self.app.keymap.commands.get(event.key) == self._opened_by:
            event.stop()
            event.prevent_default()  # Textual would call the handler of the base class as well.
            self.action_leave()

    def action_leave(self) -> None:
        self.dismiss(None)


class Question(Dialog[bool]):
    """A question with one answer that acts and one that leaves everything as it is, which is the default.

    While it cannot be read only the second is taken.
    """

    IS_QUESTION = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n,escape,q", "answer(False)", show=False),
    ]

    def __init__(self, title: str, body: Content, verb: str, targets: Sequence[Alert] = ()) -> None:
        super().__init__(title, body, [("y", verb), ("esc", "cancel")], targets)

    def action_answer(self, answer: bool) -> None:
        if self.is_readable or not answer:
            self.dismiss(answer)
