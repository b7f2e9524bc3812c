"""``oncall-tui runbook``."""

import click

from oncall_tui.cli.runbook.find import find
from oncall_tui.cli.runbook.lint import lint
from oncall_tui.cli.runbook.listing import listing
from oncall_tui.cli.runbook.new import new
from oncall_tui.cli.runbook.show import show
from oncall_tui.cli.runbook.trial import trial


@click.group()
def runbook() -> None:
    """List, find, show, check and write runbooks.

    Nothing is executed by these verbs, and no source is asked. They work without a configuration, too.
    """


for verb in (listing, find, show, lint, new, trial):
    runbook.add_command(verb)
