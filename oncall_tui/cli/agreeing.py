"""Acts that are told before they are done: somebody must be there who can agree, or has agreed beforehand."""

import click

from oncall_tui.cli.session import Session


def refuse_unasked(session: Session, *, as_json: bool, otherwise: str) -> None:
    """Refuse where nobody can be asked.

    Args:
        otherwise: what ``--dry-run`` is good for: ``whom it would page``.

    Raises:
        click.UsageError: the output is for a program, or there is no terminal.
    """
    if as_json or not session.is_terminal():
        raise click.UsageError(f"Nobody can be asked here: add --yes, or --dry-run to see {otherwise}.")
