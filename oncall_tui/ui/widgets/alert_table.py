"""The list of alerts: filter, order, marks, and the cursor held on the same trouble through every refresh."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.query import Order, Searcher, ordered
from oncall_tui.domain.situation import Situation
from oncall_tui.threads import DaemonThreads
from oncall_tui.ui.present import emptiness, topics
from oncall_tui.ui.present.alert_row import Scene, alert_columns
from oncall_tui.ui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    from oncall_tui.domain.filtering import Filter

_HESITATION = timedelta(seconds=1)
"""How long an act is refused after the cursor came to another row by itself: a hand needs about a third of it."""


class AlertTable(LiveTable[Alert]):
    """Alerts of a situation, as filtered and ordered here."""

    TOPIC = topics.ALERTS

    def __init__(self, scene: Callable[[], Scene], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(alert_columns(scene), lambda alert: alert.id, id=id)
        self._scene = scene
        self._situation: Situation | None = None
        self._shifted_at: datetime | None = None
        self._searcher = Searcher()
        self._reading = DaemonThreads("filter")
        self._in_order: tuple[Situation, Order, tuple[Alert, ...]] | None = None
        self._is_searched = False
        self.wanted: Filter | None = None
        self.order = Order.SEVERITY

    def on_unmount(self) -> None:
        """Let the thread that reads for the filter end."""
        self._reading.close()

    def show_situation(self, situation: Situation) -> None:
        """Draw the alerts of ``situation``; a row that a pager has renamed keeps cursor and mark."""
        before = self.cursor_id
        held = None if before is None else situation.alert(before)
        self._situation = situation
        self._draw(situation)
        if self._is_searched:
            self.expect_filter()
        if before is not None and (held is None or held.id != self.cursor_id):
            self._shifted_at = self._scene().now

    def move_to(self, index: int) -> None:
        self._shifted_at = None
        super().move_to(index)

    def _draw(self, situation: Situation) -> None:
        def renamed(alert_id: str) -> str | None:
            alert = situation.alert(alert_id)
            return None if alert is None else alert.id

        self.say_when_empty(emptiness.no_alerts(situation, self.filter_text))
        found = self._ordered(situation)
        if self.wanted is not None:
            found = self._searcher.matching(found, self.wanted, self._scene().now)
        self.show_rows(found, renamed)

    def _ordered(self, situation: Situation) -> tuple[Alert, ...]:
        """The alerts in their order, which no letter of a filter changes. A situation has them by severity."""
        if self.order is Order.SEVERITY:
            return situation.alerts
        known = self._in_order
        if known is None or known[0] is not situation or known[1] is not self.order:
            known = self._in_order = (situation, self.order, ordered(situation.alerts, self.order))
        return known[2]

    def expect_filter(self) -> None:
        """Somebody is about to type a filter: read the alerts meanwhile, so that the first letter does not wait."""
        self._is_searched = True
        self.run_worker(self._read_ahead(), group="filter", exclusive=True, exit_on_error=False)

    async def _read_ahead(self) -> None:
        if self._situation is not None:
            alerts = self._ordered(self._situation)
            await self._reading.compute(lambda: self._searcher.prepare(alerts))

    @property
    def has_just_shifted(self) -> bool:
        """Whether the row under the cursor has become another one within the last moment, by itself.

        A key pressed now was meant for the row that was there: whoever acts must ask again. A clock that was set back
        since makes it no moment ago.
        """
        return self._shifted_at is not None and timedelta(0) <= self._scene().now - self._shifted_at < _HESITATION

    def filter_by(self, text: str) -> None:
        """Show only what ``text`` finds from now on (``domain.filtering``)."""
        from oncall_tui.domain.filtering import read_filter

        self.wanted = read_filter(text) if text else None
        if self._situation is not None:
            self._draw(self._situation)

    @property
    def filter_text(self) -> str:
        """The filter as it is written; empty without one."""
        return "" if self.wanted is None else self.wanted.text

    def sort_by_next(self) -> None:
        """Go to the next order."""
        orders = list(Order)
        self.order = orders[(orders.index(self.order) + 1) % len(orders)]
        if self._situation is not None:
            self._draw(self._situation)

    @property
    def chosen(self) -> tuple[Alert, ...]:
        """What an act is meant for: the marked alerts, else the one under the cursor."""
        marked = self.marked_rows
        if marked:
            return marked
        return () if self.cursor_row is None else (self.cursor_row,)
