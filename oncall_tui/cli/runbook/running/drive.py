"""A run from its first line to its last."""

from collections.abc import Sequence

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.runbook.running import attended, unattended
from oncall_tui.cli.runbook.running.desk import Desk, Leaves, NeedsTerminal
from oncall_tui.cli.runbook.running.proposing import tell_proposals
from oncall_tui.cli.runbook.running.showing import changes, check_of, recommended
from oncall_tui.cli.runbook.running.summary import summary
from oncall_tui.cli.runbook.running.undoing import settle_unknown
from oncall_tui.runbook.model import Mode, Step, StepKind
from oncall_tui.runbook.run.pages import NotDriving


async def drive(desk: Desk, named: Sequence[str] = (), is_taken_up: bool = False) -> ExitCode:
    """Go through the steps of a run; how the process ends.

    Args:
        named: the ids of steps, to go through only these, in this order.
        is_taken_up: it was begun before: without a terminal nobody closes it.
    """
    stopped, code = "", ExitCode.FINE
    try:
        await _begin(desk)
        steps = _steps(desk, named)
        if desk.console is None:
            await unattended.walk(desk, steps, bool(named))
            tell_proposals(desk)
        else:
            await attended.Walk(desk, steps).go()
        if desk.console is not None or not is_taken_up:
            await _close(desk)
    except NeedsTerminal as error:
        stopped, code = str(error), ExitCode.NEEDS_TERMINAL
        desk.teller.event("stopped", text=stopped)
    except NotDriving as error:
        stopped, code = str(error), ExitCode.NOT_DONE
        desk.teller.event("stopped", text=stopped)
    except Leaves as error:
        stopped = str(error) or "left"
    if code is ExitCode.FINE and desk.failed:
        code = ExitCode.NOT_DONE
    _end(desk, stopped)
    return code


async def _begin(desk: Desk) -> None:
    """What is unknown first, then the checks and what they recommend."""
    run, say = desk.run, desk.teller.say
    if run.record.unknown:
        if desk.console is None:
            units = ", ".join(one.id for one in run.record.unknown)
            raise NeedsTerminal(f"Nobody recorded how {units} ended: somebody has to look, at a terminal.")
        await settle_unknown(desk)
    await run.checks()
    asked = [one for one in run.runbook.steps if one.kind is StepKind.PROMQL and run.record.unit(one.id).result]
    if asked:
        say("Checks")
    for step in asked:
        result = run.record.unit(step.id).result
        assert result is not None
        desk.teller.event("check", step.id, state=result.state.value, text=result.reason, value=result.value)
        say(check_of(run, step))
    branches = list(recommended(run))
    if branches:
        say("Branches")
    for line in branches:
        say(line)
    tell_proposals(desk)


def _steps(desk: Desk, named: Sequence[str]) -> tuple[Step, ...]:
    runbook = desk.run.runbook
    if named:
        return tuple(step for one in named if (step := runbook.step(one)) is not None)
    return tuple(
        step
        for step in runbook.steps
        if not step.options.is_undo_only
        and not step.is_inline
        and step.kind is not StepKind.TEXT
        # The checks of a native file were asked already.
        and not (step.kind is StepKind.PROMQL and runbook.mode is Mode.NATIVE)
    )


async def _close(desk: Desk) -> None:
    """At the end of the file: what the runbook calls done is asked for, and the run is closed if somebody agrees."""
    if desk.is_dry:
        await desk.run.close("dry run")
        return
    if desk.console is None:
        if not desk.failed:
            await desk.run.close("read without a terminal")
        return
    for section in desk.run.runbook.sections:
        if section.verify is not None:
            answer = desk.run.known().ask(section.verify.expect)
            word = {True: "is so", False: "is not so", None: "cannot be told"}[answer]
            desk.teller.say(f"{section.heading}: {section.verify.expect} {word}")
    outcome = (await desk.ask("Is the run over? What came of it, or Enter to leave it open: ")).strip()
    if outcome:
        await desk.run.close(outcome)


def _end(desk: Desk, stopped: str) -> None:
    run, say = desk.run, desk.teller.say
    if run.changes():
        say("Changes, the newest first")
    for line in changes(run):
        say(line)
    if stopped and stopped != "left":
        say(stopped)
    if run.record.closed:
        say(f"The run is closed: {run.record.closed}.")
    else:
        say(f"The run stays open: oncall-tui runbook run --resume {run.record.run_id}")
    desk.teller.object(dict(summary(run, stopped)))
