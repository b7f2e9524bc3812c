"""Make incidents part of another one: which, is chosen among those that the picture has.

What the form needs is loaded when it opens: this module is loaded before the first paint.
"""

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from oncall_tui.domain.alert import Alert, Record
from oncall_tui.domain.verb import VERBS, Verb
from oncall_tui.ui.acts import these
from oncall_tui.ui.commands.about_alerts import AboutAlerts
from oncall_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from oncall_tui.domain.action import Action
    from oncall_tui.ui.app import OncallApp

_LASTS = "They become part of the incident that is chosen, and are resolved by it. PagerDuty cannot undo that."


class MergeAlert(AboutAlerts):
    """Merge into another incident, which stays open; PagerDuty cannot undo it."""

    id = "alert.merge"
    key = ""
    label = "merge"
    palette = "alert: merge into another incident"
    missing = "Only what PagerDuty holds can be merged."
    verb = Verb.MERGE

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None]:
        # Not an async function: targets and choices are taken at the key press.
        targets, others = self.targets(app)
        return _ask(app, targets, others, _choices(app.situation.alerts, targets))


async def _ask(
    app: "OncallApp", targets: Sequence[Alert], others: int, choices: "Sequence[tuple[str, Action]]"
) -> None:
    from textual.content import Content

    from oncall_tui.domain.action import Merge
    from oncall_tui.ui.marks import unmark
    from oncall_tui.ui.present import dialogs
    from oncall_tui.ui.screens.forms import Form

    ready = app.acting.ready(targets)
    if ready and not choices:
        app.say("There is no other incident of the same account that is open.", title="Nothing was done", is_bad=True)
    if not ready or not choices:
        return
    body = dialogs.targets(Verb.MERGE, ready, app.now(), others)
    body = Content("\n").join([Content.styled(_LASTS, "$warning"), body])

    def chosen(action: "Action | None") -> None:
        if isinstance(action, Merge):
            stays = [one for one in ready if {held.id for held in _incidents(one)} == {action.into}]
            unmark(app, [one.id for one in stays])
            app.acting.start(action, [one for one in ready if one not in stays])

    title, search = f"Merge {these(ready)} into", "letters of the incident that stays"
    await app.push_screen(Form(title, body, "merge", targets=ready, choices=choices, search=search), chosen)


def _incidents(alert: Alert) -> list[Record]:
    return [one for one in alert.records if Verb.MERGE in VERBS.get(one.kind, ())]


def _choices(alerts: Sequence[Alert], targets: Sequence[Alert]) -> "list[tuple[str, Action]]":
    """Every incident of the account that all of ``targets`` are of, the worst first; none of it is the only target."""
    from oncall_tui.domain.action import Merge

    accounts = {held.source for one in targets for held in _incidents(one)}
    if len(accounts) != 1:
        return []
    alone = {held.id for held in _incidents(targets[0])} if len(targets) == 1 else set()
    return [
        (f"{alert.severity.name}  {alert.service}  {alert.headline}  {held.id}", Merge(held.id))
        for alert in alerts
        for held in _incidents(alert)
        if held.source in accounts and (held.id not in alone or len(alone) > 1)
    ]


MERGING_COMMANDS: tuple[type[Command], ...] = (MergeAlert,)
