"""The actions of the configuration as commands: each with a key, a palette entry and a line in the help."""

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.query import matching
from oncall_tui.domain.text import clean_line
from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.config.model import ActionSettings
    from oncall_tui.domain.filtering import Filter
    from oncall_tui.ui.app import OncallApp

PREFIX = "action."
"""Begins the id of every action; its name follows."""


class _Judged:
    """Whether an action changes anything: asked when it matters, since the judge takes longer than the first paint."""

    def __get__(self, command: "CustomAction | None", kind: "type[CustomAction]") -> bool:
        from oncall_tui.runbook.actions.definition import action_of
        from oncall_tui.runbook.danger import Danger

        return action_of(kind.settings).danger > Danger.READ


class CustomAction(Command):
    """Run an action of the configuration on the alert under the cursor, or on those that are marked."""

    key = ""
    group = Group.ALERTS
    is_in_help = False
    opens = True
    mutates: ClassVar[bool] = _Judged()  # type: ignore[assignment]
    missing = "It is for those alerts only that its filter finds."
    settings: ClassVar["ActionSettings"]
    on: ClassVar["Filter"]

    def is_available(self, app: "OncallApp") -> bool:
        return bool(self._targets(app))

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None] | None:
        from oncall_tui.ui.custom import begin

        # The targets are taken at the key press, not when the event loop comes to it.
        targets = self._targets(app)
        return begin(app, self.settings, targets) if targets else None

    def _targets(self, app: "OncallApp") -> Sequence[Alert]:
        """What is marked, or the row under the cursor; none when its filter does not find every one of them."""
        if app.view.alerts_table is None:
            return ()
        selected = app.view.selected_alerts()
        return selected if len(matching(selected, self.on, app.now())) == len(selected) else ()


def custom_actions(actions: Sequence["ActionSettings"]) -> dict[str, Command]:
    """A command for every action, by its id. Their keys are known to the key map alone."""
    return {one.id: _command(number, one) for number, one in enumerate(actions, 1)}


def _command(number: int, settings: "ActionSettings") -> Command:
    name = clean_line(settings.name, 40)
    told = {
        "__doc__": f"{name}: {clean_line(settings.help or ' '.join(settings.run) or settings.script, 200)}",
        "id": settings.id,
        "label": name,
        "palette": f"action: {name}",
        "settings": settings,
        "on": read_filter(settings.on),
    }
    command: type[CustomAction] = type(f"CustomAction{number}", (CustomAction,), told)
    return command()
