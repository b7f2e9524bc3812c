"""Which names of PagerDuty and Sentry mean a service that Prometheus knows under another name. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_FILLERS = (
    frozenset({"job", "live", "main", "prod", "production", "server", "service", "services", "svc"}),
    frozenset({"api", "app", "application", "backend", "component"}),
)
"""Words that people add to a service's name, the emptiest first: they tell two names apart only when nothing else does.
"""
_NEAR = 0.86
"""From here on a difference is a slip of the pen: ``checkout`` and ``chekout``, not ``order`` and ``border``."""
_LONG_ENOUGH = 6


def aliases_of(services: Sequence[str], others: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each service what else it is called, out of ``others``; a name that fits two services is left alone.

    A name that differs in upper and lower case only is an alias too, but one alias serves in every case.
    """
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for other in dict.fromkeys(others):
        service = None if other in services or other.casefold() in taken else meant(other, services)
        if service is not None:
            found.setdefault(service, []).append(other)
            taken.add(other.casefold())
    return {name: tuple(found[name]) for name in sorted(found)}


def meant(other: str, services: Sequence[str]) -> str | None:
    """The one service that ``other`` is likely to mean, None when there is none or more than one."""
    for alike in (_same_words, _same_core, _near):
        fitting = [one for one in services if alike(one, other)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def production_like(name: str) -> bool:
    """Whether an environment's name says production."""
    words = set(_words(name))
    return bool(words & {"prod", "production", "prd", "live"}) and not words & {"non", "pre", "not", "no"}


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(name))


def _core(name: str) -> str:
    """The words without fillers, joined; fillers stay where nothing else would be left."""
    words = _words(name)
    for fillers in _FILLERS:
        words = tuple(word for word in words if word not in fillers) or words
    return "".join(words)


def _same_words(one: str, other: str) -> bool:
    return bool(_words(one)) and "".join(_words(one)) == "".join(_words(other))


def _same_core(one: str, other: str) -> bool:
    return bool(_words(one)) and _core(one) == _core(other)


def _near(one: str, other: str) -> bool:
    mine, theirs = _core(one), _core(other)
    if min(len(mine), len(theirs)) < _LONG_ENOUGH or mine[0] != theirs[0]:
        return False
    return SequenceMatcher(None, mine, theirs).ratio() >= _NEAR


def described(aliases: Mapping[str, Sequence[str]]) -> list[str]:
    """One line for each service: ``checkout = Checkout API, checkout-web``."""
    return [f"{service} = {', '.join(names)}" for service, names in aliases.items()]
