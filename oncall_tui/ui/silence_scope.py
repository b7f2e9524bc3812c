"""What a silence is made for: the alerts that one Alertmanager holds, out of those that are selected."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from oncall_tui.domain.alert import Alert, Record, SourceKind, labels_at_vendor
from oncall_tui.domain.covering import Covering, covering
from oncall_tui.domain.ids import RecordRef, SourceName


class NoScope(ValueError):
    """No one silence can be of these alerts; the message says why, and what to do."""


@dataclass(frozen=True)
class Scope:
    """Alerts with their records at one Alertmanager, from whose labels a silence begins."""

    source: SourceName
    held: tuple[tuple[Alert, tuple[Record, ...]], ...]
    unknown: tuple[Alert, ...] = ()
    """Selected as well, and no Alertmanager knows of them: no silence mutes them."""

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What the silence is to cover."""
        return tuple(alert for alert, _ in self.held)

    @property
    def records(self) -> tuple[Record, ...]:
        """Every record of them that Alertmanager has."""
        return tuple(one for _, records in self.held for one in records)

    @cached_property
    def refs(self) -> frozenset[RecordRef]:
        """By which an answer of Alertmanager knows them."""
        return frozenset(one.ref for one in self.records)

    @cached_property
    def proposed(self) -> Covering:
        """The matchers to begin with."""
        return covering([labels_at_vendor(one) for one in self.records])

    def covered(self, records: Sequence[Record]) -> tuple[Alert, ...]:
        """Those of the alerts that a silence covers which covers ``records``: all that Alertmanager has of them."""
        refs = {one.ref for one in records}
        return tuple(alert for alert, held in self.held if all(one.ref in refs for one in held))

    def beyond(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """Those of ``records`` that nobody has selected."""
        return tuple(one for one in records if one.ref not in self.refs)


def scope_of(alerts: Sequence[Alert]) -> Scope:
    """What one silence for all of ``alerts`` is made for.

    Raises:
        NoScope: Alertmanager holds none of them, no one Alertmanager holds all that are held by any, or the alerts
            have no label in common.
    """
    known = [(alert, held) for alert in alerts if (held := _held(alert))]
    if not known:
        raise NoScope("Only what Alertmanager holds can be silenced.")
    sources = [one for one in known[0][1] if all(one in held for _, held in known)]
    if not sources:
        raise NoScope(_of_several([held for _, held in known]))
    source, ids = sources[0], {alert.id for alert, _ in known}
    scope = Scope(
        source,
        tuple((alert, held[source]) for alert, held in known),
        tuple(one for one in alerts if one.id not in ids),
    )
    if not scope.proposed.exact and len(scope.records) > 1:
        raise NoScope(
            "The alerts have no label in common, so no matcher covers them all: mark only those that share one, such "
            "as their alert name or service."
        )
    return scope


def _held(alert: Alert) -> dict[SourceName, tuple[Record, ...]]:
    """The records that each Alertmanager has of an alert, in the order of the records."""
    held: dict[SourceName, tuple[Record, ...]] = {}
    for one in alert.records:
        if one.kind is SourceKind.ALERTMANAGER:
            held[one.source] = (*held.get(one.source, ()), one)
    return held


def _of_several(held: Sequence[dict[SourceName, tuple[Record, ...]]]) -> str:
    sources = sorted({source for one in held for source in one})
    counts = ", ".join(f"{sum(source in one for one in held)} of {source}" for source in sources)
    return (
        f"The marked alerts are of several Alertmanagers ({counts}), and a silence stands at one of them: mark those "
        f"of one, for instance by the filter source:{sources[0]}."
    )
