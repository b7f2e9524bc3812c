"""``oncall-tui runbook new``."""

import re
from collections.abc import Sequence
from pathlib import Path

import click

from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import print_json, print_lines
from oncall_tui.cli.runbook.files import Unreadable
from oncall_tui.cli.runbook.library import label_option
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes_runbook import RunbookNewAnswer

_ALERTNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_:.-]{0,99}")


@click.command()
@click.argument("alertname")
@label_option
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here; never over a file.")
@as_json_option
@click.pass_obj
def new(
    session: Session, alertname: str, labels: Sequence[tuple[str, str]], output: Path | None, as_json: bool
) -> None:
    """Write the skeleton of a native runbook for an alert.

    Without --output it is written into this folder, under the name of the alert.
    """
    from oncall_tui.runbook.writing.skeleton import file_name, skeleton

    if not _ALERTNAME.fullmatch(alertname):
        raise click.UsageError("An alert name has letters, digits and _ : . - only, a letter first.")
    path = output or Path(f"{file_name(alertname)}.md")
    text = skeleton(alertname, dict(labels))
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise click.UsageError(f"{path} exists already. Name another file with --output.") from None
    except OSError as error:
        advice = "Nothing was written. Name a file in a folder that is there and yours with --output."
        raise Unreadable(path, error, "cannot be written", advice) from error
    if as_json:
        print_json(dict(RunbookNewAnswer(file=str(path), id=file_name(alertname))))
    else:
        print_lines([f"{path} is written. Fill it in, then: oncall-tui runbook lint {path}"])
