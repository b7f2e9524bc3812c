"""The situation: one immutable picture of everything the sources said, with the age of what they said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.environment import are_several
from oncall_tui.domain.ids import AlertId, DeploymentId, RecordRef, SourceName
from oncall_tui.domain.service import Health, Service, ServiceId
from oncall_tui.domain.shouting import shouting
from oncall_tui.domain.tally import Tally, tally_of
from oncall_tui.domain.threshold import Sample


class SourceState(StrEnum):
    """What the newest poll of a source gave. Data, nothing and failed are three different things."""

    WAITING = "waiting"
    """No answer yet since the start."""
    OK = "ok"
    EMPTY = "empty"
    """It answered, and there is nothing to show."""
    FAILED = "failed"
    """It did not answer; what is shown of it is old."""
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a source did not answer: what happened, what it means, what to do."""

    kind: str
    """``unreachable``, ``timed out``, ``unauthorised``, ``rate limited``, ``refused``, ``malformed``; ``no secret``
    when its token cannot be had; ``failed`` for a fault of our own."""
    message: str
    hint: str = ""
    retry_after: float | None = None
    """Seconds that the vendor asked us to wait."""
    is_fault_of_theirs: bool = False
    """It is there and answered with a fault of its own, which passes."""


class Unseen(StrEnum):
    """Why time passed in which nobody was asked."""

    SLEPT = "slept"
    """The machine was suspended. A clock that was set forward looks the same."""
    STOPPED = "stopped"
    """The program did not run, though the machine did."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """A time that this screen has not seen: what was fetched before it is old, whatever the clock says."""

    cause: Unseen
    lasted: timedelta
    ended_at: datetime

    @property
    def told_until(self) -> datetime:
        """After this moment it is no longer told of: what still fails then has words of its own."""
        return self.ended_at + timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the data of one source is, and what its polls cost."""

    source: SourceName
    kind: SourceKind
    state: SourceState = SourceState.WAITING
    fetched_at: datetime | None = None
    """When the data that is shown was fetched; None before the first answer."""
    failing_since: datetime | None = None
    failure: Failure | None = None
    warnings: tuple[str, ...] = ()
    """What the source said about its own answer, e.g. a partial response of Thanos."""
    requests_per_minute: int = 0
    """Requests sent in the last minute."""
    budget_per_minute: int = 0
    interval: timedelta = timedelta(seconds=30)
    next_poll_at: datetime | None = None
    """When it is asked next; in the past while it is being asked, None before its first answer and while paused."""
    asked_to_wait_until: datetime | None = None
    """The vendor asked for no request before this moment."""
    skew: float | None = None
    """Seconds that the vendor's clock is ahead of ours; None when it has not told the time."""
    is_outdated: bool = False
    """What is shown was fetched before an interruption, and nothing has come since."""

    def age(self, now: datetime) -> timedelta | None:
        """How old the shown data is; None before the first answer."""
        return None if self.fetched_at is None else max(now - self.fetched_at, timedelta(0))

    @property
    def stale_at(self) -> datetime | None:
        """After this moment the data is stale unless newer comes: three intervals; None before the first answer."""
        return None if self.fetched_at is None else self.fetched_at + 3 * self.interval

    def is_stale(self, now: datetime) -> bool:
        """Failed, outdated, older than three intervals, or from the future: drawn dim, with its age in words.

        From the future is what was fetched before the clock was set back: nobody knows how old it is.
        """
        if self.state is SourceState.FAILED or self.is_outdated:
            return True
        if self.fetched_at is None or self.stale_at is None:
            return False
        return now > self.stale_at or now < self.fetched_at - self.interval


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call for an escalation policy, on which level, until when (None: without end)."""

    user: str
    policy: str
    level: int
    until: datetime | None = None
    schedule: str = ""
    is_me: bool = False
    since: datetime | None = None
    """When it begins; None for somebody who always was."""
    policy_id: str = ""
    """At the pager, where two policies may have one name."""

    def is_current(self, now: datetime) -> bool:
        """Whether the shift has begun and has not ended."""
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Policy:
    """An escalation policy: whom a pager pages, one level after the other."""

    id: str
    name: str
    levels: int
    is_used: bool = True
    """Whether any service pages by it."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A named line over time, oldest sample first: P95 of a service over 24 h."""

    name: str
    service: str
    unit: str
    samples: tuple[Sample, ...]
    limit: float | None = None
    """The threshold drawn across the chart."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The banner: the health of everything and the reason in words."""

    health: Health
    reason: str


