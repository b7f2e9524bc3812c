"""Incidents, on-calls and change events of PagerDuty as records."""

from datetime import UTC, datetime
from typing import Any

import pytest

from oncall_tui.domain.alert import JoinKey, JoinRule, SourceKind, Status
from oncall_tui.domain.deployment import DeploymentStatus
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.sources.fingerprint import fingerprint
from oncall_tui.sources.pagerduty.changes import deployments_of
from oncall_tui.sources.pagerduty.details import IncidentDetails, details_of
from oncall_tui.sources.pagerduty.read import (
    Me,
    Reading,
    acknowledgement_of,
    on_call_of,
    on_calls_in_order,
    record_of,
)
from tests.unit.sources.pagerduty_server import acknowledged, incident

NAME = SourceName("pd")
READING = Reading(NAME, SeverityMap(), "prod", Me("PANA", "Ana Smith"))
LABELS = {"alertname": "HighErrorRate", "service": "checkout", "env": "staging"}
TEXT = (
    "Labels:\n - alertname = HighErrorRate\n - env = staging\n - instance = {0}\n - service = checkout\n"
    "Annotations:\n - description = Errors on every node\n - runbook_url = https://runbooks.example/errors\nSource: u\n"
)


def details(*instances: str) -> IncidentDetails:
    return details_of(
        [{"alert_key": f"k{one}", "body": {"details": {"firing": TEXT.format(one)}}} for one in instances]
    )


def test_a_bare_incident_gives_a_firing_record() -> None:
    record = record_of(incident("PINC1"), IncidentDetails(), READING)
    assert (record.id, record.ref, record.source, record.kind) == ("PINC1", "pd/PINC1", "pd", SourceKind.PAGERDUTY)
    assert record.title == "Trouble PINC1"
    assert record.status is Status.FIRING
    assert record.since == datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    assert record.service == "Checkout"
    assert record.environment == "prod"
    assert record.url == "https://acme.pagerduty.com/incidents/PINC1"
    assert record.note == "#1234"
    assert record.keys == {JoinKey(JoinRule.DEDUP_KEY, "key-PINC1")}
    assert not record.labels
    assert not record.is_mine


def test_what_alertmanager_wrote_gives_name_labels_keys_and_runbook() -> None:
    record = record_of(incident("P1", alert_counts={"all": 2}), details("a", "b"), READING)
    assert record.name == "HighErrorRate"
    assert record.labels == LABELS, "only what every alert of the group shares"
    assert (record.service, record.environment) == ("checkout", "staging")
    assert record.runbook == "https://runbooks.example/errors"
    assert record.summary == "Errors on every node"
    assert record.note == "#1234, 2 alerts"
    marks = {fingerprint(LABELS | {"instance": one}) for one in "ab"}
    assert {key.value for key in record.keys if key.rule is JoinRule.RECEIVER_LABELS} == marks
    assert {key.value for key in record.keys if key.rule is JoinRule.DEDUP_KEY} == {"key-P1", "ka", "kb"}


def test_a_link_to_a_sentry_issue_is_a_reference() -> None:
    found = details_of([{"body": {"details": {"link": "https://acme.sentry.io/issues/77/"}}}])
    record = record_of(incident("P1", incident_key=None), found, READING)
    assert record.keys == {JoinKey(JoinRule.REFERENCE, "sentry:77")}


@pytest.mark.parametrize(
    ("priority", "urgency", "severity", "is_assigned"),
    [
        ({"summary": "P1", "name": "P1"}, "low", Severity.P1, True),
        ({"summary": "SEV-3"}, "high", Severity.P3, True),
        ({"summary": "Purple"}, "low", Severity.P4, False),
        (None, "high", Severity.P2, False),
        (None, None, Severity.P3, False),
    ],
)
def test_a_priority_is_an_assigned_severity_an_urgency_is_not(
    priority: Any, urgency: Any, severity: Severity, is_assigned: bool
) -> None:
    record = record_of(incident("P1", priority=priority, urgency=urgency), IncidentDetails(), READING)
    assert (record.severity, record.severity_is_assigned) == (severity, is_assigned)


