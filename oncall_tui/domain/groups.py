"""Records that belong together, as disjoint sets: which of them join, by which rule, and which never do."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from oncall_tui.domain.alert import JoinRule, Record
from oncall_tui.domain.environment import canonical_environment
from oncall_tui.domain.ids import SourceName

_CANDIDATES = 50
"""Records of one name, service and source that a further one is held against: keeps a storm of one rule linear."""

_SURENESS = {rule: place for place, rule in enumerate(JoinRule)}

_LABEL_RULES = frozenset({JoinRule.FINGERPRINT, JoinRule.RECEIVER_LABELS})
"""Keys made of labels alone: two environments with the same rules have equal ones for two troubles."""


class Groups:
    """Disjoint sets of records, by index, with the rules that joined each set.

    ``records`` come in the order of their beginning, each once. Keys, the surer rules, are joined first.
    """

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._parent = list(range(len(records)))
        self._rules: dict[int, set[JoinRule]] = {}
        self._sources = [frozenset({record.source}) for record in records]
        self._environments = [_environment_of(record) for record in records]

    def join_by_keys(self) -> None:
        """Join what shares a key, the surest rule first; a key that one record alone carries joins nothing."""
        bearers: dict[tuple[JoinRule, str], list[int]] = {}
        for index, record in enumerate(self._records):
            for key in record.keys:
                bearers.setdefault((key.rule, key.value), []).append(index)
        shared = [(key, indices) for key, indices in bearers.items() if len(indices) > 1]
        shared.sort(key=lambda item: _SURENESS[item[0][0]])
        for (rule, _), indices in shared:
            for first, *others in self._apart(indices) if rule in _LABEL_RULES else (indices,):
                for other in others:
                    self._join(first, other, rule)

    def join_by_name(self, window: timedelta) -> None:
        """Join sets of one alert name and service that no source sees both of, each with the latest begun before it."""
        places: dict[tuple[str, str], dict[SourceName, deque[int]]] = {}
        for index, record in enumerate(self._records):
            if record.name and record.service:
                earlier = places.setdefault((record.name.lower(), record.service.lower()), {})
                nearest = self._nearest(index, earlier, window)
                if nearest is not None:
                    self._join(nearest, index, JoinRule.NAME_AND_SERVICE)
                earlier.setdefault(record.source, deque(maxlen=_CANDIDATES)).append(index)

    def result(self) -> Iterator[tuple[list[Record], Iterable[JoinRule]]]:
        """Each set with its rules."""
        sets: dict[int, list[Record]] = {}
        for index, record in enumerate(self._records):
            sets.setdefault(self._root(index), []).append(record)
        for root, members in sets.items():
            yield members, self._rules.get(root, ())

    def _nearest(self, index: int, earlier: Mapping[SourceName, deque[int]], window: timedelta) -> int | None:
        """Of what began before, the latest that may be the same trouble."""
        own = self._root(index)
        seen_by, places, since = self._sources[own], self._environments[own], self._records[index].since
        found: int | None = None
        for source, candidates in earlier.items():
            if source in seen_by:
                continue
            for candidate in reversed(candidates):
                if since - self._records[candidate].since > window:
                    break
                root = self._root(candidate)
                if seen_by.isdisjoint(self._sources[root]) and len(places | self._environments[root]) <= 1:
                    found = candidate if found is None else max(found, candidate)
                    break
        return found

    def _apart(self, indices: Sequence[int]) -> Iterable[Sequence[int]]:
        """The indices by environment. While at most one is named, what names none belongs to it."""
        by_environment: dict[frozenset[str], list[int]] = {}
        for index in indices:
            by_environment.setdefault(_environment_of(self._records[index]), []).append(index)
        return by_environment.values() if len(by_environment.keys() - {frozenset[str]()}) > 1 else (indices,)

    def _root(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def _join(self, one: int, other: int, rule: JoinRule) -> None:
        """Make one set of two. A rule that finds them joined already has joined nothing, and is not named."""
        root, child = self._root(one), self._root(other)
        if root != child:
            self._parent[child] = root
            self._rules.setdefault(root, set()).add(rule)
            self._rules[root] |= self._rules.pop(child, set())
            self._sources[root] |= self._sources[child]
            self._environments[root] |= self._environments[child]


def _environment_of(record: Record) -> frozenset[str]:
    """The environment of a record in one spelling; none where none is told."""
    return frozenset({canonical_environment(record.environment)} - {""})
