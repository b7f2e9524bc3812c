"""The first start, without a configuration: on a terminal a choice, elsewhere the words that say how to begin."""

import gc

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.faults import NoConfiguration
from oncall_tui.cli.session import Session

_MENU = """\
oncall-tui has no configuration yet.

  1  set it up for your Prometheus, PagerDuty, Sentry: a minute or two
  2  see the demo first: a small world of its own; nothing real is touched
  q  quit
"""
_SET_UP, _DEMO, _QUIT = frozenset("1sw\r\n"), frozenset("2d"), frozenset("q\x1b\x03\x04")


def begin(session: Session) -> None:
    """Start the screen; where there is nothing to show yet, offer what leads there.

    Raises:
        NoConfiguration: there is none, and nobody to choose.
    """
    try:
        config = session.config()
    except NoConfiguration:
        if not (session.is_terminal() and session.has_screen()):
            raise
        _offer(session)
        return
    session.start_screen(config)


def _offer(session: Session) -> None:
    gc.enable()
    click.echo(_MENU, err=True)
    click.echo("Press 1, 2 or q: ", err=True, nl=False)
    key = _key()
    click.echo("\n" if key in _QUIT else f"{key.strip() or '1'}\n", err=True)
    if key in _SET_UP:
        from oncall_tui.cli.init.command import wizard
        from oncall_tui.cli.init.given import Given

        wizard(session, Given())
    elif key in _DEMO:
        from oncall_tui.cli.demo import demo

        click.get_current_context().invoke(demo, serve_only=False, quiet=False, seed=1)
    else:
        click.get_current_context().exit(ExitCode.USAGE)


def _key() -> str:
    """One key of those that mean something; the end of the input and Ctrl+C quit."""
    while True:
        try:
            key = click.getchar().lower()
        except (KeyboardInterrupt, EOFError):
            return "q"
        if key in _SET_UP | _DEMO | _QUIT:
            return key
