"""Environments as tools spell them: ``prod`` in a label and ``production`` in a deploy are one."""

import re
from collections.abc import Iterable
from functools import lru_cache

_STAGES = {
    "prd": "production",
    "prod": "production",
    "production": "production",
    "stg": "staging",
    "stage": "staging",
    "staging": "staging",
    "dev": "development",
    "develop": "development",
    "development": "development",
    "test": "test",
}
_DIVIDERS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=1_024)
def canonical_environment(name: str) -> str:
    """One spelling for the usual short forms, lower case: ``Prod-EU`` and ``production_eu`` give ``production-eu``."""
    return "-".join(_STAGES.get(word, word) for word in _words(name))


def may_be_one_environment(one: str, other: str) -> bool:
    """Whether two names may mean the same place: equal in any spelling, or one of them is not told."""
    first, second = canonical_environment(one), canonical_environment(other)
    return not first or not second or first == second


def are_different_stages(one: str, other: str) -> bool:
    """Whether the names surely mean different stages (``prod-eu`` and ``staging``); unknown words prove nothing."""
    first, second = _stage(one), _stage(other)
    return first is not None and second is not None and first != second


def are_apart(one: str, other: str) -> bool:
    """Whether the names surely mean different places: different stages, or two parts of one stage.

    ``prod-eu`` and ``prod-us`` are apart, ``production`` and ``prod-eu`` may be one; unknown words prove nothing.
    """
    if are_different_stages(one, other):
        return True
    stage = _stage(one)
    if stage is None or stage != _stage(other):
        return False
    first, second = (set(canonical_environment(name).split("-")) for name in (one, other))
    return not (first <= second or second <= first)


def are_several(names: Iterable[str]) -> bool:
    """Whether names of environments mean more than one, however they are spelled; what is not told is none."""
    return len({canonical_environment(name) for name in set(names)} - {""}) > 1


def short_environment(name: str) -> str:
    """An environment in as few cells as tell it: ``production-eu`` gives ``prod-eu``."""
    return "-".join(_SHORT.get(word, word) for word in canonical_environment(name).split("-"))


_SHORT = {"production": "prod", "staging": "stg", "development": "dev"}


@lru_cache(maxsize=1_024)
def _stage(name: str) -> str | None:
    return next((_STAGES[word] for word in _words(name) if word in _STAGES), None)


def _words(name: str) -> list[str]:
    return [word for word in _DIVIDERS.split(name.casefold()) if word]
