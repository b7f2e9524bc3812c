"""The top line: which environment this is, who is on call, and how fresh every source is."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from textual.content import Content

from oncall_tui.domain.clocks import age, clock
from oncall_tui.domain.situation import Freshness, OnCall, Situation, SourceState
from oncall_tui.ui.present.words import joined
from oncall_tui.ui.present.working import NO_WORK, Work, wordings


def environment(name: str, *, is_production: bool, is_read_only: bool = False) -> Content:
    """The environment as a block of colour with its name: red and loud for production."""
    block = Content.styled(f" {name or 'oncall-tui'} ", "$calm-text on $calm")
    if is_production:
        block = Content.assemble((" PROD ", "bold $production-text on $production"), (f" {name} ", "bold $bright"))
    return block + Content.styled(" read-only ", "bold $accent") if is_read_only else block


def on_call(people: Sequence[OnCall], now: datetime) -> Content:
    """Who is on call at the first level, the user of the screen first."""
    first = sorted((one for one in people if one.level <= 1), key=lambda one: not one.is_me)
    if not first:
        return Content()
    who = first[0]
    until = f" until {clock(who.until, now)}" if who.until else ""
    name = Content.styled("you" if who.is_me else who.user, "bold $bright" if who.is_me else "$foreground")
    return Content.assemble(("on call: ", "$dim"), name, (until, "$dim"))


def freshness(sources: Sequence[Freshness], now: datetime, *, with_cost: bool = False) -> Content:
    """The age of every source's data and, ``with_cost``, the requests of the last minute; what fails says so."""
    return joined([_fresh(one, now) + (_cost(one) if with_cost else Content()) for one in sources])


def _cost(one: Freshness) -> Content:
    """Requests sent in the last minute; bright when three quarters of the budget are spent, which checks then feel."""
    is_short = one.requests_per_minute >= 0.75 * one.budget_per_minute > 0
    return Content.styled(f" {one.requests_per_minute}/min", "$warning" if is_short else "$dim")


def fits(situation: Situation, left: Content, now: datetime, width: int, work: Work = NO_WORK) -> Content:
    """The whole line on ``width`` cells: environment and ``work`` left, freshness right, who is on call between if it
    fits. What is being sent or waits is told in as many words as leave the freshness whole, and always in a few."""
    if not work:
        return _whole(situation, left, now, width)
    tellings = [Content.assemble(left, "  ", one) for one in wordings(work, now)]
    right = freshness(situation.freshness, now)
    fitting = (one for one in tellings if one.cell_length + right.cell_length < width)
    return _whole(situation, next(fitting, tellings[-1]), now, width)


def _whole(situation: Situation, left: Content, now: datetime, width: int) -> Content:
    right = freshness(situation.freshness, now)
    middle = on_call(situation.on_call, now)
    costly = freshness(situation.freshness, now, with_cost=True)
    if left.cell_length + middle.cell_length + costly.cell_length + 12 <= width:
        right = costly
    if middle and left.cell_length + middle.cell_length + right.cell_length + 6 > width:
        middle = Content()
    room = width - left.cell_length - right.cell_length - middle.cell_length
    if room < 1:
        return _narrow(left, situation.freshness, now, width)
    before = room // 2 if middle else 0
    return left + Content(" " * before) + middle + Content(" " * (room - before)) + right


def _narrow(left: Content, sources: Sequence[Freshness], now: datetime, width: int) -> Content:
    """The line where not everything fits: what is wrong is named, the worst first, and the rest is counted."""
    if any(one.state is SourceState.FAILED for one in sources):
        # A name that takes more than half of the line may not hide that something fails.
        left = left.truncate(max(width // 2, 1), ellipsis=True)
    ranked = sorted(sources, key=lambda one: _BY_NEED.index(_word(one, now)))
    wrong = sum(_word(one, now) != _FINE for one in sources)
    for right in _shorter_and_shorter(ranked, wrong, now):
        room = width - left.cell_length - right.cell_length
        if room >= 1:
            return left + Content(" " * room) + right
    return (left + Content(" ") + right).truncate(width, ellipsis=True)


def _shorter_and_shorter(ranked: Sequence[Freshness], wrong: int, now: datetime) -> Iterator[Content]:
    """The first ``wrong`` sources named and the rest counted, then fewer named, then without those that do well.

    Where not even one name and what else is wrong fit, numbers tell more than that name; at last the name alone.
    """
    for named in range(wrong, min(wrong, 1) - 1, -1):
        parts = [_fresh(one, now) for one in ranked[:named]]
        yield joined([*parts, *_counted(ranked[named:], named > 0, now)])
    if wrong > 1:
        yield joined([_fresh(ranked[0], now), *_counted(ranked[1:wrong], True, now)])
        yield joined(list(_counted(ranked, False, now)))
        yield joined(list(_counted(ranked[:wrong], False, now)))
    if wrong:
        yield _fresh(ranked[0], now)


_FINE = "fine"
_BY_NEED = ("failing", "old", "paused", "waiting", _FINE)
_COUNTED = {"failing": "bold $error", "old": "bold $warning", "paused": "$warning", "waiting": "$dim"}


def _word(one: Freshness, now: datetime) -> str:
    """How a source does, in the word that several of them are counted under."""
    if one.state is SourceState.FAILED:
        return "failing"
    if one.state is SourceState.PAUSED:
        return "paused"
    if one.fetched_at is None:
        return "waiting"
    return "old" if one.is_stale(now) else _FINE


def _counted(sources: Sequence[Freshness], is_rest: bool, now: datetime) -> Iterator[Content]:
    """Sources as numbers: ``2 failing``; the good ones with the age of the oldest: ``3 fine 12s``."""
    for word in _BY_NEED:
        counted = [one for one in sources if _word(one, now) == word]
        if not counted:
            continue
        if word == _FINE:
            oldest = max(one.age(now) or timedelta(0) for one in counted)
            yield Content.assemble((f"{len(counted)} {word} ", "$dim"), (age(oldest), "$foreground"))
        else:
            sign, more = ("" if is_rest else "✗ ") if word == "failing" else "", " more" if is_rest else ""
            yield Content.styled(f"{sign}{len(counted)}{more} {word}", _COUNTED[word])


def _fresh(one: Freshness, now: datetime) -> Content:
    old = one.age(now)
    shown = age(old) if old is not None else "…"
    if one.state is SourceState.FAILED:
        since = age(now - one.failing_since) if one.failing_since else ""
        return Content.assemble((f"✗ {one.source} ", "bold $error"), (f"failing {since}", "$error"))
    if one.state is SourceState.PAUSED:
        return Content.assemble((f"{one.source} ", "$warning"), (f"paused {shown}", "$warning"))
    if one.is_stale(now):
        return Content.assemble((f"{one.source} ", "$warning"), (shown, "bold $warning"))
    return Content.assemble((f"{one.source} ", "$dim"), (shown, "$foreground" if old is not None else "$dim"))
