"""The kinds of source that the contract suite runs over: how one is built, and what its vendor answers.

A further kind is one more ``Kind`` in ``KINDS``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from oncall_tui.config.model import AlertmanagerSettings, PagerDutySettings, PrometheusSettings, SentrySettings
from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.alertmanager import Alertmanager
from oncall_tui.sources.base import Source
from oncall_tui.sources.pagerduty import PagerDuty
from oncall_tui.sources.prometheus import Prometheus
from oncall_tui.sources.retry import Retry
from oncall_tui.sources.sentry import Sentry
from tests.contract.vendor_server import NOW, Answers

TOKEN = "t0p-s3cret-t0ken"


class KnownToken:
    """A resolved secret."""

    def reveal(self) -> str:
        return TOKEN


async def _at_once(_: float) -> None:
    """A pause that takes no time."""


NO_PAUSE = Retry(sleep=_at_once)


@dataclass(frozen=True)
class Kind:
    """One kind of source."""

    kind: SourceKind
    build: Callable[..., Source]
    """A source that speaks to this address (further settings by name) with ``TOKEN``, the time ``NOW``, no pauses."""
    answers: Callable[[str], Answers]
    """What a vendor in trouble answers, path by path; the text is worked into everything that people may write."""
    empty: Answers
    """What a vendor answers that has nothing to tell."""

    def __str__(self) -> str:
        return str(self.kind)


def _prometheus(url: str, *, retry: Retry = NO_PAUSE, **settings: Any) -> Source:
    return Prometheus(
        SourceName("prom"),
        PrometheusSettings(url=url, environment="production", **settings),
        token=KnownToken(),
        headers={},
        severities=SeverityMap(),
        clock=lambda: NOW,
        retry=retry,
    )


def _prometheus_answers(text: str) -> Answers:
    at = NOW.timestamp()
    up = [{"metric": {"__name__": "up", "job": f"api{text}", "instance": f"a:{n}"}, "value": [at, "1"]} for n in "12"]
    alert = {
        "labels": {"alertname": f"High{text}", "job": f"api{text}", "severity": "critical", f"odd{text}": text},
        "annotations": {"summary": f"slow{text}", "description": text, "runbook_url": text},
        "state": "firing",
        "activeAt": "2026-11-21T02:50:00.123456789Z",
        "value": "1e+00",
    }
    rule = {"name": f"Broken{text}", "health": "err", "lastError": text, "type": "alerting"}
    return {
        "/api/v1/query": {
            "status": "success",
            "data": {"resultType": "vector", "result": up},
            "warnings": [f"w{text}"],
        },
        "/api/v1/alerts": {"status": "success", "data": {"alerts": [alert]}},
        "/api/v1/rules": {"status": "success", "data": {"groups": [{"name": "g", "rules": [rule]}]}},
        "/api/v1/status/config": {"status": "success", "data": {"yaml": "global:\n  scrape_interval: 15s\n"}},
    }


def _alertmanager(url: str, *, retry: Retry = NO_PAUSE, **settings: Any) -> Source:
    return Alertmanager(
        SourceName("am"),
        AlertmanagerSettings(url=url, environment="production", **settings),
        token=KnownToken(),
        headers={},
        severities=SeverityMap(),
        clock=lambda: NOW,
        retry=retry,
    )


def _alertmanager_answers(text: str) -> Answers:
    alert = {
        "labels": {"alertname": f"High{text}", "service": f"api{text}", "severity": "critical", f"odd{text}": text},
        "annotations": {"summary": f"slow{text}", "description": text, "runbook_url": text},
        "fingerprint": "7d7c9bb2f4a1c9a1",
        "startsAt": "2026-11-21T02:50:00.123Z",
        "endsAt": "2026-11-21T03:10:00.000Z",
        "generatorURL": f"http://prometheus:9090/graph{text}",
        "receivers": [{"name": "pagerduty"}],
        "status": {"state": "suppressed", "silencedBy": ["s1"], "inhibitedBy": []},
    }
    silence = {"id": "s1", "createdBy": f"jo{text}", "endsAt": "2026-11-21T05:00:00.000Z", "comment": text}
    return {"/api/v2/alerts": [alert], "/api/v2/silences": [silence]}


def _pagerduty(url: str, *, retry: Retry = NO_PAUSE, **settings: Any) -> Source:
    return PagerDuty(
        SourceName("pd"),
        PagerDutySettings(url=url, environment="production", **settings),
        token=KnownToken(),
        headers={},
        severities=SeverityMap(),
        clock=lambda: NOW,
        retry=retry,
    )


def _pagerduty_answers(text: str) -> Answers:
    person = {"id": "PANA", "name": f"Ana{text}", "summary": text, "email": "ana@example.com"}
    incident = {
        "id": "PINC1",
        "incident_number": 7,
        "title": f"slow{text}",
        "description": text,
        "status": "acknowledged",
        "created_at": "2026-11-21T02:50:00Z",
        "incident_key": f"key{text}",
        "html_url": f"https://acme.pagerduty.com/incidents/PINC1{text}",
        "service": {"id": "PSERV", "summary": f"api{text}"},
        "priority": {"summary": f"P1{text}"},
        "urgency": "high",
        "assignments": [{"assignee": person}],
        "acknowledgements": [{"at": "2026-11-21T02:55:00Z", "acknowledger": person}],
    }
    firing = f"Labels:\n - alertname = High{text}\n - odd{text} = {text}\n"
    firing += f"Annotations:\n - summary = s{text}\nSource: {text}\n"
    alert = {"id": "PALERT", "alert_key": f"k{text}", "body": {"details": {"firing": firing, "more": text}}}
    change = {
        "id": "C1",
        "timestamp": "2026-11-21T02:40:00Z",
        "summary": f"Deployed api 2.41.0 to production{text}",
        "services": [{"id": "PSERV", "summary": f"api{text}"}],
        "links": [{"href": f"https://ci.example.com/{text}", "text": text}],
        "custom_details": {"author": f"Ana{text}", "env": f"prod{text}", "status": text},
    }
    policy = {"id": "PPOL", "summary": f"Production{text}"}
    entry = {"id": "R1", "type": "annotate_log_entry", "created_at": "2026-11-21T02:41:00Z", "incident": incident}
    on_call = {"user": person, "escalation_policy": policy, "escalation_level": 1, "schedule": {"summary": text}}
    return {
        "/incidents": {"incidents": [incident], "more": False},
        "/incidents/PINC1": {"incident": incident},
        "/incidents/PINC1/alerts": {"alerts": [alert], "more": False},
        "/change_events": {"change_events": [change], "more": False},
        "/oncalls": {"oncalls": [on_call], "more": False},
        "/escalation_policies": {"escalation_policies": [policy | {"escalation_rules": []}], "more": False},
        "/log_entries": {"log_entries": [entry], "more": False},
        "/users/me": {"user": person},
        "/abilities": {"abilities": ["teams"]},
    }


def _sentry(url: str, *, retry: Retry = NO_PAUSE, **settings: Any) -> Source:
    return Sentry(
        SourceName("sentry"),
        SentrySettings(url=url, organization="acme", environment="production", **settings),
        token=KnownToken(),
        headers={},
        severities=SeverityMap(),
        clock=lambda: NOW,
        retry=retry,
    )


def _sentry_answers(text: str) -> Answers:
    issue = {
        "id": "4711",
        "shortId": f"API-1{text}",
        "title": f"KeyError{text}",
        "culprit": text,
        "permalink": f"https://acme.sentry.io/issues/4711/{text}",
        "level": f"error{text}",
        "status": "unresolved",
        "substatus": "regressed",
        "priority": "high",
        "project": {"id": "7", "slug": f"api{text}", "name": text},
        "metadata": {"type": "KeyError", "value": text},
        "assignedTo": {"type": "user", "name": f"Ana{text}"},
        "count": "214",
        "userCount": 88,
        "firstSeen": "2026-11-20T02:30:00.123Z",
        "lastSeen": "2026-11-21T02:59:00Z",
    }
    back = {"type": "set_regression", "dateCreated": "2026-11-21T02:50:00Z", "data": {"version": f"api@2{text}"}}
    deploy = {
        "id": "1",
        "environment": f"production{text}",
        "dateFinished": "2026-11-21T02:40:00Z",
        "url": f"https://ci.example.com/{text}",
    }
    release = {
        "id": 801,
        "version": f"api@2.41.0{text}",
        "dateCreated": "2026-11-21T02:30:00Z",
        "deployCount": 1,
        "lastDeploy": deploy,
        "lastCommit": {"message": f"Fix{text}", "author": {"name": f"Ana{text}"}},
        "projects": [{"slug": f"api{text}"}],
    }
    organization = "/api/0/organizations/acme/"
    return {
        f"{organization}": {"slug": "acme", "name": f"Acme{text}"},
        f"{organization}issues/": [issue],
        f"{organization}issues/4711/": issue | {"activity": [back]},
        f"{organization}releases/": [release],
    }


KINDS = (
    Kind(
        SourceKind.PROMETHEUS,
        _prometheus,
        _prometheus_answers,
        {
            "/api/v1/query": {"status": "success", "data": {"resultType": "vector", "result": []}},
            "/api/v1/alerts": {"status": "success", "data": {"alerts": []}},
            "/api/v1/rules": {"status": "success", "data": {"groups": []}},
        },
    ),
    Kind(SourceKind.ALERTMANAGER, _alertmanager, _alertmanager_answers, {"/api/v2/alerts": []}),
    Kind(
        SourceKind.PAGERDUTY,
        _pagerduty,
        _pagerduty_answers,
        {
            "/incidents": {"incidents": [], "more": False},
            "/change_events": {"change_events": [], "more": False},
            "/oncalls": {"oncalls": [], "more": False},
            "/escalation_policies": {"escalation_policies": [], "more": False},
        },
    ),
    Kind(
        SourceKind.SENTRY,
        _sentry,
        _sentry_answers,
        {"/api/0/organizations/acme/issues/": [], "/api/0/organizations/acme/releases/": []},
    ),
)
