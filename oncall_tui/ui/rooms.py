"""What the screen asks of the rooms: a port, so that a test can hand in rooms without vendors, journal or network."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import SourceName

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from oncall_tui.assembly.actions import Actions
    from oncall_tui.assembly.runbooks import Begun
    from oncall_tui.domain.action import Action, Create, Silence, Unsilence
    from oncall_tui.domain.history import History
    from oncall_tui.domain.pager import EscalationPath, Person, Priority
    from oncall_tui.domain.pages import PageLog
    from oncall_tui.domain.situation import Situation
    from oncall_tui.monitor.monitor import Subscriber
    from oncall_tui.response.following import Following
    from oncall_tui.response.report import ActReport
    from oncall_tui.response.unsent import Unsent
    from oncall_tui.runbook.catalogue.entry import Entry
    from oncall_tui.runbook.catalogue.find import Finding, Subject
    from oncall_tui.runbook.catalogue.index import Index
    from oncall_tui.runbook.executors.place import Place
    from oncall_tui.runbook.model import Runbook
    from oncall_tui.runbook.run.differing import Difference
    from oncall_tui.runbook.run.history import PastRun
    from oncall_tui.runbook.run.opening import Resumed
    from oncall_tui.runbook.run.run import Run
    from oncall_tui.sources.actors import Account, Silencer


class Watch(Protocol):
    """The monitor as the screen sees it (``monitor.monitor.Monitor``)."""

    @property
    def is_paused(self) -> bool:
        """Whether polling is paused."""

    def subscribe(self, subscriber: "Subscriber", /) -> None:
        """Hand every situation from now on to ``subscriber``."""

    async def run(self) -> None:
        """Poll and publish until cancelled."""

    def refresh(self, source: SourceName | None = None) -> bool:
        """Look now, at one source or at all. False when none is asked: paused, or every vendor asked to wait."""

    def recompose(self) -> None:
        """Publish a new picture of what is known, without asking anybody."""

    def pause(self) -> None:
        """Begin no new poll."""

    def resume(self) -> None:
        """Poll again, at once."""


class WaitingRoom(Protocol):
    """The outbox as the screen sees it (``response.outbox.Outbox``). Every coroutine may raise ``JournalError``."""

    async def waiting(self, now: datetime, known_since: datetime | None = None, /) -> "Sequence[Unsent]":
        """What waits to be sent, the oldest first."""

    async def flush(
        self, heard: Mapping[SourceName, datetime] | None = None, known_since: datetime | None = None, /
    ) -> "list[ActReport]":
        """Send what waits and may be sent now; the reports of those that have an end."""

    async def drop(self, request_id: str, /) -> "ActReport | None":
        """Take one out."""


class RunbookRoom(Protocol):
    """The runbooks as the screen sees them (``assembly.runbooks.Runbooks``)."""

    @property
    def place(self) -> "Place":
        """Where steps run."""

    async def index(self) -> "Index":
        """Every runbook."""

    async def fitting(self, subject: "Subject") -> "Finding":
        """The runbooks that fit an alert, and the rule that knows them."""

    async def search(self, words: str) -> "Sequence[Entry]":
        """The runbooks that hold every word."""

    async def read(self, path: "Path") -> "Runbook":
        """A runbook. Raises ``OSError``."""

    async def begin(
        self,
        runbook: "Runbook",
        alert: Alert | None,
        situation: "Situation",
        typed: Mapping[str, str] | None = None,
        on_change: "Callable[[], None]" = ...,
    ) -> "Begun":
        """Begin a run, with every value that is known. Raises ``JournalError``."""

    async def resume(self, run_id: str, on_change: "Callable[[], None]" = ...) -> "Resumed":
        """Take a run up again. Raises ``JournalError`` and ``OSError``."""

    async def difference(self, run: "Run") -> "Difference | None":
        """How the file of a run differs from the text that is run; None when it does not."""

    async def past(self) -> "tuple[PastRun, ...]":
        """The runs of the last 90 days in which anything was done, the newest first. Raises ``JournalError``."""

    async def unfinished(self, path: str, alert: str) -> "tuple[PastRun, ...]":
        """The runs of a file for an alert that are to be gone on with. Raises ``JournalError``."""


class Rooms(Protocol):
    """The open rooms as the screen sees them (``assembly.Rooms``)."""

    @property
    def monitor(self) -> Watch:
        """Where situations come from."""

    async def act_on(
        self,
        action: "Action",
        alerts: Sequence[Alert],
        following: "Following | None" = None,
        begun_at: datetime | None = None,
    ) -> "list[ActReport]":
        """Do something to alerts as they were drawn; one report each, in their order.

        Args:
            begun_at: when the same was begun before and failed: it is looked for before it is sent again.
        """

    def stop(self) -> int:
        """Begin nothing more of what is being sent; how many acts that stops."""

    @property
    def outbox(self) -> "WaitingRoom":
        """What could not be sent yet. Not to be changed while nothing may be."""

    async def escalation_of(self, alert: Alert) -> "EscalationPath":
        """Who is paged one after the other for an alert. Raises ``SourceError``."""

    async def people(self, alert: Alert) -> "Sequence[Person]":
        """Those who an alert can be handed to. Raises ``SourceError``."""

    async def priorities(self, alert: Alert) -> "Sequence[Priority]":
        """The priorities that an alert can have, the worst first. Raises ``SourceError``."""

    async def history_of(self, alert: Alert) -> "History":
        """When the same alert fired before. Raises ``SourceError``."""

    async def pages_since(self, since: datetime) -> "PageLog":
        """Whom the pagers called since then. Raises ``SourceError``."""

    @property
    def accounts(self) -> "Mapping[SourceName, Account]":
        """The pagers that incidents can be declared at."""

    async def create(self, source: SourceName, action: "Create") -> "ActReport":
        """Declare an incident. Never raises for what others do."""

    @property
    def silencers(self) -> "Mapping[SourceName, Silencer]":
        """The sources that have silences: what stands there, and what a new one would cover."""

    async def silence(self, source: SourceName, action: "Silence | Unsilence", silence_id: str = "") -> "ActReport":
        """Make, replace or end a silence. Never raises for what others do."""

    @property
    def runbooks(self) -> "RunbookRoom":
        """The runbooks; opened when one is first asked for."""

    async def read_own_acknowledgements(self) -> None:
        """Learn from the journal what only it knows. Raises ``JournalError``."""

    async def unsent(self) -> "Sequence[Unsent]":
        """What an earlier session left without an answer. Raises ``JournalError``."""

    async def recover(self) -> "list[ActReport]":
        """Send what is still wanted of it, close the rest with its reason. Raises ``JournalError``."""

    def refresh_pagers(self) -> None:
        """Ask the pagers now."""

    @property
    def custom_actions(self) -> "Actions":
        """The actions of the configuration."""

    async def close(self) -> None:
        """Let go of connections and of the journal; no vendor is waited for."""
