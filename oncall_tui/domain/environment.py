"""Environments as tools spell them: ``prod`` in a label and ``production`` in a deploy are one."""

import re
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


@lru_cache(maxsize=1_024)
def _stage(name: str) -> str | None:
    return next((_STAGES[word] for word in _words(name) if word in _STAGES), None)


def _words(name: str) -> list[str]:
    return [word for word in _DIVIDERS.split(name.casefold()) if word]
