"""The full name of one value in a configuration, and how it is written for people."""

import re
from dataclasses import dataclass

from oncall_tui.domain.text import clean_line

Key = tuple[str | int, ...]
"""``("services", "api", "checks", 0, "for")``: names of tables and keys, numbers of list entries."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at one key: the problem in words, and what was expected there."""

    key: Key
    problem: str
    expected: str = ""
    meant: Key | None = None
    """The key that an unknown one was probably meant to be: that one is not missing then."""


def dotted(key: Key) -> str:
    """A key as TOML writes it, list entries by number from 0: ``services."my api".checks[0].for``."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        name = part if _BARE.fullmatch(part) else f'"{clean_line(part, 80)}"'
        text += f".{name}" if text else name
    return text
