"""Dialogs: help, the state of the sources, and the question before a bulk act."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Static

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class Dialog(ModalScreen[ScreenResultType]):
    """A frame over the view with a title, a body that scrolls and a line of keys; red-framed on production."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    app: "OncallApp"

    def __init__(self, title: str, body: Content, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._keys = keys

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="-production" if self.app.is_production else "") as frame:
            frame.border_title = Content(f" {self._title} ")
            if self.app.is_production:
                frame.border_subtitle = Content(f" PROD {self.app.environment} ")
            with VerticalScroll(id="dialog-body"):
                yield Static(self._body)
            keys = [Content.assemble((key, "bold $bright"), " ", (label, "$dim")) for key, label in self._keys]
            yield Static(Content("   ").join(keys), id="dialog-keys")

    def action_scroll(self, by: int) -> None:
        self.query_one("#dialog-body").scroll_relative(y=by, animate=False)


class Notice(Dialog[None]):
    """Something to read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark,b", "leave", show=False),
    ]

    def __init__(self, title: str, body: Content) -> None:
        super().__init__(title, body, [("esc", "close"), ("j k", "scroll")])

    def action_leave(self) -> None:
        self.dismiss(None)


class Question(Dialog[bool]):
    """A question with one answer that acts and one that leaves everything as it is, which is the default."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n,escape,q", "answer(False)", show=False),
    ]

    def __init__(self, title: str, body: Content, verb: str) -> None:
        super().__init__(title, body, [("y", verb), ("esc", "cancel"), ("j k", "scroll")])

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
