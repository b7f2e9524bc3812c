"""What somebody means who answers a list with numbers, names or parts of names. Pure."""

import re
from collections.abc import Sequence

NONE_WORDS = frozenset({"-", "none"})
_NUMBERS = re.compile(r"\d+(?:[\s,]+\d+)*")
_SHOWN = 4


class Unclear(ValueError):
    """An answer that fits nothing, or too much; the text says so."""


def picked(answer: str, names: Sequence[str]) -> tuple[int, ...]:
    """The places in ``names`` that an answer means, each once: ``1 3``, ``platform, pay``, ``all``, ``none``.

    Raises:
        Unclear: with the part of the answer that fits none of the names, or several.
    """
    text = answer.strip().strip(",").strip()
    if text.casefold() in NONE_WORDS:
        return ()
    if text.casefold() == "all":
        return tuple(range(len(names)))
    parts = re.split(r"[\s,]+", text) if _NUMBERS.fullmatch(text) else [one.strip() for one in text.split(",")]
    return tuple(dict.fromkeys(_place(part, names) for part in parts if part))


def _place(part: str, names: Sequence[str]) -> int:
    """A number from the list, the whole name, its beginning, or a piece of it, whichever is unique first."""
    folded = [name.casefold() for name in names]
    wanted = part.casefold()
    if wanted in folded:
        return folded.index(wanted)
    if part.isdecimal() and part.isascii():
        if 1 <= int(part) <= len(names):
            return int(part) - 1
        raise Unclear(f"There is no number {part} in the list.")
    for fitting in (
        [place for place, name in enumerate(folded) if name.startswith(wanted)],
        [place for place, name in enumerate(folded) if wanted in name],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            some = ", ".join(names[place] for place in fitting[:_SHOWN]) + (", …" if len(fitting) > _SHOWN else "")
            raise Unclear(f"{part} may be {some}.")
    raise Unclear(f"{part} is not in the list.")


def some_of(names: Sequence[str], shown: int = 6) -> str:
    """``api, auth, points and 10 more``."""
    rest = len(names) - shown
    if rest <= 1:
        return ", ".join(names)
    return f"{', '.join(names[:shown])} and {rest} more"
