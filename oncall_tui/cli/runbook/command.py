"""``oncall-tui runbook``."""

import click

from oncall_tui.cli.runbook.find import find
from oncall_tui.cli.runbook.lint import lint
from oncall_tui.cli.runbook.listing import listing
from oncall_tui.cli.runbook.new import new
from oncall_tui.cli.runbook.run import run
from oncall_tui.cli.runbook.runs import runs
from oncall_tui.cli.runbook.show import show
from oncall_tui.cli.runbook.trial import trial


@click.group()
def runbook() -> None:
    """List, find, show, check, run, try and write runbooks.

    Only `run` executes anything, and only it asks a source. All work without a configuration, too.
    """


for verb in (listing, find, show, lint, run, runs, new, trial):
    runbook.add_command(verb)
