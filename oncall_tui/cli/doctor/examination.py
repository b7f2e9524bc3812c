"""The whole examination: every area, all sources at the same time; one that is broken does not stop the rest."""

import asyncio
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec import structs

from oncall_tui.cli.doctor import configuration
from oncall_tui.cli.doctor.budget import budget_findings, cost_of
from oncall_tui.cli.doctor.coverage import Coverage
from oncall_tui.cli.doctor.journal import journal_findings
from oncall_tui.cli.doctor.model import Area, Diagnosis
from oncall_tui.cli.doctor.notification import notification_findings
from oncall_tui.cli.doctor.picture import picture_findings
from oncall_tui.cli.doctor.runbooks import Shelf, shelf_of
from oncall_tui.cli.doctor.secrets import Secrets, has_failed, read_secrets
from oncall_tui.cli.doctor.sources import Examined, examine, with_room
from oncall_tui.cli.doctor.terminal import about, terminal_findings
from oncall_tui.clock import utc_now
from oncall_tui.config.errors import Problem
from oncall_tui.config.model import AnySource, Config, PagerDutySettings, SentrySettings
from oncall_tui.config.paths import journal_file
from oncall_tui.config.severities import severity_map
from oncall_tui.sources.base import CheckState, Clock, Finding, Source, Topic
from oncall_tui.sources.registry import build, watched_by
from oncall_tui.terminal import Terminal
from oncall_tui.threads import DaemonThreads, wait_for_no_lookup

_COLD_AND_WARM = (PagerDutySettings, SentrySettings)
"""Kinds whose first poll reads what is then known for a while: only the second tells what a poll costs."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is examined."""

    config: Config | None
    """None without a configuration, or with one that cannot be read at all."""
    problems: tuple[Problem, ...]
    file: str | None
    """The file; None with ``--prometheus`` and without any."""
    environ: Mapping[str, str]
    terminal: Terminal
    begin: tuple[Finding, ...] = ()
    """How to begin, where there is no configuration."""
    only: Collection[str] = ()
    """The sources to ask; all when empty."""
    is_offline: bool = False
    clock: Clock = utc_now


async def examination(subject: Subject) -> Diagnosis:
    """Look at everything. Never raises for what is found."""
    wait_for_no_lookup()
    taken_at = subject.clock()
    config = subject.config
    if config is None:
        areas = [Area("configuration", "configuration", subject.file or "", _configuration_only(subject))]
    else:
        areas = await _areas(subject, config)
    notify = (config or Config()).notify
    here = Area("terminal", "terminal", about(subject.terminal), tuple(terminal_findings(subject.terminal, notify)))
    return Diagnosis(taken_at, (*areas, here), subject.file)


async def _areas(subject: Subject, config: Config) -> list[Area]:
    usable = configuration.usable(config, subject.problems)
    path = usable.journal.path or journal_file(subject.environ)
    # Before the sources: what it computes would slow the polls down, which are timed.
    shelf = await _shelf(subject, usable)
    settings, journal, (sources, picture) = await asyncio.gather(
        _configuration(subject, config),
        journal_findings(path, subject.clock),
        _sources(subject, usable, shelf.coverage),
    )
    file = subject.file or ("" if subject.problems else "--prometheus")
    return [
        Area("configuration", "configuration", file, tuple(settings)),
        *sources,
        *([Area("picture", "alerts and checks", "", tuple(picture))] if picture else []),
        Area("runbooks", "runbooks", "", shelf.findings),
        Area("journal", "journal", str(path), tuple(journal)),
    ]


def _configuration_only(subject: Subject) -> tuple[Finding, ...]:
    return (*subject.begin, *configuration.problem_findings(subject.problems))


async def _configuration(subject: Subject, config: Config) -> list[Finding]:
    """The file, and what the screen would make of themes and keys, in a thread: it imports Textual."""
    threads = DaemonThreads("doctor-screen", 1)
    try:
        themes = await threads.run(partial(configuration.theme_findings, config, subject.environ))
        keys = await threads.run(partial(configuration.key_findings, config))
    finally:
        threads.close()
    found = [*configuration.problem_findings(subject.problems), *configuration.setting_findings(config)]
    return [*found, *notification_findings(config.notify, subject.environ), *themes, *keys]


async def _shelf(subject: Subject, config: Config) -> Shelf:
    """The runbooks, in a thread: a thousand of them take seconds."""
    threads = DaemonThreads("doctor-runbooks", 1)
    try:
        return await threads.run(partial(shelf_of, config, subject.environ))
    finally:
        threads.close()


async def _sources(subject: Subject, config: Config, coverage: Coverage) -> tuple[list[Area], list[Finding]]:
    """Every source, and the picture that those give together which were asked."""
    wanted = {name: one for name, one in config.sources.items() if not subject.only or name in subject.only}
    secrets = await read_secrets(structs.replace(config, sources=dict(wanted)), subject.environ)
    outcomes = await asyncio.gather(*(_source(subject, config, name, one, secrets) for name, one in wanted.items()))
    areas = [area for area, _ in outcomes]
    examined = [one for _, one in outcomes if one is not None]
    if subject.is_offline or not examined:
        return areas, []
    return areas, picture_findings(config, tuple(wanted), examined, subject.clock(), coverage)


async def _source(
    subject: Subject, config: Config, name: str, settings: AnySource, secrets: Secrets
) -> tuple[Area, Examined | None]:
    """One source; its examination where it was asked and had its secrets."""
    found = secrets.findings(settings)
    kind = str(settings.__struct_config__.tag)
    about = settings.url if kind == name else f"{kind}, {settings.url}"
    if configuration.is_wrong(("sources", name), subject.problems):
        found.append(Finding(CheckState.WARNING, "Not asked: its settings are wrong.", topic=Topic.SETTINGS))
    elif not subject.is_offline and not has_failed(found):
        services, chart = watched_by(name, config)
        building = partial(
            build,
            name,
            with_room(settings),
            severities=severity_map(config.severity),
            clock=subject.clock,
            resolve_secret=secrets.resolve,
            services=services,
            chart=chart,
        )
        examined = await _examined(name, settings, building, subject.clock)
        # A secret that the vendor has judged need not be said to be there.
        found = [one for one in found if one.state is not CheckState.OK] + examined.findings
        if any(one.records is not None for one in examined.polls):
            took = max(one.took for one in examined.polls)
            found += budget_findings(settings, cost_of(name, settings, config, examined.sent, took))
        return Area("source", name, about, tuple(found)), examined
    return Area("source", name, about, tuple(found)), None


async def _examined(name: str, settings: AnySource, building: Callable[[], Source], clock: Clock) -> Examined:
    """The examination of one source. A fault of our own is a finding too: the other sources are told all the same."""
    polls = 2 if isinstance(settings, _COLD_AND_WARM) else 1
    try:
        return await examine(name, settings, building, clock=clock, polls=polls)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
        advice = "Report this line with what `oncall-tui --version` says."
        finding = Finding(CheckState.FAILED, f"The examination broke off by a fault of its own: {where}.", advice)
        return Examined(name, [finding])
