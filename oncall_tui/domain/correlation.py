"""Correlation round after round: only what has changed, and what that can reach, is correlated anew.

Between two polls few records change, and a record decides about no alert but those of its island: what shares a join
key, or alert name and service, with it, or with something that does, and so on. The other alerts stay the same objects,
which whoever draws, counts or searches them knows them by.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

from oncall_tui.domain.alert import Alert, Record
from oncall_tui.domain.correlate import NAME_WINDOW, correlate
from oncall_tui.domain.ids import RecordRef
from oncall_tui.domain.query import Order, ordered

Island = tuple[Record, ...]
"""Records among which correlation is decided without any other."""


class Correlation:
    """The alerts of the last round, and what it takes to know which of them hold."""

    def __init__(self, name_window: timedelta = NAME_WINDOW) -> None:
        self._name_window = name_window
        self._known: dict[RecordRef, Record] = {}
        self._islands: dict[str, Island] = {}
        """By everything that may tie a further record to one."""
        self._alerts: tuple[Alert, ...] = ()

    def of(self, records: Iterable[Record]) -> tuple[Alert, ...]:
        """Exactly what ``correlate`` gives. Records that are as they were stay the objects that they were."""
        told = {record.ref: record for record in records}
        try:
            changed = self._changed(told)
            if changed:
                self._alerts = self._correlated(told, changed)
        except Exception:
            # Half a round is none: the next one begins anew.
            self._known, self._islands, self._alerts = {}, {}, ()
            raise
        return self._alerts

    def _changed(self, told: dict[RecordRef, Record]) -> set[RecordRef]:
        """What came, is another than before, or went. In ``told`` the others become the objects of before."""
        changed = self._known.keys() - told.keys()
        for ref, record in told.items():
            known = self._known.get(ref)
            if known is record:
                continue
            if known == record:
                told[ref] = known
            else:
                changed.add(ref)
        return changed

    def _correlated(self, told: dict[RecordRef, Record], changed: Collection[RecordRef]) -> tuple[Alert, ...]:
        """The alerts of every island that nothing touched, and those of the others anew."""
        left = self._touched(told, changed)
        pool = [told[RecordRef(ref)] for ref in left if ref in told]
        for island in _islands(pool):
            for record in island:
                self._islands.update(dict.fromkeys(_ties(record), island))
        self._known = told
        kept = [alert for alert in self._alerts if alert.id not in left]
        return ordered([*kept, *correlate(pool, self._name_window)], Order.SEVERITY)

    def _touched(self, told: dict[RecordRef, Record], changed: Collection[RecordRef]) -> dict[str, None]:
        """The refs of ``changed`` and of the islands that it has left or comes to, which are islands no more."""
        left: dict[str, None] = dict.fromkeys(changed)
        for ref in changed:
            versions = (one for one in (self._known.get(ref), told.get(ref)) if one is not None)
            for tie in [tie for one in versions for tie in _ties(one)]:
                for record in self._islands.get(tie, ()):
                    left[record.ref] = None
                    for own in _ties(record):
                        self._islands.pop(own, None)
        return left


def _ties(record: Record) -> Iterator[str]:
    """What ties a record to others by itself: its ref, its join keys, its name and service."""
    yield record.ref
    for key in record.keys:
        yield key.value
    if record.name and record.service:
        yield f"{record.name.lower()}\n{record.service.lower()}"


def _islands(records: Iterable[Record]) -> Iterator[Island]:
    """Records in islands: whatever is tied to another, directly or by way of others, is on the same one."""
    tied: dict[str, list[Record]] = {}
    for record in records:
        for tie in _ties(record):
            tied.setdefault(tie, []).append(record)
    while tied:
        _, reached = tied.popitem()
        island: dict[RecordRef, Record] = {}
        while reached:
            record = reached.pop()
            if record.ref not in island:
                island[record.ref] = record
                for tie in _ties(record):
                    reached += tied.pop(tie, ())
        yield tuple(island.values())
