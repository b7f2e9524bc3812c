"""The settings of runbooks: ``[runbooks]`` and the databases that their steps name."""

from pathlib import Path
from typing import Any

from oncall_tui.config.struct import Struct


class DatabaseSettings(Struct, frozen=True):
    """``[runbooks.databases.NAME]``: a PostgreSQL database that ``sql`` steps name as ``db=NAME``."""

    host: str
    """A name, an address, or the folder of a Unix socket."""
    database: str
    user: str
    port: int = 5432
    password: str | None = None
    """A secret reference; without one, psql looks into ``~/.pgpass``."""
    ssl_mode: str = ""
    """As libpq names it: ``require``, ``verify-full``."""


class RunbooksSettings(Struct, frozen=True):
    """``[runbooks]``: where runbooks are, and what they may ask the configuration for."""

    paths: tuple[Path, ...] = ()
    """Folders of runbooks, e.g. a checkout of the team's; the first one first."""
    url_prefixes: dict[str, Path] = {}
    """Beginnings of addresses in ``runbook_url``, each with the folder that holds what they lead to."""
    shipped: bool = True
    """Look among the runbooks that come with oncall-tui as well, last."""
    values: dict[str, Any] = {}
    """What ``from: config.x`` of a parameter finds: texts, numbers and true or false, in tables below tables."""
    directory: Path | None = None
    """Where steps run, and what ``./scripts`` is below; the folder of the file when absent."""
    metrics: str = ""
    """The Prometheus source that checks ask; the first one when empty."""
    databases: dict[str, DatabaseSettings] = {}
    forbid: tuple[str, ...] = ("FLUSH*",)
    """Words that no step may hold, as in ``fnmatch`` and in any case; ids of steps and classes of danger as well."""
    roles: dict[str, tuple[str, ...]] = {}
    """Who may agree to steps with ``approve``: the users that have each role."""
    inherit_environment: bool = True
    """Steps get the environment that oncall-tui was started with, less its tokens."""
    environment: dict[str, str] = {}
    """Variables that steps get besides, or with ``inherit_environment = false`` instead."""
