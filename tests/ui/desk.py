"""A desk to sit at: the whole screen, headless, on a clock that stands still and rooms that do as they are told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from textual.app import App
from textual.pilot import Pilot

from oncall_tui.config.model import ChartSettings, Config, DisplaySettings, EnvironmentSettings, NotifySettings
from oncall_tui.config.paths import shipped
from oncall_tui.domain.action import Action, Create, Silence, Unsilence
from oncall_tui.domain.alert import Alert, Record
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.history import History
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.domain.pager import EscalationPath, NewIncident, PageableService, Person, Priority
from oncall_tui.domain.pages import PageLog
from oncall_tui.domain.service import Service
from oncall_tui.domain.silence import Matcher
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.domain.situation import Freshness, OnCall, Situation, Trend, Verdict
from oncall_tui.monitor.monitor import Subscriber
from oncall_tui.response.following import Following
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.response.unsent import Unsent
from oncall_tui.sources.actors import ActResult
from oncall_tui.sources.errors import SourceError
from oncall_tui.terminal import Terminal
from oncall_tui.terminal.here import NOWHERE
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.notify_hook import Hook
from oncall_tui.ui.rooms import Rooms
from oncall_tui.ui.screens.view import View
from oncall_tui.ui.theming import load_themes
from oncall_tui.ui.widgets.alert_table import AlertTable
from tests.unit.builders import NOW, freshness

SIZES = ((80, 24), (120, 36), (200, 60))

Answered = TypeVar("Answered")
Answer = Callable[[Sequence[Alert]], list[ActReport]]


def confirmed(alerts: Sequence[Alert]) -> list[ActReport]:
    """The pager says yes to everything."""
    return [ActReport(one.id, one.title, Outcome.CONFIRMED) for one in alerts]


def failing(*ids: str, reason: str = "PagerDuty answered 500") -> Answer:
    """The pager says no to the alerts of these ids, to all when none is named."""

    def answer(alerts: Sequence[Alert]) -> list[ActReport]:
        return [
            ActReport(one.id, one.title, Outcome.FAILED, reason)
            if one.id in ids or not ids
            else ActReport(one.id, one.title, Outcome.CONFIRMED)
            for one in alerts
        ]

    return answer


class FakeMonitor:
    """Publishes what a test hands it."""

    def __init__(self) -> None:
        self.is_paused = False
        self.refreshed = 0
        self.recomposed = 0
        self.broken: Exception | None = None
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        self._subscribers.append(subscriber)

    async def run(self) -> None:
        if self.broken is not None:
            raise self.broken
        await asyncio.Event().wait()

    def publish(self, situation: Situation) -> None:
        """Hand a situation to whoever watches."""
        for subscriber in self._subscribers:
            subscriber(situation)

    def refresh(self, source: SourceName | None = None) -> bool:
        self.refreshed += 1
        return not self.is_paused

    def recompose(self) -> None:
        self.recomposed += 1

    def pause(self) -> None:
        self.is_paused = True

    def resume(self) -> None:
        self.is_paused = False


class FakeSilencer:
    """An Alertmanager with the silences and the alerts of a test; it answers when the test says so."""

    def __init__(self, *standing: Muting, covered: Sequence[Record] = ()) -> None:
        self.standing = list(standing)
        self.covered = list(covered)
        self.asked: list[tuple[Matcher, ...]] = []
        self.listed = 0
        self.error: SourceError | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def silences(self) -> Sequence[Muting]:
        self.listed += 1
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return tuple(self.standing)

    async def covered_by(self, matchers: Sequence[Matcher]) -> Sequence[Record]:
        self.asked.append(tuple(matchers))
        covered = tuple(self.covered)
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return covered

    async def silence(self, wanted: Muting) -> ActResult:
        raise AssertionError("silences take the road of the rooms, which is journalled")

    async def expire(self, silence_id: str) -> ActResult:
        raise AssertionError("silences take the road of the rooms, which is journalled")


class FakeAccount:
    """A pager's account: its services, whom they page, its priorities. Nothing is declared but through the rooms."""

    def __init__(
        self,
        *services: PageableService,
        priorities: Sequence[Priority] = (),
        path: EscalationPath | SourceError | None = None,
    ) -> None:
        self.services = services
        self.known_priorities = priorities
        self.path = path or EscalationPath("E1", "Core")
        self.error: SourceError | None = None

    async def pageable_services(self) -> Sequence[PageableService]:
        if self.error is not None:
            raise self.error
        return self.services

    async def priorities(self) -> Sequence[Priority]:
        return self.known_priorities

    async def paged_for(self, service: PageableService) -> EscalationPath:
        if isinstance(self.path, SourceError):
            raise self.path
        return self.path

    async def create(self, wanted: NewIncident, begun_at: datetime | None = None) -> ActResult:
        raise AssertionError("incidents take the road of the rooms, which is journalled")


