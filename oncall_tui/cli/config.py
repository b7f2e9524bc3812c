"""``oncall-tui config``."""

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.init.command import init
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import print_json, print_lines
from oncall_tui.cli.schema import problem_object
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes import ConfigCheckAnswer


@click.group()
def config() -> None:
    """Make, check or show the configuration.

    check and show send nothing and read no secret.
    """


config.add_command(init)


@config.command()
@as_json_option
@click.pass_obj
def check(session: Session, as_json: bool) -> None:
    """Tell everything that is wrong with the configuration.

    Every problem is named with file, line and key, all at once; exit code 2 when there is one.
    """
    from oncall_tui.config.errors import ConfigError

    path = session.config_file()
    file = None if path is None else str(path)
    try:
        found = session.config()
    except ConfigError as error:
        if not as_json:
            raise
        problems = [problem_object(one) for one in error.problems]
        print_json(dict(ConfigCheckAnswer(file=file, is_fine=False, problems=problems)))
        click.get_current_context().exit(ExitCode.USAGE)
    if as_json:
        print_json(dict(ConfigCheckAnswer(file=file, is_fine=True, problems=[])))
        return
    checks = sum(len(service.checks) for service in found.services.values())
    counted = (_count(len(found.sources), "source"), _count(len(found.services), "service"), _count(checks, "check"))
    print_lines([f"{file or '--prometheus'} is fine: {', '.join(counted)}."])


@config.command()
@as_json_option
@click.pass_obj
def show(session: Session, as_json: bool) -> None:
    """Show the configuration in effect, defaults included.

    The text can be saved and loaded again. Secrets are shown as the references they are written as.
    """
    from oncall_tui.config.show import as_data, as_toml

    found = session.config()
    if as_json:
        print_json(as_data(found))
    else:
        print_lines(as_toml(found).splitlines())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
