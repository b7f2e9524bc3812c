"""The banner: health in one word, the reason in a sentence, and what is wrong with the view itself."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.clocks import age_in_words, clock
from oncall_tui.domain.situation import Freshness, SourceState, Verdict

_LISTED = 3
"""Lines that failures may take of a banner."""


def verdict(value: Verdict) -> Content:
    """``DEGRADED  api: p95 640 ms (over 500). …``"""
    style = f"$health-{value.health.value}"
    word = Content.styled(f" {value.health.value.upper()} ", f"bold $background on {style}")
    return Content.assemble(word, "  ", (value.reason, "$bright" if value.health.value != "up" else "$foreground"))


def failures(sources: Sequence[Freshness], now: datetime, width: int) -> Content:
    """Every source that fails: what happened, since when, what is shown instead, what to do.

    One failure may take several lines of ``width`` cells; of several each has one, and beyond three they are counted.
    """
    failing = [one for one in sources if one.state is SourceState.FAILED and one.failure is not None]
    if len(failing) <= 1:
        return Content("\n").join([_failure(one, now) for one in failing])
    lines = [_failure(one, now).truncate(max(width, 1), ellipsis=True) for one in failing[:_LISTED]]
    if len(failing) > _LISTED:
        lines[-1] = Content.styled(f"✗ and {len(failing) - _LISTED + 1} more sources fail: b tells all", "$error")
    return Content("\n").join(lines)


def _failure(one: Freshness, now: datetime) -> Content:
    since = f" for {age_in_words(now - one.failing_since)}" if one.failing_since else ""
    shown = f", showing {clock(one.fetched_at, now)}" if one.fetched_at else ", nothing to show yet"
    what = one.failure.kind if one.failure else "failing"
    why = f"  {one.failure.message}" if one.failure else ""
    todo = f"  {one.failure.hint}" if one.failure and one.failure.hint else ""
    return Content.assemble((f"✗ {one.source} {what}{since}{shown}.", "$error"), (why, "$foreground"), (todo, "$dim"))
