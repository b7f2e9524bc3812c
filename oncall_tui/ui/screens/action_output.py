"""The output of an action as it comes. Leaving it stops nothing: its end is told in any case."""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.execution import Chunk, Stream
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.present import custom
from oncall_tui.ui.screens.dialogs import Dialog

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import ActionRun
    from oncall_tui.runbook.run.live import Ended

_MOST = 400
"""Pieces that are kept for the screen: the whole output is in its file."""


class OutputDialog(Dialog[None]):
    """Output above, how it stands below. ``ctrl+x`` stops what runs; leaving stops nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", show=False),
        Binding("ctrl+x", "stop", show=False),
    ]

    def __init__(self, name: str, alerts: Sequence[Alert]) -> None:
        super().__init__(clean_line(name, 40), Content(), [("ctrl+x", "stop"), ("esc", "leave")], alerts)

    def compose_body(self) -> Widget:
        return Vertical(Static(id="action-output"), Static(id="action-state"), id="action-form")

    def on_mount(self) -> None:
        self.query_one("#action-form").styles.height = "auto"
        self._draw()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_stop(self) -> None:
        """End what runs."""
        raise NotImplementedError

    def _draw(self) -> None:
        raise NotImplementedError


class ActionOutput(OutputDialog):
    """What an action prints; ``ctrl+x`` ends it with everything that it has started."""

    def __init__(self, run: "ActionRun", alert: Alert) -> None:
        super().__init__(run.action.settings.name, [alert])
        self._run = run
        self._pieces: deque[Chunk] = deque(maxlen=_MOST)
        self._ended: Ended | None = None
        self._is_stopping = False

    def take(self, chunk: Chunk) -> None:
        """A piece of output has come; before the dialog is there it is kept."""
        self._pieces.append(chunk)
        self._draw()

    def end(self, ended: "Ended") -> None:
        """It is over."""
        self._ended = ended
        self._draw()

    def action_stop(self) -> None:
        """End it; how that went is told when it is over."""
        if self._ended is None:
            self._is_stopping = True
            self._run.cancel()
            self._draw()

    def _draw(self) -> None:
        for output in self.query("#action-output").results(Static):
            parts = [
                Content.styled(clean(one.text, 20_000), "$warning" if one.stream is Stream.ERR else "$foreground")
                for one in self._pieces
            ]
            output.update(Content("").join(parts))
            self.query_one("#action-state", Static).update(self._state())
            self.query_one("#dialog-body").scroll_end(animate=False)

    def _state(self) -> Content:
        if self._ended is None:
            return Content.styled("stopping …" if self._is_stopping else "running; leaving this stops nothing", "$dim")
        state = self._ended.judged.state
        style = "$success" if state is State.DONE else "bold $error"
        return Content.assemble((state.value, style), (f"  {custom.ending(self._ended)}", "$dim"))
