"""Where files are: functions of the environment, so that nothing is decided or made on import.

``XDG_CONFIG_HOME`` and ``XDG_STATE_HOME`` hold on every system; without them the system's own places (platformdirs).
"""

from collections.abc import Mapping
from pathlib import Path

APP = "oncall-tui"
CONFIG_FILE = "oncall.toml"
JOURNAL_FILE = "journal.sqlite3"

FILE_VARIABLE = "ONCALL_TUI_CONFIG"
"""The environment variable that names a configuration file."""


def config_dir(environ: Mapping[str, str]) -> Path:
    """The user's folder of settings. Another tool of this name keeps its own files there: only ours are touched."""
    xdg = _xdg(environ, "XDG_CONFIG_HOME")
    if xdg is not None:
        return xdg / APP
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False)


def config_file(environ: Mapping[str, str]) -> Path:
    """Where the configuration is looked for when nothing else is said."""
    return config_dir(environ) / CONFIG_FILE


def find_config(explicit: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The configuration file: ``--config``, else ``ONCALL_TUI_CONFIG``, else the user's own; None without one.

    A file that was asked for by name is given back even if it does not exist: ``load`` then says so.
    """
    if explicit is not None:
        return explicit
    if named := environ.get(FILE_VARIABLE):
        return Path(named).expanduser()
    usual = config_file(environ)
    return usual if usual.is_file() else None


def state_dir(environ: Mapping[str, str]) -> Path:
    """The user's folder of what must survive a restart and is not a setting."""
    xdg = _xdg(environ, "XDG_STATE_HOME")
    if xdg is not None:
        return xdg / APP
    from platformdirs import user_state_path

    return user_state_path(APP, appauthor=False)


def cache_dir(environ: Mapping[str, str]) -> Path:
    """The user's folder of what can be made again."""
    xdg = _xdg(environ, "XDG_CACHE_HOME")
    if xdg is not None:
        return xdg / APP
    from platformdirs import user_cache_path

    return user_cache_path(APP, appauthor=False)


def journal_file(environ: Mapping[str, str]) -> Path:
    """The SQLite file of the journal where ``[journal]`` names no other."""
    return state_dir(environ) / JOURNAL_FILE


def themes_dir(environ: Mapping[str, str]) -> Path:
    """The user's own themes."""
    return config_dir(environ) / "themes"


def shipped(name: str) -> Path:
    """A folder of shipped data, e.g. ``themes``: inside the installed package, in a checkout beside it.

    Raises:
        FileNotFoundError: when the installation lacks it.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"this installation of {APP} lacks its {name}: install it again")


def private_directory(path: Path) -> Path:
    """Make ``path`` and the folders above that are missing, each with mode 0700; called by who is about to write."""
    for folder in reversed([path, *path.parents]):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    return path


def _xdg(environ: Mapping[str, str], name: str) -> Path | None:
    """A relative path in an XDG variable is invalid and is ignored (XDG Base Directory Specification)."""
    value = environ.get(name, "")
    return Path(value) if value and Path(value).is_absolute() else None
