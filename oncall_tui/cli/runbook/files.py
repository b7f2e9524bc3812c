"""The file that somebody names, and what is in it; what hinders is told with what to do."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.runbook.library import catalogue, settings
from oncall_tui.cli.session import Session
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.runbook.catalogue.entry import Entry
    from oncall_tui.runbook.model import Runbook

_ENDINGS = (".md", ".markdown")


class Unreadable(click.ClickException):
    """A file that is there and cannot be read or written."""

    exit_code = ExitCode.FAILED

    def __init__(self, path: Path, error: OSError, what: str, advice: str) -> None:
        reason = clean_line(error.strerror or str(error))
        super().__init__(f"{clean_line(str(path), 300)} {what}: {reason}. {advice}")


def file_of(session: Session, name: str) -> Path:
    """The file that is meant: a path, else the id or the file name of a runbook of the catalogue.

    Raises:
        UsageError: when nothing or more than one is meant.
        Unreadable: the folder that it should be in cannot be looked into.
    """
    path = Path(name)
    try:
        if path.is_file():
            return path
        is_folder, is_link = path.is_dir(), path.is_symlink()
        is_else = path.exists() and not is_folder
    except OSError as error:
        raise Unreadable(path, error, "cannot be looked at", "Check its permissions, or name another file.") from error
    _, index = catalogue(session)
    found = [one for one in index.entries if name in (one.id, one.stem, one.relative)]
    # The folders stand in the order in which they rule.
    found = [one for one in found if one.root == found[0].root]
    if len(found) == 1:
        return Path(found[0].path)
    shown = f'"{clean_line(name, 200)}"'
    if found:
        raise click.UsageError(f"{shown} means {len(found)} runbooks: " + ", ".join(one.path for one in found))
    if is_folder:
        raise click.UsageError(f"{shown} is a folder: name a file in it. `oncall-tui runbook lint` takes folders.")
    if is_else:
        raise click.UsageError(f"{shown} is no ordinary file: name a file that holds a runbook.")
    if is_link:
        raise click.UsageError(f"{shown} is a link to a file that is not there: mend it, or name another file.")
    raise click.UsageError(f"{shown} is no file and no runbook.{_meant(name, index.entries)}")


def book_at(session: Session, path: Path) -> "Runbook":
    """The runbook that a file holds, as it would be run from here.

    Raises:
        Unreadable: it cannot be read.
    """
    from oncall_tui.runbook.classify import judge
    from oncall_tui.runbook.forbidding import without_forbidden
    from oncall_tui.runbook.reading.read import read_file

    try:
        return without_forbidden(read_file(path, judge), tuple(settings(session).runbooks.forbid))
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> Unreadable:
    """That a runbook cannot be read."""
    return Unreadable(path, error, "cannot be read", "Nothing of it is known or was run. Mend that, or name another.")


def why_no_steps(book: "Runbook") -> str:
    """Why there is nothing to run in a runbook, in words; empty when there is something, or errors refuse it."""
    from oncall_tui.runbook.model import StepKind
    from oncall_tui.runbook.reading.text import no_text

    if book.is_refused or any(one.commands or one.kind is StepKind.MANUAL for one in book.steps):
        return ""
    if why := no_text(book.source):
        return f"{why[0].upper()}{why[1:]}."
    if not book.source.strip():
        return "It is empty."
    return "It holds no step: no fence with a command, no list item to do."


def _meant(name: str, entries: "tuple[Entry, ...]") -> str:
    from oncall_tui.config.expected import near

    if meant := near(name, [one.id for one in entries]):
        return f' Did you mean "{meant}"?'
    is_path = "/" in name or name.lower().endswith(_ENDINGS)
    here = f" Looked for in {clean_line(str(Path(name).absolute().parent), 300)}." if is_path else ""
    return f"{here} `oncall-tui runbook list` names the runbooks that are known."
