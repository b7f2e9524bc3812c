"""The world that moves: metrics, rules, Alertmanager, PagerDuty and Sentry on one clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from . import past, story
from .alertmanager import Alertmanager
from .alertmanager.matchers import Matcher
from .alertmanager.routing import GROUP_WAIT_S
from .catalogue import BY_NAME, DEMO_USER, ENVIRONMENT, SERVICES, Service
from .crowd import CHANGED_PER_MINUTE, Crowd
from .effects import Effects, effects_at
from .metrics import Metrics
from .pagerduty import PagerDuty
from .rulebook import OTHER_RULES, RULES
from .rules import AlertNotice, RuleEngine
from .sentry import Sentry
from .series import SeriesStore
from .story import Deployment, SentryIssue
from .times import Clock

DEFAULT_TICK_S = 2.0
COARSE_STEP_S, FINE_STEP_S, FINE_FROM_S = 60.0, 10.0, -600.0
"""History is one sample a minute for 24 h; the last ten minutes are finer, so that short windows see a rate."""

MAX_STEPS = 300
"""A clock that jumped (a laptop that slept) is caught up in at most so many steps."""


class World:
    """Everything the four vendors tell about.

    Args:
        clock: epoch seconds.
        seed: the same seed and clock give the same world.
        with_incident: whether the bad release of api happens.
        tick_s: seconds between scrapes and rule evaluations.
        old_incidents: further open incidents in PagerDuty.
        history_s: seconds of metrics before the start, at least one hour, which the scene needs.
        services: how many services there are in all; those of the story are always there.
        alerts: how many alerts there are beside those of the story (see `crowd`).
        churn: part of those that changes in one minute.
        with_past: whether PagerDuty has the pages of the last thirty days.
        with_all: whether database, QR codes and logins have their own incidents, too.
        prometheus_url: base of the links back to Prometheus.
        alertmanager_url: base of the links back to Alertmanager.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int = 1,
        with_incident: bool = True,
        tick_s: float = DEFAULT_TICK_S,
        old_incidents: int = 0,
        history_s: float = story.DAY,
        services: int = 0,
        alerts: int = 0,
        churn: float = CHANGED_PER_MINUTE,
        with_past: bool = False,
        with_all: bool = False,
        prometheus_url: str = "http://prometheus.example:9090",
        alertmanager_url: str = "http://alertmanager.example:9093",
    ) -> None:
        self._clock = clock
        self._at: float | None = None
        self.started_at = clock()
        self.tick_s = tick_s
        self.with_incident = with_incident
        self._with_all = with_all
        self.down: set[str] = set()
        self._rollbacks: dict[str, float] = {}
        self.deployed: list[tuple[float, Deployment]] = []
        """When, in epoch seconds, and what: the oldest first."""
        self.store = SeriesStore()
        self.metrics = Metrics(self.store, random.Random(seed))
        self._crowd = Crowd(services, alerts, random.Random(seed + 4), churn)
        self._crowd.open_series(self.store)
        self.services: tuple[Service, ...] = (*SERVICES, *self._crowd.services)
        self.pagerduty = PagerDuty(self.now, random.Random(seed + 1), self.services)
        self.sentry = Sentry(self.now, random.Random(seed + 2))
        self.alertmanager = Alertmanager(self.now, random.Random(seed + 3), self._page, alertmanager_url, self.services)
        self.engine = RuleEngine(
            self.store,
            (*RULES, *(OTHER_RULES if with_all else ())),
            self.now,
            self._notify,
            external_url=prometheus_url,
            interval_s=tick_s,
        )
        self._last = self._backfill(history_s)
        self._set_scene(old_incidents, with_past=with_past)
        self._crowd.gather(self.engine, self.alertmanager, self.pagerduty, self.sentry)
        self._ahead = self._incident() if with_incident else []

    def now(self) -> float:
        """Epoch seconds; inside a step, the moment of the step."""
        return self._clock() if self._at is None else self._at

    @property
    def last_scrape(self) -> float:
        """Epoch seconds of the last samples."""
        return self._last

    @property
    def age_s(self) -> float:
        """Seconds since the world started."""
        return self.now() - self.started_at

    def advance(self) -> None:
        """Bring the world to the present in steps of at most one tick (longer after a long gap)."""
        present = self._clock()
        gap = present - self._last
        if gap <= 0:
            return
        step = max(self.tick_s, gap / MAX_STEPS)
        while self._last < present:
            self._step(min(self._last + step, present))

    def is_down(self, service: str) -> bool:
        """Whether a service cannot be scraped."""
        return service in self.down or service in self._crowd.down

    def rollback(self, service: str) -> None:
        """Put a service's former version back; its trouble is over some 40 s later.

        Raises:
            KeyError: no such service.
        """
        known = BY_NAME[service]
        version = story.ROLLED_BACK_TO if service == "api" else known.version
        self._rollbacks[service] = self.age_s
        if version:
            message = f"Roll back to v{version}"
            self.deploy(Deployment(service, version, self.age_s, DEMO_USER, message, took=0.0, is_rollback=True))

    def mend(self, service: str) -> None:
        """What somebody did about a service's trouble works; it is over some 40 s later."""
        self._rollbacks[service] = self.age_s

    def deploy(self, deployment: Deployment) -> None:
        """Tell Sentry and PagerDuty of a deployment that finishes now."""
        service, finished = BY_NAME[deployment.service], self.now()
        self.deployed.append((finished, deployment))
        started = finished - deployment.took
        release = self.sentry.add_deploy(
            service, deployment.version, deployment.author, deployment.summary, started, finished
        )
        what = "rolled back to" if deployment.is_rollback else "deployed"
        self.pagerduty.change(
            service,
            f"{service.name} {what} v{deployment.version} in {ENVIRONMENT}: {deployment.summary}",
            "ci.rewapp.example",
            {
                "service": service.name,
                "version": deployment.version,
                "environment": ENVIRONMENT,
                "author": deployment.author.name,
                "author_email": deployment.author.email,
                "commit": release.commit,
                "status": "finished",
                "kind": "rollback" if deployment.is_rollback else "release",
                "duration_s": deployment.took,
            },
            release.deploys[0].url,
        )

    def effects(self) -> Effects:
        """What is wrong at this moment."""
        return effects_at(
            self.age_s, with_incident=self.with_incident, rollbacks=self._rollbacks, with_all=self._with_all
        )

    # -- inside

    def _step(self, moment: float) -> None:
        while self._ahead and self.started_at + self._ahead[0][0] <= moment:
            when, happen = self._ahead.pop(0)
            self._during(self.started_at + when, happen)
        dt, self._last = moment - self._last, moment
        self._during(moment, partial(self._live, dt))

    def _live(self, dt: float) -> None:
        now = self.now()
        self.metrics.write(now, dt, self.effects(), frozenset(self.down))
        self._crowd.write(now, frozenset(self.down))
        self._crowd.turn(dt)
        self.engine.evaluate(now)
        self.alertmanager.flush()
        self.pagerduty.wake()
        self.sentry.grow(dt, frozenset(self._rollbacks))

    def _during(self, moment: float, happen: Callable[[], None]) -> None:
        self._at = moment
        try:
            happen()
        finally:
            self._at = None

    def _backfill(self, history_s: float) -> float:
        """The samples before the start, the last of them at the start."""
        relative = -history_s
        dt = COARSE_STEP_S
        while relative <= 0.0:
            effects = effects_at(relative, with_incident=False, rollbacks={})
            self.metrics.write(self.started_at + relative, dt, effects)
            if relative >= story.REPLAY_FROM - COARSE_STEP_S:
                self._crowd.write(self.started_at + relative, frozenset())
            dt = FINE_STEP_S if relative >= FINE_FROM_S else COARSE_STEP_S
            relative += dt
        return self.started_at

    def _set_scene(self, old_incidents: int, *, with_past: bool) -> None:
        """Live through the past days: deployments, rules, the page on points, the silence, the issues."""
        events: list[tuple[float, Callable[[], None]]] = []
        for deployment in story.HISTORY:
            events.append((deployment.finished, partial(self.deploy, deployment)))
        steps = int(-story.REPLAY_FROM / COARSE_STEP_S)
        for index in range(steps):
            moment = story.REPLAY_FROM + index * COARSE_STEP_S
            events.append((moment, self._evaluate_quietly))
            events.append((moment + GROUP_WAIT_S, self.alertmanager.flush))
        events.append((story.SILENCED_AT, self._silence_redis))
        events.append((story.ACKNOWLEDGED_AT + 1.0, self._acknowledge_points))
        for number in range(old_incidents):
            age = 2 * story.HOUR + number * (20 * story.DAY / max(1, old_incidents))
            events.append((-age, partial(self._old_incident, number)))
        if with_past:
            events += past.events(self.pagerduty, self.started_at)
        for relative, happen in sorted(events, key=lambda event: event[0]):
            self._during(self.started_at + relative, happen)
        self._during(self.started_at, self._evaluate_quietly)
        for issue in story.SCENE_ISSUES:
            self._add_issue(issue)

    def _incident(self) -> list[tuple[float, Callable[[], None]]]:
        bad = story.BAD_DEPLOYMENT
        return [
            (bad.finished, partial(self.deploy, bad)),
            (story.SENTRY_ISSUE_AT, partial(self._add_issue, story.API_ISSUE)),
        ]

    def _evaluate_quietly(self) -> None:
        self.engine.evaluate(self.now())

    def _notify(self, notices: Sequence[AlertNotice]) -> None:
        for notice in notices:
            self.alertmanager.receive(
                notice.labels, notice.annotations, notice.starts_at, notice.ends_at, notice.generator_url
            )

    def _page(self, event: Mapping[str, Any]) -> None:
        self.pagerduty.enqueue(event)

    def _silence_redis(self) -> None:
        matchers = (Matcher("alertname", "RedisMemoryHigh"), Matcher("service", "redis-cache"))
        ends_at = self.started_at + story.SILENCE_ENDS
        self.alertmanager.silences.add(matchers, self.now(), ends_at, "ops", story.SILENCE_COMMENT)

    def _acknowledge_points(self) -> None:
        for incident in self.pagerduty.incidents.values():
            if incident.service.name == "points" and incident.status == "triggered":
                self.pagerduty.acknowledge(incident, DEMO_USER)

    def _old_incident(self, number: int) -> None:
        service = SERVICES[number % len(SERVICES)]
        title = f"Disk usage above 80 % on {service.name}-{number}"
        self.pagerduty.open_incident(title, service, priority="P4" if number % 3 else "P3")

    def _add_issue(self, issue: SentryIssue) -> None:
        self.sentry.add_issue(
            BY_NAME[issue.project],
            kind=issue.kind,
            value=issue.value,
            culprit=issue.culprit,
            level=issue.level,
            priority=issue.priority,
            substatus=issue.substatus,
            events=issue.events,
            users=issue.users,
            first_seen=self.started_at + issue.first_seen,
            last_seen=self.started_at + issue.last_seen,
            first_release=f"{issue.project}@{issue.release}",
            frames=issue.frames,
            events_per_s=issue.events_per_s,
        )
