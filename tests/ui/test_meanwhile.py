"""While a dialog asks the world goes on: it says what has become of its targets, and acts on what it was opened for."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.pager import EscalationLevel, EscalationPath, Person, Priority
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.present.changes import since_then
from oncall_tui.ui.screens.dialogs import Dialog
from tests.ui.desk import Desk, FakeRooms, FakeSilencer, at_desk, situation_of
from tests.ui.resting import PATIENCE_S
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, alert, before, freshness, record

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


FORMS = ["alert.escalate", "alert.reassign", "alert.priority", "alert.merge", "alert.silence", "alert.unsilence"]
MUTED = replace(record(ALERTMANAGER, "f1", labels={"alertname": "Slow"}), silence_ids=("s1",), silenced_by="ops")
HELD = alert(record(PAGERDUTY, "Q1", title="first", since=before(9), severity=Severity.P3), MUTED)
BOTH_FINE = [freshness(PAGERDUTY), freshness(ALERTMANAGER)]


def paging() -> FakeRooms:
    """Rooms with somebody to hand it to, a priority to give, and an Alertmanager."""
    rooms = FakeRooms()
    rooms.staff = [Person("PM", "Marie Lefort", "marie@w.example")]
    rooms.escalation = EscalationPath("E1", "Core", (EscalationLevel(1, ("Primary",)),))
    rooms.account_priorities = [Priority("1", "P1")]
    rooms.silencers = {ALERTMANAGER: FakeSilencer()}
    return rooms


@pytest.mark.parametrize("command", FORMS)
async def test_every_other_form_says_it_too(command: str) -> None:
    async with at_desk(HELD, SECOND, sources=BOTH_FINE, rooms=paging()) as desk:
        await desk.press("2")
        desk.app.action_command(command)
        await desk.settle()
        assert isinstance(desk.app.screen, Dialog)
        assert "Meanwhile" not in desk.text()
        for change, words in CHANGES:
            await desk.show(*change(HELD), SECOND, sources=BOTH_FINE)
            assert words in desk.text()
        await desk.show(HELD, SECOND, sources=BOTH_FINE)
        assert "Meanwhile" not in desk.text(), "it is as it was"


def test_that_a_silence_was_made_or_ended_meanwhile_is_said_though_a_pager_holds_the_alert() -> None:
    heard = replace(HELD, records=(HELD.records[0], replace(MUTED, silence_ids=(), silenced_by=None)))
    for before_it, after_it, words in ((heard, HELD, "is silenced now by ops"), (HELD, heard, "is silenced no more")):
        assert f"“first” {words}" in since_then([before_it], situation_of(after_it, sources=BOTH_FINE)).plain
        assert not since_then([before_it], situation_of(before_it, sources=BOTH_FINE))


async def test_what_changed_while_the_pager_was_asked_is_said_as_the_form_opens() -> None:
    class Slow(FakeRooms):
        async def escalation_of(self, alert: Alert) -> EscalationPath:
            await self.may_answer.wait()
            return await super().escalation_of(alert)

    rooms = Slow()
    rooms.escalation = EscalationPath("E1", "Core", (EscalationLevel(1, ("Primary",)),))
    rooms.may_answer.clear()
    async with at_desk(HELD, sources=BOTH_FINE, rooms=rooms) as desk:
        await desk.press("2")
        desk.app.action_command("alert.escalate")
        newer = situation_of(held(HELD, "Ann"), sources=BOTH_FINE, generation=9)
        rooms.monitor.publish(newer)
        async with asyncio.timeout(PATIENCE_S):
            while desk.app.situation is not newer:
                await desk.pilot.pause()
        assert not isinstance(desk.app.screen, Dialog)
        await desk.answer()
        assert "Meanwhile: “first” is acknowledged now by Ann" in desk.text()


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
