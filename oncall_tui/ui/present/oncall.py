"""Who is on call, until when and who comes then: a table of policies and levels, and what it means for the reader."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.clocks import age_in_words, clock, in_zone, span_in_words
from oncall_tui.domain.rota import LevelRota, PolicyRota, my_shifts, rota
from oncall_tui.domain.situation import OnCall, Situation
from oncall_tui.ui.present import emptiness
from oncall_tui.ui.widgets.columns import fit

_LEVEL, _WHO, _UNTIL = 5, 24, 30
_NARROW = 100
"""Below so many cells the time that is left is not told beside the moment."""


def oncall(situation: Situation, now: datetime, width: int) -> Content:
    """The whole of it, on lines of ``width`` cells: what is wrong, the reader's own shifts, the table."""
    if situation.on_call_at is None:
        return emptiness.no_on_call(situation)
    rotas = rota(situation.shifts, situation.policies, now)
    if not rotas:
        return Content.styled("PagerDuty has no escalation policy that this token may see.", "$dim")
    parts = [*map(_warning, nobody(situation.unattended)), _mine(situation, now, width)]
    tables = [_policy(one, now, width) for one in rotas]
    return Content("\n\n").join([Content("\n").join(parts), *tables])


def heading(situation: Situation, now: datetime) -> Content:
    """``ON CALL  2 policies, read 3 min ago``."""
    facts = ""
    if situation.on_call_at is not None:
        count = len(rota(situation.shifts, situation.policies, now))
        policies = "1 policy" if count == 1 else f"{count} policies"
        facts = f"  {policies}, read {age_in_words(now - situation.on_call_at)} ago"
    return Content.assemble(("ON CALL", "bold $bright"), (facts, "$dim"))


def nobody(policies: Iterable[str]) -> list[str]:
    """A sentence for each policy that services page by and nobody is on call for."""
    return [f"! Nobody is on call for {one}: its incidents page no one." for one in policies]


def _warning(text: str) -> Content:
    return Content.styled(text, "bold $error")


def _mine(situation: Situation, now: datetime, width: int) -> Content:
    """Whether the reader is on call, and when next."""
    current, coming = my_shifts(situation.shifts, now, situation.my_next)
    if current:
        first = current[0]
        more = f" and {len(current) - 1} more" if len(current) > 1 else ""
        line = Content.assemble(
            ("You are on call", "bold $bright"), (f" for {_place(first)}{more}, {_until(first, now)}.", "$foreground")
        )
    else:
        line = Content.assemble(("You are not on call", "bold $bright"), (" now.", "$foreground"))
    if coming is not None and coming.since is not None:
        end = f" to {_when(coming.until, now)}" if coming.until is not None else ""
        ahead = f", in {span_in_words(coming.since - now)}" if width >= _NARROW else ""
        begins = f"{_when(coming.since, now)}{end}{ahead}"
        next_one = Content.assemble(("Your next shift: ", "$dim"), (f"{_place(coming)}, {begins}.", "$foreground"))
    else:
        next_one = Content.styled("You have no other shift in the next 90 days.", "$dim")
    return line + Content("\n") + next_one


def _place(one: OnCall) -> str:
    return f"{one.policy}, level {one.level}"


def _until(one: OnCall, now: datetime) -> str:
    if one.until is None:
        return "without an end"
    return f"until {_when(one.until, now)}, {span_in_words(one.until - now)} left"


def _when(at: datetime | None, now: datetime) -> str:
    """A moment to come, with its day where that is not today: ``18:00``, ``Mon 09:00``, ``Mon 30 Nov 09:00``."""
    if at is None:
        return ""
    local = in_zone(at, now.tzinfo)
    return clock(at, now) if (local.date() - now.date()).days <= 6 else f"{local:%a %d %b %H:%M}"


def _policy(one: PolicyRota, now: datetime, width: int) -> Content:
    note = "" if one.is_used else "  no service pages by it"
    name = Content.assemble((one.name, "bold $foreground"), (note, "$dim"))
    return Content("\n").join([name, *(_level(level, now, width, one.is_used) for level in one.levels)])


def _level(level: LevelRota, now: datetime, width: int, is_used: bool) -> Content:
    number = Content.styled(f"  {level.number}", "$dim")
    return Content.assemble(
        fit(number, _LEVEL),
        fit(_who(level.now, is_used), min(_WHO, max(width // 4, 12))),
        "  ",
        fit(_ends(level, now, width), _UNTIL if width >= _NARROW else 18),
        "  ",
        _next(level, now, width, is_used),
    ).truncate(max(width, 1), ellipsis=True)


def _who(people: Sequence[OnCall], is_used: bool) -> Content:
    if not people:
        return Content.styled("! nobody", "bold $warning" if is_used else "$dim")
    first = sorted(people, key=lambda one: not one.is_me)[0]
    name = Content.styled("you" if first.is_me else first.user, "bold $bright" if first.is_me else "$foreground")
    return name + Content.styled(f" +{len(people) - 1}", "$dim") if len(people) > 1 else name


def _ends(level: LevelRota, now: datetime, width: int) -> Content:
    ends = [one.until for one in level.now if one.until is not None]
    if not ends:
        return Content.styled("always", "$dim") if level.now else Content()
    end = min(ends)
    left = f", {span_in_words(end - now)}" if width >= _NARROW else ""
    return Content.assemble(("until ", "$dim"), (_when(end, now), "$foreground"), (left, "$dim"))


def _next(level: LevelRota, now: datetime, width: int, is_used: bool) -> Content:
    names = ", ".join("you" if one.is_me else one.user for one in level.next)
    begins = level.next[0].since if level.next else None
    if level.gap_from is not None:
        after = f", then {names}" if width >= _NARROW else ""
        until = f" until {_when(begins, now)}{after}" if level.next else " planned"
        return Content.styled(f"then nobody{until}", "$warning" if is_used else "$dim")
    if not names:
        return Content()
    word = "then " if level.now else f"from {_when(begins, now)} "
    return Content.assemble((word, "$dim"), (names, "$foreground"))
