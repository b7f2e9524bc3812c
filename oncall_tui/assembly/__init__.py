"""Builds the rooms from a configuration, once, for both front ends."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from functools import partial
from time import monotonic

from oncall_tui.assembly.rooms import Rooms
from oncall_tui.clock import utc_now
from oncall_tui.config.model import AnySource, Config
from oncall_tui.config.paths import journal_file
from oncall_tui.config.references import Secrets
from oncall_tui.config.severities import severity_map
from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.text import clean_line
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.monitor.late import LateActor, LateSilencer, LateSource
from oncall_tui.monitor.late_account import LateAccount
from oncall_tui.monitor.late_metrics import LateMetrics
from oncall_tui.monitor.wake import Monotonic
from oncall_tui.sources.base import Clock, Source
from oncall_tui.sources.registry import build, watched_by
from oncall_tui.threads import wait_for_no_lookup

__all__ = ["Rooms", "open_rooms"]

_LONGEST_LOGIN = 100


async def open_rooms(
    config: Config,
    *,
    environ: Mapping[str, str] | None = None,
    clock: Clock = utc_now,
    monotonic: Monotonic | None = monotonic,
    actor: str | None = None,
) -> Rooms:
    """The rooms. Nothing is read or imported yet: each source is opened by its first poll, in a thread of its own.

    A secret that cannot be had is a failure of its source. ``monotonic`` stands still while the machine sleeps; None
    for a ``clock`` that is moved by hand, whose jumps are no sleep.
    """
    wait_for_no_lookup()
    env = os.environ if environ is None else environ
    secrets = Secrets(config, env)
    sources = [_source(name, one, config, secrets, clock) for name, one in config.sources.items()]
    journal = JournalKeeper(config.journal.path or journal_file(env), clock)
    who = actor or f"user:{_login()}"
    return Rooms(config, sources, journal, clock=clock, actor=who, monotonic=monotonic, environ=env)


def _login() -> str:
    """The user's login; the number where a container has no name for it.

    It is read from the environment, which may hold anything: what the journal would refuse is cleaned here.
    """
    try:
        name = clean_line(getpass.getuser(), _LONGEST_LOGIN)
    except (KeyError, OSError):
        name = ""
    return name or f"uid-{os.getuid()}"


def _source(name: str, settings: AnySource, config: Config, secrets: Secrets, clock: Clock) -> Source:
    """A source that is not open yet."""
    kind = SourceKind(str(settings.__struct_config__.tag))
    return _LATE.get(kind, LateSource)(
        SourceName(name),
        kind,
        settings.budget,
        partial(_opened, name, settings, config, secrets, clock),
        clock=clock,
        renew=partial(secrets.renew, name),
    )


_LATE: Mapping[SourceKind, type[LateSource]] = {
    SourceKind.PAGERDUTY: LateAccount,
    SourceKind.SENTRY: LateActor,
    SourceKind.ALERTMANAGER: LateSilencer,
    SourceKind.PROMETHEUS: LateMetrics,
}
"""What sources can do beside being polled."""


def _opened(name: str, settings: AnySource, config: Config, secrets: Secrets, clock: Clock) -> Source:
    """The source itself. Blocks: keyrings, commands and imports. Raises ``SecretsError``."""
    services, chart = watched_by(name, config)
    return build(
        name,
        settings,
        severities=severity_map(config.severity),
        clock=clock,
        resolve_secret=secrets.of(name).__getitem__,
        services=services,
        chart=chart,
    )
