"""Alerting rules: the life of an alert from its expression to what Alertmanager is told.

Source: "Alerting rules" in the Prometheus documentation; the states and the retention of resolved
alerts are those of Prometheus 2.x.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from .labels import METRIC_NAME, Labels
from .promql import QueryError, ScalarResult, VectorResult, compile_query, instant_query
from .promql.model import Node, Vector
from .series import SeriesStore
from .templates import expand

AlertState = Literal["inactive", "pending", "firing"]

RESOLVED_RETENTION_S = 900.0
RESEND_DELAY_S = 60.0


@dataclass(frozen=True)
class AlertRule:
    """One alerting rule as it stands in a rules file."""

    name: str
    expr: str
    for_s: float = 0.0
    """How long the expression must hold before the alert fires, in seconds."""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    group: str = "alerts"
    keep_firing_for_s: float = 0.0
    """How long the alert goes on firing after the expression has stopped to hold, in seconds."""


@dataclass(frozen=True)
class AlertNotice:
    """What Prometheus tells Alertmanager of one alert; times are unix seconds."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: float
    ends_at: float | None
    """When it was resolved; None while it fires."""
    generator_url: str


@dataclass
class ActiveAlert:
    """One alert of a rule; times are unix seconds."""

    labels: Labels
    annotations: dict[str, str]
    value: float
    active_at: float
    state: AlertState = "pending"
    fired_at: float | None = None
    keep_firing_since: float | None = None
    resolved_at: float | None = None
    notified_at: float | None = None


@dataclass
class RuleStatus:
    """A rule with its alerts and the outcome of its last evaluation."""

    rule: AlertRule
    alerts: dict[Labels, ActiveAlert] = field(default_factory=dict)
    last_evaluation: float | None = None
    health: Literal["unknown", "ok", "err"] = "unknown"
    last_error: str = ""

    @property
    def active(self) -> list[ActiveAlert]:
        """The pending and firing alerts, in the order they became active."""
        return [alert for alert in self.alerts.values() if alert.state != "inactive"]

    @property
    def state(self) -> AlertState:
        """The strongest state among the alerts."""
        states = {alert.state for alert in self.alerts.values()}
        return "firing" if "firing" in states else "pending" if "pending" in states else "inactive"


class RuleEngine:
    """Evaluates rules against a store and says what fires and what is resolved.

    Args:
        store: where the expressions are evaluated; ``ALERTS`` and ``ALERTS_FOR_STATE`` are written back to it.
        rules: the rules; an expression is compiled once.
        clock: returns unix seconds.
        on_notices: called after an evaluation with what Alertmanager must hear: alerts that began
            to fire, the firing ones again every minute, and the resolved ones.
        external_url: where this Prometheus is reached, for the links back to its graph.
        interval_s: the evaluation interval that the API reports, in seconds.

    Raises:
        QueryError: when a rule's expression is not PromQL.
    """

    def __init__(
        self,
        store: SeriesStore,
        rules: Sequence[AlertRule],
        clock: Callable[[], float],
        on_notices: Callable[[Sequence[AlertNotice]], None] | None = None,
        external_url: str = "http://prometheus.example:9090",
        interval_s: float = 15.0,
    ) -> None:
        self.statuses = [RuleStatus(rule) for rule in rules]
        self._given: list[RuleStatus] = []
        self.external_url = external_url
        self.interval_s = interval_s
        self.on_notices = on_notices
        self._store = store
        self._clock = clock
        self._nodes: list[Node] = [compile_query(rule.expr) for rule in rules]
        self._written: set[Labels] = set()

    def evaluate(self, t: float | None = None) -> list[AlertNotice]:
        """Evaluate every rule at *t* (unix seconds, the clock's time by default).

        Returns what Alertmanager is told; the callback is given the same.
        """
        now = self._clock() if t is None else t
        notices: list[AlertNotice] = []
        for status, node in zip(self._evaluated, self._nodes, strict=True):
            self._evaluate_rule(status, node, now)
            notices.extend(self._notices(status, now))
        for status in self._given:
            status.last_evaluation = now
            notices.extend(self._notices(status, now))
        self._write_series(now)
        if notices and self.on_notices is not None:
            self.on_notices(notices)
        return notices

    def give(self, statuses: Sequence[RuleStatus]) -> None:
        """Take rules that are not evaluated: whoever gives them says which of their alerts are active.

        They are shown and Alertmanager is told of them like any other; ``ALERTS`` series are not written for them.
        """
        self._given.extend(statuses)
        self.statuses.extend(statuses)

    @property
    def _evaluated(self) -> Sequence[RuleStatus]:
        return self.statuses[: len(self._nodes)]

    def active_alerts(self) -> list[ActiveAlert]:
        """Return the pending and firing alerts of all rules."""
        return [alert for status in self.statuses for alert in status.active]

    def generator_url(self, rule: AlertRule) -> str:
        """Return the link to the graph of the rule's expression."""
        return f"{self.external_url}/graph?{urlencode({'g0.expr': rule.expr, 'g0.tab': '1'})}"

    def _evaluate_rule(self, status: RuleStatus, node: Node, now: float) -> None:
        status.last_evaluation = now
        try:
            found = _candidates(status.rule, _vector(instant_query(self._store, node, now)), now)
        except QueryError as problem:
            status.health, status.last_error = "err", problem.message
            return
        status.health, status.last_error = "ok", ""
        for labels, candidate in found.items():
            known = status.alerts.get(labels)
            if known is None or known.state == "inactive":
                status.alerts[labels] = candidate
            else:
                known.value, known.annotations = candidate.value, candidate.annotations
                known.keep_firing_since = None
        _advance(status, set(found), now)

    def _notices(self, status: RuleStatus, now: float) -> list[AlertNotice]:
        notices = []
        for alert in status.alerts.values():
            if alert.fired_at is None or not _is_due(alert, now):
                continue
            alert.notified_at = now
            url = self.generator_url(status.rule)
            annotations = dict(alert.annotations)
            notices.append(AlertNotice(alert.labels, annotations, alert.fired_at, alert.resolved_at, url))
        return notices

    def _write_series(self, now: float) -> None:
        current: dict[Labels, float] = {}
        for alert in (alert for status in self._evaluated for alert in status.active):
            current[alert.labels.updated({METRIC_NAME: "ALERTS", "alertstate": alert.state})] = 1.0
            current[alert.labels.updated({METRIC_NAME: "ALERTS_FOR_STATE"})] = alert.active_at
        for labels, value in current.items():
            self._store.append(labels, now, value)
        for labels in self._written - current.keys():
            self._store.series(labels).mark_stale(now)
        self._written = set(current)


