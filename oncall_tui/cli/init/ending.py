"""What to do next, said when the file is written."""

import shlex
from collections.abc import Sequence

import click

from oncall_tui.cli.init.flow import Outcome
from oncall_tui.cli.init.questions import Questions, Tone
from oncall_tui.cli.init.storing import export_lines
from oncall_tui.cli.session import Session
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line


def end(session: Session, questions: Questions, outcome: Outcome) -> None:
    """Say where the file is and what to do; start the screen for whoever wants to see it at once."""
    questions.say("")
    for one in outcome.draft.sources:
        if not one.is_checked:
            questions.say(f"{one.name} was not checked: `oncall-tui doctor` looks at it.", Tone.WARNING)
    if outcome.path is None or outcome.config is None:
        _variables(outcome.variables)
        return
    sources = counted(len(outcome.config.sources), "source")
    questions.say(f"Written and loaded again: {sources}, readable by you alone.", Tone.GOOD)
    click.echo(f"    {clean_line(str(outcome.path))}", err=True)
    if outcome.backup is not None:
        questions.say("The old one is kept:", Tone.QUIET)
        click.echo(f"    {clean_line(str(outcome.backup))}", err=True)
    _variables(outcome.variables)
    _next(session, outcome)
    if questions.is_asking and not outcome.variables and _is_wanted(questions):
        session.start_screen(outcome.config)


def _is_wanted(questions: Questions) -> bool:
    """Whether the screen shall start. Ctrl+C here only means no: everything is written."""
    try:
        return questions.yes("Start the screen now?", True)
    except click.Abort:
        click.echo("", err=True)
        return False


def _variables(names: Sequence[str]) -> None:
    """What the shell must have before the start."""
    if not names:
        return
    click.echo("\nBefore the start, in the same shell:\n", err=True)
    for name in names:
        click.echo(f"  export {name}=…", err=True)
    click.echo("\nor, so that the token stays out of the history:\n", err=True)
    for line in export_lines(names):
        click.echo(f"  {line}", err=True)


def _next(session: Session, outcome: Outcome) -> None:
    """The verbs that come next, as they must be typed for this file."""
    is_usual = outcome.path == session.own_file().absolute() and session.file is None
    option = "" if is_usual else f" --config {shlex.quote(str(outcome.path))}"
    lines = [
        (f"oncall-tui{option}", "the screen; ? shows the keys"),
        (f"oncall-tui{option} doctor", "looks closely at every source"),
        (f"oncall-tui{option} config check", "after every change of the file"),
        ("oncall-tui demo", "a small world to practise in"),
    ]
    width = max(len(command) for command, _ in lines)
    click.echo("\nNext:", err=True)
    for command, words in lines:
        click.echo(f"  {command:<{width}}   {words}", err=True)
    click.echo("", err=True)
