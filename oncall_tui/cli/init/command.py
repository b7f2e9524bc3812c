"""``oncall-tui config init``: its options, and what is said when it is done."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.init.given import Given
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import print_json
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes_setup import ConfigInitAnswer, InitSourceObject

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)
_PEM = click.Path(path_type=Path, dir_okay=False, exists=True, resolve_path=True)
"""In the file a relative path would begin at the file's folder."""

_OPTIONS = (
    click.option("--yes", is_flag=True, help="Ask nothing: take the options, and what is found."),
    click.option("--prometheus", metavar="URL", help="Prometheus, or what speaks its API."),
    click.option("--prometheus-token", metavar="REF", help="A reference to its bearer token or password."),
    click.option("--prometheus-username", metavar="NAME", help="For basic authentication."),
    click.option("--alertmanager", metavar="URL", help="Alertmanager; `none` leaves out the one that is found."),
    click.option("--alertmanager-token", metavar="REF", help="A reference to its bearer token or password."),
    click.option("--alertmanager-username", metavar="NAME", help="For basic authentication."),
    click.option("--pagerduty-token", metavar="REF", help="A reference to a token of PagerDuty."),
    click.option("--pagerduty-url", metavar="URL", help="Another address, e.g. of the EU region."),
    click.option("--pagerduty-email", metavar="EMAIL", help="In whose name an account-level token acts."),
    click.option("--pagerduty-team", "pagerduty_teams", metavar="ID", multiple=True, help="Id or name; repeatable."),
    click.option("--sentry-token", metavar="REF", help="A reference to a token of Sentry."),
    click.option("--sentry-url", metavar="URL", help="Another region, or a server of your own."),
    click.option("--sentry-organization", metavar="SLUG", help="The organization."),
    click.option("--sentry-project", "sentry_projects", metavar="SLUG", multiple=True, help="Repeatable."),
    click.option("--environment", metavar="NAME", help="The environment that the screen watches."),
    click.option("--production/--no-production", "is_production", default=None, help="Whether it is production."),
    click.option("--ca-file", metavar="FILE", type=_PEM, help="PEM with a private authority, for every source."),
    click.option("--no-check", "is_unchecked", is_flag=True, help="Ask no vendor anything."),
    click.option("--output", metavar="FILE", type=_FILE, help="Write this file."),
    click.option("--force", is_flag=True, help="Replace the file that is there; a backup is kept."),
    click.option("--print", "is_printed", is_flag=True, help="Write the text to stdout instead of a file."),
)


def options(command: Decorated) -> Decorated:
    """All options, in the order of the help."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("init")
@options
@as_json_option
@click.pass_obj
def init(
    session: Session,
    /,
    yes: bool,
    output: Path | None,
    force: bool,
    is_printed: bool,
    is_unchecked: bool,
    as_json: bool,
    **answers: Any,
) -> None:
    """Make a configuration: asks for your Prometheus, PagerDuty and Sentry, and checks each at once.

    Without a terminal, say --yes and name the sources by options. A token (REF) is never an option itself, only a
    reference to where it is kept: env:NAME, keyring:SERVICE/USER, file:PATH or command:ARGV.

    Exit codes: 0 written; 1 left or not replaced; 2 an answer is missing or unusable; 4 a vendor did not answer or
    does not accept the token; 130 Ctrl+C. Whatever is not 0 has written nothing.
    """
    answers["prometheus"] = answers["prometheus"] or session.prometheus
    given = Given(**answers, is_checked=not is_unchecked)
    is_asking = not yes and session.is_terminal()
    if not is_asking:
        _refuse_to_guess(yes, given)
    wizard(session, given, output, is_asking=is_asking, may_replace=force, is_printed=is_printed, as_json=as_json)


def wizard(
    session: Session,
    given: Given,
    output: Path | None = None,
    *,
    is_asking: bool = True,
    may_replace: bool = False,
    is_printed: bool = False,
    as_json: bool = False,
) -> None:
    """Run it and say what came of it; ends the process with the exit code when nothing was written."""
    from oncall_tui.cli.init.desk import Desk
    from oncall_tui.cli.init.flow import NothingNamed, NotReplaced, Target, run
    from oncall_tui.cli.init.looking import Eyes
    from oncall_tui.cli.init.questions import Proposals, Terminal
    from oncall_tui.cli.init.storing import DesktopKeyring
    from oncall_tui.config.secrets import resolve

    questions = Terminal() if is_asking else Proposals()
    desk = Desk(given, questions, Eyes(), session.environ, partial(resolve, environ=session.environ))
    target = Target((output or session.own_file()).absolute(), may_replace, is_printed)
    try:
        outcome = run(desk, target, DesktopKeyring(), datetime.now(UTC))
    except (click.Abort, KeyboardInterrupt):
        _leave("\nNothing was written.", ExitCode.INTERRUPTED)
    except NothingNamed:
        _leave("Nothing to watch was named, so nothing was written. `oncall-tui demo` needs nothing.", ExitCode.FAILED)
    except NotReplaced:
        _leave("It stays as it is. --output FILE writes another file, --print only shows the text.", ExitCode.FAILED)
    if as_json:
        print_json(dict(_answer(outcome)))
        return
    if outcome.path is None:
        sys.stdout.write(outcome.text)
    from oncall_tui.cli.init.ending import end

    end(session, questions, outcome)


def _leave(words: str, code: ExitCode) -> NoReturn:
    click.echo(words, err=True)
    click.get_current_context().exit(code)


def _refuse_to_guess(yes: bool, given: Given) -> None:
    """Without a terminal everything needed must have been said."""
    if yes and given.names_a_source:
        if missing := given.lacking():
            raise click.UsageError(f"{missing} is needed: what else is said of this source is of no use without it.")
        return
    what = "Nothing to watch is named." if yes else "There is no terminal to ask on."
    raise click.UsageError(
        f"{what} Name at least one source, and --yes:\n\n"
        "  oncall-tui config init --yes --prometheus http://localhost:9090\n"
        "  oncall-tui config init --yes --pagerduty-token env:PAGERDUTY_TOKEN --pagerduty-team PTEAM01\n"
        "  oncall-tui config init --yes --sentry-token file:~/.secrets/sentry --sentry-organization acme\n\n"
        "`oncall-tui config init --help` has every option; they can be combined."
    )


def _answer(outcome: Any) -> ConfigInitAnswer:
    return ConfigInitAnswer(
        file=None if outcome.path is None else str(outcome.path),
        backup=None if outcome.backup is None else str(outcome.backup),
        sources=[
            InitSourceObject(
                name=one.name,
                kind=str(one.settings.__struct_config__.tag),
                url=one.settings.url,
                is_checked=one.is_checked,
            )
            for one in outcome.draft.sources
        ],
        environment=outcome.draft.environment,
        variables=list(outcome.variables),
        text=outcome.text if outcome.path is None else None,
    )
