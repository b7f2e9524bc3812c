"""What rules answer, and how answers add up: the worst one rules, and every reason is kept."""

from collections.abc import Iterable

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.danger import Danger, Judgement

REASONS_KEPT = 12
"""Beyond this a dialog has nothing to gain from one more."""
SHOWN = 60
"""Characters of a foreign word in a reason."""

READ = Judgement(Danger.READ)


class Unjudged(Exception):
    """A rule cannot vouch that what it sees only reads; its text says why. It becomes ``change``."""


def shown(text: str) -> str:
    """A word of a runbook as a reason may quote it; a value that is not known is an ellipsis."""
    return clean_line(text.replace("\0", "…"), SHOWN) or "''"


def change(reason: str) -> Judgement:
    """Something is altered, or nobody can tell."""
    return Judgement(Danger.CHANGE, (reason,))


def destroy(reason: str) -> Judgement:
    """Data or connections are lost."""
    return Judgement(Danger.DESTROY, (reason,))


def reveals(reason: str) -> Judgement:
    """It only reads, and what it prints are credentials: asks like a change, and is not kept."""
    return Judgement(Danger.CHANGE, (reason,), keeps_output=False)


def interactive(reason: str) -> Judgement:
    """It needs a terminal, and what is typed there decides what it does."""
    return Judgement(Danger.CHANGE, (reason,), needs_terminal=True)


def follows(judgement: Judgement = READ) -> Judgement:
    """The same, and it goes on until it is stopped."""
    return Judgement(judgement.danger, judgement.reasons, judgement.keeps_output, needs_terminal=True)


def worst(judgements: Iterable[Judgement]) -> Judgement:
    """All of them together: the greatest danger, the reasons of the worst first, each once."""
    met = sorted(judgements, key=lambda judgement: -judgement.danger)
    reasons = tuple(dict.fromkeys(reason for judgement in met for reason in judgement.reasons))
    return Judgement(
        max((judgement.danger for judgement in met), default=Danger.READ),
        reasons[:REASONS_KEPT],
        all(judgement.keeps_output for judgement in met),
        any(judgement.needs_terminal for judgement in met),
    )
