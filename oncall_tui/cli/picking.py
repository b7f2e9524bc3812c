"""One of many by a few letters of its name: what is not clear is listed, never guessed."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from oncall_tui.domain.naming import meant_by
from oncall_tui.domain.text import clean_line

Named = TypeVar("Named")

_SHOWN = 20
"""So many candidates are listed; the rest is counted."""


def pick(words: str, candidates: Sequence[Named], names_of: Callable[[Named], tuple[str, ...]], option: str) -> Named:
    """The one that ``words`` mean.

    Args:
        names_of: the id first, then what it is called.
        option: that the words were given by.

    Raises:
        click.BadParameter: when nothing is meant, or more than one; it lists what may be.
    """
    found = meant_by(words, candidates, names_of)
    if len(found) == 1:
        return found[0]
    shown = clean_line(words, 100)
    if not found:
        raise click.BadParameter(f"nobody and nothing is called {shown!r}.", param_hint=option)
    lines = ["  ".join(filter(None, (clean_line(one) for one in names_of(one_of)))) for one_of in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"and {len(found) - _SHOWN} more")
    listed = "\n".join(f"  {line}" for line in lines)
    raise click.BadParameter(
        f"{shown!r} may mean any of these; write more of it, or an id:\n{listed}", param_hint=option
    )
