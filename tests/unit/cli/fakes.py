"""A situation of one night, and rooms that give it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from click.testing import CliRunner, Result

from oncall_tui.cli.main import group
from oncall_tui.cli.session import Session
from oncall_tui.config.model import Config
from oncall_tui.domain.action import Action, Create, Silence, Unsilence
from oncall_tui.domain.alert import Alert, JoinRule, Record, SourceKind, Status, Suspect
from oncall_tui.domain.deployment import Deployment, DeploymentStatus
from oncall_tui.domain.history import History
from oncall_tui.domain.ids import AlertId, DeploymentId, RecordRef, SourceName
from oncall_tui.domain.pager import Person
from oncall_tui.domain.pages import PageLog
from oncall_tui.domain.service import Health, Service, Targets
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Failure, Freshness, Situation, SourceState, Verdict
from oncall_tui.domain.threshold import Check, Level, Reading, Threshold
from oncall_tui.journal.errors import JournalError
from oncall_tui.response.following import Following
from oncall_tui.response.outbox import Outbox
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.response.unsent import Unsent
from oncall_tui.sources.actors import Account, Silencer
from oncall_tui.sources.errors import SourceError

NOW = datetime(2026, 11, 21, 2, 14, 9, tzinfo=UTC)
PD, PROM = SourceName("pagerduty"), SourceName("prometheus")


def record(source: SourceName, kind: SourceKind, vendor_id: str) -> Record:
    return Record(
        source=source,
        kind=kind,
        id=vendor_id,
        ref=RecordRef(f"{source}/{vendor_id}"),
        title="Checkout is slow",
        severity=Severity.P1,
        status=Status.FIRING,
        since=NOW - timedelta(minutes=12),
        service="checkout",
        environment="production",
        url=f"https://{source}.example.com/{vendor_id}",
        runbook="https://runbooks.example.com/slow",
    )


CHECKOUT = Alert(
    id=AlertId("pagerduty/Q1"),
    title="Checkout is slow",
    severity=Severity.P1,
    status=Status.ACKNOWLEDGED,
    service="checkout",
    since=NOW - timedelta(minutes=12),
    records=(record(PD, SourceKind.PAGERDUTY, "Q1"), record(PROM, SourceKind.PROMETHEUS, "f00d")),
    joined_by=(JoinRule.RECEIVER_LABELS,),
    suspects=(Suspect(DeploymentId("pagerduty/C1"), "checkout v2.41.0", 240.0),),
    acknowledged_by="Alice Martin",
    acknowledged_at=NOW - timedelta(minutes=5),
)
DISK = Alert(
    id=AlertId("prometheus/beef"),
    title="Disk of db-1 is filling 磁盘",
    severity=Severity.P3,
    status=Status.FIRING,
    service="db",
    since=NOW - timedelta(hours=3),
    records=(record(PROM, SourceKind.PROMETHEUS, "beef"),),
)
DEPLOYMENT = Deployment(
    id=DeploymentId("pagerduty/C1"),
    source=PD,
    kind=SourceKind.PAGERDUTY,
    service="checkout",
    version="v2.41.0",
    at=NOW - timedelta(minutes=16),
    environment="production",
    status=DeploymentStatus.FINISHED,
    author="bob",
    summary="New payment form",
    seen_by=(PD,),
)
P95 = Check("p95", "checkout", unit="ms", warning=Threshold(300), critical=Threshold(500))
SERVICES = (
    Service("web", targets=Targets(2, 2)),
    Service(
        "checkout",
        "production",
        Targets(2, 3),
        (
            Reading(P95, Level.CRITICAL, 640.0, "over 500", NOW - timedelta(minutes=7)),
            Reading(Check("odd", "checkout"), Level.UNKNOWN, float("nan"), "not a number"),
        ),
        "https://grafana.example.com",
    ),
)
FINE = (
    Freshness(PD, SourceKind.PAGERDUTY, SourceState.OK, NOW),
    Freshness(PROM, SourceKind.PROMETHEUS, SourceState.OK, NOW - timedelta(seconds=1.5)),
)
FAILED = (
    Freshness(
        PD,
        SourceKind.PAGERDUTY,
        SourceState.FAILED,
        failure=Failure("unauthorised", "pagerduty refuses the token (401).", "Make a new one."),
    ),
    Freshness(PROM, SourceKind.PROMETHEUS, SourceState.OK, NOW, warnings=("partial response",)),
)
NIGHT = Situation(
    generation=1,
    taken_at=NOW,
    verdict=Verdict(Health.DOWN, "P1 checkout: Checkout is slow."),
    services=SERVICES,
    alerts=(CHECKOUT, DISK),
    deployments=(DEPLOYMENT,),
    freshness=FINE,
)
QUIET = Situation(1, NOW, Verdict(Health.UP, "Nothing is shouting."), freshness=FINE)


def report(target: str, outcome: Outcome = Outcome.CONFIRMED, reason: str = "", by: str | None = None) -> ActReport:
    return ActReport(AlertId(target), "Checkout is slow", outcome, reason, by)


@dataclass
class FakeOutbox:
    """What waits, as a test wants it."""

    entries: list[Unsent] = field(default_factory=list)
    ending: list[ActReport] = field(default_factory=list)

    async def waiting(self, now: datetime, known_since: datetime | None = None) -> tuple[Unsent, ...]:
        return tuple(one for one in self.entries if one.is_waiting)

    async def unsent(self, now: datetime, since: datetime | None = None) -> tuple[Unsent, ...]:
        return tuple(self.entries)

    async def flush(self) -> list[ActReport]:
        ids = {one.alert_id for one in self.ending}
        self.entries = [one for one in self.entries if one.intent.alert_id not in ids]
        return self.ending

    async def drop(self, request_id: str) -> ActReport | None:
        found = [one for one in self.entries if one.intent.request_id == request_id]
        if not found:
            return None
        self.entries.remove(found[0])
        intent = found[0].intent
        return ActReport(intent.alert_id, intent.title, Outcome.DROPPED, "taken out", verb=intent.action.verb)


@dataclass
class FakeRooms:
    """Rooms that were told what to say, and remember what they were asked."""

    situation: Situation = NIGHT
    reports: list[ActReport] = field(default_factory=list)
    error: BaseException | None = None
    journal_trouble: JournalError | None = None
    configs: list[Config] = field(default_factory=list)
    acted: list[tuple[Action, list[str]]] = field(default_factory=list)
    followings: list[Following | None] = field(default_factory=list)
    muting: dict[SourceName, Silencer] = field(default_factory=dict)
    silenced: list[tuple[str, Silence | Unsilence, str]] = field(default_factory=list)
    staff: dict[str, Sequence[Person]] = field(default_factory=dict)
    accounts: dict[SourceName, Account] = field(default_factory=dict)
    created: list[tuple[SourceName, Create]] = field(default_factory=list)
    create_outcome: Outcome = Outcome.CONFIRMED
    held: "FakeOutbox" = field(default_factory=lambda: FakeOutbox())
    screens: list[Config] = field(default_factory=list)
    closed: int = 0
    past: History = field(default_factory=lambda: History(NOW - timedelta(days=30), NOW))
    page_log: PageLog = field(default_factory=lambda: PageLog(NOW - timedelta(days=20), NOW))
    past_error: SourceError | None = None
    custom_actions: Any = None

    async def open(self, config: Config, environ: Mapping[str, str]) -> "FakeRooms":
        self.configs.append(config)
        return self

    async def look(self) -> Situation:
        if self.error is not None:
            raise self.error
        return self.situation

    @property
    def outbox(self) -> Outbox:
        return cast("Outbox", self.held)

    async def history_of(self, alert: Alert) -> History:
        if self.past_error is not None:
            raise self.past_error
        return self.past

    async def pages_since(self, since: datetime) -> PageLog:
        if self.past_error is not None:
            raise self.past_error
        return self.page_log

    async def act(self, action: Action, targets: Sequence[str], following: Following | None = None) -> list[ActReport]:
        self.acted.append((action, list(targets)))
        self.followings.append(following)
        if self.error is not None:
            raise self.error
        return self.reports

    async def people_for(self, targets: Sequence[str]) -> Mapping[str, Sequence[Person]]:
        return {one: self.staff.get(one, ()) for one in targets}

    async def create(self, source: SourceName, action: Create) -> ActReport:
        self.created.append((source, action))
        if self.create_outcome is Outcome.FAILED:
            return ActReport(AlertId(""), action.title, Outcome.FAILED, "the pager is unreachable", verb=action.verb)
        return ActReport(AlertId(f"{source}/QNEW"), action.title, Outcome.CONFIRMED, verb=action.verb, made="QNEW")

    @property
    def silencers(self) -> Mapping[SourceName, Silencer]:
        return self.muting

    async def silence(self, source: SourceName, action: Silence | Unsilence, silence_id: str = "") -> ActReport:
        self.silenced.append((source, action, silence_id))
        reason = "silence S-2" if isinstance(action, Silence) else ""
        return ActReport(AlertId(silence_id), "title", Outcome.CONFIRMED, reason, verb=action.verb)

    async def close(self) -> None:
        self.closed += 1


def run(
    rooms: FakeRooms,
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    options: Sequence[str] = ("--prometheus", "http://localhost:9090"),
    stdin: str | None = None,
    is_terminal: bool = False,
) -> Result:
    """One run of the command line in these rooms."""
    session = Session(
        environ=environ or {},
        open_rooms=rooms.open,
        start_screen=rooms.screens.append,
        is_terminal=lambda: is_terminal,
        clock=lambda: NOW,
    )
    return CliRunner().invoke(group, [*options, *arguments], input=stdin, obj=session, prog_name="oncall-tui")
