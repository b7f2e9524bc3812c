"""An action of the configuration on the screen: inputs, the question in proportion to its danger, output, result."""

from collections.abc import Coroutine, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean_line
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.actions.definition import action_of
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.plan import Confirmation, Floor
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.custom_many import NOTHING, leave, look_at, words_of
from oncall_tui.ui.present import custom
from oncall_tui.ui.screens.action_confirm import PhraseQuestion
from oncall_tui.ui.screens.action_form import ActionForm
from oncall_tui.ui.screens.action_output import ActionOutput
from oncall_tui.ui.screens.dialogs import Question

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import ActionRun
    from oncall_tui.config.model import ActionSettings
    from oncall_tui.ui.app import OncallApp


async def begin(app: "OncallApp", settings: "ActionSettings", alerts: Sequence[Alert]) -> None:
    """Ask for the inputs, if it has any; then show what would run on ``alerts``, which are not none."""
    if app.rooms is None:
        app.say("Not ready: the sources are still being opened.", title=NOTHING, is_bad=True)
        return
    action = action_of(settings)
    look = partial(_look, app, settings, alerts[0]) if len(alerts) == 1 else partial(look_at, app, settings, alerts)
    if not action.parameters:
        await look({})
        return

    def filled(typed: Mapping[str, str] | None) -> None:
        if typed is not None:
            app.run_worker(look(typed), group="command", exit_on_error=False, description=settings.id)

    await app.push_screen(ActionForm(action, alerts), filled)


async def _look(app: "OncallApp", settings: "ActionSettings", alert: Alert, typed: Mapping[str, str]) -> None:
    """What would run now; it is asked about as its danger wants it, and what only reads is run at once."""
    assert app.rooms is not None
    try:
        run = await app.rooms.custom_actions.begin(settings, alert, typed)
    except (NotStarted, NotDriving, JournalError) as error:
        app.say(words_of(error), title=NOTHING, is_bad=True)
        return
    plan, name = run.plan, clean_line(settings.name, 40)
    if plan.blocked:
        app.say("; ".join(plan.blocked), title=NOTHING, is_bad=True)
        _spawn(app, run, leave(app, [run]))
        return

    def answered(confirmation: Confirmation | None) -> None:
        _spawn(app, run, leave(app, [run]) if confirmation is None else _run(app, run, alert, confirmation))

    if plan.floor is Floor.KEY:
        answered(Confirmation(Floor.KEY, plan.digest))
    elif plan.floor is Floor.DIALOG:
        question = Question(f"Run {name}?", custom.before(run, alert), "run", [alert])
        await app.push_screen(question, lambda yes: answered(Confirmation(Floor.DIALOG, plan.digest) if yes else None))
    else:
        phrase = PhraseQuestion(f"Run {name}?", custom.before(run, alert), plan.phrase, [alert])
        await app.push_screen(
            phrase,
            lambda typed: answered(Confirmation(Floor.PHRASE, plan.digest, typed) if typed is not None else None),
        )


async def _run(app: "OncallApp", run: "ActionRun", alert: Alert, confirmation: Confirmation) -> None:
    """Start it, show its output as it comes, and tell how it ended, whether somebody still looks on or not."""
    output = ActionOutput(run, alert)
    try:
        await run.start(confirmation, output.take)
    except (NotStarted, NotDriving, JournalError) as error:
        app.say(words_of(error), title=NOTHING, is_bad=True)
        return
    await app.push_screen(output)
    app.typed_ahead.nothing_more()
    ended = await run.ended()
    output.end(ended)
    if run.plan.danger > Danger.READ and app.rooms is not None:
        app.rooms.monitor.refresh()
    name, state = clean_line(run.action.settings.name, 40), ended.judged.state
    told = custom.ending(ended)
    app.say(f"{told}\n{alert.headline}", title=f"{name}: {state.value}", is_bad=state is not State.DONE)
    if ended.unwritten:
        app.say(ended.unwritten, title=f"{name}: the journal does not hold its end yet", is_bad=True)


def _spawn(app: "OncallApp", run: "ActionRun", work: Coroutine[object, object, None]) -> None:
    app.run_worker(work, group="action", exit_on_error=False, description=run.action.settings.id)