@dataclass(frozen=True)
class Situation:
    """What is known at ``taken_at``. Each new one has a higher generation; an older one is dropped by who draws it."""

    generation: int
    taken_at: datetime
    verdict: Verdict = Verdict(Health.UNKNOWN, "waiting for the first answer")
    services: tuple[Service, ...] = ()
    alerts: tuple[Alert, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    on_call: tuple[OnCall, ...] = ()
    """Those who are on call now."""
    trends: tuple[Trend, ...] = ()
    freshness: tuple[Freshness, ...] = ()
    interruption: Interruption | None = None
    """The last one, until every source has answered since."""
    shifts: tuple[OnCall, ...] = ()
    """Every shift that is known, those that are to come among them."""
    policies: tuple[Policy, ...] = ()
    my_next: OnCall | None = None
    """The next shift of the user of this screen, also when it is further ahead than ``shifts`` reach."""
    unattended: tuple[str, ...] = ()
    """The names of policies that services page by and nobody is on call for (``domain.rota``)."""
    on_call_at: datetime | None = None
    """When pagers said who is on call, the oldest answer of them; None while none has."""

    @cached_property
    def _alerts_by_ref(self) -> Mapping[str, Alert]:
        found: dict[str, Alert] = {}
        for alert in self.alerts:
            # An alert has the name of a record, but for one that was made up without it.
            found[alert.id] = alert
            for record in alert.records:
                found[record.ref] = alert
        return found

    @cached_property
    def tally(self) -> Tally:
        """The alerts, counted."""
        return tally_of(self.alerts)

    @cached_property
    def shouting(self) -> Mapping[ServiceId, Alert]:
        """The services that a P1 or P2 is about, each with its worst alert."""
        return shouting(self.alerts, self.services)

    @cached_property
    def alerted_services(self) -> frozenset[str]:
        """The names of the services that alerts are about."""
        return frozenset([alert.service for alert in self.alerts])

    @cached_property
    def seen_together(self) -> frozenset[tuple[SourceKind, ...]]:
        """Which kinds of source see an alert, for every alert, in the order of its records."""
        return frozenset([alert.source_kinds for alert in self.alerts])

    @cached_property
    def suspected(self) -> Mapping[DeploymentId, Sequence[Alert]]:
        """The deployments that alerts may come from, each with these."""
        found: dict[DeploymentId, list[Alert]] = {}
        for alert in self.alerts:
            for suspect in alert.suspects:
                found.setdefault(suspect.deployment, []).append(alert)
        return found

    @cached_property
    def has_environments(self) -> bool:
        """Whether services and alerts are of more than one environment, so that each must say of which it is."""
        of_alerts = {record.environment for alert in self.alerts for record in alert.records}
        return are_several(of_alerts.union(one.environment for one in self.services))

    def read_ahead(self) -> "Situation":
        """Itself, once everything is counted and found that a screen asks of it.

        Each is a walk through all alerts: whoever makes the picture, in a thread, goes them, and not who draws it.
        """
        self._alerts_by_ref, self.tally, self.shouting  # noqa: B018  # read for what they leave behind
        self.forgotten, self.suspected, self.has_environments  # noqa: B018  # the same
        self.alerted_services, self.seen_together  # noqa: B018  # the same
        return self

    def alert(self, ref: AlertId | RecordRef | str) -> Alert | None:
        """The alert with this id, or the one that now holds the record of this ref; None when it is gone.

        An alert is named after its leading record, which changes when a pager picks it up: the former name still
        finds it, so that a cursor, a mark and a confirmation stay on the trouble they were set on.
        """
        return self._alerts_by_ref.get(ref)

    @cached_property
    def forgotten(self) -> tuple[Alert, ...]:
        """The alerts that somebody acknowledged and nobody has done anything about for too long."""
        return tuple(one for one in self.alerts if one.is_forgotten)

    def source(self, name: SourceName) -> Freshness | None:
        """The freshness of one source."""
        return next((one for one in self.freshness if one.source == name), None)
