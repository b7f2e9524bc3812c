"""An act of this screen while it is sent: its rows change one by one, and the top line counts them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oncall_tui.domain.action import Action
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import SourceName
from oncall_tui.response.report import ActReport
from oncall_tui.ui.present.working import Part

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

REDRAWN_EVERY_S = 0.2
"""Results may arrive by the hundred a second: rows are drawn anew this often."""


class Sending:
    """Hears of one act (``response.following.Following``)."""

    def __init__(
        self,
        app: "OncallApp",
        action: Action,
        alerts: Sequence[Alert],
        show: "Callable[[Sending, Sequence[ActReport]], None]",
        begun_at: datetime | None = None,
    ) -> None:
        """``show`` is told of alerts as they are done with; ``begun_at`` is when the same failed before."""
        self.begun_at = begun_at
        self.action = action
        self.alerts = {one.id: one for one in alerts}
        self._app = app
        self._show = show
        self._is_drawing = False
        self._done = 0
        self._part = Part(action.verb, 0, len(self.alerts))

    @property
    def part(self) -> Part:
        """How far it is."""
        return self._part

    def hear(self, reports: Sequence[ActReport]) -> None:
        """These are done with."""
        from oncall_tui.ui.telling import is_done

        self._done += sum(map(is_done, reports))
        self._show(self, reports)
        self._part = Part(self._part.verb, self._done, self._part.total)
        self._draw_soon()

    def rest(self, source: SourceName, seconds: float) -> None:
        """It goes on after so many seconds."""
        until = self._app.now() + timedelta(seconds=seconds)
        self._part = Part(self._part.verb, self._done, self._part.total, source, until)
        self._draw_soon()

    def _draw_soon(self) -> None:
        if not self._is_drawing:
            self._is_drawing = True
            self._app.set_timer(REDRAWN_EVERY_S, self._draw)

    def _draw(self) -> None:
        self._is_drawing = False
        self._app.redraw_rows()
