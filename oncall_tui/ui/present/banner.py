"""The banner: health in one word, the reason in a sentence, and what is wrong with the view itself."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.clocks import clock
from oncall_tui.domain.situation import Freshness, Situation, SourceState, Verdict
from oncall_tui.domain.skew import clock_trouble
from oncall_tui.ui.present import troubles

_LISTED = 3
"""Lines that troubles may take of a banner, the first failure apart, which is told whole."""


def verdict(value: Verdict) -> Content:
    """``DEGRADED  api: p95 640 ms (over 500). …``"""
    style = f"$health-{value.health.value}"
    word = Content.styled(f" {value.health.value.upper()} ", f"bold $background on {style}")
    return Content.assemble(word, "  ", (value.reason, "$bright" if value.health.value != "up" else "$foreground"))


def view_troubles(situation: Situation, now: datetime, width: int, key: str) -> Content:
    """What limits the view, on lines of ``width`` cells: time nobody saw, clocks that disagree, sources that fail; and
    that nobody would be paged.

    ``key`` opens the list of the sources; empty when no key does.
    """
    notes = [*troubles.interruption(situation), *troubles.clocks(clock_trouble(situation.freshness))]
    notes += troubles.unattended(situation.unattended)
    lines = [Content.styled(one, "$warning").truncate(max(width, 1), ellipsis=True) for one in notes]
    failing = failures(situation.freshness, now, width, key, max(_LISTED - len(lines), 1))
    return Content("\n").join([*lines, failing] if failing else lines)


def failures(sources: Sequence[Freshness], now: datetime, width: int, key: str, listed: int = _LISTED) -> Content:
    """Every source that fails: what happened, since when, what is shown instead, what to do.

    One failure alone may take several lines of ``width`` cells; of several, or beside other troubles, each has one, and
    those beyond ``listed`` lines are counted. What is cut off, as a rule what to do, stands behind ``key``.
    """
    failing = [one for one in sources if one.state is SourceState.FAILED and one.failure is not None]
    if len(failing) <= 1 and listed == _LISTED:
        return Content("\n").join([_failure(one, now) for one in failing])
    lines = [_in_one_line(_failure(one, now), width, key) for one in failing[:listed]]
    if len(failing) > listed:
        more = f"and {len(failing) - listed + 1} more sources fail" if listed > 1 else f"{len(failing)} sources fail"
        lines[-1] = Content.styled(f"✗ {more}{f': {key} tells all' if key else ''}", "$error")
    return Content("\n").join(lines)


def _in_one_line(told: Content, width: int, key: str) -> Content:
    where = f"  {key} tells all" if key and told.cell_length > width else ""
    cut = told.truncate(max(width - len(where), 1), ellipsis=True)
    return Content.assemble(cut, (where, "$error"))


def _failure(one: Freshness, now: datetime) -> Content:
    shown = f", showing {clock(one.fetched_at, now)}" if one.fetched_at else ", nothing to show yet"
    what = f"✗ {one.source} {troubles.failing(one, now)}{shown}."
    why, todo = troubles.reason(one), one.failure.hint if one.failure else ""
    return Content.assemble((what, "$error"), (f"  {why}", "$foreground"), (f"  {todo}" if todo else "", "$dim"))
