"""What every source is: the protocol, the report it gives, and what the doctor may ask it.

A new source is one module that implements ``Source`` and a line in ``registry``; the contract test suite in
``tests/contract`` then runs over it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from oncall_tui.domain.alert import Record, SourceKind
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Service
from oncall_tui.domain.situation import Failure, OnCall, Policy, Trend

Clock = Callable[[], datetime]
"""Gives the present moment in UTC. Injected, so that tests own the time."""


class Capability(StrEnum):
    """What a source can tell or do."""

    ALERTS = "alerts"
    SERVICES = "services"
    DEPLOYMENTS = "deployments"
    ON_CALL = "on call"
    TRENDS = "trends"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True, slots=True)
class Records:
    """Everything one poll read. Empty tuples mean that there is nothing, not that it is unknown."""

    alerts: tuple[Record, ...] = ()
    services: tuple[Service, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    on_call: tuple[OnCall, ...] = ()
    """Shifts, those that are to come among them."""
    trends: tuple[Trend, ...] = ()
    policies: tuple[Policy, ...] = ()
    my_next: OnCall | None = None
    """The next shift of the user of this screen."""
    on_call_at: datetime | None = None
    """When shifts and policies were read; None while they never were."""
    warnings: tuple[str, ...] = ()
    """What limits the answer without failing it: a partial response, a check whose query was refused."""

    def __bool__(self) -> bool:
        return bool(self.alerts or self.services or self.deployments or self.on_call or self.trends)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one poll: records, or the failure that took their place."""

    source: SourceName
    kind: SourceKind
    fetched_at: datetime
    """When the poll ended (UTC)."""
    took: float
    """Seconds."""
    records: Records | None = None
    failure: Failure | None = None
    skew: float | None = None
    """Seconds that the vendor's clock is ahead of ours; None when it has not told the time."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What a source's requests cost: sent in the last minute, and allowed in one."""

    sent: int
    allowed: int


class CheckState(StrEnum):
    """What the doctor found."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Topic(StrEnum):
    """What a finding is about: for programs, which cannot read its words."""

    GENERAL = "general"
    SETTINGS = "settings"
    THEME = "theme"
    KEYS = "keys"
    SECRET = "secret"
    REACHABILITY = "reachability"
    CERTIFICATE = "certificate"
    CREDENTIAL = "credential"
    IDENTITY = "identity"
    SCOPES = "scopes"
    FILTERS = "filters"
    VERSION = "version"
    CLOCK = "clock"
    CLUSTER = "cluster"
    TARGETS = "targets"
    LABELS = "labels"
    RULES = "rules"
    RUNBOOKS = "runbooks"
    CHECKS = "checks"
    SERVICES = "services"
    BUDGET = "budget"
    JOURNAL = "journal"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the doctor looked at: what it found, and what to do about it."""

    state: CheckState
    what: str
    advice: str = ""
    topic: Topic = Topic.GENERAL


@runtime_checkable
class Source(Protocol):
    """One vendor instance. Every coroutine can be cancelled at any moment; none holds up the end of the process."""

    @property
    def name(self) -> SourceName: ...

    @property
    def kind(self) -> SourceKind: ...

    @property
    def capabilities(self) -> frozenset[Capability]: ...

    @property
    def spending(self) -> Spending: ...

    @property
    def clock_skew(self) -> float | None:
        """Seconds that the vendor's clock is ahead of ours, by its last answer; None while it is unknown."""
        ...

    async def poll(self) -> Report:
        """Read everything the source has for the screen. Never raises for what a vendor does: a failure is a report."""
        ...

    async def check(self) -> Sequence[Finding]:
        """Look at reachability, credential, scopes and version, for the doctor. Never raises for what a vendor does."""
        ...

    async def close(self) -> None:
        """Let go of connections, at once: nothing is waited for."""
        ...


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A rule that makes alerts, firing or not. All text is cleaned."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    """Those that the rule itself sets; what its expression adds is known when it fires."""
    annotations: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class KnowsAlertRules(Protocol):
    """A source that can list its alert rules, so that one without a runbook is found before it fires."""

    async def alert_rules(self) -> Sequence[AlertRule]:
        """Every rule, in the vendor's order; none where alerts are not read from it.

        Raises:
            SourceError: the vendor could not be asked.
        """
        ...


@runtime_checkable
class NamesServices(Protocol):
    """A source that can list every name it has for a service, so that an alias is known to match nothing."""

    async def service_names(self) -> frozenset[str]:
        """The names, cleaned, in the vendor's own spelling.

        Raises:
            SourceError: the vendor could not be asked.
        """
        ...
