"""When the same alert fired before: in a sentence, and as a list."""

from collections.abc import Callable
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.clocks import age_in_words, clock, span_in_words
from oncall_tui.domain.history import Ending, Firing, History, SameBy
from oncall_tui.domain.text import clean_line
from oncall_tui.ui.knowing import Told

_ENDINGS = {
    Ending.OPEN: "still open",
    Ending.BY_SOMEBODY: "resolved by somebody",
    Ending.BY_ITSELF: "resolved by itself",
    Ending.MERGED: "merged into another incident",
    Ending.UNKNOWN: "it is not known how it ended",
}
_NOTE = 300


def pane(told: Told[History], now: datetime, key: str) -> Content:
    """What the details tell; ``key`` is the one that asks, and lists."""
    heading = Content.styled("HISTORY", "bold $dim")
    if told.is_unasked:
        return Content.assemble(
            heading, (f"  {key} asks when it fired before" if key else "  not asked for yet", "$dim")
        )
    more = f"  {key} lists" if key and told.answer is not None and told.answer.firings else ""
    return _with_state(told, heading + Content.styled(more, "$dim"), sentence, now)


def whole(told: Told[History], now: datetime) -> Content:
    """What the list tells."""
    return _with_state(told, Content(), listing, now)


def _with_state(
    told: Told[History], heading: Content, tell: Callable[[History, datetime], Content], now: datetime
) -> Content:
    """Being asked, failed and answered are told apart; an old answer stays beside the reason for no newer one."""
    lines = [heading] if heading else []
    if told.is_asking:
        lines.append(Content.styled("PagerDuty is asked …", "$dim"))
    if told.trouble:
        lines.append(Content.styled(f"It could not be looked up: {told.trouble}", "$warning"))
    if told.answer is not None:
        lines.append(tell(told.answer, now))
    return Content("\n").join(lines)


def sentence(history: History, now: datetime) -> Content:
    """``fired 4 times in 30 days, last 2 days ago for 14 min, resolved by Ana; note: rolled back``."""
    last = history.last
    if last is None:
        return Content.styled(f"Not once in the {_span(history)} before this time{_doubt(history)}.", "$foreground")
    lasted = f" for {span_in_words(last.lasted)}" if last.lasted is not None else ""
    text = Content.assemble(
        (f"fired {_times(history)}", "bold $foreground"),
        (
            f" in the {_span(history)} before{_doubt(history)}, last {age_in_words(now - last.began_at)} ago",
            "$foreground",
        ),
        (f"{lasted}, {ending(last)}", "$foreground"),
    )
    noted = history.last_noted
    if noted is None or noted.note is None:
        return text
    when = "" if noted is last else f" ({age_in_words(now - noted.began_at)} ago)"
    return Content.assemble(text, (f"\nnote{when}: ", "$dim"), (clean_line(noted.note.text, _NOTE), "$bright"))


def ending(firing: Firing) -> str:
    """How it ended, and by whom."""
    if firing.ending is Ending.BY_SOMEBODY and firing.by:
        return f"resolved by {firing.by}"
    return _ENDINGS[firing.ending]


def listing(history: History, now: datetime) -> Content:
    """Every time, the newest first, each with what was noted."""
    if not history.firings:
        return sentence(history, now)
    typical = f", {span_in_words(history.typical)} at the median" if history.typical is not None else ""
    rule = f"by {history.same_by.value}"
    head = Content.assemble(
        (f"fired {_times(history)}", "bold $bright"),
        (f" in the {_span(history)} before{typical}", "$foreground"),
        (f"\nthe same {rule}", "$dim"),
    )
    return Content("\n\n").join([head, *(_firing(one, now) for one in history.firings)])


def _firing(one: Firing, now: datetime) -> Content:
    number = f"#{one.number}" if one.number is not None else one.id
    lasted = span_in_words(one.lasted) if one.lasted is not None else "open"
    lines = [
        Content.assemble(
            (f"{clock(one.began_at, now):<16}", "bold $foreground"),
            (f"{lasted:<13}", "$bright"),
            (ending(one), "$foreground"),
        ),
        Content.styled(f"  {age_in_words(now - one.began_at)} ago, {number}", "$dim"),
    ]
    if one.note is not None:
        by = f"{one.note.by}: " if one.note.by else ""
        lines.append(Content.assemble((f"  {by}", "$dim"), (one.note.text, "$foreground")))
    return Content("\n").join(lines)


def _times(history: History) -> str:
    count = len(history.firings)
    least = "at least " if history.is_cut else ""
    return least + ("once" if count == 1 else "twice" if count == 2 else f"{count} times")


def _span(history: History) -> str:
    return f"{(history.until - history.since).days} days"


def _doubt(history: History) -> str:
    """By what it was looked for, when that is not sure."""
    return "" if history.same_by is SameBy.KEY else " (by title and service)"
