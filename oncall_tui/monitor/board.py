"""The board: the last word of every source, and the situation that follows from it. Pure.

``received`` puts a report on the board, ``compose`` makes a picture of the whole. A failed report changes only what is
said about the source: its last records stay, with their age. A report that arrives late changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from oncall_tui.domain.alert import Alert, Record
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.deployment import SUSPECT_WINDOW, Deployment, merge_deployments, suspects_of
from oncall_tui.domain.forgotten import FORGOTTEN_AFTER, with_forgotten
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.query import Order, ordered
from oncall_tui.domain.rota import rota, unattended
from oncall_tui.domain.service import Service, ServiceId, Targets, health_rank
from oncall_tui.domain.situation import Freshness, Interruption, OnCall, Situation, SourceState, Trend
from oncall_tui.domain.verdict import verdict_of
from oncall_tui.monitor.plan import Plan
from oncall_tui.sources.base import Records, Report, Spending

OfService = TypeVar("OfService", Record, Deployment, Trend)
"""What names the service it is about."""

STRAGGLING = timedelta(minutes=2)
"""By how much a late report may be older than the last one. Older still: the clock was set back, and a board that
went on dropping reports would show old data as fresh until the clock has caught up."""

Overlay = Callable[[Sequence[Alert], datetime], Sequence[Alert]]
"""What this screen knows of alerts beyond the sources, e.g. acknowledges that only its journal holds."""


Correlate = Callable[[Iterable[Record]], Sequence[Alert]]
"""Gives the alerts of records, as ``correlate`` does."""


@dataclass(frozen=True, slots=True)
class Merging:
    """How reports become one picture."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    """What other tools call a service, in lower case, to its name on the screen."""
    suspect_window: timedelta = SUSPECT_WINDOW
    overlay: Overlay = lambda alerts, _now: alerts
    forgotten_after: timedelta | None = FORGOTTEN_AFTER
    """How long nothing may happen to an acknowledged alert; None: as long as it likes."""


@dataclass(frozen=True, slots=True)
class Board:
    """Per source its freshness and its last records, in the order of the configuration."""

    freshness: Mapping[SourceName, Freshness]
    records: Mapping[SourceName, Records] = field(default_factory=dict)
    heard_at: Mapping[SourceName, datetime] = field(default_factory=dict)
    """When the last report of a source ended, whether it brought records or a failure."""
    interruption: Interruption | None = None


def empty_board(freshness: Iterable[Freshness]) -> Board:
    """A board on which no source has answered yet."""
    return Board({one.source: one for one in freshness})


def received(board: Board, report: Report, spending: Spending, plan: Plan | None = None) -> Board:
    """The board after ``report``. One of an unknown source, or older than what the source said since, is dropped."""
    before = board.freshness.get(report.source)
    if before is None or _is_straggler(report, board.heard_at.get(report.source)):
        return board
    told = replace(
        before,
        requests_per_minute=spending.sent,
        budget_per_minute=spending.allowed,
        skew=before.skew if report.skew is None else report.skew,
        next_poll_at=None if plan is None else plan.at,
        asked_to_wait_until=None if plan is None else plan.not_before,
    )
    after = _failed(told, report) if report.records is None else _answered(told, report.records, report.fetched_at)
    return replace(
        board,
        freshness={**board.freshness, report.source: after},
        records=board.records if report.records is None else {**board.records, report.source: report.records},
        heard_at={**board.heard_at, report.source: report.fetched_at},
    )


def _is_straggler(report: Report, heard_at: datetime | None) -> bool:
    return heard_at is not None and timedelta(0) < heard_at - report.fetched_at <= STRAGGLING


def _failed(before: Freshness, report: Report) -> Freshness:
    """Failing since the first failure in a row; what is shown is as old as it was."""
    since = before.failing_since or report.fetched_at
    return replace(before, state=SourceState.FAILED, failing_since=since, failure=report.failure)


def _answered(before: Freshness, records: Records, fetched_at: datetime) -> Freshness:
    return replace(
        before,
        state=SourceState.OK if records else SourceState.EMPTY,
        fetched_at=fetched_at,
        failing_since=None,
        failure=None,
        warnings=records.warnings,
        is_outdated=False,
    )


def interrupted(board: Board, interruption: Interruption) -> Board:
    """The board after a time that nobody has seen: whatever stands on it is old until its source answers anew."""
    old = {
        name: replace(one, is_outdated=one.fetched_at is not None, next_poll_at=one.asked_to_wait_until)
        for name, one in board.freshness.items()
    }
    return replace(board, freshness=old, interruption=interruption)


def set_back(board: Board, by: timedelta) -> Board:
    """The board after the clock was set back: every moment of ours moves with it, so that ages stay what they are."""
    moved = {name: _set_back(one, by) for name, one in board.freshness.items()}
    heard_at = {name: at - by for name, at in board.heard_at.items()}
    interruption = board.interruption and replace(board.interruption, ended_at=board.interruption.ended_at - by)
    return replace(board, freshness=moved, heard_at=heard_at, interruption=interruption)


def _set_back(one: Freshness, by: timedelta) -> Freshness:
    def moved(at: datetime | None) -> datetime | None:
        return None if at is None else at - by

    return replace(
        one,
        fetched_at=moved(one.fetched_at),
        failing_since=moved(one.failing_since),
        next_poll_at=moved(one.next_poll_at),
        asked_to_wait_until=moved(one.asked_to_wait_until),
        skew=None if one.skew is None else one.skew + by.total_seconds(),
    )


def paused(board: Board) -> Board:
    """The board as it is drawn while nobody is asked; a source that fails goes on to say so."""
    still = {
        name: replace(
            one, state=one.state if one.state is SourceState.FAILED else SourceState.PAUSED, next_poll_at=None
        )
        for name, one in board.freshness.items()
    }
    return replace(board, freshness=still)


def _untold(board: Board, now: datetime) -> Interruption | None:
    """The interruption while a source has not answered since; for some minutes, then what fails is old news."""
    awaited = any(one.is_outdated or one.fetched_at is None for one in board.freshness.values())
    told = board.interruption
    return told if told is not None and awaited and now < told.told_until else None


def compose(
    board: Board, generation: int, now: datetime, merging: Merging, correlated: Correlate = correlate
) -> Situation:
    """The situation that follows from the board: merged services, correlated alerts, deployments and suspects."""
    said = [board.records[source] for source in board.freshness if source in board.records]
    names = _Names(merging.aliases)
    services = _services((service for one in said for service in one.services), names)
    deployments = merge_deployments(names.of(one) for records in said for one in records.deployments)
    told = correlated(names.of(one) for records in said for one in records.alerts)
    alerts = with_forgotten(merging.overlay(told, now), now, merging.forgotten_after)
    freshness = tuple(board.freshness.values())
    shifts = tuple(one for records in said for one in records.on_call)
    policies = tuple(one for records in said for one in records.policies)
    return Situation(
        generation=generation,
        taken_at=now,
        verdict=verdict_of(alerts, services, freshness, now),
        services=services,
        # Ordered once more: an overlay may have acknowledged some.
        alerts=ordered(_suspecting(alerts, deployments, merging.suspect_window), Order.SEVERITY),
        deployments=deployments,
        on_call=tuple(one for one in shifts if one.is_current(now)),
        trends=tuple(names.of(one) for records in said for one in records.trends),
        freshness=freshness,
        interruption=_untold(board, now),
        shifts=shifts,
        policies=policies,
        unattended=tuple(one.name for one in unattended(rota(shifts, policies, now))),
        my_next=min((one.my_next for one in said if one.my_next), key=_begin, default=None),
        on_call_at=min((one.on_call_at for one in said if one.on_call_at is not None), default=None),
    ).read_ahead()


def _begin(one: OnCall) -> float:
    return one.since.timestamp() if one.since is not None else 0.0


class _Names:
    """Every name of a service to the one on the screen. Asked 10,000 times for the same hundred."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._aliases = aliases
        self._known: dict[str, str] = {}

    def name(self, name: str) -> str:
        """The name on the screen."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._aliases.get(name.casefold(), name)
        return known

    def named(self, one: Service) -> Service:
        """A service under its name on the screen."""
        name = self.name(one.name)
        return one if name == one.name else replace(one, name=name)

    def of(self, one: OfService) -> OfService:
        """The same with the name on the screen."""
        name = self.name(one.service)
        return one if name == one.service else replace(one, service=name)


def _services(services: Iterable[Service], names: _Names) -> tuple[Service, ...]:
    """One service per name and environment, however they are spelled, the worst first.

    Targets are added up and readings put together. What names no environment belongs to the only one that others of its
    name are in; where there are several it stands for itself.
    """
    renamed = [names.named(one) for one in services]
    places: dict[str, set[str]] = {}
    for one in renamed:
        places.setdefault(one.id.name, set()).update({one.id.environment} - {""})
    merged: dict[ServiceId, Service] = {}
    for one in renamed:
        only = next(iter(places[one.id.name])) if len(places[one.id.name]) == 1 else one.id.environment
        key = ServiceId(one.id.name, only)
        merged[key] = one if key not in merged else _joined(merged[key], one)
    return tuple(sorted(merged.values(), key=lambda one: (-health_rank(one.health), one.name, one.environment)))


def _joined(known: Service, other: Service) -> Service:
    counted = [one.targets for one in (known, other) if one.targets is not None]
    targets = Targets(sum(one.up for one in counted), sum(one.total for one in counted)) if counted else None
    return replace(
        known,
        environment=known.environment or other.environment,
        targets=targets,
        readings=known.readings + other.readings,
        url=known.url or other.url,
    )


def _suspecting(alerts: Iterable[Alert], deployments: Iterable[Deployment], window: timedelta) -> Iterator[Alert]:
    """Alerts with the deployments they may come from."""
    by_service: dict[str, list[Deployment]] = {}
    for deployment in deployments:
        by_service.setdefault(deployment.service.lower(), []).append(deployment)
    for alert in alerts:
        near = by_service.get(alert.service.lower())
        suspects = suspects_of(alert, near, window) if near else ()
        yield replace(alert, suspects=suspects) if suspects else alert
