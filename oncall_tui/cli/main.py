"""``oncall-tui``: without a verb the screen, with one its answer as text or JSON."""

import sys
from io import TextIOWrapper
from pathlib import Path

import click

from oncall_tui import __version__
from oncall_tui.cli.lazy import Verb, VerbGroup
from oncall_tui.cli.session import Session
from oncall_tui.cli.streams import open_closed

VERBS = {
    "status": Verb("oncall_tui.cli.status", "status", "Say how everything is, in words and in the exit code."),
    "alerts": Verb("oncall_tui.cli.alerts", "alerts", "List the active alerts, the worst first."),
    "oncall": Verb(
        "oncall_tui.cli.oncall", "oncall", "Say who is on call now and next, your shifts, and pages per day."
    ),
    "history": Verb("oncall_tui.cli.history", "history", "Say when an alert fired before, how long, and how it ended."),
    "ack": Verb("oncall_tui.cli.act", "ack", "Acknowledge alerts.", is_act=True),
    "resolve": Verb("oncall_tui.cli.act", "resolve", "Resolve alerts.", is_act=True),
    "snooze": Verb("oncall_tui.cli.act", "snooze", "Acknowledge alerts for a while.", is_act=True),
    "note": Verb("oncall_tui.cli.act", "note", "Write a note on alerts.", is_act=True),
    "priority": Verb("oncall_tui.cli.act", "priority", "Give alerts a priority.", is_act=True),
    "escalate": Verb("oncall_tui.cli.act", "escalate", "Page the people of another level.", is_act=True),
    "reassign": Verb("oncall_tui.cli.reassign", "reassign", "Hand alerts to somebody.", is_act=True),
    "merge": Verb("oncall_tui.cli.act", "merge", "Make incidents part of another one.", is_act=True),
    "silence": Verb("oncall_tui.cli.silence", "silence", "Mute alerts by their labels.", is_act=True),
    "unsilence": Verb("oncall_tui.cli.silence", "unsilence", "End silences.", is_act=True),
    "silences": Verb("oncall_tui.cli.silence", "silences", "List active and pending silences."),
    "outbox": Verb("oncall_tui.cli.outbox", "outbox", "List what waits to be sent."),
    "assign": Verb("oncall_tui.cli.act", "assign", "Give Sentry issues to somebody.", is_act=True),
    "archive": Verb("oncall_tui.cli.act", "archive", "Put Sentry issues aside.", is_act=True),
    "create": Verb("oncall_tui.cli.create", "create", "Declare an incident at PagerDuty.", is_act=True),
    "action": Verb("oncall_tui.cli.action", "action", "Run an action of the configuration on alerts."),
    "services": Verb("oncall_tui.cli.services", "services", "List the services and what is wrong with them."),
    "deployments": Verb("oncall_tui.cli.deployments", "deployments", "List recent deployments, the newest first."),
    "runbook": Verb(
        "oncall_tui.cli.runbook.command", "runbook", "List, find, show, check, run, try and write runbooks."
    ),
    "config": Verb("oncall_tui.cli.config", "config", "Make, check or show the configuration."),
    "doctor": Verb("oncall_tui.cli.doctor.command", "doctor", "Tell what would keep the screen from working."),
    "demo": Verb("oncall_tui.cli.demo", "demo", "Show the screen on an embedded demo world."),
}
"""Every verb, in the order of the help."""


@click.group(
    cls=VerbGroup,
    verbs=VERBS,
    invoke_without_command=True,
    subcommand_metavar="[VERB] ...",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes and the JSON of each verb: docs/json.md. Every key of the configuration: docs/configuration.md.",
)
@click.option("--config", "file", metavar="FILE", type=click.Path(path_type=Path), help="Read this configuration.")
@click.option("--prometheus", metavar="URL", help="Watch this Prometheus server, without a configuration.")
@click.option("--read-only", "is_read_only", is_flag=True, help="Only look: nothing can be acknowledged or changed.")
@click.version_option(__version__, prog_name="oncall-tui", message="%(prog)s %(version)s")
@click.pass_context
def group(ctx: click.Context, file: Path | None, prometheus: str | None, is_read_only: bool) -> None:
    """The terminal screen for the engineer on call.

    Without a verb the screen starts. Verbs print the same picture as text, or as JSON with --json.
    """
    session = (ctx.obj or Session()).told(file, prometheus, is_read_only=is_read_only)
    ctx.obj = session
    if ctx.invoked_subcommand is None:
        from oncall_tui.cli.init.begin import begin

        begin(session)


def main() -> None:
    """The ``oncall-tui`` command."""
    open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that cannot show a character shows its code instead of ending the program.
            stream.reconfigure(errors="backslashreplace")
    group(prog_name="oncall-tui")
