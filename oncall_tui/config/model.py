"""The settings, typed, with what each means. Read by ``load``; no side effect on import.

Every table of ``oncall.toml`` is a frozen struct. Unknown keys are refused, spans of time are written ``30s``, ``5m``,
``1h``, ``2d``, severities ``P1`` to ``P5``, secrets as references (see ``secrets``). The tables of sources and of
runbooks have modules of their own, and are had from here like the others.
"""

from pathlib import Path
from typing import Literal

import msgspec

from oncall_tui.config.runbook_tables import DatabaseSettings as DatabaseSettings
from oncall_tui.config.runbook_tables import RunbooksSettings as RunbooksSettings
from oncall_tui.config.source_tables import AlertmanagerSettings as AlertmanagerSettings
from oncall_tui.config.source_tables import AnySource as AnySource
from oncall_tui.config.source_tables import PagerDutySettings as PagerDutySettings
from oncall_tui.config.source_tables import PrometheusSettings as PrometheusSettings
from oncall_tui.config.source_tables import SentrySettings as SentrySettings
from oncall_tui.config.source_tables import SourceSettings as SourceSettings
from oncall_tui.config.struct import Struct as Struct


class CheckSettings(Struct, frozen=True):
    """``[[services.NAME.checks]]``: one PromQL value and its limits."""

    name: str
    query: str
    """PromQL that gives one value."""
    source: str | None = None
    """Name of the Prometheus source that evaluates it; the first one when absent."""
    unit: str = ""
    warning: float | None = None
    critical: float | None = None
    direction: Literal["above", "below"] = "above"
    for_: str | None = msgspec.field(default=None, name="for")
    """How long a limit must be crossed without a break before it counts."""
    warning_for: str | None = None
    critical_for: str | None = None
    maximum: str | float | None = None
    """A number, or PromQL that gives one: the limits are then percents of it."""
    warning_severity: str = "P3"
    critical_severity: str = "P2"


class ServiceSettings(Struct, frozen=True):
    """``[services.NAME]``: what is known of a service beyond what Prometheus discovers."""

    environment: str = ""
    aliases: tuple[str, ...] = ()
    """What other tools call it: the PagerDuty service, the Sentry project, another job label."""
    url: str | None = None
    """Where its dashboard is."""
    checks: tuple[CheckSettings, ...] = ()


class EnvironmentSettings(Struct, frozen=True):
    """``[environments.NAME]``."""

    production: bool = False
    """Drawn unmistakably on every screen and in every dialog."""
    read_only: bool = False
    """Nothing can be done from here, only seen."""


class LineSettings(Struct, frozen=True):
    """``[[display.chart.lines]]``: a line of the chart on the overview."""

    name: str
    query: str


class ChartSettings(Struct, frozen=True):
    """``[display.chart]``: the one chart of the overview, usually latency over a day."""

    title: str
    lines: tuple[LineSettings, ...]
    source: str | None = None
    unit: str = ""
    service: str = ""
    limit: float | None = None
    """A threshold drawn across."""
    span: str = "24h"


class DisplaySettings(Struct, frozen=True):
    """``[display]``."""

    environment: str = ""
    """The environment this screen watches; shown in the corner of every view."""
    theme: str = "oncall-dark"
    utc: bool = False
    """Show times in UTC instead of the laptop's time zone."""
    suspect_window: str = "1h"
    """How long before an alert a deployment may have ended to be suspected."""
    columns: tuple[str, ...] = ()
    """The columns of lists of alerts, in their order, e.g. ``service``, ``label:cluster@100``; the usual when empty."""
    chart: ChartSettings | None = None


class QuietSettings(Struct, frozen=True):
    """``[[notify.quiet]]``: hours in which only the worst is told."""

    from_: str = msgspec.field(name="from")
    """When it begins by the clock on the wall: ``22:00``."""
    to: str
    """When it ends: on the next day when that is not later than ``from``."""
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    """The days it begins on; every day when empty."""
    rings: str = "P1"
    """The least severity that is told all the same; ``off`` for none."""
    timezone: str = ""
    """The clock: a name like ``Europe/Paris``; that of this machine when empty."""


class CommandSettings(Struct, frozen=True):
    """``[notify.command]``: a program of the user's that is told of alerts."""

    run: tuple[str, ...]
    """The program and its arguments, each a text of its own: no shell reads them."""
    severity: str = "P2"
    """The least severity that it is told of."""
    timeout: str = "10s"
    """After so long it is ended, with everything that it has started."""


class FilterSettings(Struct, frozen=True):
    """``[[filters]]``: a filter that is kept, with its key."""

    name: str
    """What it is called on the screen, and behind ``@`` on the command line."""
    filter: str = ""
    """In the language of docs/filters.md; everything when empty."""
    key: str = ""
    """The key that applies it; without one it is in the palette only."""
    sort: str = ""
    """The order that comes with it, e.g. ``age``, or ``-age`` the other way round; as it is when empty."""
    group: str = ""
    """By what alerts stand together with it, e.g. ``service``, ``label:team`` or ``none``; as it is when empty."""


