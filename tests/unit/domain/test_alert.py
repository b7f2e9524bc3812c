"""What an alert tells of the records behind it."""

from dataclasses import replace

import pytest

from oncall_tui.domain.alert import STATUS_RANK, SourceKind, Status
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, PROMETHEUS, alert, record


@pytest.mark.parametrize(
    ("service", "title", "headline"),
    [
        ("api", "api: 5xx above 1 %", "5xx above 1 %"),
        ("api", "API: 5xx above 1 %", "5xx above 1 %"),
        ("api", "api-gateway: slow", "api-gateway: slow"),
        ("", ": odd", ": odd"),
    ],
)
def test_a_headline_does_not_repeat_the_service_beside_it(service: str, title: str, headline: str) -> None:
    assert alert(record(service=service, title=title)).headline == headline


def test_what_the_leading_record_does_not_say_is_taken_from_the_next() -> None:
    silent = record(PAGERDUTY)
    telling = replace(
        record(PROMETHEUS, environment="prod", labels={"job": "api"}),
        runbook="https://runbooks/api",
        url="https://prometheus/alerts",
        is_mine=True,
    )
    both = alert(silent, telling)
    assert both.runbook == "https://runbooks/api"
    assert both.url == "https://prometheus/alerts"
    assert both.environment == "prod"
    assert both.labels == {"job": "api"}
    assert both.is_mine


def test_what_nobody_says_is_empty() -> None:
    bare = alert(record())
    assert (bare.runbook, bare.url, bare.environment, bare.labels, bare.is_mine) == (None, None, "", {}, False)


def test_each_kind_of_source_is_named_once() -> None:
    seen = alert(record(PAGERDUTY), record(ALERTMANAGER, "1"), record(ALERTMANAGER, "2"))
    assert seen.source_kinds == (SourceKind.PAGERDUTY, SourceKind.ALERTMANAGER)


def test_every_status_has_a_rank_of_its_own_and_firing_comes_first() -> None:
    assert sorted(STATUS_RANK.values()) == list(range(len(Status)))
    assert min(STATUS_RANK, key=STATUS_RANK.__getitem__) is Status.FIRING
