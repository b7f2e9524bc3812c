"""An action of the configuration on several rows: one question, one run for each, one after the other, each told."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean_line
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.plan import Confirmation, Floor
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.marks import unmark
from oncall_tui.ui.present import custom
from oncall_tui.ui.screens.action_confirm import PhraseQuestion
from oncall_tui.ui.screens.actions_output import ActionsOutput
from oncall_tui.ui.screens.dialogs import Question

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import ActionRun
    from oncall_tui.config.model import ActionSettings
    from oncall_tui.ui.app import OncallApp

NOTHING = "Nothing was started"
MOST = 50
"""So many alerts at once: each is a process and a run in the journal."""
_PHRASES = 3
"""So many targets of what destroys are typed in one line."""

Runs = Sequence[tuple["ActionRun", Alert]]


async def look_at(
    app: "OncallApp", settings: "ActionSettings", alerts: Sequence[Alert], typed: Mapping[str, str]
) -> None:
    """What would run now on each of ``alerts``; asked about once, as the most dangerous of them wants it."""
    if len(alerts) > MOST:
        app.say(f"{len(alerts)} alerts are marked, and {MOST} at once are the most.", title=NOTHING, is_bad=True)
        return
    runs, refused = await _begun(app, settings, alerts, typed)
    phrases = list(dict.fromkeys(run.plan.phrase for run, _ in runs if run.plan.floor is Floor.PHRASE))
    if not runs or len(phrases) > _PHRASES:
        many = f"It destroys on {len(phrases)} targets, and {_PHRASES} at once are the most: mark fewer rows."
        app.say(many if runs else refused[0][1], title=NOTHING, is_bad=True)
        await leave(app, [run for run, _ in runs])
        return

    def answered(typed: str | None) -> None:
        work = leave(app, [run for run, _ in runs]) if typed is None else _run(app, settings, runs, refused, typed)
        app.run_worker(work, group="action", exit_on_error=False, description=settings.id)

    title = f"Run {clean_line(settings.name, 40)} on {len(runs)} alerts?"
    targets = [alert for _, alert in runs]
    if phrases:
        body = custom.before_many(runs, refused)
        await app.push_screen(PhraseQuestion(title, body, " and ".join(phrases), targets), answered)
    elif any(run.plan.floor is Floor.DIALOG for run, _ in runs):
        question = Question(title, custom.before_many(runs, refused), "run", targets)
        await app.push_screen(question, lambda yes: answered("" if yes else None))
    else:
        answered("")


async def _begun(
    app: "OncallApp", settings: "ActionSettings", alerts: Sequence[Alert], typed: Mapping[str, str]
) -> tuple[Runs, Sequence[tuple[Alert, str]]]:
    """A run for each alert, and why there is none for the others."""
    assert app.rooms is not None
    runs: list[tuple[ActionRun, Alert]] = []
    refused: list[tuple[Alert, str]] = []
    for alert in alerts:
        try:
            run = await app.rooms.custom_actions.begin(settings, alert, typed)
        except (NotStarted, NotDriving, JournalError) as error:
            refused.append((alert, words_of(error)))
            continue
        if run.plan.blocked:
            refused.append((alert, "; ".join(run.plan.blocked)))
            await leave(app, [run])
        else:
            runs.append((run, alert))
    return runs, refused


async def _run(
    app: "OncallApp", settings: "ActionSettings", runs: Runs, refused: Sequence[tuple[Alert, str]], typed: str
) -> None:
    """One after the other; what failed keeps no other from its run, and stays marked."""
    output = ActionsOutput(settings.name, [alert for _, alert in runs])
    for alert, why in refused:
        output.tell(alert, why, is_bad=True)
    await app.push_screen(output)
    app.typed_ahead.nothing_more()
    done: list[Alert] = []
    for run, alert in runs:
        if output.is_stopped:
            output.tell(alert, "not started: it was stopped", is_bad=True)
            await leave(app, [run])
        elif await _run_one(app, output, run, alert, typed):
            done.append(alert)
            unmark(app, [alert.id])
    output.end()
    if any(run.plan.danger > Danger.READ for run, _ in runs) and app.rooms is not None:
        app.rooms.monitor.refresh()
    failed, name = len(runs) + len(refused) - len(done), clean_line(settings.name, 40)
    stay = f"Done on {len(done)}, not on {failed}: {'it stays' if failed == 1 else 'they stay'} marked."
    words = stay if failed else f"Done on {len(done)} alerts."
    app.say(words, title=name, is_bad=bool(failed))


async def _run_one(app: "OncallApp", output: ActionsOutput, run: "ActionRun", alert: Alert, typed: str) -> bool:
    """Whether it did what it should."""
    plan = run.plan
    output.begin(run, alert)
    try:
        # The line that was typed holds the phrase of each.
        phrase = plan.phrase if plan.floor is Floor.PHRASE and plan.phrase in typed else ""
        await run.start(Confirmation(plan.floor, plan.digest, phrase), output.take)
    except (NotStarted, NotDriving, JournalError) as error:
        output.tell(alert, words_of(error), is_bad=True)
        return False
    ended = await run.ended()
    is_done = ended.judged.state is State.DONE
    told = [f"{ended.judged.state.value}: {custom.ending(ended)}", ended.unwritten]
    output.tell(alert, "; ".join(filter(None, told)), is_bad=not is_done or bool(ended.unwritten))
    return is_done


async def leave(app: "OncallApp", runs: Sequence["ActionRun"]) -> None:
    """Nobody confirmed them."""
    for run in runs:
        try:
            await run.leave()
        except (NotDriving, JournalError) as error:
            app.say(words_of(error), title=NOTHING, is_bad=True)


def words_of(error: Exception) -> str:
    """What is said of an error that keeps an action from starting."""
    return clean_line(f"{error} {getattr(error, 'hint', '')}".strip(), 600)
