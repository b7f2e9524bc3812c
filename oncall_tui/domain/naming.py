"""Finding what somebody means by a few letters of its name: the same whoever asks, a script or a screen."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

Named = TypeVar("Named")


def meant_by(words: str, candidates: Sequence[Named], names_of: Callable[[Named], Sequence[str]]) -> Sequence[Named]:
    """The candidates that ``words`` may mean, in their order: one when it is clear, several when it is not.

    The surest way that finds any decides: a name in full (an id, an e-mail address), then every word the beginning of
    one of the name's, then the letters side by side, then the letters in their order. Case and accents do not count.
    """
    wanted = plain(words)
    if not wanted:
        return ()
    for fits in (_in_full, _by_beginnings, _side_by_side, _in_order):
        found = [one for one in candidates if any(fits(wanted, plain(name)) for name in names_of(one) if name)]
        if found:
            return found
    return ()


def plain(text: str) -> str:
    """Text as it is compared: ``  José  GARCÍA`` gives ``jose garcia``."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in parts if not unicodedata.combining(one)).split())


def _in_full(wanted: str, name: str) -> bool:
    return wanted == name


def _by_beginnings(wanted: str, name: str) -> bool:
    """``mar lef`` and ``lefort`` of Marie Lefort: each word begins another word of the name."""
    left, words = _words(name), _words(wanted)
    for word in words:
        found = next((one for one in left if one.startswith(word)), None)
        if found is None:
            return False
        left.remove(found)
    return bool(words)


def _side_by_side(wanted: str, name: str) -> bool:
    return wanted in name


def _in_order(wanted: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in wanted if letter != " ")


def _words(name: str) -> list[str]:
    """The words of a name; those of ``payments-api`` and ``marie.lefort@w.example`` too."""
    return "".join(one if one.isalnum() else " " for one in name).split()