def test_the_newest_acknowledgement_counts() -> None:
    given = [
        {"at": "2026-11-20T02:50:00Z", "acknowledger": {"summary": "Second"}},
        {"at": "2026-11-20T02:40:00Z", "acknowledger": {"summary": "First"}},
    ]
    record = record_of(acknowledged("P1") | {"acknowledgements": given}, IncidentDetails(), READING)
    assert record.status is Status.ACKNOWLEDGED
    assert record.acknowledged_by == "Second"
    assert record.acknowledged_at == datetime(2026, 11, 20, 2, 50, tzinfo=UTC)


def test_an_acknowledgement_without_details_still_has_a_time() -> None:
    found = acknowledgement_of(incident("P1", status="acknowledged"))
    assert found is not None
    assert (found.by, found.at) == ("somebody", datetime(2026, 11, 20, 2, 30, tzinfo=UTC))
    assert acknowledgement_of(incident("P1")) is None


def test_assignees_by_name_and_mine_by_id() -> None:
    people = [{"assignee": {"id": "PANA", "summary": "Ana Smith"}}, {"assignee": {"id": "PBOB", "name": "Bob"}}]
    record = record_of(incident("P1", assignments=people), IncidentDetails(), READING)
    assert record.assigned_to == ("Ana Smith", "Bob")
    assert record.is_mine
    assert not record_of(incident("P1", assignments=people), IncidentDetails(), Reading(NAME, SeverityMap())).is_mine


def test_foreign_text_is_cleaned_everywhere() -> None:
    nasty = "\x1b]52;c;AAAA\x07[link]\u202eoops"
    hostile = incident(
        "P1",
        title=nasty,
        service={"summary": nasty},
        assignments=[{"assignee": {"id": "X", "summary": nasty}}],
        html_url="javascript:alert(1)",
        description=nasty,
    )
    found = details_of([{"body": {"details": {"firing": f"Labels:\n - alertname = {nasty}\nAnnotations:\n"}}}])
    record = record_of(hostile, found, READING)
    texts = [record.title, record.service, record.name, *record.assigned_to, *record.labels.values(), record.summary]
    assert all(text for text in texts)
    assert not any(char in text for text in texts for char in "\x1b\x07\u202e")
    assert record.url is None


