"""What quiet hours hold back, and what is said of it afterwards."""

from dataclasses import replace

import pytest

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.notify_quiet import Held, summary
from tests.nasty.corpus import EVERYTHING
from tests.unit.builders import NOW, PAGERDUTY, alert, record

P1, P2, P3 = Severity.P1, Severity.P2, Severity.P3


def one(name: str = "Q1", severity: Severity = P2, status: Status = Status.FIRING) -> Alert:
    return alert(record(PAGERDUTY, name, title=f"trouble {name}", severity=severity, status=status))


def picture(*alerts: Alert) -> Situation:
    return replace(Situation(1, NOW), alerts=alerts)


def test_what_is_let_through_is_not_held_and_what_is_held_comes_once() -> None:
    held = Held()
    held.hold([one("Q1", P1), one("Q2", P2), one("Q3", P3)], P1)
    held.hold([one("Q2", P2)], None)
    assert held.released(None) == []
    assert [alert.severity for alert in held.released(P2)] == [P2], "another window lets that through"
    assert held
    assert [alert.severity for alert in held.released(Severity.P5)] == [P3]
    assert not held


@pytest.mark.parametrize(
    ("came", "now", "words"),
    [
        ([one()], [one()], "1 alert came in quiet hours, it still fires: P2 api: trouble Q1"),
        ([one()], [], "1 alert came in quiet hours, it fires no more: P2 api: trouble Q1"),
        (
            [one("Q1"), one("Q2")],
            [one("Q1"), one("Q2")],
            "2 alerts came in quiet hours, all still fire: P2 api: trouble Q1 and 1 more",
        ),
        (
            [one("Q1", P1), one("Q2"), one("Q3")],
            [one("Q1", P1, Status.ACKNOWLEDGED), one("Q3")],
            "3 alerts came in quiet hours, 1 still fires: P2 api: trouble Q3 and 2 more",
        ),
        (
            [one("Q1"), one("Q2")],
            [one("Q2", status=Status.SILENCED)],
            "2 alerts came in quiet hours, none fires any more: P2 api: trouble Q1 and 1 more",
        ),
    ],
)
def test_how_they_stand_now_is_said(came: list[Alert], now: list[Alert], words: str) -> None:
    assert summary(came, picture(*now)) == words


@pytest.mark.parametrize("text", EVERYTHING.values(), ids=EVERYTHING)
def test_hostile_text_is_one_plain_line(text: str) -> None:
    hostile = alert(record(PAGERDUTY, "Q1", title=text, service=text))
    said = summary([hostile, one("Q2")], picture(hostile))
    assert "\n" not in said and "\x1b" not in said
    assert len(said) <= 400
