"""The user's words over the vendors' tables."""

import pytest

from oncall_tui.config.model import SeveritySettings
from oncall_tui.config.severities import parse_severity, severity_map
from oncall_tui.domain.severity import Severity, SeverityMap


@pytest.mark.parametrize("word", ["P1", "p1", " P1 "])
def test_a_severity_is_read_in_either_case(word: str) -> None:
    assert parse_severity(word) is Severity.P1


@pytest.mark.parametrize("word", ["", "P0", "P6", "1", "critical"])
def test_another_word_is_no_severity(word: str) -> None:
    with pytest.raises(ValueError, match="P1, P2, P3, P4 and P5"):
        parse_severity(word)


def test_without_settings_the_map_is_the_one_of_the_domain() -> None:
    assert severity_map(SeveritySettings()) == SeverityMap()


def test_the_users_words_rule_and_the_others_stay() -> None:
    settings = SeveritySettings(prometheus={"Wakeup": "P1", "critical": "P2"}, unknown="P4")
    words = severity_map(settings)
    assert words.of_labels({"severity": "WAKEUP"}) is Severity.P1
    assert words.of_labels({"severity": "critical"}) is Severity.P2
    assert words.of_labels({"severity": "warning"}) is Severity.P3
    assert words.of_labels({"severity": "never heard of"}) is Severity.P4


def test_every_table_takes_words() -> None:
    settings = SeveritySettings(
        pagerduty_priority={"Disaster": "P1"},
        pagerduty_urgency={"low": "P5"},
        sentry_priority={"high": "P2"},
        sentry_level={"fatal": "P1"},
    )
    words = severity_map(settings)
    assert words.of_pagerduty("disaster", "low") is Severity.P1
    assert words.of_pagerduty(None, "low") is Severity.P5
    assert words.of_sentry("info", "high") is Severity.P2
    assert words.of_sentry("fatal", None) is Severity.P1
