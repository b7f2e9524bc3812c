"""A crowd beside the story: a thousand services and ten thousand alerts, to see how the screen bears it.

The alerts are spread over the four vendors and live: every minute one in twenty changes. They are given to the rule
engine instead of evaluated, because thousands of expressions every two seconds would keep a whole core busy.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from . import crowd_names as names
from .alertmanager import Alertmanager
from .catalogue import APPLICATIONS, ENVIRONMENT, PEOPLE, SERVICES, Service
from .labels import Labels
from .pagerduty import PagerDuty
from .pagerduty.model import Incident
from .rules import RESEND_DELAY_S, ActiveAlert, AlertRule, RuleEngine, RuleStatus
from .sentry import Sentry
from .sentry.model import Issue
from .series import SeriesStore

CHANGED_PER_MINUTE = 0.05
"""Part of the alerts that change in one minute, unless it is asked for another."""

DOWN_SHARE = 0.005
"""Part of the further services that cannot be scraped."""

MOST_ISSUES = 900
"""A client that reads ten pages of issues sees them all, beside those of the story."""

_OLDEST_S = 10 * 3600.0
_FOREIGN_S = 86_400.0
"""Who else posts to Alertmanager says by itself when an alert ends."""

_PAGED = 100
"""One in so many alerts of the rules pages."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How many alerts each vendor holds; those of the rules are Alertmanager's too."""

    rules: int
    foreign: int
    incidents: int
    issues: int

    @classmethod
    def of(cls, alerts: int) -> Shares:
        """Three in ten are PagerDuty's, one in ten Sentry's, 15 % come from elsewhere, the rules have the rest."""
        incidents, foreign, issues = alerts * 3 // 10, alerts * 15 // 100, min(alerts // 10, MOST_ISSUES)
        return cls(alerts - incidents - foreign - issues, foreign, incidents, issues)


class Crowd:
    """The further services and alerts of one world.

    Args:
        services: how many services there are in all, those of the story included.
        alerts: how many alerts there are beside those of the story.
        rng: seeded.
        churn: part of the alerts that change in one minute.

    Raises:
        ValueError: there are not so many names.
    """

    def __init__(self, services: int, alerts: int, rng: random.Random, churn: float = CHANGED_PER_MINUTE) -> None:
        if services > names.MOST_SERVICES:
            raise ValueError(f"no more than {names.MOST_SERVICES:,} services can be simulated")
        self.services = names.further_services(max(services - len(SERVICES), 0))
        self.down = frozenset(one.name for one in self.services[: round(len(self.services) * DOWN_SHARE)])
        self._rng = rng
        self._shares = Shares.of(alerts)
        self._places: Sequence[Service] = self.services or APPLICATIONS
        self._churn = churn
        self._owed = 0.0
        self._serial = 0
        self._up: list[tuple[Callable[[int, float], None], str]] = []
        self._members: list[_Member] = []

    def open_series(self, store: SeriesStore) -> None:
        """Give every service its `up`: all that the discovery of services asks for."""
        self._up = [(store.series({"__name__": "up", **one.labels}).append_ms, one.name) for one in self.services]

    def write(self, t: float, down: frozenset[str]) -> None:
        """One sample of `up` for every service; `t` in epoch seconds."""
        t_ms = round(t * 1000)
        for append, name in self._up:
            append(t_ms, 0.0 if name in self.down or name in down else 1.0)

    def gather(self, engine: RuleEngine, alertmanager: Alertmanager, pagerduty: PagerDuty, sentry: Sentry) -> None:
        """Let all the alerts be there, as if they had come one by one over the last ten hours."""
        statuses = [_given(*rule) for rule in names.RULES]
        engine.give(statuses)
        self._members = [
            _Rules(self, engine, statuses, alertmanager, self._shares.rules),
            _Foreign(self, alertmanager, self._shares.foreign),
            _Incidents(self, pagerduty, self._shares.incidents),
            _Issues(self, sentry, self._shares.issues),
        ]
        for member in self._members:
            for _ in range(member.count):
                member.add(member.now() - self._rng.uniform(60.0, _OLDEST_S))

    def turn(self, dt: float) -> None:
        """Change what changes in `dt` seconds."""
        members = [one for one in self._members if one.count]
        if not members:
            return
        self._owed += sum(one.count for one in members) * self._churn * dt / 60.0
        while self._owed >= 1.0:
            self._owed -= 1.0
            self._rng.choices(members, [one.count for one in members])[0].change()

    def pick(self, count: int) -> int:
        """A number below ``count``."""
        return self._rng.randrange(count)

    def next(self) -> tuple[int, Service]:
        """A number that no alert had before, and the service it is on."""
        self._serial += 1
        return self._serial, self._places[self._serial % len(self._places)]


class _Member(ABC):
    """The part of the alerts that one vendor holds."""

    def __init__(self, crowd: Crowd, now: Callable[[], float], count: int) -> None:
        self.crowd, self.now, self.count = crowd, now, count

    @abstractmethod
    def add(self, since: float) -> None:
        """One more alert, active since then (epoch seconds)."""

    @abstractmethod
    def change(self) -> None:
        """Something happens to one of them; as many are active afterwards."""


