"""Records to alerts: the same trouble seen by several tools becomes one row, and the rule that joined it is kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from oncall_tui.domain.alert import Alert, JoinRule, Record, SourceKind, Status
from oncall_tui.domain.ids import AlertId
from oncall_tui.domain.severity import Severity, worst

NAME_WINDOW = timedelta(minutes=30)
"""How far apart two records may begin to be joined by alert name and service alone."""

_CANDIDATES = 50
"""Records of one name and service that a further one is held against: keeps a storm of one rule linear."""

_RULES = tuple(JoinRule)
_LEADING = {
    SourceKind.PAGERDUTY: 0,
    SourceKind.ALERTMANAGER: 1,
    SourceKind.PROMETHEUS: 2,
    SourceKind.SENTRY: 3,
}
_STATUS_RANK = {Status.FIRING: 0, Status.ACKNOWLEDGED: 1, Status.SILENCED: 2, Status.PENDING: 3}


def correlate(records: Iterable[Record], name_window: timedelta = NAME_WINDOW) -> tuple[Alert, ...]:
    """Alerts of ``records``, the most severe first, then the oldest.

    Records that carry an equal join key are one alert. What is left alone is then joined by alert name and service,
    only across different sources and when the beginnings lie within ``name_window``.
    """
    groups = _Groups(tuple(records))
    groups.join_by_keys()
    groups.join_by_name(name_window)
    alerts = [_alert_of(members, rules) for members, rules in groups.result()]
    return tuple(sorted(alerts, key=_order))


def lead_of(records: Sequence[Record]) -> tuple[Record, ...]:
    """Records in leading order: PagerDuty, Alertmanager, Prometheus, Sentry; within a kind the oldest first."""
    return tuple(sorted(records, key=lambda one: (_LEADING[one.kind], one.since, one.ref)))


def _order(alert: Alert) -> tuple[int, int, datetime, str]:
    """Severity; then what nobody looks at before what is acknowledged, silenced or pending; then the oldest."""
    return (alert.severity, _STATUS_RANK[alert.status], alert.since, alert.id)


def _alert_of(members: Sequence[Record], rules: frozenset[JoinRule]) -> Alert:
    """One alert out of joined records."""
    records = lead_of(members)
    lead = records[0]
    acknowledged = next((one for one in records if one.acknowledged_at is not None), None)
    return Alert(
        id=AlertId(lead.ref),
        title=lead.title,
        severity=_severity_of(records),
        status=_status_of(records),
        service=_service_of(records),
        since=min(one.since for one in records),
        records=records,
        joined_by=tuple(rule for rule in _RULES if rule in rules),
        acknowledged_by=acknowledged.acknowledged_by if acknowledged else None,
        acknowledged_at=acknowledged.acknowledged_at if acknowledged else None,
    )


def _service_of(records: Sequence[Record]) -> str:
    """The name that labels give, which is the one of services and deployments; else the first there is."""
    labelled = (one.service for one in records if one.service and one.labels)
    return next(labelled, next((one.service for one in records if one.service), ""))


def _severity_of(records: Sequence[Record]) -> Severity:
    """The assigned severity where a human chose one, else the worst."""
    assigned = worst(one.severity for one in records if one.severity_is_assigned)
    return assigned or worst(one.severity for one in records) or Severity.P3


def _status_of(records: Sequence[Record]) -> Status:
    """The pager's word where it has one; else firing as long as one record is neither silenced nor pending."""
    paged = [one.status for one in records if one.kind is SourceKind.PAGERDUTY]
    return min(paged or [one.status for one in records if not _is_shadow(one, records)], key=_STATUS_RANK.__getitem__)


def _is_shadow(record: Record, records: Sequence[Record]) -> bool:
    """A Prometheus record beside an Alertmanager one says nothing about silences: Alertmanager's word counts."""
    return record.kind is SourceKind.PROMETHEUS and any(one.kind is SourceKind.ALERTMANAGER for one in records)


class _Groups:
    """Disjoint sets of records, by index, with the rules that joined each set."""

    def __init__(self, records: tuple[Record, ...]) -> None:
        self._records = records
        self._parent = list(range(len(records)))
        self._sources = [frozenset({record.source}) for record in records]
        self._rules: dict[int, frozenset[JoinRule]] = {}

    def join_by_keys(self) -> None:
        """Join what shares a key; a key that one record alone carries joins nothing."""
        first: dict[tuple[JoinRule, str], int] = {}
        for index, record in enumerate(self._records):
            for key in record.keys:
                other = first.setdefault((key.rule, key.value), index)
                if other != index:
                    self._join(other, index, key.rule)

    def join_by_name(self, window: timedelta) -> None:
        """Join sets that share alert name and service, see each other across sources and began close together."""
        candidates: dict[tuple[str, str], list[int]] = {}
        for index, record in enumerate(self._records):
            if record.name and record.service:
                earlier = candidates.setdefault((record.name.lower(), record.service.lower()), [])
                self._join_with_one_of(earlier, index, window)
                if len(earlier) < _CANDIDATES:
                    earlier.append(index)

    def _join_with_one_of(self, candidates: Sequence[int], index: int, window: timedelta) -> None:
        """Join with the first candidate that began close by and shares no source: one source lists a trouble once."""
        since = self._records[index].since
        for candidate in candidates:
            roots = (self._root(candidate), self._root(index))
            if roots[0] == roots[1]:
                return
            is_close = abs(self._records[candidate].since - since) <= window
            if is_close and not self._sources[roots[0]] & self._sources[roots[1]]:
                self._join(candidate, index, JoinRule.NAME_AND_SERVICE)
                return

    def _root(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def _join(self, one: int, other: int, rule: JoinRule) -> None:
        root, child = self._root(one), self._root(other)
        rules = self._rules.get(root, frozenset()) | {rule}
        if root != child:
            rules |= self._rules.pop(child, frozenset())
            self._parent[child] = root
            self._sources[root] |= self._sources[child]
        self._rules[root] = rules

    def result(self) -> Iterable[tuple[list[Record], frozenset[JoinRule]]]:
        """Each set with its rules, in the order of the first record of each."""
        sets: dict[int, list[Record]] = {}
        for index, record in enumerate(self._records):
            sets.setdefault(self._root(index), []).append(record)
        for root, members in sets.items():
            yield members, self._rules.get(root, frozenset())