class FakeOutbox:
    """An outbox that a test fills; ``ending`` is what the next flush tells."""

    def __init__(self) -> None:
        self.entries: list[Unsent] = []
        self.ending: list[ActReport] = []
        self.heard: list[Mapping[SourceName, datetime] | None] = []
        self.dropped: list[str] = []
        self.error: Exception | None = None

    async def waiting(self, now: datetime, known_since: datetime | None = None) -> Sequence[Unsent]:
        if self.error is not None:
            raise self.error
        return tuple(self.entries)

    async def flush(
        self, heard: Mapping[SourceName, datetime] | None = None, known_since: datetime | None = None
    ) -> list[ActReport]:
        self.heard.append(heard)
        ended, self.ending = self.ending, []
        ids = {one.alert_id for one in ended}
        self.entries = [one for one in self.entries if one.intent.alert_id not in ids]
        return ended

    async def drop(self, request_id: str) -> ActReport | None:
        found = next((one for one in self.entries if one.intent.request_id == request_id), None)
        if found is None:
            return None
        self.dropped.append(request_id)
        self.entries.remove(found)
        return ActReport(found.intent.alert_id, found.intent.title, Outcome.DROPPED, verb=found.intent.action.verb)


class FakeRooms:
    """Rooms that record what they are asked; the vendor answers when the test says so."""

    def __init__(self) -> None:
        self.monitor = FakeMonitor()
        self.sent: list[tuple[Alert, ...]] = []
        self.actions: list[Action] = []
        self.begun_at: list[datetime | None] = []
        """Of each call, when the same was begun before."""
        self.asked: list[tuple[str, str]] = []
        self.vendor_error: SourceError | None = None
        self.escalation = EscalationPath("P1", "Default")
        self.past = History(NOW - timedelta(days=30), NOW)
        self.page_log = PageLog(NOW - timedelta(days=20), NOW)
        self.staff: Sequence[Person] = ()
        self.account_priorities: Sequence[Priority] = ()
        self.answer: Answer = confirmed
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.left_unsent: tuple[Unsent, ...] = ()
        self.recovered: list[ActReport] = []
        self.may_recover = asyncio.Event()
        self.may_recover.set()
        self.journal_error: Exception | None = None
        self.pagers_asked = 0
        self.accounts: dict[SourceName, FakeAccount] = {}
        self.created: list[tuple[SourceName, Create]] = []
        self.silencers: dict[SourceName, FakeSilencer] = {}
        self.outbox = FakeOutbox()
        self.following: Following | None = None
        self.stopped = 0
        self.silenced: list[tuple[SourceName, Silence | Unsilence, str]] = []
        self.create_outcome = Outcome.CONFIRMED
        self.silence_outcome = Outcome.CONFIRMED
        self.silence_reason = ""
        self.is_closed = False
        self.custom_actions: Any = None
        self.runbooks: Any = None

    @property
    def ids_sent(self) -> list[list[str]]:
        """The ids of every call so far."""
        return [[one.id for one in call] for call in self.sent]

    async def act_on(
        self,
        action: Action,
        alerts: Sequence[Alert],
        following: Following | None = None,
        begun_at: datetime | None = None,
    ) -> list[ActReport]:
        self.sent.append(tuple(alerts))
        self.actions.append(action)
        self.begun_at.append(begun_at)
        self.following = following
        await self.may_answer.wait()
        return self.answer(alerts)

    def stop(self) -> int:
        self.stopped += 1
        return 1

    async def escalation_of(self, alert: Alert) -> EscalationPath:
        return self._asked("escalation", alert, self.escalation)

    async def people(self, alert: Alert) -> Sequence[Person]:
        return self._asked("people", alert, self.staff)

    async def priorities(self, alert: Alert) -> Sequence[Priority]:
        return self._asked("priorities", alert, self.account_priorities)

    async def history_of(self, alert: Alert) -> History:
        self.asked.append(("history", alert.id))
        await self.may_answer.wait()
        if self.vendor_error is not None:
            raise self.vendor_error
        return self.past

    async def pages_since(self, since: datetime) -> PageLog:
        self.asked.append(("pages", since.isoformat()))
        await self.may_answer.wait()
        if self.vendor_error is not None:
            raise self.vendor_error
        return self.page_log

    def _asked(self, what: str, alert: Alert, answer: Answered) -> Answered:
        self.asked.append((what, alert.id))
        if self.vendor_error is not None:
            raise self.vendor_error
        return answer

    async def create(self, source: SourceName, action: Create) -> ActReport:
        self.created.append((source, action))
        await self.may_answer.wait()
        reason = "PagerDuty answered 500" if self.create_outcome is Outcome.FAILED else ""
        made = "" if reason else "QNEW"
        return ActReport(AlertId(made), action.title, self.create_outcome, reason, verb=action.verb, made=made)

    async def silence(self, source: SourceName, action: Silence | Unsilence, silence_id: str = "") -> ActReport:
        self.silenced.append((source, action, silence_id))
        await self.may_answer.wait()
        return ActReport(AlertId(silence_id), silence_id, self.silence_outcome, self.silence_reason, verb=action.verb)

    async def read_own_acknowledgements(self) -> None:
        if self.journal_error is not None:
            raise self.journal_error

    async def unsent(self) -> Sequence[Unsent]:
        return self.left_unsent

    async def recover(self) -> list[ActReport]:
        await self.may_recover.wait()
        return self.recovered

    def refresh_pagers(self) -> None:
        self.pagers_asked += 1

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class Desk:
    """The screen and what is behind it."""

    app: OncallApp
    pilot: Pilot[None]
    rooms: FakeRooms
    generation: int = 0

    @property
    def view(self) -> View:
        return self.app.view

    @property
    def alerts(self) -> AlertTable:
        """The list of alerts of the view that is shown."""
        return self.view.query_one(AlertTable)

    @property
    def mode(self) -> str:
        return str(self.app.current_mode)

    async def settle(self) -> None:
        """Wait until nothing moves any more, what a vendor is waited for apart."""
        await self.pilot.pause()
        await self._finish_commands()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each with time to work."""
        for key in keys:
            await self.pilot.press(key)
            await self._finish_commands()

    async def _finish_commands(self) -> None:
        commands = [one for one in self.app.workers if one.group == "command" and not one.is_finished]
        if commands:
            await self.app.workers.wait_for_complete(commands)
            await self.pilot.pause()

    async def show(self, *alerts: Alert, **rest: Any) -> Situation:
        """Let the monitor publish the next situation, with these alerts."""
        self.generation += 1
        situation = situation_of(*alerts, generation=self.generation, **rest)
        await self.publish(situation)
        return situation

    async def publish(self, situation: Situation) -> None:
        """Let the monitor publish exactly this."""
        self.rooms.monitor.publish(situation)
        await self.settle()

    async def answer(self) -> None:
        """Let the vendor answer what it was asked."""
        self.rooms.may_answer.set()
        await self.settle()

    def text(self) -> str:
        """What is drawn, line by line."""
        return text_of(self.app)

    def toasts(self) -> list[str]:
        """The messages in the corner, title and text."""
        return [f"{one.title}\n{one.message}".strip() for one in self.app._notifications]

    def row(self, what: str) -> str:
        """The one row of the list of alerts that holds ``what``."""
        region = self.alerts.region
        drawn = [line[region.x : region.right] for line in self.text().splitlines()[region.y : region.bottom]]
        lines = [line for line in drawn if what in line]
        assert len(lines) == 1, f"{len(lines)} lines hold {what!r}:\n{self.text()}"
        return lines[0]


def text_of(app: App[Any]) -> str:
    """What an app draws, as text."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def situation_of(
    *alerts: Alert,
    generation: int = 1,
    services: Iterable[Service] = (),
    deployments: Iterable[Deployment] = (),
    on_call: Iterable[OnCall] = (),
    trends: Iterable[Trend] = (),
    sources: Iterable[Freshness] | None = None,
    verdict: Verdict | None = None,
) -> Situation:
    """A situation of sources that have just answered."""
    told = (freshness(),) if sources is None else tuple(sources)
    return Situation(
        generation,
        NOW,
        verdict or Situation(0, NOW).verdict,
        tuple(services),
        tuple(alerts),
        tuple(deployments),
        tuple(on_call),
        tuple(trends),
        told,
    )


