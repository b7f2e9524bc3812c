"""The matchers of one silence that covers several alerts, out of the labels that all of them have."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oncall_tui.domain.silence import Matcher
from oncall_tui.domain.text import clean_line

LONGEST_LISTS = 4_000
"""So many characters of listed values at most: matchers are asked about in an address, which proxies cut at 8 KiB."""

_OWN_TO_RE2 = re.compile(r"[\\.+*?()|\[\]{}^$]")
"""What stands for something else than itself in an expression of RE2 (Go, ``regexp.QuoteMeta``)."""


@dataclass(frozen=True, slots=True)
class Covering:
    """Matchers that hold for every one of some alerts. There are none when the alerts share no label."""

    exact: Mapping[Matcher, Matcher]
    """For every matcher as it is drawn the one that Alertmanager must be told, by the names of their labels."""
    too_many: tuple[str, ...] = ()
    """Labels that all have, with more values than fit into a matcher: the silence is wider without them. Cleaned."""

    @property
    def matchers(self) -> tuple[Matcher, ...]:
        """As Alertmanager must be told them."""
        return tuple(self.exact.values())


def covering(labels: Sequence[Mapping[str, str]], longest: int = LONGEST_LISTS) -> Covering:
    """The narrowest silence that covers alerts with these ``labels``, exactly as the vendor has them.

    A label that all have with one value must be equal to it; one with several must be one of them; a label that some
    lack is left out. An empty value is no label (Alertmanager, "Data model").
    """
    common = _common(labels)
    kept: dict[str, tuple[str, ...]] = {name: values for name, values in common.items() if len(values) == 1}
    listed = sorted(
        ((name, values) for name, values in common.items() if len(values) > 1),
        key=lambda one: (len(one_of(one[1])), one[0]),
    )
    room = longest
    for name, values in listed:
        room -= len(one_of(values))
        if room < 0:
            break
        kept[name] = values
    exact = {_drawn(name, values): _matcher(name, values) for name, values in sorted(kept.items())}
    return Covering(exact, tuple(sorted(clean_line(name) for name, _ in listed if name not in kept)))


def one_of(values: Sequence[str]) -> str:
    """The expression that matches these texts and no other. Alertmanager anchors expressions at both ends itself."""
    return "|".join(_OWN_TO_RE2.sub(r"\\\g<0>", one) for one in values)


def _common(labels: Sequence[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """The names that all have, each with its values."""
    names = set.intersection(*({name for name, value in one.items() if value} for one in labels)) if labels else set()
    return {name: tuple(sorted({one[name] for one in labels})) for name in names}


def _matcher(name: str, values: Sequence[str]) -> Matcher:
    return Matcher(name, values[0]) if len(values) == 1 else Matcher(name, one_of(values), is_regex=True)


def _drawn(name: str, values: Sequence[str]) -> Matcher:
    """The same of labels as they are shown: each value is cleaned and cut, and the list of them is not."""
    return _matcher(clean_line(name), [clean_line(one) for one in values])
