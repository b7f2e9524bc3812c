"""What the picture itself lacks: checks without data, alerts without a runbook, services and aliases nobody knows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from oncall_tui.cli.doctor.coverage import Coverage
from oncall_tui.cli.doctor.sources import Examined
from oncall_tui.config.model import Config, PrometheusSettings
from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.counts import counted
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Freshness
from oncall_tui.domain.threshold import Level, Reading
from oncall_tui.monitor.board import Merging, compose, empty_board, received
from oncall_tui.sources.base import AlertRule, CheckState, Finding, Report, Spending, Topic
from oncall_tui.sources.checkup import named, some_of
from oncall_tui.sources.registry import watched_by

_ADVICE: Mapping[str, str] = {
    "no data": "The query gives nothing: look at metric and labels, or remove the check.",
    "waits for the request budget": "Raise `budget` or `interval` of the source.",
    "no maximum: threshold not evaluated": "Look at the query of `maximum`.",
}
_ANY_ADVICE = "Try the query in Prometheus."
_ONE_TO_BEGIN = (
    "Begin one with `oncall-tui runbook new`, or add the annotation `runbook_url` to the rules: at night it is the "
    "first thing that is looked for."
)
_WITHOUT_RUNBOOKS = frozenset({SourceKind.SENTRY})
"""Kinds whose alerts have no place for a runbook."""


def picture_findings(
    config: Config, asked: Collection[str], examined: Sequence[Examined], now: datetime, coverage: Coverage
) -> list[Finding]:
    """What is to be said about the picture that the sources gave.

    ``asked`` are the sources that were to be asked; ``examined`` those that could be.
    """
    reports = [one.polls[-1] for one in examined if one.polls and one.polls[-1].records is not None]
    aliases = {alias.casefold(): name for name, one in config.services.items() for alias in one.aliases}
    board = empty_board(Freshness(one.source, one.kind) for one in reports)
    for report in reports:
        board = received(board, report, Spending(0, 0))
    situation = compose(board, 1, now, Merging(aliases))
    readings = [reading for service in situation.services for reading in service.readings]
    return [
        *_checks(sum(_checks_of(name, config) for name in asked), readings),
        *_rules([rule for one in examined for rule in one.rules], coverage),
        *_runbooks(situation.alerts, coverage),
        *_services(config, examined, reports, readings),
    ]


def _checks_of(name: str, config: Config) -> int:
    """How many checks a source evaluates."""
    if not isinstance(config.sources[name], PrometheusSettings):
        return 0
    services, _ = watched_by(name, config)
    return sum(len(service.checks) for service in services.values())


def _checks(configured: int, readings: Sequence[Reading]) -> list[Finding]:
    """Checks by what keeps them from a value. One that is UNKNOWN makes its service UNKNOWN for ever."""
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
        what = "The check has a value." if configured == 1 else f"{good} of {configured} checks have a value."
        found.append(Finding(CheckState.OK, what, topic=Topic.CHECKS))
    if configured > len(readings):
        what = f"{counted(configured - len(readings), 'check')} could not be evaluated: their source does not answer."
        found.append(Finding(CheckState.WARNING, what, "Mend the source first.", Topic.CHECKS))
    return found


def _rules(rules: Sequence[AlertRule], coverage: Coverage) -> list[Finding]:
    """Alert rules without a runbook, before they fire."""
    bare = sorted({rule.name for rule in rules if not coverage.of_rule(rule)})
    if not bare:
        return []
    total = len({rule.name for rule in rules})
    what = f"{some_of(len(bare), total, 'alert rule', 'has', 'have')} no runbook: {named(bare)}."
    return [Finding(CheckState.WARNING, what, _ONE_TO_BEGIN, Topic.RUNBOOKS)]


def _runbooks(alerts: Sequence[Alert], coverage: Coverage) -> list[Finding]:
    """Active alerts without a runbook, where their tools could name one. Prometheus's are told with its rules."""
    able = [one for one in alerts if any(record.kind not in _WITHOUT_RUNBOOKS for record in one.records)]
    bare = [one for one in able if not coverage.of_alert(one)]
    if able and not bare:
        aside = "" if len(able) == len(alerts) else ", those of Sentry aside"
        who = "The active alert has" if len(able) == 1 else f"All {len(able)} active alerts have"
        what = f"{who} a runbook{aside}."
        return [Finding(CheckState.OK, what, topic=Topic.RUNBOOKS)]
    told = [one for one in bare if all(record.kind is not SourceKind.PROMETHEUS for record in one.records)]
    if not told:
        return []
    names = list(dict.fromkeys(_name(one) for one in told))
    what = f"{some_of(len(told), len(able), 'active alert', 'has', 'have')} no runbook: {named(names)}."
    return [Finding(CheckState.WARNING, what, _ONE_TO_BEGIN, Topic.RUNBOOKS)]


def _name(alert: Alert) -> str:
    """What the rule of an alert is called; its title where no tool tells."""
    return next((record.name for record in alert.records if record.name), alert.title)


def _services(
    config: Config, examined: Sequence[Examined], reports: Sequence[Report], readings: Sequence[Reading]
) -> list[Finding]:
    """Services and aliases of the configuration that no tool has a name for."""
    if not config.services or not _is_every_name_told(config, examined, reports):
        return []
    known = {name.casefold() for one in examined for name in one.names or ()} | _named_in(reports)
    measured = {reading.check.service for reading in readings if reading.level is not Level.UNKNOWN}
    strange: list[str] = []
    aliases: list[str] = []
    for name, service in config.services.items():
        unmatched = [alias for alias in service.aliases if alias.casefold() not in known]
        if name in measured or name.casefold() in known or len(unmatched) < len(service.aliases):
            aliases += [f"{alias} ({name})" for alias in unmatched]
        else:
            strange.append(name)
    found: list[Finding] = []
    if strange:
        advice = "Look at the spelling, or add the name that the tools use to `aliases`."
        what = f"Configured, and known to no source: {named(strange)}."
        found.append(Finding(CheckState.WARNING, what, advice, Topic.SERVICES))
    if aliases:
        advice = "Look at the spelling; no target, PagerDuty service or Sentry project is called so."
        what = f"Aliases that match nothing: {named(aliases)}."
        found.append(Finding(CheckState.WARNING, what, advice, Topic.SERVICES))
    fine = f"{counted(len(config.services), 'configured service')}, all known."
    return found or [Finding(CheckState.OK, fine, topic=Topic.SERVICES)]


def _is_every_name_told(config: Config, examined: Sequence[Examined], reports: Sequence[Report]) -> bool:
    """Whether a name that nobody told is known to be wrong: one silent source may be the one that has it.

    Alertmanager lists no services; those of its alerts come from the labels of Prometheus.
    """
    telling = {SourceName(one.name) for one in examined if one.names is not None}
    needed = {one.source for one in reports if one.kind is not SourceKind.ALERTMANAGER}
    return bool(telling) and needed <= telling and len(reports) == len(config.sources)


def _named_in(reports: Iterable[Report]) -> set[str]:
    """The services that alerts and deployments name now."""
    said = [one.records for one in reports if one.records is not None]
    alerts = {alert.service.casefold() for records in said for alert in records.alerts}
    return alerts | {deployment.service.casefold() for records in said for deployment in records.deployments}
