"""Lines over time, drawn by plotext in the colours of the theme."""

from dataclasses import replace
from datetime import datetime, tzinfo

from textual.color import Color
from textual_plotext import PlotextPlot

from oncall_tui.domain.service import format_value
from oncall_tui.domain.situation import Trend

_TIMES = 5

_DRAWABLE = 1e100
"""plotext reckons with squares and quotients of values: beyond this they are infinite, and it raises."""

_LOWEST_CEILING = 1e-9


class TrendChart(PlotextPlot):
    """Trends of one unit, oldest left, with their limit as a line across."""

    DEFAULT_CSS = "TrendChart { width: 1fr; height: 1fr; color: $dim; }"

    def __init__(self, timezone: tzinfo | None) -> None:
        super().__init__()
        self._timezone = timezone
        self._trends: tuple[Trend, ...] = ()

    def on_mount(self) -> None:
        # Without colours of its own the plot takes those of the widget.
        self.theme = "textual-clear"
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._replot())

    def on_resize(self) -> None:
        self._replot()

    def show(self, trends: tuple[Trend, ...]) -> None:
        """Draw ``trends``, without values that no chart can show: a query may give anything."""
        self._trends = tuple(_drawable(one) for one in trends)
        self._replot()

    def _replot(self) -> None:
        drawn = [trend for trend in self._trends if len(trend.samples) > 1]
        if not drawn or not self.is_mounted:
            return
        plt = self.plt
        plt.clear_figure()
        plt.frame(False)
        for index, trend in enumerate(drawn):
            times = [sample.at.timestamp() for sample in trend.samples]
            values = [sample.value for sample in trend.samples]
            plt.plot(times, values, marker="braille", color=self._color(f"line-{index % 3 + 1}"))
        limit = next((trend.limit for trend in drawn if trend.limit is not None), None)
        if limit is not None:
            plt.hline(limit, color=self._color("health-degraded"))
        self._ticks(drawn, limit)
        self.refresh()

    def _ticks(self, drawn: list[Trend], limit: float | None) -> None:
        first, last = drawn[0].samples[0].at, drawn[0].samples[-1].at
        step = (last - first) / (_TIMES - 1)
        moments: list[datetime] = [first + step * i for i in range(_TIMES)]
        labels = [f"{moment.astimezone(self._timezone):%H:%M}" for moment in moments]
        self.plt.xticks([moment.timestamp() for moment in moments], labels)
        top = max(sample.value for trend in drawn for sample in trend.samples)
        ceiling = max(top, (limit or 0) * 1.1) * 1.05
        if ceiling < _LOWEST_CEILING:
            ceiling = 1.0
        self.plt.ylim(0, ceiling)
        marks = [0.0, limit if limit is not None else ceiling / 2, ceiling]
        self.plt.yticks(marks, [format_value(mark, "") for mark in marks])

    def _color(self, variable: str) -> tuple[int, int, int]:
        return Color.parse(self.app.theme_variables[variable]).rgb


def _drawable(trend: Trend) -> Trend:
    """The trend with what can be drawn of it. What is not a number is below no limit."""
    samples = tuple(one for one in trend.samples if abs(one.value) <= _DRAWABLE)
    has_limit = trend.limit is not None and abs(trend.limit) <= _DRAWABLE
    return replace(trend, samples=samples, limit=trend.limit if has_limit else None)
