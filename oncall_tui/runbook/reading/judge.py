"""The classifier as the parser sees it: handed in, so that reading a file does not depend on how it judges."""

from typing import Protocol

from oncall_tui.runbook.danger import Danger, Judgement
from oncall_tui.runbook.execution import Kind

NOTHING: frozenset[str] = frozenset()


class Judge(Protocol):
    """What becomes of the world when a body runs; the body of HTTP begins with its method."""

    def __call__(self, kind: Kind, body: str, carried: frozenset[str] = NOTHING, /) -> Judgement:
        """Judge a body; ``carried`` are variables that earlier steps leave behind, of which nothing is known."""
        ...


def cautious(kind: Kind, body: str, carried: frozenset[str] = NOTHING) -> Judgement:
    """Without a classifier: PromQL, GET and HEAD read, whatever else is not known and changes something."""
    if kind is Kind.PROMQL:
        return Judgement(Danger.READ)
    if kind is Kind.HTTP and body.lstrip().startswith(("GET ", "HEAD ")):
        return Judgement(Danger.READ)
    return Judgement(Danger.CHANGE, ("not judged",))
