"""What the picture itself lacks: checks without data, alerts without a runbook, services and aliases nobody knows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from oncall_tui.cli.doctor.sources import Examined
from oncall_tui.config.model import Config
from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Freshness
from oncall_tui.domain.threshold import Level, Reading
from oncall_tui.monitor.board import Merging, compose, empty_board, received
from oncall_tui.sources.base import CheckState, Finding, Report, Spending, Topic
from oncall_tui.sources.checkup import counted, named

_ADVICE: Mapping[str, str] = {
    "no data": "Their queries give nothing: look at metric and labels, or remove them.",
    "waits for the request budget": "Raise `budget` or `interval` of their source.",
    "no maximum: threshold not evaluated": "Look at the query of `maximum`.",
}
_ANY_ADVICE = "Try their queries in Prometheus."
_WITHOUT_RUNBOOKS = frozenset({SourceKind.SENTRY})
"""Kinds whose alerts have no place for a runbook."""


def picture_findings(config: Config, examined: Sequence[Examined], now: datetime) -> list[Finding]:
    """What is to be said about the picture that the sources gave; only about those that answered."""
    reports = [one.polls[-1] for one in examined if one.polls and one.polls[-1].records is not None]
    aliases = {alias.casefold(): name for name, one in config.services.items() for alias in one.aliases}
    board = empty_board(Freshness(one.source, one.kind) for one in reports)
    for report in reports:
        board = received(board, report, Spending(0, 0))
    situation = compose(board, 1, now, Merging(aliases))
    readings = [reading for service in situation.services for reading in service.readings]
    return [
        *_checks(config, readings),
        *_runbooks(situation.alerts),
        *_services(config, examined, reports, readings),
    ]


def _checks(config: Config, readings: Sequence[Reading]) -> list[Finding]:
    """Checks by what keeps them from a value. One that is UNKNOWN makes its service UNKNOWN for ever."""
    configured = sum(len(service.checks) for service in config.services.values())
    without: dict[str, list[str]] = {}
    for reading in readings:
        if reading.level is Level.UNKNOWN:
            without.setdefault(reading.reason, []).append(f"{reading.check.service} {reading.check.name}")
    found = [
        Finding(
            CheckState.WARNING,
            f"{counted(len(names), 'check')} UNKNOWN ({reason}): {named(names)}.",
            _ADVICE.get(reason, _ANY_ADVICE),
            Topic.CHECKS,
        )
        for reason, names in without.items()
    ]
    good = len(readings) - sum(map(len, without.values()))
    if good:
        found.append(
            Finding(CheckState.OK, f"{good} of {counted(configured, 'check')} have a value.", topic=Topic.CHECKS)
        )
    if configured > len(readings):
        what = f"{counted(configured - len(readings), 'check')} could not be evaluated: their source does not answer."
        found.append(Finding(CheckState.WARNING, what, "Mend the source first.", Topic.CHECKS))
    return found


def _runbooks(alerts: Iterable[Alert]) -> list[Finding]:
    """Active alerts whose tools could name a runbook and do not."""
    able = [one for one in alerts if any(record.kind not in _WITHOUT_RUNBOOKS for record in one.records)]
    bare = list(dict.fromkeys(one.title for one in able if one.runbook is None))
    if bare:
        what = f"{len(bare)} of {counted(len(able), 'active alert')} have no runbook: {named(bare, 3)}."
        advice = "Add the annotation `runbook_url` to their rules."
        return [Finding(CheckState.WARNING, what, advice, Topic.RUNBOOKS)]
    if able:
        return [
            Finding(
                CheckState.OK, f"Every one of {counted(len(able), 'active alert')} has a runbook.", topic=Topic.RUNBOOKS
            )
        ]
    return []


def _services(
    config: Config, examined: Sequence[Examined], reports: Sequence[Report], readings: Sequence[Reading]
) -> list[Finding]:
    """Services and aliases of the configuration that no tool has a name for, when every tool told its names.

    Alertmanager lists no services; those of its alerts come from the labels of Prometheus.
    """
    told = [one for one in examined if one.polls]
    lists = {SourceName(one.name) for one in told if one.names is not None}
    silent = {one.source for one in reports if one.kind is not SourceKind.ALERTMANAGER} - lists
    if not config.services or not lists or silent or len(told) < len(config.sources):
        return []
    known = {name.casefold() for one in told for name in one.names or ()} | _named_in(reports)
    measured = {reading.check.service for reading in readings if reading.level is not Level.UNKNOWN}
    strange: list[str] = []
    aliases: list[str] = []
    for name, service in config.services.items():
        unmatched = [alias for alias in service.aliases if alias.casefold() not in known]
        is_known = name in measured or name.casefold() in known or len(unmatched) < len(service.aliases)
        if is_known:
            aliases += [f"{alias} ({name})" for alias in unmatched]
        else:
            strange.append(name)
    found: list[Finding] = []
    if strange:
        what = f"No source knows {counted(len(strange), 'configured service')}: {named(strange)}."
        advice = "Look at the spelling, or add the name that the tools use to `aliases`."
        found.append(Finding(CheckState.WARNING, what, advice, Topic.SERVICES))
    if aliases:
        what = f"{counted(len(aliases), 'alias' if len(aliases) == 1 else 'aliase')} match nothing: {named(aliases)}."
        advice = "Look at the spelling; no target, PagerDuty service or Sentry project is called so."
        found.append(Finding(CheckState.WARNING, what, advice, Topic.SERVICES))
    if not found:
        what = f"Every one of {counted(len(config.services), 'configured service')} is known."
        found.append(Finding(CheckState.OK, what, topic=Topic.SERVICES))
    return found


def _named_in(reports: Iterable[Report]) -> set[str]:
    """The services that alerts and deployments name now."""
    said = [one.records for one in reports if one.records is not None]
    alerts = {alert.service.casefold() for records in said for alert in records.alerts}
    return alerts | {deployment.service.casefold() for records in said for deployment in records.deployments}
