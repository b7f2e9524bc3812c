"""Skeletons: they load without an error whatever the alert is called."""

import pytest

from oncall_tui.runbook.writing.skeleton import file_name, skeleton
from tests.unit.runbook.books import book


@pytest.mark.parametrize(
    ("alertname", "name", "title"),
    [
        ("APILatencyHigh", "api-latency-high", "API latency high"),
        ("KubePodCrashLooping", "kube-pod-crash-looping", "Kube pod crash looping"),
        ("node_disk_full", "node-disk-full", "Node disk full"),
        ("up", "up", "Up"),
        ("Etcd3:Down", "etcd-3-down", "Etcd 3 down"),
        ("_", "runbook", "_"),
    ],
)
def test_names(alertname: str, name: str, title: str) -> None:
    found = book(skeleton(alertname, {}))
    assert file_name(alertname) == name
    assert (found.id, found.title, found.errors) == (name, title, ())
    assert found.match[0].labels == {"alertname": alertname}


def test_labels_become_parameters_and_their_values_stay_out() -> None:
    labels = {
        "alertname": "X",
        "severity": "critical",
        "namespace": "prod'\n",
        "pod": "$(x)",
        "http_proxy": "x",
        "A": "b",
    }
    text = skeleton("X", labels)
    found = book(text)
    assert list(found.params) == ["namespace", "pod"]
    assert found.severity == "P1"
    assert 'alertstate="firing", namespace="{{namespace}}"}' in found.steps[0].body
    assert 'alertstate="firing"})' in book(skeleton("X", {"pod": "p"})).steps[0].body
    assert "prod" not in text
    assert "$(x)" not in text


def test_without_labels_the_usual_ones_stand_there() -> None:
    found = book(skeleton("X", {"severity": "strange"}))
    assert (list(found.params), found.severity) == (["service"], "P3")
    assert 'alertstate="firing", service="{{service}}"}' in found.steps[0].body
    assert [one.id for one in found.steps] == ["firing", "s2", "s3", "s4"]
    assert found.sections[-1].verify is not None
