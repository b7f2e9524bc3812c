"""The answer to a condition, with the facts behind it in words: ``cpu 41 <= 80``, ``cpu has no data``."""

from collections.abc import Iterable
from dataclasses import dataclass

from oncall_tui.runbook.expressions.evaluate import Resolve, compared, truth_of, value_of
from oncall_tui.runbook.expressions.tree import Comparison, Constant, Expression, Joined, Named, Node, Not
from oncall_tui.runbook.expressions.values import Truth, Unknown, Value, said

_WHOLE = 1000
"""From here on the digits before the point tell enough."""
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a condition comes to."""

    truth: Truth
    because: str
    """The facts that decided, on one line, ready for the screen."""

    @property
    def holds(self) -> bool:
        """Whether it is true: unknown is not."""
        return self.truth is Truth.TRUE


def decide(expression: Expression, resolve: Resolve) -> Decision:
    """Answer a condition."""
    value = truth_of(value_of(expression.root, resolve))
    return Decision(_truth(value), _because(expression.root, resolve) or said(value))


def _truth(value: bool | Unknown) -> Truth:
    if isinstance(value, Unknown):
        return Truth.UNKNOWN
    return Truth.TRUE if value else Truth.FALSE


def _because(node: Node, resolve: Resolve) -> str:
    value = truth_of(value_of(node, resolve))
    match node:
        case Not():
            return _because(node.of, resolve)
        case Joined():
            deciding = [part for part in node.parts if truth_of(value_of(part, resolve)) is value]
            unknown = [part for part in node.parts if isinstance(truth_of(value_of(part, resolve)), Unknown)]
            return _listed(_because(part, resolve) for part in (unknown if isinstance(value, Unknown) else deciding))
        case Comparison() if not isinstance(value, Unknown):
            return _fact(node, value, resolve)
        case Named() if not isinstance(value, Unknown):
            return f"{_short(node.name)} is {said(value)}"
        case _:
            return _lacking(value) if isinstance(value, Unknown) else said(value)


def _listed(facts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(fact for fact in facts if fact))


def _fact(node: Comparison, is_true: bool, resolve: Resolve) -> str:
    """What holds: of a false comparison the opposite."""
    sign = node.sign if is_true else _OPPOSITE[node.sign]
    left, right = value_of(node.left, resolve), value_of(node.right, resolve)
    assert compared(sign, left, right) is True
    if isinstance(node.left, Named) and right == "" and sign in ("==", "!="):
        return f"{_short(node.left.name)} is {'empty' if sign == '==' else said(left)}"
    # Four digits tell enough of 63.1655 <= 70; of 70.0001 > 70 they would tell a lie.
    brief = (_brief(node.left, left), _brief(node.right, right))
    left, right = brief if compared(sign, *brief) is True else (left, right)
    return f"{_side(node.left, left)} {sign} {_side(node.right, right)}"


def _brief(node: Node, value: Value) -> Value:
    is_long = isinstance(value, float) and abs(value) < _WHOLE and not isinstance(node, Constant)
    return float(f"{value:.4g}") if is_long else value


def _side(node: Node, value: Value) -> str:
    if isinstance(node, Constant):
        return said(value)
    if isinstance(node, Named):
        return f"{_short(node.name)} {said(value)}"
    return said(value)


def _short(name: str) -> str:
    """``cpu.value`` is ``cpu``."""
    return name.removesuffix(".value")


def _lacking(value: Unknown) -> str:
    return str(Unknown(value.reason, _short(value.name)))
