"""The chart of the overview: the configured trends over a day, with their newest values beside it.

The plotting library is imported when the first trend arrives, in a thread: it is not worth a slower first paint.
"""

import asyncio
from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from oncall_tui.domain.situation import Trend
from oncall_tui.ui.present import sparkline, topics

if TYPE_CHECKING:
    from oncall_tui.ui.widgets.trend_chart import TrendChart


class ChartPane(Vertical, can_focus=True):
    """Heading, lines, and the newest value of each line."""

    TOPIC = topics.CHART

    DEFAULT_CSS = """
    ChartPane { display: none; }
    ChartPane.-with-trends { display: block; }
    ChartPane:focus #chart-heading { background: $selection; }
    ChartPane #chart-values { width: 23; padding: 1 1 0 2; }
    """

    def __init__(self, title: str, timezone: tzinfo | None) -> None:
        super().__init__(id="chart")
        self._timezone = timezone
        self._title = title
        self._chart: TrendChart | None = None
        self._trends: tuple[Trend, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(id="chart-heading", classes="heading")
        with Horizontal(id="chart-body"):
            yield Static(id="chart-values")

    def show(self, trends: tuple[Trend, ...]) -> None:
        """Draw ``trends``; an equal set costs nothing."""
        if trends == self._trends:
            return
        self._trends = trends
        self.set_class(bool(trends), "-with-trends")
        if trends:
            unit = f"  {trends[0].unit}" if trends[0].unit else ""
            first, _, rest = self._title.partition(" ")
            heading = Content.assemble((first.upper(), "bold $bright"), (f" {rest}{unit}", "$dim"))
            self.query_one("#chart-heading", Static).update(heading)
            self.query_one("#chart-values", Static).update(Content("\n").join(_values(trends)))
            self.run_worker(self._draw(), group="chart", exclusive=True, exit_on_error=False, description="draw chart")

    async def _draw(self) -> None:
        if self._chart is None:
            self._chart = await asyncio.to_thread(_chart, self._timezone)
            await self.query_one("#chart-body").mount(self._chart, before=0)
        self._chart.show(self._trends)


def _chart(timezone: tzinfo | None) -> "TrendChart":
    from oncall_tui.ui.widgets.trend_chart import TrendChart

    return TrendChart(timezone)


def _values(trends: Iterable[Trend]) -> list[Content]:
    styles = ("$line-1", "$line-2", "$line-3")
    return [
        Content.assemble(("━ ", styles[i % 3]), (f"{trend.name:<4} ", "$dim"), sparkline.newest(trend))
        for i, trend in enumerate(trends)
    ]
