"""Whose page it is, in words. Pure."""

from collections.abc import Sequence

_NAMED = 2


def page_of(names: Sequence[str]) -> str:
    """``Ana's page``, ``the page of Ana and Ben``, ``the page of Ana and 3 others``; empty for nobody."""
    if not names:
        return ""
    if len(names) == 1:
        return f"{names[0]}'s page"
    rest = f"{names[1]}" if len(names) == _NAMED else f"{len(names) - 1} others"
    return f"the page of {names[0]} and {rest}"
