"""The verb ``doctor``."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.faults import NoConfiguration
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import is_colourful, print_json, print_lines, terminal_width
from oncall_tui.cli.schema_setup import doctor_answer
from oncall_tui.cli.session import Session
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.cli.doctor.examination import Subject


@click.command()
@as_json_option
@click.option("--offline", is_flag=True, help="Ask no vendor: look only at what is on this machine.")
@click.option("--source", "sources", metavar="NAME", multiple=True, help="Ask only this source; may be repeated.")
@click.pass_obj
def doctor(session: Session, as_json: bool, offline: bool, sources: tuple[str, ...]) -> None:
    """Tell what would keep the screen from working, and what to do about it.

    Looks at configuration, secrets, every source, checks, alerts, journal and terminal. Exit code 6 when something
    failed, 0 with warnings only. Nothing is changed anywhere.
    """
    import asyncio

    from oncall_tui.cli.doctor.examination import examination
    from oncall_tui.cli.doctor.report import lines_of

    subject = _subject(session, sources, is_offline=offline)
    asked = [] if offline or subject.config is None else list(sources or subject.config.sources)
    with _told(asked, is_quiet=as_json):
        diagnosis = asyncio.run(examination(subject))
    if as_json:
        print_json({**doctor_answer(diagnosis)})
    else:
        is_utf8 = (sys.stdout.encoding or "").lower().replace("_", "-") in ("utf-8", "utf8")
        print_lines(lines_of(diagnosis, width=terminal_width(), is_colourful=is_colourful(), is_utf8=is_utf8))
    click.get_current_context().exit(diagnosis.code)


def _subject(session: Session, only: tuple[str, ...], *, is_offline: bool) -> "Subject":
    """What is examined: as much of the configuration as can be read."""
    from oncall_tui.cli.doctor.configuration import no_configuration
    from oncall_tui.cli.doctor.examination import Subject
    from oncall_tui.cli.doctor.terminal import terminal_here
    from oncall_tui.config.errors import ConfigError
    from oncall_tui.config.load import load_anyway
    from oncall_tui.config.paths import config_file

    terminal = terminal_here(session.environ, (sys.stdout, sys.stderr, sys.stdin))
    path: Path | None = None
    try:
        path = session.config_file()
        config, problems = (session.config(), ()) if path is None else load_anyway(path)
    except NoConfiguration:
        begin = tuple(no_configuration(config_file(session.environ)))
        return Subject(None, (), None, session.environ, terminal, begin=begin)
    except ConfigError as error:
        return Subject(None, error.problems, str(path) if path else None, session.environ, terminal)
    strange = [name for name in only if name not in config.sources]
    if strange:
        known = ", ".join(config.sources) or "none"
        raise click.UsageError(f"There is no source {', '.join(strange)}. The configuration has: {known}.")
    file = None if path is None else str(path)
    return Subject(config, problems, file, session.environ, terminal, only=only, is_offline=is_offline)


@contextmanager
def _told(names: Sequence[str], *, is_quiet: bool) -> Iterator[None]:
    """Say on the terminal who is being asked, and take it back: a vendor that hangs takes its time."""
    line = clean_line(f"Asking {', '.join(names)} ...", (terminal_width() or 80) - 1)
    is_seen = bool(names) and not is_quiet and sys.stdout.isatty() and sys.stderr.isatty()
    if is_seen:
        click.echo(line, nl=False, err=True)
    try:
        yield
    finally:
        if is_seen:
            click.echo("\r" + " " * len(line) + "\r", nl=False, err=True)