@pytest.mark.parametrize(
    "broken", [{"id": None}, {"id": ""}, {"id": "P\x1b1"}, {"created_at": None}, {"created_at": "soon"}]
)
def test_an_incident_without_id_or_time_cannot_be_read(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        record_of(incident("P1") | broken, IncidentDetails(), READING)


def test_optional_fields_may_be_null_or_absent() -> None:
    record = record_of({"id": "P1", "created_at": "2026-11-20T02:30:00+02:00"}, IncidentDetails(), READING)
    assert record.title == "PagerDuty incident P1"
    assert record.since == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    empty = dict.fromkeys(("title", "status", "service", "assignments", "acknowledgements", "alert_counts", "urgency"))
    assert record_of(incident("P1") | empty, IncidentDetails(), READING).service == ""


def on_call(user: str, level: int, end: str | None = "2026-11-23T09:00:00Z") -> dict[str, Any]:
    return {
        "user": {"id": f"P{user.upper()}", "summary": user, "name": user},
        "escalation_policy": {"id": "PPOL", "summary": "Payments"},
        "escalation_level": level,
        "schedule": {"summary": "Weekly"} if end else None,
        "end": end,
    }


def test_on_calls_say_who_until_when_and_whether_it_is_me() -> None:
    first = on_call_of(on_call("ana", 1), Me("PANA", "ana"))
    assert (first.user, first.policy, first.level, first.schedule, first.is_me) == (
        "ana",
        "Payments",
        1,
        "Weekly",
        True,
    )
    assert first.until == datetime(2026, 11, 23, 9, tzinfo=UTC)
    forever = on_call_of(on_call("cto", 3, end=None), None)
    assert (forever.until, forever.schedule, forever.is_me) == (None, "", False)
    assert on_calls_in_order([forever, first, first]) == (first, forever)
    with pytest.raises(ValueError):
        on_call_of({"escalation_level": 1}, None)


def change(**fields: Any) -> dict[str, Any]:
    return {
        "id": "CH1",
        "summary": "Something happened",
        "timestamp": "2026-11-20T02:00:00Z",
        "services": [{"id": "PSERV", "summary": "Checkout"}],
    } | fields


def test_custom_details_tell_the_deployment() -> None:
    told = {
        "Service": "checkout",
        "version": "checkout@2.41.0",
        "env": "production",
        "author": {"name": "Ana"},
        "status": "success",
        "started_at": "2026-11-20T01:55:00Z",
    }
    links = [{"href": "javascript:x"}, {"href": "https://ci.example/1", "text": "run"}]
    (one,) = deployments_of(change(custom_details=told, links=links), NAME)
    assert (one.id, one.service, one.version, one.environment) == ("pd/CH1", "checkout", "2.41.0", "production")
    assert (one.author, one.status, one.url) == ("Ana", DeploymentStatus.FINISHED, "https://ci.example/1")
    assert one.started_at == datetime(2026, 11, 20, 1, 55, tzinfo=UTC)
    assert one.label == "checkout 2.41.0"


@pytest.mark.parametrize(
    ("summary", "version", "environment", "author", "status"),
    [
        ("Deployed checkout v2.41.0 to production by @ana.smith", "v2.41.0", "production", "ana.smith", "finished"),
        ("checkout 1.4.0-rc.1 deployed to staging", "1.4.0-rc.1", "staging", "", "finished"),
        ("Deployment of checkout 3.0.1 failed", "3.0.1", "", "", "failed"),
        ("Deploying web 9f8e7d6c5b4a39281706f5e4d3c2b1a098765432 to prod", "9f8e7d6c5b4a", "prod", "", "started"),
        ("Rollout of api 1.2 in progress", "1.2", "", "", "started"),
        ("Build Success - Fix failed retries on start", "", "", "", "finished"),
        ("Increase timeout to 30 seconds", "", "", "", "finished"),
        ("Feature flag new-cart enabled", "", "", "", "finished"),
        ("Moved to 10.0.0.12", "", "", "", "finished"),
    ],
)
def test_a_summary_is_read_the_way_people_write_it(
    summary: str, version: str, environment: str, author: str, status: str
) -> None:
    (one,) = deployments_of(change(summary=summary), NAME)
    assert (one.version, one.environment, one.author, one.status) == (version, environment, author, status)
    assert one.service == "Checkout"
    assert one.summary == summary


def test_an_event_of_several_services_is_a_deployment_of_each() -> None:
    found = deployments_of(change(services=[{"summary": "A"}, {"summary": "B"}, {"summary": "A"}]), NAME, "prod")
    assert [(one.id, one.service, one.environment) for one in found] == [
        ("pd/CH1/A", "A", "prod"),
        ("pd/CH1/B", "B", "prod"),
    ]
    (nameless,) = deployments_of(change(services=None), NAME)
    assert nameless.service == ""


@pytest.mark.parametrize("broken", [{"id": None}, {"timestamp": None}, {"timestamp": "yesterday"}])
def test_an_event_without_id_or_time_cannot_be_read(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        deployments_of(change() | broken, NAME)


def test_annotations_that_all_alerts_of_an_incident_share_are_kept() -> None:
    record = record_of(incident("P1"), details("a:80", "b:80"), READING)
    assert record.annotations == {
        "description": "Errors on every node",
        "runbook_url": "https://runbooks.example/errors",
    }
    assert record_of(incident("P1"), IncidentDetails(), READING).annotations == {}


def test_texts_that_are_drawn_otherwise_are_kept_as_pagerduty_has_them() -> None:
    text = "Labels:\n - alertname = a  b\nAnnotations:\n - note = a\x1bb\nSource: u\n"
    record = record_of(incident("P1"), details_of([{"body": {"details": {"firing": text}}}]), READING)
    assert (record.labels["alertname"], record.raw_labels) == ("a b", (("alertname", "a  b"),))
    assert (record.annotations["note"], record.raw_annotations) == ("a\ufffdb", (("note", "a\x1bb"),))
