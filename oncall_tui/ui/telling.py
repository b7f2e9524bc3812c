"""What is said of acts once they have their answers: one message for what was done, one for what was not."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from oncall_tui.domain.verb import Verb
from oncall_tui.domain.whose import page_of
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.ui.acts import Act, ActState
from oncall_tui.ui.present.verbs import DONE

if TYPE_CHECKING:
    from oncall_tui.domain.action import Action

_NAMED = 3
"""So many alerts of one reason, and so many reasons, have a line of their own in a message: it stands over the rows."""


class Message(NamedTuple):
    """A toast."""

    text: str
    title: str = ""
    is_bad: bool = False


def messages(reports: Sequence[ActReport], what: str = "") -> Iterator[Message]:
    """What to say of reports; those of several verbs, as after a crash, one verb after the other.

    Args:
        what: of which acts this is told, when it is not of the one that was just begun.
    """
    for verb in dict.fromkeys(report.verb for report in reports):
        yield from _of_verb(verb, [report for report in reports if report.verb is verb], what)


def _of_verb(verb: Verb, reports: Sequence[ActReport], what: str) -> Iterator[Message]:
    failed = [one for one in reports if has_failed(one)]
    notable = [one for one in reports if not has_failed(one) and one.outcome is not Outcome.CONFIRMED]
    tail, whose = f" ({what})" if what else "", _whose(reports)
    if failed:
        count = f"{len(failed)} of {len(reports)} not {DONE[verb]}" if len(reports) > 1 else f"Not {DONE[verb]}"
        yield Message(_listed(failed, lambda one: one.reason), f"{count}{tail}", is_bad=True)
    if notable:
        done = len(reports) - len(failed) - len(notable)
        first = f"{done} {DONE[verb]}{whose and f'. {whose}'}\n" if done else ""
        yield Message(first + _listed(notable, in_words), what.capitalize())
    elif reports and not failed and (what or whose or len(reports) > 1):
        count = f"“{reports[0].title}”" if len(reports) == 1 else f"{len(reports)} alerts"
        yield Message(f"{DONE[verb].capitalize()}: {count}{tail}. {whose}".rstrip())
    elif whose:
        yield Message(whose, f"{len(reports) - len(failed)} {DONE[verb]}")


def _whose(reports: Sequence[ActReport]) -> str:
    """Whose pages were taken, when they were those of others: ``It was Ana's page.``"""
    taken = [one for one in reports if one.taken_from]
    if not taken:
        return ""
    if len(reports) == 1:
        return f"It was {page_of(taken[0].taken_from)}."
    names = list(dict.fromkeys(name for one in taken for name in one.taken_from))
    told = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    count = "1 of them was the page" if len(taken) == 1 else f"{len(taken)} of them were pages"
    return f"{count} of others: {told}."


def in_words(report: ActReport) -> str:
    """What is worth saying of an act that went well in another way than usual."""
    done = DONE[report.verb]
    if report.outcome is Outcome.HERE_ONLY:
        return f"{done} here only: {report.reason}" if report.reason else f"{done} here only"
    if report.outcome is Outcome.WAITING:
        return f"waits to be sent: {report.reason}"
    if report.outcome is Outcome.ALREADY:
        return f"already {done} by {report.by or 'somebody'}"
    if report.taken_from:
        return f"{done}, it was {page_of(report.taken_from)}"
    return report.reason or f"{report.outcome.value}: nothing was sent"


def act_of(report: ActReport, now: datetime, action: "Action | None" = None, begun_at: datetime | None = None) -> Act:
    """What a row shows of a report; ``action`` and ``begun_at`` where the report was waited for."""
    action, begun_at = action or report.action, begun_at or report.begun_at
    if has_failed(report):
        return Act(ActState.FAILED, now, report.reason, report.verb, action, begun_at)
    if report.outcome is Outcome.WAITING:
        return Act(ActState.WAITING, now, report.reason, report.verb, action)
    is_usual = report.outcome is Outcome.CONFIRMED and not report.taken_from
    return Act(ActState.CONFIRMED, now, "" if is_usual else in_words(report), report.verb, action)


def is_done(report: ActReport) -> bool:
    """Whether it is as it was asked for."""
    return report.outcome in (Outcome.CONFIRMED, Outcome.ALREADY, Outcome.HERE_ONLY)


def has_failed(report: ActReport) -> bool:
    """Whether the engineer must know that it was not done, or may not have been."""
    return report.outcome in (Outcome.FAILED, Outcome.EXPIRED, Outcome.UNKNOWN)


def _listed(reports: Sequence[ActReport], say: Callable[[ActReport], str]) -> str:
    """A line for each alert with what is to say of it; many of which the same is to say share one."""
    by_words: dict[str, list[ActReport]] = {}
    for report in reports:
        by_words.setdefault(say(report), []).append(report)
    lines: list[str] = []
    for text, told in list(by_words.items())[:_NAMED]:
        lines.append(f"{_titles(told)}: {text}")
    rest = sum(len(told) for told in list(by_words.values())[_NAMED:])
    return "\n".join([*lines, *([f"and {rest} more: their rows say why"] if rest else [])])


def _titles(reports: Sequence[ActReport]) -> str:
    """Up to three titles; of more only how many they are."""
    if len(reports) > _NAMED:
        return f"{len(reports)} alerts"
    return ", ".join(f"“{one.title}”" for one in reports)
