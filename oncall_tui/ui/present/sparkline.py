"""Trends on one line: the last value and how it came there."""

from collections.abc import Sequence
from math import isfinite

from textual.content import Content

from oncall_tui.domain.service import format_value
from oncall_tui.domain.situation import Trend

_BARS = "▁▂▃▄▅▆▇█"


def spark(values: Sequence[float], width: int) -> str:
    """``values`` as bars on ``width`` cells, each the highest of its share; a blank where there is none."""
    if not values or width < 1:
        return ""
    shares = [values[i * len(values) // width : (i + 1) * len(values) // width] for i in range(width)]
    peaks = [max((value for value in share if isfinite(value)), default=None) for share in shares]
    known = [peak for peak in peaks if peak is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    # Halves: the span of the largest numbers that there are would be infinite.
    span = high / 2 - low / 2
    return "".join(
        " " if peak is None else _BARS[round((peak / 2 - low / 2) / span * (len(_BARS) - 1)) if span else 0]
        for peak in peaks
    )


def is_over(trend: Trend) -> bool:
    """Whether the newest value is above the limit."""
    return bool(trend.limit is not None and trend.samples and trend.samples[-1].value > trend.limit)


def newest(trend: Trend) -> Content:
    """The newest value; bright, with the limit, when it is above it."""
    if not trend.samples:
        return Content.styled("no data", "$health-unknown")
    value = format_value(trend.samples[-1].value, trend.unit)
    if is_over(trend) and trend.limit is not None:
        return Content.assemble((value, "bold $health-degraded"), (f" >{trend.limit:g}", "$dim"))
    return Content.styled(value, "$foreground")


def trend_line(trends: Sequence[Trend], width: int) -> Content:
    """The last two trends (P95 and P99 of a latency chart) with a sparkline between name and value."""
    if not trends:
        return Content()
    shown = trends[-2:] if width >= 70 else trends[-1:]
    room = width // len(shown) - 2
    parts = [_one(trend, room) for trend in shown]
    return Content("  ").join(parts).truncate(width, ellipsis=True)


def _one(trend: Trend, width: int) -> Content:
    value = newest(trend)
    name = f"{trend.service} {trend.name}".strip()
    bars = spark([sample.value for sample in trend.samples], max(width - len(name) - value.cell_length - 2, 0))
    style = "$health-degraded" if is_over(trend) else "$line-2"
    return Content.assemble((name, "$dim"), " ", (bars, style), " ", value)
