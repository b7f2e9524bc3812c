"""An action on several rows while it goes on: a line for each with its result, and the last words of its output."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import AlertId
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Chunk
from oncall_tui.ui.screens.action_output import OutputDialog

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import ActionRun

_WAITS = Content.styled("waits", "$dim")
_RUNS = Content.styled("running", "$warning")
_LONGEST = 160


class ActionsOutput(OutputDialog):
    """``ctrl+x`` ends what runs and begins nothing more; leaving it stops nothing."""

    def __init__(self, name: str, alerts: Sequence[Alert]) -> None:
        super().__init__(name, alerts)
        self.is_stopped = False
        self._titles = {one.id: clean_line(one.title, 200) for one in alerts}
        self._states = dict.fromkeys(self._titles, _WAITS)
        self._last: dict[AlertId, str] = {}
        self._run: ActionRun | None = None
        self._alert: Alert | None = None
        self._is_over = False

    def begin(self, run: "ActionRun", alert: Alert) -> None:
        """It is this one's turn."""
        self._run, self._alert = run, alert
        self._states[alert.id] = _RUNS
        self._draw()

    def take(self, chunk: Chunk) -> None:
        """A piece of output of the one whose turn it is: its last line is shown."""
        lines = [line for line in chunk.text.splitlines() if line.strip()]
        if lines and self._alert is not None:
            self._last[self._alert.id] = clean_line(lines[-1], _LONGEST)
            self._draw()

    def tell(self, alert: Alert, result: str, *, is_bad: bool) -> None:
        """How it ended on one."""
        self._titles.setdefault(alert.id, clean_line(alert.title, 200))
        self._states[alert.id] = Content.styled(clean_line(result, 300), "bold $error" if is_bad else "$success")
        self._run = None
        self._draw()

    def end(self) -> None:
        """Nothing more will come."""
        self._is_over = True
        self._draw()

    def action_stop(self) -> None:
        """End the one that runs, and begin no other."""
        if not self._is_over:
            self.is_stopped = True
            if self._run is not None:
                self._run.cancel()
            self._draw()

    def _draw(self) -> None:
        for output in self.query("#action-output").results(Static):
            lines: list[Content] = []
            for one, title in self._titles.items():
                lines.append(Content.assemble((title, "$bright"), "  ", self._states[one]))
                if one in self._last:
                    lines.append(Content.styled(f"  {self._last[one]}", "$dim"))
            output.update(Content("\n").join(lines))
            self.query_one("#action-state", Static).update(Content.styled(self._words(), "$dim"))

    def _words(self) -> str:
        if self._is_over:
            return "Each has its result."
        return "stopping …" if self.is_stopped else "running one after the other; leaving this stops nothing"
