"""The order of the questions, and what becomes of the answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click
from msgspec import structs

from oncall_tui.cli.init.desk import Desk
from oncall_tui.cli.init.draft import Draft, DraftSource
from oncall_tui.cli.init.pagerduty import pagerduty
from oncall_tui.cli.init.prometheus import alertmanager, prometheus
from oncall_tui.cli.init.questions import Tone
from oncall_tui.cli.init.sentry import sentry
from oncall_tui.cli.init.storing import Kept, Keyring, kept
from oncall_tui.cli.init.text import as_text
from oncall_tui.cli.init.together import aliases, environments, latency
from oncall_tui.cli.init.writing import cannot_write, what_is_there, write_config
from oncall_tui.config.model import AlertmanagerSettings, Config, PrometheusSettings


@dataclass(frozen=True, slots=True)
class Target:
    """Where the configuration goes."""

    path: Path
    may_replace: bool = False
    """``--force``."""
    is_printed: bool = False
    """``--print``: shown instead of written."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the wizard made."""

    draft: Draft
    text: str
    variables: tuple[str, ...]
    """To be set before the start."""
    path: Path | None = None
    backup: Path | None = None
    config: Config | None = None


class NothingNamed(Exception):
    """Every source was skipped: there is nothing to watch."""


class NotReplaced(Exception):
    """What stands in the file stays there."""


def run(desk: Desk, target: Target, keyring: Keyring, now: datetime) -> Outcome:
    """Ask everything, keep the tokens, write the file.

    Raises:
        NothingNamed, NotReplaced: nothing was written.
        click.UsageError: an answer is missing and there is nobody to ask.
        SourceError, SecretError: a source that an option names cannot be used, and there is nobody to ask.
        OSError: the file cannot be written.
    """
    desk.questions.say(
        "Your own oncall-tui, in a minute or two. Enter takes the answer in [brackets]. "
        "Ctrl+C leaves at any time: nothing is written before the end."
    )
    if not target.is_printed:
        _make_sure(desk, target)
    draft = _answered(desk)
    tokens: Kept = kept(desk, draft.sources, target.path.parent, keyring, prefers_environment=target.is_printed)
    draft.sources = list(tokens.sources)
    text = as_text(draft, now.date())
    if target.is_printed:
        return Outcome(draft, text, tokens.variables)
    config, backup = write_config(target.path, text, now)
    return Outcome(draft, text, tokens.variables, target.path, backup, config)


def _make_sure(desk: Desk, target: Target) -> None:
    """Nobody shall type for two minutes and then hear that it cannot be written."""
    if problem := cannot_write(target.path):
        raise click.UsageError(f"{problem} Name another file with --output, or see the text with --print.")
    there = what_is_there(target.path)
    if not there or target.may_replace:
        return
    found = f"{target.path} is there already: {there}."
    if not desk.questions.is_asking:
        raise click.UsageError(f"{found} --force replaces it and keeps a backup; --output FILE writes another file.")
    desk.questions.say(found, Tone.WARNING)
    if not desk.questions.yes("Make a new one in its place, and keep a backup of this one?", False):
        raise NotReplaced


def _answered(desk: Desk) -> Draft:
    """Every question but the last: where the tokens are kept."""
    draft = Draft()
    _head(desk, "Prometheus")
    source, finds = prometheus(desk)
    _head(desk, "Alertmanager")
    second = alertmanager(desk, source, finds)
    _head(desk, "PagerDuty")
    third, paged = pagerduty(desk)
    _head(desk, "Sentry")
    fourth, told = sentry(desk)
    draft.sources = [one for one in (source, second, third, fourth) if one is not None]
    if not draft.sources:
        raise NothingNamed
    _head(desk, "All together")
    draft.services = tuple(one.name for one in finds.services)
    names = (*finds.environments, *([finds.environment] if finds.environment else []), *told.environments)
    draft.environment, draft.environments = environments(desk, names)
    if not finds.environments:
        draft.sources = _placed(draft.sources, finds.environment or draft.environment)
    projects = tuple(one.slug for one in told.projects)
    draft.aliases = aliases(desk, draft.services, (*paged, *projects))
    draft.latency = latency(desk, finds.latency)
    return draft


def _placed(sources: Sequence[DraftSource], environment: str) -> list[DraftSource]:
    """The sources with the environment of what they tell, where the labels of the targets do not say."""
    return [
        replace(one, settings=structs.replace(one.settings, environment=environment))
        if isinstance(one.settings, PrometheusSettings | AlertmanagerSettings)
        else one
        for one in sources
    ]


def _head(desk: Desk, title: str) -> None:
    desk.questions.say("")
    desk.questions.say(title, Tone.HEADING)
