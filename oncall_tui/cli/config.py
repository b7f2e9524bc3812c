"""``oncall-tui config``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.init.command import init
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import print_json, print_lines
from oncall_tui.cli.schema_setup import problem_object
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes_setup import ConfigCheckAnswer
from oncall_tui.domain.counts import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oncall_tui.config.keys import Key
    from oncall_tui.config.model import Config


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
    """Tell everything that is wrong with the configuration, the theme and the key map included.

    Every problem is named with file, line and key, all at once; exit code 2 when there is one.
    """
    from oncall_tui.config.errors import ConfigError

    path = session.config_file()
    file = None if path is None else str(path)
    try:
        found = session.config()
        if path is not None:
            _look_at_the_looks(found, path, session.environ)
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
    parts = (counted(len(found.sources), "source"), counted(len(found.services), "service"), counted(checks, "check"))
    print_lines([f"{file or '--prometheus'} is fine: {', '.join(parts)}."])


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


def _look_at_the_looks(config: "Config", path: Path, environ: "Mapping[str, str]") -> None:
    """What only the screen knows: themes and keys. It starts without them, in its own; nobody would wonder why.

    Raises:
        ConfigError: with a theme that there is none of, theme files that cannot be used, keys that cannot hold.
    """
    from oncall_tui.config.errors import ConfigError, Problem
    from oncall_tui.config.expected import nearest
    from oncall_tui.config.keys import dotted
    from oncall_tui.config.paths import shipped, themes_dir
    from oncall_tui.config.places import line_of, places_of
    from oncall_tui.runbook.actions.check import action_problems
    from oncall_tui.ui.keymap import read_keymap
    from oncall_tui.ui.theme_folder import every_theme

    own = themes_dir(environ)
    places = places_of(path.read_text(encoding="utf-8-sig"))

    def problem(key: "Key", what: str, expected: str) -> Problem:
        return Problem(str(path), dotted(key), line_of(places, key), what, expected)

    loading = every_theme(shipped("themes"), own)
    names = sorted(theme.name for theme in loading.themes)
    keymap = read_keymap(config.keys, config.filters, config.actions)
    wrong = (*keymap.problems, *action_problems(config.actions))
    problems = [problem(one.key, one.problem, one.expected) for one in wrong]
    if config.display.theme not in names:
        advice = nearest(config.display.theme, names)
        problems.append(problem(("display", "theme"), f'unknown theme "{config.display.theme}"', advice))
    problems += [Problem(str(own), "", None, one, "mend the theme, or remove its file") for one in loading.problems]
    if problems:
        raise ConfigError(sorted(problems, key=lambda one: (one.line or 0, one.key)))
