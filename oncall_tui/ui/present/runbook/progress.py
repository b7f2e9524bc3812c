"""A verification that goes on: the values so far as a small chart, what is wanted, when it is asked again."""

from datetime import datetime

from textual.content import Content

from oncall_tui.ui.present.runbook import signs
from oncall_tui.ui.present.runbook.scene import Waiting
from oncall_tui.ui.present.sparkline import spark

_BARS = 24
_SHOWN = 4


def waiting(one: Waiting | None, unit: str, now: datetime, width: int) -> list[Content]:
    """``verifying: 91 → 84 → 77   wanted cpu.value < 70   ▇▆▅   next check in 12 s``."""
    if one is None:
        return []
    values = " → ".join(signs.value(value, unit) for value in one.values[-_SHOWN:])
    latest = one.latest
    is_over = one.next_at is None and latest is not None
    word, style = ("verifying", "bold $mark")
    if is_over and latest is not None:
        word, style = ("verified", "$health-up") if latest.answer is True else ("not verified", "bold $warning")
    told = values or (latest.reason if latest is not None and latest.reason else "no value yet")
    first = Content.assemble(
        ("     ▏ ", "$mark"),
        (word, style),
        "  ",
        (told, "$bright"),
        ("   wanted ", "$dim"),
        signs.wanted(one.expect, unit),
    )
    if latest is not None and latest.answer is None and not is_over:
        first = Content.assemble(first, ("   cannot tell yet", "$health-unknown"))
    second = Content.assemble(
        ("     ▏ ", "$mark"),
        (spark(one.values, min(len(one.values), _BARS)), "$line-2"),
        "  ",
        (_time(one, now), "$dim"),
    )
    lines = [first] if is_over and len(one.values) < 2 else [first, second]
    return [line.truncate(width, ellipsis=True) for line in lines]


def _time(one: Waiting, now: datetime) -> str:
    latest = one.latest
    if latest is None:
        return "asking …"
    spent = f"{signs.clocked(latest.elapsed_s)} of {signs.clocked(latest.within_s)}"
    if one.next_at is None:
        return f"{latest.tries} checks in {signs.clocked(latest.elapsed_s)}"
    left = max(round((one.next_at - now).total_seconds()), 0)
    return f"next check in {left} s   {spent}"
