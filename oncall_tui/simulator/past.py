"""The pages of the last thirty days, as data and as what happened to PagerDuty then.

They are of the same alerts as those of the story: Alertmanager would have sent them under the same dedup key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from .alertmanager.alerts import Alert
from .alertmanager.receiver import pagerduty_event
from .alertmanager.routing import PAGERDUTY, dedup_key, group_key, group_labels, route_of
from .catalogue import BY_NAME, DEMO_USER, PEOPLE, Person
from .pagerduty import PagerDuty
from .pagerduty.model import Incident
from .times import last_at_hour

MINUTE, DAY = 60.0, 86_400.0
_NOE, _INES, _HUGO, _SALMA = PEOPLE[1:]


@dataclass(frozen=True, slots=True)
class PastPage:
    """One page and how it ended.

    Attributes:
        days: ago.
        hour: of that day in UTC, with a fraction.
        lasted: minutes.
        alert: its name.
        service: name in the catalogue.
        severity: value of the label.
        by: who acknowledged and resolved it; None when it ended by itself.
        note: what was written in the end.
        escalated: to whom it went when nobody answered.
    """

    days: int
    hour: float
    lasted: float
    alert: str
    service: str
    severity: str = "critical"
    by: Person | None = None
    note: str = ""
    escalated: Person | None = None


# fmt: off
PAGES: tuple[PastPage, ...] = (
    PastPage(28, 13.4, 31, "HighLatencyP95", "api", by=_NOE, note="Vacuum of offers was running; cancelled it."),
    PastPage(27, 2.2, 9, "TargetDown", "worker", "page"),
    PastPage(25, 16.0, 44, "QueueBacklog", "points", "warning", _NOE, "Added two workers until the campaign was over."),
    PastPage(23, 4.6, 12, "HighErrorRate", "banking", "page"),
    PastPage(21, 9.1, 26, "HighErrorRate", "api", "page", _INES, "Rolled back v2.40.4.", _NOE),
    PastPage(20, 22.7, 7, "TargetDown", "push", "page"),
    PastPage(18, 11.8, 18, "HighCpu", "worker", by=_INES, note="A report without an index; index added."),
    PastPage(16, 1.3, 52, "QueueBacklog", "points", "critical", _INES, "Restarted the stuck worker-2.", _HUGO),
    PastPage(14, 15.5, 6, "HighLatencyP95", "partner"),
    PastPage(13, 3.9, 21, "HighErrorRate", "webhook", "page", _HUGO, "The bank's sandbox was down; nothing to do."),
    PastPage(12, 10.2, 11, "TargetDown", "qr", "page"),
    PastPage(11, 14.1, 35, "HighLatencyP95", "api", by=_HUGO, note="Cold cache after the release."),
    PastPage(10, 23.4, 8, "HighErrorRate", "auth", "page"),
    PastPage(9, 23.1, 17, "QueueBacklog", "points", "warning"),
    PastPage(8, 12.3, 29, "HighErrorRate", "api", "page", _SALMA, "Rolled back v2.40.8: N+1 query on offers."),
    PastPage(8, 13.2, 13, "HighLatencyP95", "api", by=_SALMA, note="Same release as the page before."),
    PastPage(6, 2.8, 24, "HighCpu", "worker", by=_SALMA, note="Nightly export moved to 05:00."),
    PastPage(5, 9.7, 5, "TargetDown", "admin", "page"),
    PastPage(4, 17.6, 41, "HighErrorRate", "banking", "page", DEMO_USER, "Provider incident, see their status page."),
    PastPage(3, 0.4, 14, "QueueBacklog", "points", "warning", DEMO_USER, "Drained after the merchant import."),
    PastPage(3, 1.7, 10, "TargetDown", "push", "page", DEMO_USER),
    PastPage(2, 11.2, 14, "HighErrorRate", "api", "page", DEMO_USER, "Rolled back v2.40.9-rc1."),
    PastPage(2, 20.9, 33, "HighLatencyP95", "api", by=DEMO_USER, note="Cache of 30 s in v2.40.9.", escalated=_NOE),
    PastPage(1, 4.1, 6, "HighErrorRate", "webhook", "page"),
    PastPage(1, 15.3, 19, "QueueBacklog", "banking", "warning", DEMO_USER, "SEPA cut-off, as every Friday."),
)
# fmt: on


def events(pagerduty: PagerDuty, started_at: float) -> Iterator[tuple[float, Callable[[], None]]]:
    """What happened, each with its time in seconds relative to the start of the world, in no order."""
    for one in PAGES:
        began_at = last_at_hour(started_at, 0) - one.days * DAY + one.hour * 60 * MINUTE - started_at
        page = _Page(pagerduty, one)
        yield began_at, page.begin
        if one.escalated is not None:
            yield began_at + 4 * MINUTE, partial(page.escalate, one.escalated)
        if one.by is not None:
            yield began_at + 5 * MINUTE, partial(page.take, one.by)
        yield began_at + one.lasted * MINUTE, page.end


class _Page:
    """One page while it is lived through."""

    def __init__(self, pagerduty: PagerDuty, told: PastPage) -> None:
        self._pagerduty = pagerduty
        self._told = told
        self._incident: Incident | None = None

    def begin(self) -> None:
        weeks = self._told.days // 7
        self._pagerduty.called = PEOPLE[weeks % len(PEOPLE)]
        key = self._pagerduty.enqueue(self._event(is_firing=True))
        self._pagerduty.called = DEMO_USER
        self._incident = next(one for one in self._pagerduty.incidents.values() if one.key == key and one.is_open)

    def escalate(self, to: Person) -> None:
        if self._incident is not None:
            self._pagerduty.assign(self._incident, to, [to], level=2)
            self._pagerduty.notify(self._incident, to)

    def take(self, by: Person) -> None:
        if self._incident is not None:
            self._pagerduty.acknowledge(self._incident, by)

    def end(self) -> None:
        if self._incident is not None and self._told.by is None:
            self._pagerduty.enqueue(self._event(is_firing=False))
        elif self._incident is not None and self._told.by is not None:
            if self._told.note:
                self._pagerduty.note(self._incident, self._told.by, self._told.note)
            self._pagerduty.resolve(self._incident, self._told.by)

    def _event(self, *, is_firing: bool) -> dict[str, Any]:
        service = BY_NAME[self._told.service]
        labels = {"alertname": self._told.alert, "severity": self._told.severity, **service.labels}
        now = self._pagerduty.clock()
        alerts = [Alert(labels, {}, now, now, now, "")]
        return pagerduty_event(
            routing_key=service.routing_key,
            dedup_key=dedup_key(group_key(route_of(labels), labels)),
            group=group_labels(labels),
            firing=alerts if is_firing else [],
            resolved=[] if is_firing else alerts,
            external_url="http://alertmanager.example:9093",
            receiver=PAGERDUTY,
        )