def _vector(result: object) -> Vector:
    match result:
        case VectorResult(samples=samples):
            return samples
        case ScalarResult(value=value):
            return [(Labels({}), value)]
    raise QueryError("execution", "rule result is not a vector or scalar")


def _candidates(rule: AlertRule, vector: Vector, now: float) -> dict[Labels, ActiveAlert]:
    """Return an alert for each sample: its labels without the name, then the rule's, then alertname."""
    found: dict[Labels, ActiveAlert] = {}
    for labels, value in vector:
        own = {name: expand(text, labels, value) for name, text in rule.labels.items()}
        merged = labels.nameless().updated({**own, "alertname": rule.name})
        if merged in found:
            message = "vector contains metrics with the same labelset after applying alert labels"
            raise QueryError("execution", message)
        annotations = {name: expand(text, labels, value) for name, text in rule.annotations.items()}
        found[merged] = ActiveAlert(merged, annotations, value, now)
    return found


def _advance(status: RuleStatus, present: set[Labels], now: float) -> None:
    for labels, alert in list(status.alerts.items()):
        if labels in present:
            if alert.state == "pending" and now - alert.active_at >= status.rule.for_s:
                alert.state, alert.fired_at = "firing", now
        elif alert.state == "pending" or _is_forgotten(alert, now):
            del status.alerts[labels]
        elif alert.state == "firing" and not _is_kept(status.rule, alert, now):
            alert.state, alert.resolved_at = "inactive", now


def _is_kept(rule: AlertRule, alert: ActiveAlert, now: float) -> bool:
    if rule.keep_firing_for_s <= 0:
        return False
    if alert.keep_firing_since is None:
        alert.keep_firing_since = now
    return now - alert.keep_firing_since < rule.keep_firing_for_s


def _is_forgotten(alert: ActiveAlert, now: float) -> bool:
    return alert.resolved_at is not None and now - alert.resolved_at > RESOLVED_RETENTION_S


def _is_due(alert: ActiveAlert, now: float) -> bool:
    """Return whether Alertmanager must hear of *alert*: a change, or the minute is over."""
    if alert.notified_at is None:
        return True
    if alert.resolved_at is not None and alert.resolved_at > alert.notified_at:
        return True
    return now - alert.notified_at >= RESEND_DELAY_S