class InputSettings(Struct, frozen=True):
    """``[[actions.inputs]]``: a value that an action asks for."""

    name: str
    """Lower case: the action finds it as ``ONCALL_INPUT_NAME``, and as ``name`` where no program takes that amiss."""
    type: Literal["string", "int", "float", "bool", "duration", "secret"] = "string"
    pattern: str | None = None
    """A regular expression for the whole value; without one a text has neither blanks nor a ``-`` at its front."""
    choices: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    default: str | int | float | bool | None = None
    help: str = ""


class ActionSettings(Struct, frozen=True):
    """``[[actions]]``: a command of the user's on an alert. One of ``run`` and ``script`` says what it does."""

    name: str
    run: tuple[str, ...] = ()
    """The program and its arguments, each a text of its own: no shell reads them."""
    script: str = ""
    """A text for bash."""
    key: str = ""
    """The key that begins it; without one it is in the palette only."""
    on: str = ""
    """A filter: for which alerts it is offered; all when empty."""
    inputs: tuple[InputSettings, ...] = ()
    danger: Literal["read", "change", "destroy"] = "read"
    """What it does at least; what its text shows may be more, and then that holds."""
    timeout: str | None = None
    """After so long it is ended; 1m without it for what only reads, 10m for the rest."""
    confirm: str = ""
    """A phrase to be typed before it, with inputs in braces; what destroys has one of its own without it."""
    help: str = ""

    @property
    def id(self) -> str:
        """What key maps call it: ``action.restart_pods`` for ``Restart pods``."""
        return "action." + "_".join("".join(one if one.isalnum() else " " for one in self.name.casefold()).split())


class NotifySettings(Struct, frozen=True):
    """``[notify]``: what tells of a new alert beyond the screen."""

    bell: str = "P2"
    """The least severity that rings the terminal's bell; ``off`` for none."""
    desktop: str = "P2"
    """The least severity that sends a desktop notification through the terminal; ``off`` for none."""
    protocol: Literal["auto", "osc9", "osc777", "off"] = "auto"
    """The sequence that the terminal is sent for it; ``auto`` goes by what the terminal is known to understand."""
    only_on_call: bool = False
    """Only while you are on call; while that is not known it rings all the same."""
    repeat: str | None = None
    """How often a P1 that nobody answers is told again; once only without it."""
    quiet: tuple[QuietSettings, ...] = ()
    command: CommandSettings | None = None


class OnCallSettings(Struct, frozen=True):
    """``[oncall]``: what the screen tells of people."""

    forgotten_after: str = "30m"
    """How long nobody may do anything about an acknowledged alert before it counts as forgotten."""
    night: str = "22-07"
    """The hours, in the time zone of the screen, in which a page counts as one at night."""
    pages_days: int = 14
    """How many days of pages are counted."""


class SeveritySettings(Struct, frozen=True):
    """``[severity]``: words of the vendors to P1 … P5, on top of the tables in ``domain.severity``."""

    prometheus: dict[str, str] = {}
    """Values of the ``severity`` label."""
    pagerduty_priority: dict[str, str] = {}
    pagerduty_urgency: dict[str, str] = {}
    sentry_priority: dict[str, str] = {}
    sentry_level: dict[str, str] = {}
    unknown: str = "P3"


class JournalSettings(Struct, frozen=True):
    """``[journal]``."""

    path: Path | None = None
    """The SQLite file; in the user's state directory when absent."""
    shared: bool = False
    """Other operators write to the same file: approvals are theirs to write, and nobody states them for them."""


class Config(Struct, frozen=True):
    """All of ``oncall.toml``."""

    sources: dict[str, AnySource] = {}
    environments: dict[str, EnvironmentSettings] = {}
    services: dict[str, ServiceSettings] = {}
    severity: SeveritySettings = SeveritySettings()
    display: DisplaySettings = DisplaySettings()
    notify: NotifySettings = NotifySettings()
    oncall: OnCallSettings = OnCallSettings()
    journal: JournalSettings = JournalSettings()
    filters: tuple[FilterSettings, ...] = ()
    actions: tuple[ActionSettings, ...] = ()
    runbooks: RunbooksSettings = RunbooksSettings()
    keys: dict[str, str] = {}
    """Keys by command id, e.g. ``"alert.acknowledge" = "A"``; checked by ``ui.keymap``, all or nothing."""

    @property
    def is_production(self) -> bool:
        """Whether the watched environment is a production one."""
        return self._environment.production

    @property
    def is_read_only(self) -> bool:
        """Whether nothing may be done to the watched environment from here."""
        return self._environment.read_only

    @property
    def _environment(self) -> EnvironmentSettings:
        return self.environments.get(self.display.environment, EnvironmentSettings())


def read_only(config: Config) -> Config:
    """The same configuration, with which nothing can be done."""
    name = config.display.environment
    settings = msgspec.structs.replace(config.environments.get(name, EnvironmentSettings()), read_only=True)
    return msgspec.structs.replace(config, environments={**config.environments, name: settings})