def config_of(
    *,
    production: bool = False,
    theme: str = "oncall-dark",
    notify: NotifySettings | None = None,
    chart: ChartSettings | None = None,
) -> Config:
    """A configuration of an environment called ``rewapp``."""
    return Config(
        environments={"rewapp": EnvironmentSettings(production=production)},
        display=DisplaySettings(environment="rewapp", theme=theme, chart=chart),
        notify=notify or NotifySettings(),
    )


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, span: timedelta) -> None:
        self.at += span


def build(
    config: Config,
    rooms: FakeRooms,
    *,
    clock: Callable[[], datetime] | None = None,
    problems: Iterable[str] = (),
    failure: Exception | None = None,
    terminal: Terminal = NOWHERE,
    hook: Hook | None = None,
) -> OncallApp:
    """The app on fake rooms; with ``failure`` they cannot be opened."""

    async def open_rooms() -> Rooms:
        if failure is not None:
            raise failure
        return rooms

    themes = load_themes(shipped("themes").glob("*.toml"))
    app = OncallApp(
        config,
        open_rooms,
        clock=clock or Clock(),
        timezone=UTC,
        themes=themes.themes,
        problems=[*themes.problems, *problems],
        tick_every=3_600,
        terminal=terminal,
        hook=hook,
    )
    app.animation_level = "none"
    return app


async def opened(app: OncallApp, pilot: Pilot[Any]) -> None:
    """Wait until the rooms are open: the screen opens them after its first paint."""
    async with asyncio.timeout(60):
        while app.acting.rooms is None:
            await pilot.pause()


@asynccontextmanager
async def at_desk(
    *alerts: Alert,
    size: tuple[int, int] = (120, 36),
    config: Config | None = None,
    rooms: FakeRooms | None = None,
    clock: Clock | None = None,
    problems: Iterable[str] = (),
    terminal: Terminal = NOWHERE,
    hook: Hook | None = None,
    **rest: Any,
) -> AsyncIterator[Desk]:
    """The screen with ``alerts`` on it; without any (and nothing else) before the first answer."""
    held = rooms or FakeRooms()
    app = build(config or config_of(), held, clock=clock, problems=problems, terminal=terminal, hook=hook)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        desk = Desk(app, pilot, held)
        await opened(app, pilot)
        await desk.settle()
        if alerts or rest:
            await desk.show(*alerts, **rest)
        yield desk
