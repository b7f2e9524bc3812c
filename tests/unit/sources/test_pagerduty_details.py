"""What the alerts of an incident say: Alertmanager's text and JSON, dedup keys, Sentry addresses."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.sources.fingerprint import fingerprint
from oncall_tui.sources.pagerduty.details import FiringAlert, details_of, firing_alerts, sentry_issues

TWO_ALERTS = """Labels:
 - alertname = HighErrorRate
 - instance = 10.0.0.1:9090
 - service = checkout
Annotations:
 - runbook_url = https://runbooks.example/errors
 - summary = 5xx over 1 % = too many
Source: http://prometheus:9090/graph?g0.expr=rate&g0.tab=1
Labels:
 - alertname = HighErrorRate
 - instance = 10.0.0.2:9090
 - service = checkout
Annotations:
Source: http://prometheus:9090/graph?g0.expr=rate&g0.tab=1
"""


def alertmanager_text(alerts: list[FiringAlert]) -> str:
    """The text as Alertmanager's ``__text_alert_list`` template writes it."""
    text = ""
    for alert in alerts:
        text += "Labels:\n" + "".join(f" - {name} = {value}\n" for name, value in sorted(alert.labels.items()))
        text += "Annotations:\n" + "".join(
            f" - {name} = {value}\n" for name, value in sorted(alert.annotations.items())
        )
        text += f"Source: {alert.generator}\n"
    return text


def test_the_text_form_gives_each_alert_with_labels_annotations_and_source() -> None:
    first, second = firing_alerts({"firing": TWO_ALERTS, "num_firing": "2", "resolved": ""})
    assert first.labels == {"alertname": "HighErrorRate", "instance": "10.0.0.1:9090", "service": "checkout"}
    assert first.annotations["summary"] == "5xx over 1 % = too many"
    assert first.generator == "http://prometheus:9090/graph?g0.expr=rate&g0.tab=1"
    assert second.labels["instance"] == "10.0.0.2:9090"
    assert second.annotations == {}


def test_a_value_with_line_breaks_stays_whole_and_the_end_adds_none() -> None:
    text = "Labels:\n - alertname = A\n - query = first\n\nsecond\nAnnotations:\n - summary = one\ntwo\n\n"
    (alert,) = firing_alerts({"firing": text})
    assert alert.labels == {"alertname": "A", "query": "first\n\nsecond"}
    assert alert.annotations == {"summary": "one\ntwo"}


def test_windows_line_ends_do_not_change_the_labels() -> None:
    (alert,) = firing_alerts({"firing": "Labels:\r\n - alertname = A\r\nAnnotations:\r\nSource: x\r\n"})
    assert alert.labels == {"alertname": "A"}


@pytest.mark.parametrize("as_text", [True, False])
def test_the_json_form_of_later_alertmanagers_is_read_nested_or_as_text(as_text: bool) -> None:
    firing: Any = [
        {
            "status": "firing",
            "labels": {"alertname": "A", "n": "1"},
            "annotations": {"summary": "s"},
            "generatorURL": "u",
        }
    ]
    (alert,) = firing_alerts({"firing": json.dumps(firing) if as_text else firing})
    assert alert == FiringAlert({"alertname": "A", "n": "1"}, {"summary": "s"}, "u")


@pytest.mark.parametrize(
    "details",
    [
        None,
        7,
        [],
        {},
        "",
        {"firing": None},
        {"firing": ""},
        {"firing": "The disk is full"},
        {"firing": "[not json"},
        {"firing": "[1, 2]"},
        {"firing": [{"labels": None}, {"labels": []}, {"labels": {}}, 3]},
        {"firing": "Labels:\nAnnotations:\n"},
        {"message": "Labels:"},
    ],
)
def test_details_that_alertmanager_did_not_write_give_no_alert(details: object) -> None:
    assert firing_alerts(details) == ()


def test_a_whole_text_as_details_is_read_too() -> None:
    (alert,) = firing_alerts("Labels:\n - alertname = A\nAnnotations:\nSource: \n")
    assert alert.labels == {"alertname": "A"}


_NAME = st.text("abcdefghij_", min_size=1, max_size=8)
_VALUE = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20).filter(
    lambda value: value == value.strip()
)


@given(st.lists(st.dictionaries(_NAME, _VALUE, min_size=1, max_size=5), min_size=1, max_size=4))
def test_whatever_alertmanager_writes_gives_the_fingerprints_it_computed(groups: list[dict[str, str]]) -> None:
    text = alertmanager_text([FiringAlert(labels, {"summary": "s"}, "http://p/") for labels in groups])
    found = details_of([{"alert_key": "k", "body": {"details": {"firing": text}}}])
    assert found.fingerprints == {fingerprint(labels) for labels in groups}


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading(text: str) -> None:
    for alert in firing_alerts({"firing": "Labels:\n" + text}):
        assert alert.labels


def test_labels_and_keys_come_from_cef_details_when_the_body_has_none() -> None:
    body = {"cef_details": {"dedup_key": "ignored", "details": {"firing": TWO_ALERTS}}}
    found = details_of([{"alert_key": "k1", "body": body}, {"alert_key": None, "body": None}, {}])
    assert found.dedup_keys == {"k1"}
    assert len(found.firing) == 2


def test_labels_are_kept_raw_for_the_fingerprint() -> None:
    found = details_of([{"body": {"details": {"firing": "Labels:\n - alertname = A\x1b[31m\nAnnotations:\n"}}}])
    assert found.fingerprints == {fingerprint({"alertname": "A\x1b[31m"})}


@pytest.mark.parametrize(
    ("text", "issues"),
    [
        ("https://acme.sentry.io/issues/4711/?referrer=pagerduty", {"4711"}),
        ("see https://sentry.io/organizations/acme/issues/12/events/abc and more", {"12"}),
        ("https://errors.acme.example/tools/organizations/acme/issues/99/", {"99"}),
        ("http://sentry.local:9000/acme/checkout/issues/5", {"5"}),
        ("https://github.com/acme/shop/issues/12", set()),
        ("https://gitlab.acme.example/a/b/-/issues/12", set()),
        ("https://sentry.io/issues/", set()),
        ("sentry.io/issues/12", set()),
    ],
)
def test_sentry_issues_are_told_from_other_trackers(text: str, issues: set[str]) -> None:
    assert sentry_issues({"links": [{"href": text}]}) == issues
    assert details_of([{"body": {"cef_details": {"client_url": text}}}]).sentry_issues == issues


def test_json_that_is_nested_without_end_is_left_alone() -> None:
    nested: Any = "https://acme.sentry.io/issues/1/"
    for _ in range(5_000):
        nested = [nested]
    assert sentry_issues(nested) == set()
