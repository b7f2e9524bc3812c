"""Records to alerts: the same trouble seen by several tools becomes one row, and the rule that joined it is kept."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from oncall_tui.domain.alert import STATUS_RANK, Alert, JoinRule, Record, SourceKind, Status
from oncall_tui.domain.groups import Groups
from oncall_tui.domain.ids import AlertId
from oncall_tui.domain.query import Order, ordered
from oncall_tui.domain.severity import Severity, worst

NAME_WINDOW = timedelta(minutes=30)
"""How far apart two records may begin to be joined by alert name and service alone."""

_DEFAULT_SUBJECT = "[FIRING:"
"""How the subject begins that Alertmanager gives a page when nobody wrote one: a list of label values."""

_RULES = tuple(JoinRule)
_LEADING = {
    SourceKind.PAGERDUTY: 0,
    SourceKind.ALERTMANAGER: 1,
    SourceKind.PROMETHEUS: 2,
    SourceKind.SENTRY: 3,
}


def correlate(records: Iterable[Record], name_window: timedelta = NAME_WINDOW) -> tuple[Alert, ...]:
    """Alerts of ``records``: the most severe first, then what nobody looks at, then the oldest.

    Records that carry an equal join key are one alert, except that labels which are equal in two environments are two.
    Then alerts of the same name and service are joined when no source sees both, their environments may be one, and
    two of their records began within ``name_window`` of each other: each with the latest that began before it.

    The order of ``records`` does not matter. What is listed twice under one ref, as a page that shifted does, counts
    once, as it was told last.
    """
    listed = {record.ref: record for record in records}
    # Of one moment the pager comes last, as it does in time: what it tells of has begun before.
    groups = Groups(sorted(listed.values(), key=lambda one: (one.since, -_LEADING[one.kind], one.ref)))
    groups.join_by_keys()
    groups.join_by_name(name_window)
    return ordered((_alert_of(members, rules) for members, rules in groups.result()), Order.SEVERITY)


def lead_of(records: Sequence[Record]) -> tuple[Record, ...]:
    """Records in leading order: PagerDuty, Alertmanager, Prometheus, Sentry; within a kind the oldest first."""
    return tuple(sorted(records, key=lambda one: (_LEADING[one.kind], one.since, one.ref)))


def _alert_of(members: Sequence[Record], rules: Iterable[JoinRule]) -> Alert:
    """One alert out of joined records."""
    records = lead_of(members)
    status = _status_of(records)
    acknowledged = _acknowledged(records) if status is Status.ACKNOWLEDGED else None
    return Alert(
        id=AlertId(records[0].ref),
        title=_title_of(records),
        severity=_severity_of(records),
        status=status,
        service=_service_of(records),
        since=min(one.since for one in records),
        records=records,
        joined_by=tuple(rule for rule in _RULES if rule in rules) if rules else (),
        acknowledged_by=acknowledged.acknowledged_by if acknowledged else None,
        acknowledged_at=acknowledged.acknowledged_at if acknowledged else None,
    )


def _acknowledged(records: Sequence[Record]) -> Record | None:
    """The first record that says who looks at it, else the first that says since when."""
    told = [one for one in records if one.acknowledged_by is not None]
    return next(iter(told), None) or next((one for one in records if one.acknowledged_at is not None), None)


def _service_of(records: Sequence[Record]) -> str:
    """The name that labels give, which is the one of services and deployments; else the first there is."""
    labelled = (one.service for one in records if one.service and one.labels)
    return next(labelled, next((one.service for one in records if one.service), ""))


def _title_of(records: Sequence[Record]) -> str:
    """The leading record's title; where that is Alertmanager's default subject, the summary somebody wrote."""
    written = (one.title for one in records if not one.title.startswith(_DEFAULT_SUBJECT))
    return next(written, records[0].title)


def _severity_of(records: Sequence[Record]) -> Severity:
    """The assigned severity where a human or a policy chose one, else the worst."""
    assigned = worst(one.severity for one in records if one.severity_is_assigned)
    return assigned or worst(one.severity for one in records) or Severity.P3


def _status_of(records: Sequence[Record]) -> Status:
    """The pager's word where it has one; else firing as long as one record is neither silenced nor pending."""
    paged = [one.status for one in records if one.kind is SourceKind.PAGERDUTY]
    return min(paged or [one.status for one in records if not _is_shadow(one, records)], key=STATUS_RANK.__getitem__)


def _is_shadow(record: Record, records: Sequence[Record]) -> bool:
    """A Prometheus record beside an Alertmanager one says nothing about silences: Alertmanager's word counts."""
    return record.kind is SourceKind.PROMETHEUS and any(one.kind is SourceKind.ALERTMANAGER for one in records)
