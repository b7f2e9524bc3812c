"""Which names of PagerDuty and Sentry mean a service that Prometheus knows under another name. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

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
    known = Known(services)
    exact = frozenset(services)
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for other in dict.fromkeys(others):
        service = None if other in exact or other.casefold() in taken else known.meant(other)
        if service is not None:
            found.setdefault(service, []).append(other)
            taken.add(other.casefold())
    return {name: tuple(found[name]) for name in sorted(found)}


class Known:
    """Services by their words, so that a thousand names are held against a thousand others in a moment."""

    def __init__(self, services: Iterable[str]) -> None:
        self._by_words: dict[str, list[str]] = {}
        self._by_core: dict[str, list[str]] = {}
        self._cores: dict[str, list[str]] = {}
        for service in services:
            words, core = "".join(_words(service)), _core(service)
            if words:
                self._by_words.setdefault(words, []).append(service)
                self._by_core.setdefault(core, []).append(service)
                self._cores.setdefault(core[0], []).append(core)

    def meant(self, other: str) -> str | None:
        """The one service that ``other`` is likely to mean, None when there is none or more than one."""
        words, core = "".join(_words(other)), _core(other)
        fitting = self._by_words.get(words) or self._by_core.get(core) or self._near(core)
        return fitting[0] if len(fitting) == 1 else None

    def _near(self, core: str) -> list[str]:
        """Services that differ by a slip of the pen; they begin with the same letter."""
        if len(core) < _LONG_ENOUGH:
            return []
        candidates = [one for one in self._cores.get(core[0], ()) if len(one) >= _LONG_ENOUGH]
        near = get_close_matches(core, dict.fromkeys(candidates), n=2, cutoff=_NEAR)
        return [service for one in near for service in self._by_core[one]]


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


def described(aliases: Mapping[str, Sequence[str]]) -> list[str]:
    """One line for each service: ``checkout = Checkout API, checkout-web``."""
    return [f"{service} = {', '.join(names)}" for service, names in aliases.items()]
