"""Expressions of runbooks: parsed into a small tree of known nodes, checked when the file loads, and answered with
true, false or unknown. Nothing is ever handed to ``eval``.
"""

from oncall_tui.runbook.expressions.decide import Decision, decide
from oncall_tui.runbook.expressions.evaluate import Resolve, evaluate
from oncall_tui.runbook.expressions.kinds import RESULTS, Kind, Problem, problems_of
from oncall_tui.runbook.expressions.parse import parse
from oncall_tui.runbook.expressions.tokens import ExpressionError
from oncall_tui.runbook.expressions.tree import Expression, Named
from oncall_tui.runbook.expressions.values import Truth, Unknown, Value

__all__ = [
    "RESULTS",
    "Decision",
    "Expression",
    "ExpressionError",
    "Kind",
    "Named",
    "Problem",
    "Resolve",
    "Truth",
    "Unknown",
    "Value",
    "decide",
    "evaluate",
    "parse",
    "problems_of",
]