class _Rules(_Member):
    """What Prometheus evaluates and sends to Alertmanager."""

    def __init__(
        self,
        crowd: Crowd,
        engine: RuleEngine,
        statuses: Sequence[RuleStatus],
        alertmanager: Alertmanager,
        count: int,
    ) -> None:
        super().__init__(crowd, alertmanager.clock, count)
        self._engine, self._statuses, self._alertmanager = engine, statuses, alertmanager
        self._firing: list[tuple[RuleStatus, Labels]] = []

    def add(self, since: float) -> None:
        number, service = self.crowd.next()
        status = self._statuses[number % len(self._statuses)]
        rule, now = status.rule, self.now()
        labels = Labels(
            {
                **service.labels,
                "alertname": rule.name,
                "severity": "page" if number % _PAGED == 0 else rule.labels["severity"],
                "pod": f"{service.name}-{number:05x}",
            }
        )
        annotations = {
            "summary": f"{service.name}: {rule.annotations['summary']}",
            "description": f"Pod {service.name}-{number:05x} of team {service.team}.",
            "runbook_url": f"https://runbooks.rewapp.example/{rule.name.lower()}",
        }
        # Told to Alertmanager again every minute, each in its own second of it.
        told_at = now - self.crowd.pick(round(RESEND_DELAY_S))
        status.alerts[labels] = ActiveAlert(
            labels, annotations, float(number), since, "firing", fired_at=since, notified_at=told_at
        )
        self._firing.append((status, labels))
        self._alertmanager.receive(labels, annotations, since, None, self._engine.generator_url(rule))

    def change(self) -> None:
        """One is over, another begins."""
        status, labels = self._firing.pop(self.crowd.pick(len(self._firing)))
        over, now = status.alerts.pop(labels), self.now()
        url = self._engine.generator_url(status.rule)
        self._alertmanager.receive(labels, over.annotations, over.fired_at, now, url)
        self.add(now)


class _Foreign(_Member):
    """What something else posts to Alertmanager."""

    def __init__(self, crowd: Crowd, alertmanager: Alertmanager, count: int) -> None:
        super().__init__(crowd, alertmanager.clock, count)
        self._alertmanager = alertmanager
        self._active: list[tuple[Mapping[str, str], Mapping[str, str], float]] = []

    def add(self, since: float) -> None:
        number, service = self.crowd.next()
        name, severity, words = names.FOREIGN_ALERTS[number % len(names.FOREIGN_ALERTS)]
        labels = {
            "alertname": name,
            "service": service.name,
            "severity": severity,
            "env": ENVIRONMENT,
            "check": f"c{number:05x}",
        }
        annotations = {"summary": f"{service.name}: {words}"}
        self._active.append((labels, annotations, since))
        self._alertmanager.receive(labels, annotations, since, self.now() + _FOREIGN_S)

    def change(self) -> None:
        """One is over, another begins."""
        labels, annotations, since = self._active.pop(self.crowd.pick(len(self._active)))
        self._alertmanager.receive(labels, annotations, since, self.now())
        self.add(self.now())


class _Incidents(_Member):
    """What other tools opened in PagerDuty."""

    def __init__(self, crowd: Crowd, pagerduty: PagerDuty, count: int) -> None:
        super().__init__(crowd, pagerduty.clock, count)
        self._pagerduty = pagerduty
        self._open: list[Incident] = []

    def add(self, since: float) -> None:
        number, service = self.crowd.next()
        title, priority = names.PAGES[number % len(names.PAGES)]
        incident = self._pagerduty.open_incident(f"{title} ({service.name} {number})", service, priority=priority)
        incident.created_at = incident.changed_at = since
        self._open.append(incident)

    def change(self) -> None:
        """Somebody takes one up; what was taken up before is over, and another begins."""
        place = self.crowd.pick(len(self._open))
        incident, by = self._open[place], PEOPLE[place % len(PEOPLE)]
        if incident.status == "triggered":
            self._pagerduty.acknowledge(incident, by)
            return
        self._pagerduty.resolve(incident, by)
        del self._open[place], self._pagerduty.incidents[incident.id]
        self.add(self.now())


class _Issues(_Member):
    """Errors that Sentry has grouped."""

    def __init__(self, crowd: Crowd, sentry: Sentry, count: int) -> None:
        super().__init__(crowd, sentry.clock, count)
        self._sentry = sentry
        self._issues: list[Issue] = []

    def add(self, since: float) -> None:
        number, _ = self.crowd.next()
        project = APPLICATIONS[number % len(APPLICATIONS)]
        kind, value, culprit = names.ERRORS[number % len(names.ERRORS)]
        self._issues.append(
            self._sentry.add_issue(
                project,
                kind=kind,
                value=f"{value} (case {number})",
                culprit=culprit,
                level="error",
                priority="high" if number % 5 == 0 else "medium",
                substatus="ongoing",
                events=1 + number % 900,
                users=number % 70,
                first_seen=since,
                last_seen=self.now(),
                first_release=project.release,
                frames=(("src/main.ts", "main", number % 400, "  run();"),),
            )
        )

    def change(self) -> None:
        """It happens again."""
        issue = self._issues[self.crowd.pick(len(self._issues))]
        issue.count, issue.last_seen = issue.count + 1 + self.crowd.pick(9), self.now()


def _given(name: str, severity: str, summary: str, group: str) -> RuleStatus:
    rule = AlertRule(name, f"platform:{name} > 0", 60.0, {"severity": severity}, {"summary": summary}, group)
    return RuleStatus(rule, health="ok")
