"""Issues of Sentry as records."""

from datetime import UTC, datetime
from typing import Any

import pytest

from oncall_tui.domain.alert import JoinKey, JoinRule, SourceKind, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.sources.sentry.issues import Reading, Regression, is_open, record_of, regression_of

READING = Reading(SourceName("sentry"), SeverityMap(), "production")


def issue(**changes: Any) -> dict[str, Any]:
    """An issue as "List an Organization's Issues" gives it."""
    return {
        "id": "4711",
        "shortId": "CHECKOUT-1",
        "title": "KeyError: 'iban'",
        "culprit": "checkout.pay",
        "permalink": "https://acme.sentry.io/issues/4711/",
        "level": "error",
        "status": "unresolved",
        "statusDetails": {},
        "substatus": "new",
        "priority": "high",
        "project": {"id": "7", "slug": "checkout", "name": "Checkout"},
        "metadata": {"type": "KeyError", "value": "'iban'"},
        "assignedTo": None,
        "count": "214",
        "userCount": 88,
        "firstSeen": "2026-11-20T02:30:00.123Z",
        "lastSeen": "2026-11-20T02:59:00Z",
    } | changes


def test_an_issue_gives_a_record() -> None:
    record = record_of(issue(), None, READING)
    assert (record.id, record.ref, record.kind) == ("4711", "sentry/4711", SourceKind.SENTRY)
    assert record.title == "KeyError: 'iban'"
    assert (record.service, record.environment) == ("checkout", "production")
    assert record.since == datetime(2026, 11, 20, 2, 30, 0, 123_000, tzinfo=UTC)
    assert record.status is Status.FIRING
    assert record.severity is Severity.P3
    assert record.note == "new, 214 events, 88 users"
    assert record.url == "https://acme.sentry.io/issues/4711/"
    assert record.keys == {JoinKey(JoinRule.REFERENCE, "sentry:4711")}
    assert record.labels == {
        "project": "checkout",
        "culprit": "checkout.pay",
        "level": "error",
        "issue": "CHECKOUT-1",
    }
    assert record.name == "", "an error has no alert name to be joined by"


@pytest.mark.parametrize(
    ("level", "priority", "severity"),
    [
        ("fatal", "low", Severity.P2),
        ("warning", "medium", Severity.P4),
        ("info", None, Severity.P5),
        (None, None, Severity.P3),
    ],
)
def test_the_worse_of_level_and_priority_counts(level: Any, priority: Any, severity: Severity) -> None:
    assert record_of(issue(level=level, priority=priority), None, READING).severity is severity


def test_a_regressed_issue_began_when_it_came_back() -> None:
    back = Regression(datetime(2026, 11, 20, 2, 45, tzinfo=UTC), "checkout@2.41.0")
    record = record_of(issue(substatus="regressed", count="3", userCount=1), back, READING)
    assert record.since == back.at
    assert record.note == "regressed in 2.41.0, 3 events, 1 user"


def test_without_the_moment_of_regression_the_last_event_counts() -> None:
    record = record_of(issue(substatus="regressed", count="1", userCount=0), None, READING)
    assert record.since == datetime(2026, 11, 20, 2, 59, tzinfo=UTC)
    assert record.note == "regressed, 1 event"


def test_the_lifetime_of_an_issue_is_more_than_the_asked_period() -> None:
    lifetime = {"firstSeen": "2026-01-01T00:00:00Z", "lastSeen": "2026-11-20T02:59:00Z", "count": "99999"}
    record = record_of(issue(lifetime=lifetime, substatus="escalating"), None, READING)
    assert record.since == datetime(2026, 1, 1, tzinfo=UTC)
    assert record.note == "escalating, 214 events, 88 users"


def test_an_ongoing_issue_needs_no_word_for_it() -> None:
    assert record_of(issue(substatus="ongoing"), None, READING).note == "214 events, 88 users"
    assert record_of(issue(substatus=None, count="many", userCount=None), None, READING).note == ""


def test_an_archived_issue_is_silenced_until_its_time() -> None:
    details = {"ignoreUntil": "2026-11-21T00:00:00Z"}
    record = record_of(
        issue(status="ignored", substatus="archived_until_condition_met", statusDetails=details), None, READING
    )
    assert (record.status, record.silenced_until) == (Status.SILENCED, datetime(2026, 11, 21, tzinfo=UTC))


def test_a_resolved_issue_is_no_trouble() -> None:
    assert not is_open(issue(status="resolved"))
    assert is_open(issue())


def test_assignees_are_people_or_teams() -> None:
    assert record_of(issue(assignedTo={"type": "team", "name": "pay"}), None, READING).assigned_to == ("pay",)
    assert record_of(issue(assignedTo={"email": "a@b.example"}), None, READING).assigned_to == ("a@b.example",)


def test_the_release_is_a_label_where_sentry_tells_it() -> None:
    record = record_of(issue(firstRelease={"version": "checkout@2.40.0"}, lastRelease=None), None, READING)
    assert record.labels["release"] == "checkout@2.40.0"


def test_a_title_is_found_where_there_is_none() -> None:
    assert record_of(issue(title=""), None, READING).title == "KeyError: 'iban'"
    assert record_of(issue(title=None, metadata=None), None, READING).title == "Sentry issue 4711"


def test_foreign_text_is_cleaned() -> None:
    nasty = "disk [/dev/sda1] \x1b[2Jfull\u202e"
    hostile = issue(
        title=nasty, culprit=nasty, project={"slug": nasty}, assignedTo={"name": nasty}, permalink="javascript:alert(1)"
    )
    record = record_of(hostile, None, READING)
    texts = [record.title, record.service, *record.labels.values(), *record.assigned_to, record.summary]
    assert not any(char in text for text in texts for char in "\x1b\u202e")
    assert "[/dev/sda1]" in record.title, "brackets are text"
    assert record.url is None


@pytest.mark.parametrize("broken", [{"id": None}, {"id": ""}, {"firstSeen": None, "lastSeen": "x"}])
def test_an_issue_without_id_or_time_cannot_be_read(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        record_of(issue(**broken), None, READING)


def test_the_newest_regression_in_the_activity_counts() -> None:
    activity = [
        {"type": "set_regression", "dateCreated": "2026-11-01T00:00:00Z", "data": {"version": "old"}},
        {"type": "set_regression", "dateCreated": "2026-11-20T02:45:00Z", "data": None},
        {"type": "note", "dateCreated": "2026-11-20T02:50:00Z"},
        {"type": "set_regression", "dateCreated": None},
    ]
    assert regression_of({"activity": activity}) == Regression(datetime(2026, 11, 20, 2, 45, tzinfo=UTC))
    assert regression_of({"activity": None}) is None
