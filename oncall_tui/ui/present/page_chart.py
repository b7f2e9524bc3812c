"""Pages per day as small bars, nights apart from days, with what they come to."""

from collections.abc import Callable, Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.pages import Night, PageCount, PageDay, PageLog, a_day, in_total, pages_per_day, worst_day
from oncall_tui.ui.knowing import Told

_CELL, _LABEL = 4, 9
_ROWS = 3
_EIGHTHS = " ▁▂▃▄▅▆▇█"
TARGET = 10
"""Pages a day that a team can bear (requirement KPI-05)."""


def pages(told: Told[PageLog], days: int, now: datetime, night: Night, width: int) -> Content:
    """The heading and what is known: nothing yet, why not, or the bars; old ones stay beside why there are no newer."""
    state = ("  counting …", "$dim") if told.is_asking else ("", "")
    lines = [Content.assemble(("PAGES PER DAY", "bold $bright"), state)]
    if told.trouble:
        lines.append(Content.styled(f"They could not be counted: {told.trouble}", "$warning"))
    if told.answer is not None:
        lines.append(chart(told.answer, days, now, night, width))
    return Content("\n").join(lines)


def chart(log: PageLog, days: int, now: datetime, night: Night, width: int) -> Content:
    """The bars of as many of the last days as fit on ``width`` cells, and what all of them come to."""
    counted = pages_per_day(log, days, now, night)
    shown = counted[-max((width - _LABEL) // _CELL, 1) :]
    most = max((one.count.total for one in shown if one.count is not None), default=0)
    rows = [_bars(shown, most, row) for row in reversed(range(min(_ROWS, most)))]
    numbers = [
        _numbers("all", shown, lambda one: one.total, "$foreground"),
        _numbers(f"{night}", shown, lambda one: one.nights, "$accent"),
    ]
    if log.is_me_known:
        numbers.append(_numbers("yours", shown, lambda one: one.mine, "$dim"))
    lines = [_totals(counted, is_me_known=log.is_me_known), *rows, _dates(shown), *numbers]
    if log.trouble:
        lines.append(Content.styled(f"Older days are not known: {log.trouble}", "$warning"))
    return Content("\n").join(lines)


def _totals(days: Sequence[PageDay], *, is_me_known: bool) -> Content:
    """``38 pages in 14 days, 2.7 a day, 14 at night, 20 yours; most on Thu 12 Nov: 9``."""
    total, mean, worst = in_total(days), a_day(days), worst_day(days)
    known = sum(one.count is not None for one in days)
    if not total.total:
        return Content.styled(f"No page in {_days(known)}.", "$health-up")
    style = "$warning" if mean is not None and mean >= TARGET else "$foreground"
    parts: list[Content | tuple[str, str]] = [
        (f"{total.total} {'page' if total.total == 1 else 'pages'}", "bold $bright"),
        (f" in {_days(known)}", "$foreground"),
    ]
    parts += [(f", {mean:.1f} a day", style)] if mean is not None else []
    parts.append((f", {total.nights} at night", "$accent"))
    parts += [(f", {total.mine} yours", "$foreground")] if is_me_known else []
    if worst is not None and worst.count is not None and worst.count.total > 1:
        parts.append((f"; most on {worst.day:%a %d %b}: {worst.count.total}", "$dim"))
    return Content.assemble(*parts)


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _bars(days: Sequence[PageDay], most: int, row: int) -> Content:
    """One line of the bars; their night stands at the foot."""
    cells: list[Content | tuple[str, str]] = [Content(" " * _LABEL)]
    for one in days:
        if one.count is None:
            cells.append((" ?? " if row == 0 else " " * _CELL, "$health-unknown"))
            continue
        unit = 8 * _ROWS / max(most, _ROWS)
        height, foot = round(one.count.total * unit), round(one.count.nights * unit)
        filled = max(min(height - 8 * row, 8), 0)
        is_night = foot - 8 * row >= filled > 0 or foot - 8 * row >= 4
        cells.append((f" {2 * _EIGHTHS[filled]} ", "$accent" if is_night else "$line-2"))
    return Content.assemble(*cells)


def _dates(days: Sequence[PageDay]) -> Content:
    """The day of the month below each bar; weekends dim, today bright."""
    cells: list[Content | tuple[str, str]] = [Content(" " * _LABEL)]
    for one in days:
        is_weekend = one.day.weekday() >= 5
        style = "bold $bright" if not one.is_whole else "$dim" if is_weekend else "$foreground"
        cells.append((f"{one.day:%d}".lstrip("0").rjust(_CELL - 1) + " ", style))
    return Content.assemble(*cells)


def _numbers(label: str, days: Sequence[PageDay], count: Callable[[PageCount], int], style: str) -> Content:
    """One number below each day; a day without a page has a point, one that is not known a question mark."""
    cells: list[Content | tuple[str, str]] = [(f"{label:<{_LABEL}}", "$dim")]
    for one in days:
        value = "?" if one.count is None else str(count(one.count) or "·")
        is_quiet = value in ("?", "·")
        cells.append((value.rjust(_CELL - 1) + " ", "$dim" if is_quiet else style))
    return Content.assemble(*cells)
