"""Styles that are read once. Textual reads all of them anew, thirty sheets, for each sheet that comes, and once or
twice more when a view is first shown: 45 ms in which no key is heard. They mean the same until the theme changes.
"""

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_SHEETS = 1_000
"""More than there are: a cache that holds one less than are gone through holds nothing."""


class QuickStylesheet(Stylesheet):
    """A ``Stylesheet`` that keeps what it has read of a sheet for as long as its variables are the same."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parse_cache: LRUCache[tuple[object, ...], list[RuleSet]] = LRUCache(_SHEETS)

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self._variables:
            self._parse_cache.clear()
            super().set_variables(variables)

    def reparse(self) -> None:
        self.parse()
