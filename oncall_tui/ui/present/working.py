"""What the top line says of acts: how far a large one is, and what waits in the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from textual.content import Content

from oncall_tui.domain.clocks import age, age_in_words
from oncall_tui.domain.verb import Verb
from oncall_tui.ui.present.verbs import DONE
from oncall_tui.ui.present.words import joined


@dataclass(frozen=True, slots=True)
class Part:
    """An act on several alerts that is being sent."""

    verb: Verb
    done: int
    total: int
    rests_at: str = ""
    rests_until: datetime | None = None
    """The source, or our budget for it, allows nothing more before."""


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that is under way, or waits."""

    parts: tuple[Part, ...] = ()
    waiting: int = 0
    oldest: datetime | None = None
    """When the key was pressed for what waits longest."""

    def __bool__(self) -> bool:
        return bool(self.parts or self.waiting)


NO_WORK = Work()


def wordings(work: Work, now: datetime) -> Sequence[Content]:
    """The same in ever fewer words, for the line to take the first that fits."""
    if not work:
        return (Content(),)
    return tuple(
        joined([*(_part(one, now, brevity) for one in work.parts), _waiting(work, now, brevity)])
        for brevity in range(3)
    )


def _part(one: Part, now: datetime, brevity: int) -> Content:
    count = f"{one.done}/{one.total}" if brevity == 2 else f"{one.done} of {one.total}"
    told = Content.styled(count if brevity else f"{count} {DONE[one.verb]}", "$accent")
    left = one.rests_until - now if one.rests_until is not None else timedelta(0)
    if left <= timedelta(0):
        return told
    busy = "busy" if brevity else f"{one.rests_at} is busy, goes on in {age_in_words(left)}"
    return Content.assemble(told, (": " if not brevity else " ", "$dim"), (busy, "$warning"))


def _waiting(work: Work, now: datetime, brevity: int) -> Content:
    if not work.waiting:
        return Content()
    old = now - work.oldest if work.oldest is not None else timedelta(0)
    words = (
        f"{work.waiting} waiting to be sent, oldest {age_in_words(old)}",
        f"{work.waiting} waiting, oldest {age(old)}",
        f"{work.waiting} waiting",
    )
    return Content.styled(words[brevity], "bold $warning")


def unanswered_in_words(verbs: Sequence[Verb]) -> str:
    """What becomes of acts on one thing each that quitting cuts off; empty without any."""
    if not verbs:
        return ""
    what, it = (f"the {verbs[0]} was", "it") if len(verbs) == 1 else (f"{len(verbs)} acts were", "them")
    later = f"looks at {it} and sends {it} if still wanted"
    if any(one not in (Verb.ACKNOWLEDGE, Verb.NOTE) for one in verbs):
        later = f"tells what is known of {it}, and `oncall-tui outbox` does so now"
    return f"oncall-tui ended before {what} answered. The next start {later}."


def cut_off_in_words(part: Part) -> str:
    """What becomes of an act on many that quitting cuts off: an acknowledge and a note are made up for."""
    rest = "what was not begun is not sent."
    if part.verb in (Verb.ACKNOWLEDGE, Verb.NOTE):
        rest = "the next start sends the others if they are still wanted and younger than 15 min by then."
    return f"oncall-tui ended when {part.done} of {part.total} were {DONE[part.verb]}; {rest}"
