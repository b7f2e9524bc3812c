"""One source, examined live: its secrets, its check, its certificate, the clock, and what its polls cost."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from msgspec import structs

from oncall_tui.cli.doctor.certificate import certificate_findings
from oncall_tui.config.model import AnySource
from oncall_tui.config.secrets import SecretError
from oncall_tui.domain.clocks import age_in_words
from oncall_tui.sources.base import (
    AlertRule,
    CheckState,
    Clock,
    Finding,
    KnowsAlertRules,
    NamesServices,
    Report,
    Source,
    Topic,
)
from oncall_tui.sources.checkup import failed
from oncall_tui.sources.errors import SourceError
from oncall_tui.sources.skew import TOLERATED_S
from oncall_tui.sources.values import WRONG_SHAPE
from oncall_tui.threads import DaemonThreads

PATIENCE_S = 60.0
"""A vendor that answers everything as slowly as it may is given up after this."""

_ROOM = 1_000
"""Requests in the minute of an examination: every question and two polls of hundreds of checks."""

_UNANSWERED = (Topic.REACHABILITY, Topic.CREDENTIAL)


@dataclass(slots=True)
class Examined:
    """What was found out about a source so far."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    polls: list[Report] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    """Requests that each poll cost."""
    rules: Sequence[AlertRule] = ()
    """Its alert rules, where it has any and lists them."""
    names: frozenset[str] | None = None
    """Every name that the vendor has for a service; None when it cannot tell."""


def with_room(settings: AnySource) -> AnySource:
    """The settings with a budget that the examination itself does not spend: whether polls fit is reckoned apart."""
    return structs.replace(settings, budget=max(settings.budget, _ROOM))


async def examine(
    name: str,
    settings: AnySource,
    building: Callable[[], Source],
    *,
    clock: Clock,
    polls: int,
    patience: float = PATIENCE_S,
) -> Examined:
    """Build the source in a thread, check it, poll it ``polls`` times, ask for the names of its services, close it.

    Never raises for what a vendor or a secret does. What was found when ``patience`` seconds are over is kept.
    """
    examined = Examined(name)
    threads = DaemonThreads(f"doctor-{name}", 1)
    try:
        source = await threads.run(building)
    except SecretError as error:
        examined.findings.append(Finding(CheckState.FAILED, str(error), topic=Topic.SECRET))
        return examined
    except SourceError as error:
        examined.findings.append(_own_words(name, failed(error)))
        return examined
    finally:
        threads.close()
    try:
        async with asyncio.timeout(patience):
            await _look(source, settings, examined, clock, polls)
    except TimeoutError:
        what = f"It answered so slowly that the examination was broken off after {patience:g} s."
        examined.findings.append(Finding(CheckState.FAILED, what, "Overloaded, or far away?", Topic.REACHABILITY))
    finally:
        await source.close()
    examined.findings = [_own_words(name, one) for one in examined.findings]
    return examined


async def _look(source: Source, settings: AnySource, examined: Examined, clock: Clock, polls: int) -> None:
    checked, certificate = await asyncio.gather(source.check(), certificate_findings(settings, clock))
    examined.findings += [*checked, *certificate]
    if not _has_answered(checked):
        return
    for _ in range(polls):
        before = source.spending.sent
        examined.polls.append(await source.poll())
        examined.sent.append(max(source.spending.sent - before, 0))
    examined.findings += [*_clock(source.clock_skew), *_polled(examined)]
    if polls and isinstance(source, NamesServices):
        try:
            examined.names = await source.service_names()
        except (SourceError, *WRONG_SHAPE):
            # It cannot tell: then nothing is said about names. What keeps it from answering is told already.
            examined.names = None
    if isinstance(source, KnowsAlertRules):
        # What keeps it from answering is told by its check.
        with suppress(SourceError, *WRONG_SHAPE):
            examined.rules = await source.alert_rules()


def _has_answered(checked: Sequence[Finding]) -> bool:
    """Whether the vendor talks to us: a single question that failed does not mean that polls will."""
    return any(one.state is not CheckState.FAILED or one.topic not in _UNANSWERED for one in checked)


def _clock(skew: float | None) -> list[Finding]:
    """Whether the clocks agree; nothing when the vendor did not tell the time."""
    if skew is None:
        return []
    if abs(skew) <= TOLERATED_S:
        return [Finding(CheckState.OK, "Clocks agree.", topic=Topic.CLOCK)]
    side = "ahead of" if skew > 0 else "behind"
    what = f"Its clock is {age_in_words(timedelta(seconds=abs(skew)))} {side} ours: every age is wrong by as much."
    return [Finding(CheckState.WARNING, what, "Check the clock of this machine (NTP) first.", Topic.CLOCK)]


def _polled(examined: Examined) -> list[Finding]:
    """What the last poll said about itself, beyond what was found before and what others tell better."""
    if not examined.polls:
        return []
    last = examined.polls[-1]
    if last.records is None:
        failure = last.failure
        said = f"A poll failed: {failure.message}" if failure else "A poll failed."
        return [Finding(CheckState.FAILED, said, failure.hint if failure else "", Topic.REACHABILITY)]
    known = {one.what for one in examined.findings}
    unknown = {
        f"{reading.check.service} {reading.check.name}: {reading.reason}"
        for service in last.records.services
        for reading in service.readings
    }
    return [
        Finding(CheckState.WARNING, warning if warning.endswith(".") else f"{warning}.")
        for warning in last.records.warnings
        if warning not in unknown and f"{warning}." not in known and not warning.startswith("The clock of ")
    ]


def _own_words(name: str, finding: Finding) -> Finding:
    """The finding without the name of the source, under which it stands. A host keeps its small letters."""
    what = finding.what.removeprefix(f"{name}: ")
    word = what.partition(" ")[0]
    return replace(finding, what=what[:1].upper() + what[1:] if word.isalpha() else what)
