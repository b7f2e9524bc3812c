"""An alert: one trouble, with every record that a source keeps of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from oncall_tui.domain.ids import AlertId, DeploymentId, RecordRef, SourceName
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.text import clean_line


class SourceKind(StrEnum):
    """Which vendor a source speaks to."""

    PAGERDUTY = "pagerduty"
    ALERTMANAGER = "alertmanager"
    PROMETHEUS = "prometheus"
    SENTRY = "sentry"


class Status(StrEnum):
    """Where an alert stands."""

    FIRING = "firing"
    """Active, and nobody has said that they look at it."""
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    """Active, and muted on purpose: by a silence until its end, or by another alert. ``domain.muting`` tells which, and
    tells it also of what a pager holds or somebody acknowledged, whose status is another one."""
    PENDING = "pending"
    """The condition holds, but not yet for as long as the rule asks."""


STATUS_RANK: Mapping[Status, int] = {
    Status.FIRING: 0,
    Status.ACKNOWLEDGED: 1,
    Status.SILENCED: 2,
    Status.PENDING: 3,
}
"""What nobody looks at comes first, then what somebody does, then what is muted, then what may pass by itself."""


class JoinRule(StrEnum):
    """Why two records are one alert, the surest first."""

    DEDUP_KEY = "dedup key"
    FINGERPRINT = "fingerprint"
    RECEIVER_LABELS = "receiver labels"
    """The labels that Alertmanager's PagerDuty receiver writes into the incident's details."""
    REFERENCE = "reference"
    """One record names the other's address, as a PagerDuty incident opened by Sentry does."""
    NAME_AND_SERVICE = "name and service"
    """The same alert name on the same service within a window: likely, not certain."""


@dataclass(frozen=True, slots=True)
class JoinKey:
    """A value under which a record may be joined with others that carry an equal key."""

    rule: JoinRule
    value: str


NO_ANNOTATIONS: Mapping[str, str] = {}
"""Of the many records that have none: one for all."""


@dataclass(frozen=True, slots=True)
class Record:
    """One trouble as one source tells it. All text is cleaned; all times are UTC."""

    source: SourceName
    kind: SourceKind
    id: str
    """The id at the vendor: what an action is sent to."""
    ref: RecordRef
    title: str
    severity: Severity
    status: Status
    since: datetime
    service: str = ""
    environment: str = ""
    """Where it happens, as the data says or else as the source is configured; empty when nobody says."""
    name: str = ""
    """The alert name (``alertname``) where the source has one: with the service, the last rule of correlation."""
    severity_is_assigned: bool = False
    """A human or a policy chose this severity (a PagerDuty priority): it rules over what labels suggest."""
    url: str | None = None
    summary: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    raw_labels: tuple[tuple[str, str], ...] = ()
    """Those that are another text at the vendor: longer, on several lines, with characters that are not drawn. Exactly
    as they are there, never to be shown: what asks the vendor for them must say them so."""
    annotations: Mapping[str, str] = field(default_factory=lambda: NO_ANNOTATIONS)
    """What the rule says to people, line breaks kept. Records may share one mapping."""
    raw_annotations: tuple[tuple[str, str], ...] = ()
    """Those that are another text at the vendor, as ``raw_labels`` are."""
    keys: frozenset[JoinKey] = frozenset()
    runbook: str | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    last_event_at: datetime | None = None
    """When somebody last did anything about it, where the source tells: a note, an escalation, the acknowledge."""
    pages_again_at: datetime | None = None
    """When the pager takes the acknowledge away by itself."""
    assigned_to: tuple[str, ...] = ()
    is_mine: bool = False
    """Assigned to the user of this screen."""
    silenced_by: str | None = None
    silenced_until: datetime | None = None
    silence_ids: tuple[str, ...] = ()
    """The silences that mute it, at a vendor that has any: what ends when it is to be heard again."""
    is_inhibited: bool = False
    """Another alert mutes it, at a vendor that has such rules; a silence may do so besides."""
    note: str = ""
    """A fact worth a few words on the row: ``new``, ``214 events, 88 users``, ``regressed in 2.41.0``."""


def labels_at_vendor(record: Record) -> dict[str, str]:
    """The labels of a record exactly as its vendor has them; ``clean`` them before they are shown."""
    return _at_vendor(record.labels, record.raw_labels)


def annotations_at_vendor(record: Record) -> dict[str, str]:
    """The annotations of a record exactly as its vendor has them; ``clean`` them before they are shown."""
    return _at_vendor(record.annotations, record.raw_annotations)


def _at_vendor(shown: Mapping[str, str], raw: tuple[tuple[str, str], ...]) -> dict[str, str]:
    if not raw:
        return dict(shown)
    changed = {clean_line(name) for name, _ in raw}
    return {name: value for name, value in shown.items() if name not in changed} | dict(raw)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A deployment that ended shortly before an alert began, on the same service."""

    deployment: DeploymentId
    label: str
    """Service and version, as drawn beside the alert."""
    seconds_before: float


@dataclass(frozen=True, slots=True)
class Alert:
    """One row of the screen: records that are the same trouble, the leading one first."""

    id: AlertId
    title: str
    severity: Severity
    status: Status
    service: str
    since: datetime
    records: tuple[Record, ...]
    joined_by: tuple[JoinRule, ...] = ()
    """The rules that joined the records; empty for a single record."""
    suspects: tuple[Suspect, ...] = ()
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    is_acknowledged_here_only: bool = False
    """Acknowledged in the journal of this screen; no pager knows of it."""
    is_forgotten: bool = False
    """Acknowledged, and nobody has done anything about it for too long (``domain.forgotten``)."""

    @property
    def headline(self) -> str:
        """The title without the service in front of it: lists have a column for that."""
        prefix = f"{self.service}: ".lower()
        return self.title[len(prefix) :] if self.service and self.title.lower().startswith(prefix) else self.title

    @property
    def runbook(self) -> str | None:
        """The first address of a runbook that a record carries."""
        return next((record.runbook for record in self.records if record.runbook), None)

    @property
    def url(self) -> str | None:
        """Where the leading record can be seen in a browser."""
        return next((record.url for record in self.records if record.url), None)

    @property
    def environment(self) -> str:
        """Where it happens: the first record that says."""
        return next((record.environment for record in self.records if record.environment), "")

    @property
    def is_mine(self) -> bool:
        """Whether any record is assigned to the user of this screen."""
        for record in self.records:  # noqa: SIM110  # Three times as quick as any(): it is asked of 10,000 alerts.
            if record.is_mine:
                return True
        return False

    @property
    def last_event_at(self) -> datetime | None:
        """When somebody last did anything about it; None while nobody has acknowledged it."""
        told = (self.acknowledged_at, *(record.last_event_at for record in self.records))
        return max((at for at in told if at is not None), default=None)

    @property
    def held_by_others(self) -> tuple[str, ...]:
        """Those whom a pager gave it to, when the user of this screen is not among them.

        Who has an issue at Sentry was not paged, and Sentry does not tell whether that is the user of this screen.
        """
        if self.is_mine:
            return ()
        pages = [record for record in self.records if record.kind is SourceKind.PAGERDUTY]
        return tuple(dict.fromkeys(name for record in pages for name in record.assigned_to))

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of the first record that has any."""
        return next((record.labels for record in self.records if record.labels), {})

    @property
    def source_kinds(self) -> tuple[SourceKind, ...]:
        """The kinds of source that see this trouble, each once, in the order of the records."""
        return tuple(dict.fromkeys(record.kind for record in self.records))
