"""Commands that change who is paged: what can be chosen is asked of the pager before the form opens.

What a form needs is loaded when it opens: this module is loaded before the first paint.
"""

from abc import abstractmethod
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.verb import Verb
from oncall_tui.ui.acts import these
from oncall_tui.ui.commands.about_alerts import AboutAlerts
from oncall_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from oncall_tui.domain.action import Action
    from oncall_tui.domain.pager import EscalationLevel, EscalationPath, Person, Priority
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.rooms import Rooms

Told = TypeVar("Told")


class _AsksThePager(AboutAlerts, Generic[Told]):
    """A command whose choices only the pager knows."""

    title: ClassVar[str]
    search: ClassVar[str] = ""

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None]:
        # Not an async function: the targets are taken at the key press, not when the event loop comes to it.
        return self.about(app, *self.targets(app))

    def about(
        self, app: "OncallApp", targets: Sequence[Alert], others: int = 0, why: str = ""
    ) -> Coroutine[Any, Any, None]:
        """Ask about these alerts.

        Args:
            others: how many are selected that it cannot be done to.
            why: what proposes it; stands above them.
        """
        from textual.content import Content

        from oncall_tui.ui.present import dialogs
        from oncall_tui.ui.screens.forms import Form

        def form(ready: Sequence[Alert], told: Told) -> Form:
            title = f"{self.title} {these(ready)}"
            body = dialogs.targets(self.verb, ready, app.now(), others)
            if why:
                body = Content("\n").join([Content.styled(why, "bold $warning"), body])
            return Form(title, body, self.label, targets=ready, choices=self.choices(told), search=self.search)

        return app.acting.propose_after(targets, lambda rooms: self.ask(rooms, targets[0]), form)

    @abstractmethod
    def ask(self, rooms: "Rooms", alert: Alert) -> Coroutine[Any, Any, Told]:
        """What the pager is asked. Raises ``SourceError``."""

    @abstractmethod
    def choices(self, told: Told) -> "list[tuple[str, Action]]":
        """What can be chosen, each with its action. Raises ``SourceError`` when there is nothing."""


class EscalateAlert(_AsksThePager["EscalationPath"]):
    """Escalate: page the people of another level, who are named first."""

    id = "alert.escalate"
    key = "e"
    label = "escalate"
    palette = "alert: escalate"
    missing = "One alert that PagerDuty holds can be escalated at a time."
    verb = Verb.ESCALATE
    title = "Escalate"
    takes_many = False

    def ask(self, rooms: "Rooms", alert: Alert) -> "Coroutine[Any, Any, EscalationPath]":
        return rooms.escalation_of(alert)

    def choices(self, told: "EscalationPath") -> "list[tuple[str, Action]]":
        from oncall_tui.domain.action import Escalate

        return [(_level(one), Escalate(one.number)) for one in told.levels]


class ReassignAlert(_AsksThePager["Sequence[Person]"]):
    """Hand it to somebody: a few letters of the name find them."""

    id = "alert.reassign"
    key = ""
    label = "reassign"
    palette = "alert: reassign"
    missing = "Only what PagerDuty holds can be reassigned."
    verb = Verb.REASSIGN
    title = "Reassign"
    search = "letters of a name"

    def ask(self, rooms: "Rooms", alert: Alert) -> "Coroutine[Any, Any, Sequence[Person]]":
        return rooms.people(alert)

    def choices(self, told: "Sequence[Person]") -> "list[tuple[str, Action]]":
        from oncall_tui.domain.action import Reassign

        return [(f"{one.name}  {one.email}".strip(), Reassign((one.id,))) for one in told]


class PrioritiseAlert(_AsksThePager["Sequence[Priority]"]):
    """Give it another priority, as the account calls them."""

    id = "alert.priority"
    key = ""
    label = "priority"
    palette = "alert: change the priority"
    missing = "Only what PagerDuty holds has a priority."
    verb = Verb.PRIORITY
    title = "Priority of"

    def ask(self, rooms: "Rooms", alert: Alert) -> "Coroutine[Any, Any, Sequence[Priority]]":
        return rooms.priorities(alert)

    def choices(self, told: "Sequence[Priority]") -> "list[tuple[str, Action]]":
        from oncall_tui.domain.action import SetPriority

        named: list[tuple[str, Action]] = [
            (f"{one.name}  {one.description}".strip(), SetPriority(one.name)) for one in told
        ]
        return [*named, ("none", SetPriority(""))]


def _level(level: "EscalationLevel") -> str:
    """A level with whom it would page: ``level 2  Marie Lefort, Jules Durand``."""
    who = ", ".join(one.name for one in level.people) or ", ".join(level.targets) or "nobody is on call there"
    return f"level {level.number}  {who}"


PAGING_COMMANDS: tuple[type[Command], ...] = (EscalateAlert, ReassignAlert, PrioritiseAlert)
