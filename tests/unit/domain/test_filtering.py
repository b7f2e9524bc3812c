"""The filter language: what each field finds, and what is said of terms that nothing can be looked for with."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.alert import Alert, Status, Suspect
from oncall_tui.domain.filter_fields import FIELDS
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.ids import DeploymentId
from oncall_tui.domain.query import matching
from oncall_tui.domain.severity import Severity
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, SENTRY, alert, before, record

SLOW = replace(
    alert(
        replace(
            record(PAGERDUTY, "Q1", title="p95 above 500 ms", service="api", severity=Severity.P1, since=before(9)),
            assigned_to=("Marie Lefort",),
            is_mine=True,
        ),
        replace(
            record(ALERTMANAGER, "f1", name="ApiLatency", environment="prod"),
            labels={"team": "core", "Pod": "api-7f", "severity": "page"},
            runbook="https://w.example/latency",
        ),
    ),
    suspects=(Suspect(DeploymentId("sentry/1"), "api v2", 60.0),),
)
KEY_ERROR = alert(
    record(
        SENTRY, "7", title="KeyError: 'iban' code:500", service="", severity=Severity.P3, since=before(90), note="new"
    )
)
QUEUE = replace(
    alert(
        record(PAGERDUTY, "Q2", title="queue", service="Points API", severity=Severity.P2, since=before(40)),
        record(ALERTMANAGER, "f2", labels={"team": "core-data"}, environment="staging", service="points"),
    ),
    status=Status.ACKNOWLEDGED,
    acknowledged_by="Ada",
)
ALL = (SLOW, KEY_ERROR, QUEUE)


def ids(text: str) -> set[str]:
    """What a filter finds."""
    return {one.id for one in matching(ALL, read_filter(text), NOW)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sev:1", [SLOW]),
        ("sev<=2", [SLOW, QUEUE]),
        ("severity>P2", [KEY_ERROR]),
        ("sev=p1,3", [SLOW, KEY_ERROR]),
        ("sev!=1", [KEY_ERROR, QUEUE]),
        ("-sev<3", [KEY_ERROR]),
        ("age>10m", [KEY_ERROR, QUEUE]),
        ("age<=1h30m", list(ALL)),
        ("age>=1h30m", [KEY_ERROR]),
        ("age<540s", []),
        ("status:firing", [SLOW, KEY_ERROR]),
        ("status:ack", [QUEUE]),
        ("status:ack,fir", list(ALL)),
        ("-status:acknowledged", [SLOW, KEY_ERROR]),
        ("service:api", [SLOW, QUEUE]),
        ("service=api", [SLOW]),
        ("SERVICE=API", [SLOW]),
        ('service="points api"', [QUEUE]),
        ('service:"nts a"', [QUEUE]),
        ("service=points", [QUEUE]),
        ("service!=api", [KEY_ERROR, QUEUE]),
        ("service:iban,points", [QUEUE]),
        ("team:core", [SLOW, QUEUE]),
        ("team=core", [SLOW]),
        ("-team=core", [KEY_ERROR, QUEUE]),
        ("pod:7f", [SLOW]),
        ("label.severity:page", [SLOW]),
        ("severity:1 label.severity=page", [SLOW]),
        ("env:prod", [SLOW]),
        ("env:production", [SLOW]),
        ("env=production", [SLOW]),
        ("env=PROD,dev", [SLOW]),
        ("env=stg", [QUEUE]),
        ("service:api env:prod", [SLOW]),
        ("service:api env:staging", [QUEUE]),
        ("-env=production", [KEY_ERROR, QUEUE]),
        ("env!=stg", [SLOW, KEY_ERROR]),
        ("source:sentry", [KEY_ERROR]),
        ("source=alertmanager", [SLOW, QUEUE]),
        ("id:q2", [QUEUE]),
        ("id=pagerduty/q1", [SLOW]),
        ("alert:latency", [SLOW]),
        ("title:queue", [QUEUE]),
        ("by:ada", [QUEUE]),
        ("to:marie", [SLOW]),
        ("note:new", [KEY_ERROR]),
        ("is:mine", [SLOW]),
        ("is:merged", [SLOW, QUEUE]),
        ("is:suspected", [SLOW]),
        ("has:runbook", [SLOW]),
        ("-has:runbook", [KEY_ERROR, QUEUE]),
        ("has:link", []),
        ("p95 sev:1 -queue", [SLOW]),
        ('"above 500"', [SLOW]),
        ('"500 above"', []),
        ('-"above 500"', [KEY_ERROR, QUEUE]),
        ('"above 500', [SLOW]),
        ("KeyError:", [KEY_ERROR]),
        ("keyerror", [KEY_ERROR]),
        ("code:500", [KEY_ERROR]),
        ("p95<500", []),
        ('"" -"" -', list(ALL)),
    ],
)
def test_a_filter_finds(text: str, found: list[Alert]) -> None:
    wanted = read_filter(text)
    assert wanted.problems == ()
    assert matching(ALL, wanted, NOW) == tuple(found)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sev:9", "severities are 1 to 5, or P1 to P5"),
        ("sev:", "severities are 1 to 5, or P1 to P5"),
        ("sev<1,2", "< takes one severity"),
        ("age:10m", "an age is compared: age>10m, age<=1h30m"),
        ("age>ten", "not a span of time such as 30s, 5m, 1h or 2d"),
        ("status:broken", "status is one of firing, acknowledged, silenced, pending"),
        ("status:", "status is one of firing, acknowledged, silenced, pending"),
        ("status<firing", "status takes : and ="),
        ("is:m", "is is one of mine, suspected, merged, forgotten, silenced, inhibited"),
        ("service:", "service wants a text behind :"),
        ("service:api,", "service wants a text behind :"),
        ("service<api", "service takes : for a part of it and = for all of it"),
        ("label.team:", "team wants a text behind :"),
    ],
)
def test_a_term_that_makes_no_sense_is_told_and_hides_nothing(text: str, reason: str) -> None:
    wanted = read_filter(f"{text} queue")
    assert [str(problem) for problem in wanted.problems] == [f"{text}: {reason}"]
    assert matching(ALL, wanted, NOW) == (QUEUE,)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read(text: str) -> None:
    wanted = read_filter(text)
    assert ids(text) <= {one.id for one in ALL}
    assert wanted.text == text


@given(st.lists(st.sampled_from(["sev<=2", "service:api", "queue", "age>10m", "is:mine", "team=core"]), max_size=4))
def test_terms_narrow_and_their_order_does_not_matter(terms: list[str]) -> None:
    found = ids(" ".join(terms))
    assert found == ids(" ".join(reversed(terms)))
    for term in terms:
        assert found <= ids(term)
        assert ids(f"-{term}") == ids("") - ids(term)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_known(field: str) -> None:
    assert read_filter(f"{field}:").problems


def test_ages_are_those_of_the_moment() -> None:
    wanted = read_filter("age>1h")
    assert matching([QUEUE], wanted, NOW) == ()
    assert matching([QUEUE], wanted, NOW + timedelta(minutes=21)) == (QUEUE,)
