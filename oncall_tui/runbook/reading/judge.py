"""The classifier as the parser sees it: handed in, so that reading a file does not depend on how it judges."""

from collections.abc import Callable

from oncall_tui.runbook.danger import Danger, Judgement
from oncall_tui.runbook.execution import Kind

Judge = Callable[[Kind, str], Judgement]
"""What becomes of the world when a body of this kind runs; the body of HTTP begins with its method."""


def cautious(kind: Kind, body: str) -> Judgement:
    """Without a classifier: PromQL, GET and HEAD read, whatever else is not known and changes something."""
    if kind is Kind.PROMQL:
        return Judgement(Danger.READ)
    if kind is Kind.HTTP and body.lstrip().startswith(("GET ", "HEAD ")):
        return Judgement(Danger.READ)
    return Judgement(Danger.CHANGE, ("not judged",))
