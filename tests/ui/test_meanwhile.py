"""While a dialog asks the world goes on: it says what has become of its targets, and acts on what it was opened for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.severity import Severity
from tests.ui.desk import Desk, at_desk
from tests.unit.builders import PAGERDUTY, alert, before, freshness, record

FIRST = alert(record(PAGERDUTY, "Q1", title="first", since=before(9), severity=Severity.P3))
SECOND = alert(record(PAGERDUTY, "Q2", title="second", since=before(8), severity=Severity.P3))
FINE = [freshness(PAGERDUTY)]


def held(one: Alert, by: str) -> Alert:
    return replace(one, status=Status.ACKNOWLEDGED, acknowledged_by=by)


CHANGES: list[tuple[Callable[[Alert], tuple[Alert, ...]], str]] = [
    (lambda one: (held(one, "Ann"),), "Meanwhile: “first” is acknowledged now by Ann"),
    (lambda one: (replace(one, severity=Severity.P1),), "Meanwhile: “first” is P1 now"),
    (lambda one: (), "Meanwhile: “first” is over: nobody tells of it any more"),
]


async def asked(desk: Desk, key: str) -> None:
    await desk.show(FIRST, SECOND, sources=FINE)
    await desk.press("2", "space", "k", key)


@pytest.mark.parametrize("key", ["a", "z", "n", "x"])
@pytest.mark.parametrize(("change", "words"), CHANGES)
async def test_what_changed_meanwhile_is_said_in_the_dialog(
    key: str, change: Callable[[Alert], tuple[Alert, ...]], words: str
) -> None:
    async with at_desk(FIRST) as desk:
        await asked(desk, key)
        assert "Meanwhile" not in desk.text()
        await desk.show(*change(FIRST), SECOND, sources=FINE)
        assert words in desk.text()
        await desk.show(FIRST, SECOND, sources=FINE)
        assert "Meanwhile" not in desk.text(), "it is as it was"


async def test_what_is_sent_is_what_it_was_opened_for() -> None:
    async with at_desk(FIRST) as desk:
        await asked(desk, "a")
        await desk.show(SECOND, held(FIRST, "Ann"), sources=FINE)
        await desk.press("y")
        assert desk.rooms.ids_sent == [[FIRST.id]]


async def test_a_source_that_fails_does_not_say_that_anything_is_over() -> None:
    from oncall_tui.domain.situation import SourceState

    async with at_desk(FIRST) as desk:
        await asked(desk, "a")
        await desk.show(SECOND, sources=[replace(freshness(PAGERDUTY), state=SourceState.FAILED)])
        assert "Meanwhile" not in desk.text()


async def test_at_80_by_24_the_question_can_still_be_answered() -> None:
    many = [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}")) for i in range(40)]
    async with at_desk(*many, size=(80, 24)) as desk:
        await desk.press("2", "M", "a")
        await desk.show(*(held(one, "Ann") for one in many), sources=FINE)
        assert "Meanwhile" in desk.text()
        assert "and 38 more changes" in desk.text()
        assert "y acknowledge" in desk.text()
        await desk.press("y")
        assert len(desk.rooms.ids_sent[0]) == 40
