"""The words of an expression, each with its column."""

import re
from dataclasses import dataclass

from oncall_tui.domain.text import clean_line

LONGEST = 1_000
_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
    |(?P<number>(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?(?:[eE][-+]?[0-9]{1,3})?(?![A-Za-z0-9_.]))
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<name>[a-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<sign>==|!=|<=|>=|<|>|\+|-|\*|\(|\))""",
    re.VERBOSE | re.DOTALL,
)
_MEANT = {
    "=": "write == to compare",
    "&": "write and",
    "|": "write or",
    "!": "write not",
    "/": "there is no division, which could divide by nothing",
    "%": "there is no remainder",
    "[": "there are no subscripts",
    "{": "write the name without braces",
    "$": "write the name without $",
    "'": "the text has no end",
    '"': "the text has no end",
    ",": "there are no lists and no functions",
}
_ESCAPES = {"n": "\n", "t": "\t"}


class ExpressionError(ValueError):
    """An expression that cannot be read: where, and what to write instead."""

    def __init__(self, expression: str, column: int, problem: str) -> None:
        self.column = column
        """From 1."""
        self.problem = clean_line(problem)
        super().__init__(f"“{clean_line(expression, 80)}”, column {column}: {self.problem}")


@dataclass(frozen=True, slots=True)
class Token:
    """A name, a number, a text or a sign."""

    sort: str
    text: str
    column: int
    """From 1."""


def tokens_of(expression: str) -> list[Token]:
    """The tokens, without blanks.

    Raises:
        ExpressionError: a character that has no place here, or an expression that nobody would read.
    """
    if len(expression) > LONGEST:
        raise ExpressionError(expression, 1, f"longer than {LONGEST} characters")
    found: list[Token] = []
    place = 0
    while place < len(expression):
        met = _TOKEN.match(expression, place)
        if not met:
            sign = expression[place]
            meant = _MEANT.get(sign, "names are lower case, numbers have no unit")
            raise ExpressionError(expression, place + 1, f"{sign!r} has no meaning here: {meant}")
        if met.lastgroup and met.lastgroup != "blank":
            found.append(Token(met.lastgroup, met[0], place + 1))
        place = met.end()
    return found


def unquoted(text: str) -> str:
    """The text that a quoted one stands for: a backslash takes the meaning from what follows; ``\\n`` and ``\\t``."""
    return re.sub(r"\\(.)", lambda met: _ESCAPES.get(met[1], met[1]), text[1:-1], flags=re.DOTALL)
