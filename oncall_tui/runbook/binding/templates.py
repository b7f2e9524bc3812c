"""``{{name}}`` in PromQL and HTTP, and what can be wrong with what stands in its place."""

import re
from dataclasses import dataclass

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.finding import Finding, Level
from oncall_tui.runbook.options import Type

TEMPLATE = re.compile(r"\{\{[ \t]*([a-z][a-z0-9_]{0,80})[ \t]*\}\}")
"""A name to be replaced by its value."""
OPENED = re.compile(r"\{\{|\}\}")
_NUMBERS = {
    Type.INT: re.compile(r"-?(?:0|[1-9][0-9]{0,18})"),
    Type.FLOAT: re.compile(r"-?(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{1,18})?"),
    Type.BOOL: re.compile(r"true|false"),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A value as text, with the type that it was checked against."""

    text: str
    type: Type = Type.STRING


class Unbound(ValueError):
    """A value that cannot stand where the step wants it, or none at all: the step does not run. Names no value."""


def bare(name: str, value: Bound) -> str:
    """A number or a truth as it may stand without quotes.

    Raises:
        Unbound: it is a text, or is not what its type says.
    """
    pattern = _NUMBERS.get(value.type)
    if pattern is None or not pattern.fullmatch(value.text):
        raise Unbound(f"{name} is no number, and stands outside quotes")
    return value.text


def refuse_surrogates(name: str, text: str) -> None:
    """Refuse half characters, which cannot be written.

    Raises:
        Unbound: there is one.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Unbound(f"{name} holds a character that cannot be written") from None


def error(rule: str, body: str, at: int, problem: str, advice: str) -> Finding:
    """A finding at an offset of a body."""
    before = body[:at]
    return Finding(
        rule, Level.ERROR, before.count("\n") + 1, clean_line(problem), advice, at - (before.rfind("\n") + 1) + 1
    )
