"""The vendors' words for how bad it is."""

import pytest

from oncall_tui.domain.severity import Severity, SeverityMap, worst

WORDS = SeverityMap()


def test_the_worst_comes_first_when_sorted() -> None:
    assert sorted(Severity) == [Severity.P1, Severity.P2, Severity.P3, Severity.P4, Severity.P5]
    assert worst([Severity.P4, Severity.P2, Severity.P5]) is Severity.P2
    assert worst([]) is None


def test_every_severity_has_a_title_of_its_own() -> None:
    assert len({severity.title for severity in Severity}) == 5


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"severity": "critical"}, Severity.P1),
        ({"severity": " WARNING "}, Severity.P3),
        ({"severity": "p4"}, Severity.P4),
        ({"priority": "P2"}, Severity.P2),
        ({"severity": "info", "priority": "P1"}, Severity.P5),
        ({"severity": "catastrophic"}, Severity.P3),
        ({}, Severity.P3),
    ],
)
def test_labels(labels: dict[str, str], expected: Severity) -> None:
    assert WORDS.of_labels(labels) is expected


@pytest.mark.parametrize(
    ("priority", "urgency", "expected"),
    [
        ("P1", "low", Severity.P1),
        ("SEV-2", None, Severity.P2),
        (None, "high", Severity.P2),
        (None, "low", Severity.P4),
        ("Major incident", "low", Severity.P4),
        (None, None, Severity.P3),
    ],
)
def test_pagerduty(priority: str | None, urgency: str | None, expected: Severity) -> None:
    assert WORDS.of_pagerduty(priority, urgency) is expected


@pytest.mark.parametrize(
    ("level", "priority", "expected"),
    [
        ("fatal", "low", Severity.P2),
        ("info", "high", Severity.P3),
        ("error", None, Severity.P3),
        (None, "medium", Severity.P4),
        ("strange", "stranger", Severity.P3),
        (None, None, Severity.P3),
    ],
)
def test_sentry_takes_the_worse_of_level_and_priority(
    level: str | None, priority: str | None, expected: Severity
) -> None:
    assert WORDS.of_sentry(level, priority) is expected


def test_a_word_of_the_configuration_rules_over_the_shipped_one() -> None:
    own = SeverityMap(prometheus={"critical": Severity.P2}, unknown=Severity.P5)
    assert own.of_labels({"severity": "critical"}) is Severity.P2
    assert own.of_labels({"severity": "warning"}) is Severity.P5
