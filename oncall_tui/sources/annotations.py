"""The annotations of an alert as they are kept: cleaned, and as the vendor has them where that is another text."""

from collections.abc import Mapping
from sys import intern
from typing import NamedTuple

from oncall_tui.domain.alert import NO_ANNOTATIONS
from oncall_tui.domain.text import clean, clean_line

_OF_ONE_ALERT = frozenset({"summary", "title", "description", "message"})
"""They tell of the instance: every alert has its own. What else a rule says is mostly the same for all its alerts."""


class Annotations(NamedTuple):
    """What a record keeps of them."""

    shown: Mapping[str, str] = NO_ANNOTATIONS
    """Safe to keep and to draw; line breaks are kept."""
    raw: tuple[tuple[str, str], ...] = ()
    """Those that are another text at the vendor, exactly as they are there."""


NONE = Annotations()


def annotations_of(found: Mapping[str, str]) -> Annotations:
    """Clean them. Equal texts are one, as far as alerts of one rule have them alike."""
    if not found:
        return NONE
    shown = {intern(clean_line(name)): _text(name, text) for name, text in found.items()}
    return Annotations(shown, tuple((name, text) for name, text in found.items() if shown.get(name) != text))


def _text(name: str, text: str) -> str:
    kept = clean(text)
    return kept if name in _OF_ONE_ALERT else intern(kept)
