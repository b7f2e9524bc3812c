"""The board: the last word of every source, and the situation that follows from it. Pure.

``received`` puts a report on the board, ``compose`` makes a picture of the whole. A failed report changes only what is
said about the source: its last records stay, with their age.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from oncall_tui.domain.alert import Alert, Record
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.deployment import SUSPECT_WINDOW, Deployment, merge_deployments, suspects_of
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Service, Targets, health_rank
from oncall_tui.domain.situation import Freshness, Situation, SourceState
from oncall_tui.domain.verdict import verdict_of
from oncall_tui.sources.base import Records, Report, Spending

Overlay = Callable[[Sequence[Alert], datetime], Sequence[Alert]]
"""What this screen knows of alerts beyond the sources, e.g. acknowledges that only its journal holds."""


@dataclass(frozen=True, slots=True)
class Merging:
    """How reports become one picture."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    """What other tools call a service, in lower case, to its name on the screen."""
    environment: str = ""
    suspect_window: timedelta = SUSPECT_WINDOW
    overlay: Overlay = lambda alerts, _now: alerts


@dataclass(frozen=True, slots=True)
class Board:
    """Per source its freshness and its last records, in the order of the configuration."""

    freshness: Mapping[SourceName, Freshness]
    records: Mapping[SourceName, Records] = field(default_factory=dict)


def empty_board(freshness: Iterable[Freshness]) -> Board:
    """A board on which no source has answered yet."""
    return Board({one.source: one for one in freshness})


def received(board: Board, report: Report, spending: Spending) -> Board:
    """The board after ``report``. A report of an unknown source changes nothing."""
    before = board.freshness.get(report.source)
    if before is None:
        return board
    spent = replace(before, requests_per_minute=spending.sent, budget_per_minute=spending.allowed)
    if report.records is None:
        since = before.failing_since or report.fetched_at
        after = replace(spent, state=SourceState.FAILED, failing_since=since, failure=report.failure)
        return replace(board, freshness={**board.freshness, report.source: after})
    after = replace(
        spent,
        state=SourceState.OK if report.records else SourceState.EMPTY,
        fetched_at=report.fetched_at,
        failing_since=None,
        failure=None,
        warnings=report.records.warnings,
    )
    return Board({**board.freshness, report.source: after}, {**board.records, report.source: report.records})


def compose(board: Board, generation: int, now: datetime, merging: Merging) -> Situation:
    """The situation that follows from the board: merged services, correlated alerts, deployments and suspects."""
    said = [board.records[source] for source in board.freshness if source in board.records]
    services = _services((service for one in said for service in one.services), merging)
    deployments = merge_deployments(_named(one, merging) for records in said for one in records.deployments)
    alerts = correlate(_renamed(one, merging) for records in said for one in records.alerts)
    alerts = _suspecting(tuple(merging.overlay(alerts, now)), deployments, merging.suspect_window)
    freshness = tuple(board.freshness.values())
    return Situation(
        generation=generation,
        taken_at=now,
        verdict=verdict_of(alerts, services, freshness, now),
        services=services,
        alerts=alerts,
        deployments=deployments,
        on_call=tuple(one for records in said for one in records.on_call),
        trends=tuple(one for records in said for one in records.trends),
        freshness=freshness,
    )


def _services(services: Iterable[Service], merging: Merging) -> tuple[Service, ...]:
    """One service per name, the worst first; targets are added up and readings put together."""
    merged: dict[str, Service] = {}
    for service in services:
        name = _name_of(service.name, merging)
        known = merged.get(name)
        renamed = replace(service, name=name)
        merged[name] = renamed if known is None else _joined(known, renamed)
    return tuple(sorted(merged.values(), key=lambda one: (-health_rank(one.health), one.name)))


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


def _name_of(name: str, merging: Merging) -> str:
    return merging.aliases.get(name.casefold(), name)


def _renamed(record: Record, merging: Merging) -> Record:
    name = _name_of(record.service, merging)
    return record if name == record.service else replace(record, service=name)


def _named(deployment: Deployment, merging: Merging) -> Deployment:
    name = _name_of(deployment.service, merging)
    return deployment if name == deployment.service else replace(deployment, service=name)


def _suspecting(alerts: Sequence[Alert], deployments: Sequence[Deployment], window: timedelta) -> tuple[Alert, ...]:
    """Alerts with the deployments they may come from."""
    by_service: dict[str, list[Deployment]] = {}
    for deployment in deployments:
        by_service.setdefault(deployment.service.lower(), []).append(deployment)
    return tuple(
        replace(alert, suspects=suspects_of(alert, by_service[alert.service.lower()], window))
        if alert.service.lower() in by_service
        else alert
        for alert in alerts
    )
