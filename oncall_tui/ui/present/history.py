"""When the same alert fired before: in a sentence, and as a list."""

from datetime import datetime

from textual.content import Content

from oncall_tui.domain.clocks import age_in_words, clock, span_in_words
from oncall_tui.domain.history import Ending, Firing, History, SameBy
from oncall_tui.domain.text import clean_line

_ENDINGS = {
    Ending.OPEN: "still open",
    Ending.BY_SOMEBODY: "resolved by somebody",
    Ending.BY_ITSELF: "resolved by itself",
    Ending.MERGED: "merged into another incident",
    Ending.UNKNOWN: "it is not known how it ended",
}
_NOTE = 300


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
        (f" in the {_span(history)} before{_doubt(history)}{typical}", "$foreground"),
        (f"  the same {rule}", "$dim"),
    )
    return Content("\n\n").join([head, *(_firing(one, now) for one in history.firings)])


def _firing(one: Firing, now: datetime) -> Content:
    when = clock(one.began_at, now)
    number = f"#{one.number}" if one.number is not None else one.id
    lasted = span_in_words(one.lasted) if one.lasted is not None else "open"
    lines = [
        Content.assemble(
            (f"{when:<16}", "bold $foreground"),
            (f"{age_in_words(now - one.began_at) + ' ago':<14}", "$dim"),
            (f"{lasted:<12}", "$bright"),
            (ending(one), "$foreground"),
            (f"  {number}", "$dim"),
        )
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
