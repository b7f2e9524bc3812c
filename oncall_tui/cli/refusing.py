"""Whether what would change something is refused in this run, for the help: it is written before a verb is loaded."""

from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any

import click

from oncall_tui.cli.session import READ_ONLY, Session

_KEY = b"read_only"


def is_read_only(session: Session, options: Mapping[str, Any]) -> bool:
    """Whether ``--read-only`` or the configuration that would be read says so.

    The file is read here and now: ask only when the help is asked for. One that cannot be read refuses nothing by
    itself; what is wrong with it every verb tells.

    Args:
        options: those before the verb, by the names of their parameters.
    """
    if options.get("is_read_only"):
        return True
    if options.get("prometheus") is not None:
        return False
    from oncall_tui.config.paths import find_config

    file = options.get("file")
    path = find_config(Path(file) if file is not None else None, session.environ)
    return path is not None and _has_the_key(path) and _says_so(path)


def _has_the_key(path: Path) -> bool:
    """Whether a file is worth the time that it takes to understand it: that is more than the help itself takes."""
    try:
        # What is not a file, a pipe for instance, can be read but once.
        return path.is_file() and _KEY in path.read_bytes()
    except OSError:
        return False


def _says_so(path: Path) -> bool:
    from oncall_tui.config.load import ConfigError, load_anyway

    try:
        config, _ = load_anyway(path)
    except ConfigError:
        return False
    return config.is_read_only


def told_in_its_help(command: click.Command) -> click.Command:
    """A copy of ``command`` whose help says that it is refused here."""
    told = copy(command)
    told.epilog = READ_ONLY
    return told
