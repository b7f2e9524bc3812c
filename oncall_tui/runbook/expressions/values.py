"""What an expression is made of when it is answered: numbers, texts, truths, and what is not known."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from oncall_tui.domain.text import clean_line

LARGEST = 2**63
"""Whole numbers beyond this come from no counter; they are unknown rather than slow."""
_SHOWN = 60
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{1,18})?")


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer: not the same as no, and never as yes."""

    reason: str
    """Goes on where a name ends: ``has no data``, ``was not run yet``, ``is older than 5 min``."""
    name: str = ""
    """Of which it is said; empty when ``reason`` is a whole sentence."""

    def __str__(self) -> str:
        return f"{self.name} {self.reason}".strip()


Value = int | float | str | bool | Unknown


class Truth(StrEnum):
    """The answer to a condition."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


def is_number(value: Value) -> bool:
    """Whether it is a number; truths are none, though Python takes them for such."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def kept(value: Value, name: str = "") -> Value:
    """The value as it may be computed with: NaN and what is beyond every counter are unknown."""
    if isinstance(value, float) and math.isnan(value):
        return Unknown("has no number", name)
    if is_number(value) and isinstance(value, int) and abs(value) > LARGEST:
        return Unknown("is too large", name)
    if isinstance(value, Unknown) and not value.name:
        return Unknown(value.reason, name)
    return value


def number_in(text: str) -> int | float | None:
    """The number that a text is, all of it: cells of a table arrive as texts. ``None`` for anything else."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    return float(text) if "." in text else int(text)


def said(value: Value) -> str:
    """A value in words for the screen."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str):
        return f"'{clean_line(value, _SHOWN)}'"
    return str(value)
