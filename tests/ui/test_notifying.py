"""The screen tells of alerts by every way at once: again and again, not at night, and to a program."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from textual.app import App

from oncall_tui.config.model import CommandSettings, NotifySettings, QuietSettings
from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import OnCall
from oncall_tui.ui.notify_hook import Hook
from tests.ui.desk import Clock, Desk, FakeRooms, at_desk, config_of, failing
from tests.unit.builders import PAGERDUTY, alert, freshness, record

ANSWERED = [freshness(PAGERDUTY)]
AGAIN = config_of(notify=NotifySettings(repeat="5m"))
NIGHT = QuietSettings(from_="22:00", to="07:00", timezone="UTC")
"""It is 02:14 in these tests."""
MINUTE = timedelta(minutes=1)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that the bell rang."""
    times: list[int] = []
    monkeypatch.setattr(App, "bell", lambda _app: times.append(1))
    return times


def new(severity: Severity = Severity.P1, status: Status = Status.FIRING) -> Alert:
    return alert(record(PAGERDUTY, "Q9", title="new", severity=severity, status=status))


def minutes(desk: Desk, clock: Clock, number: int) -> None:
    """Let minutes pass, a look at the clock in each."""
    for _ in range(number):
        clock.forward(MINUTE)
        desk.app.notifier.tick()


async def test_a_p1_is_told_again_until_its_acknowledge_is_on_its_way(rung: list[int]) -> None:
    clock, rooms = Clock(), FakeRooms()
    async with at_desk(config=AGAIN, sources=ANSWERED, clock=clock, rooms=rooms) as desk:
        await desk.show(new(), sources=ANSWERED)
        minutes(desk, clock, 11)
        assert len(rung) == 3, "when it came, and twice again"
        rooms.may_answer.clear()
        await desk.press("2", "a")
        minutes(desk, clock, 11)
        assert len(rung) == 3, "there is no answer yet"
        rooms.answer = failing(reason="PagerDuty answered 500")
        await desk.answer()
        minutes(desk, clock, 6)
        assert len(rung) == 4, "it failed"
        await desk.show(new(status=Status.ACKNOWLEDGED), sources=ANSWERED)
        minutes(desk, clock, 30)
        assert len(rung) == 4


async def test_without_the_setting_it_is_told_once(rung: list[int]) -> None:
    clock = Clock()
    async with at_desk(config=config_of(), sources=ANSWERED, clock=clock) as desk:
        await desk.show(new(), sources=ANSWERED)
        minutes(desk, clock, 30)
        assert len(rung) == 1


async def test_who_is_known_to_be_off_duty_is_not_reminded(rung: list[int]) -> None:
    clock = Clock()
    config = config_of(notify=NotifySettings(repeat="5m", only_on_call=True))
    mine, theirs = (OnCall("ann", "default", 1, is_me=is_me) for is_me in (True, False))
    async with at_desk(config=config, sources=ANSWERED, clock=clock, on_call=[mine]) as desk:
        await desk.show(new(), sources=ANSWERED, on_call=[theirs])
        minutes(desk, clock, 12)
        assert rung == []
        await desk.show(new(), sources=ANSWERED, on_call=[mine])
        minutes(desk, clock, 6)
        assert len(rung) == 1, "the shift begins"


@pytest.mark.parametrize(("severity", "times"), [(Severity.P1, 1), (Severity.P2, 0)])
async def test_in_quiet_hours_only_the_worst_rings(severity: Severity, times: int, rung: list[int]) -> None:
    clock = Clock()
    config = config_of(notify=NotifySettings(bell="P3", quiet=(NIGHT,)))
    async with at_desk(config=config, sources=ANSWERED, clock=clock) as desk:
        await desk.show(new(severity), sources=ANSWERED)
        assert len(rung) == times


class Phone:
    """A program that is called, and how it ends."""

    def __init__(self, ending: str = "") -> None:
        self.told: list[str] = []
        self.events: list[str] = []
        self.ending = ending
        self.is_stopped = False

    def run(self, argv: Sequence[str], environ: Mapping[bytes, bytes], timeout: float) -> str:
        self.told.append(environ[b"ONCALL_ALERT_TEXT"].decode())
        self.events.append(environ[b"ONCALL_ALERT_EVENT"].decode())
        return self.ending

    def stop(self) -> None:
        self.is_stopped = True


async def called(hook: Hook) -> None:
    """Wait until the program has ended."""
    async with asyncio.timeout(60):
        assert hook._task is not None, "it was begun as the picture came"
        await hook._task


async def test_in_the_morning_what_came_at_night_is_told_once_by_every_way(rung: list[int]) -> None:
    clock, phone = Clock(), Phone()
    hook = Hook(CommandSettings(run=("phone",)), {}, phone)
    config = config_of(
        notify=NotifySettings(quiet=(QuietSettings(from_="22:00", to="07:00", rings="off", timezone="UTC"),))
    )
    second, mild = (
        alert(record(PAGERDUTY, f"Q1{level}", title=f"at night {level}", severity=Severity(level))) for level in (2, 5)
    )
    async with at_desk(config=config, sources=ANSWERED, clock=clock, hook=hook) as desk:
        await desk.show(new(), sources=ANSWERED)
        await desk.show(new(), second, mild, sources=ANSWERED)
        minutes(desk, clock, 3)
        assert (rung, desk.toasts(), phone.told) == ([], [], [])
        clock.forward(timedelta(hours=5))
        await desk.show(second, mild, sources=ANSWERED)
        minutes(desk, clock, 3)
        await desk.settle()
        told = "2 alerts came in quiet hours, 1 still fires: P2 api: at night 2 and 1 more"
        assert desk.toasts() == [f"Quiet hours\n{told}"]
        assert len(rung) == 1
        await called(hook)
        assert phone.told == [told]
        assert phone.events == ["quiet"]
        await desk.show(second, mild, alert(record(PAGERDUTY, "Q10", severity=Severity.P2)), sources=ANSWERED)
        assert len(rung) == 2, "what comes then rings"


async def test_the_program_is_told_of_what_is_severe_enough_for_it(rung: list[int]) -> None:
    phone = Phone()
    hook = Hook(CommandSettings(run=("phone",), severity="P3"), {}, phone)
    config = config_of(notify=NotifySettings(bell="off", desktop="off"))
    async with at_desk(config=config, sources=ANSWERED, hook=hook) as desk:
        quiet, loud = (alert(record(PAGERDUTY, f"Q{level}", severity=level)) for level in (Severity.P4, Severity.P3))
        await desk.show(quiet, sources=ANSWERED)
        await desk.show(quiet, loud, sources=ANSWERED)
        await called(hook)
        assert (phone.told, rung) == (["P3 api: 5xx above 1 %"], [])
        assert desk.toasts() == []
    assert phone.is_stopped, "with the screen"


async def test_a_program_that_fails_is_told_of(rung: list[int]) -> None:
    hook = Hook(CommandSettings(run=("phone",)), {}, Phone("cannot be started: No such file or directory"))
    async with at_desk(sources=ANSWERED, hook=hook) as desk:
        await desk.show(new(), sources=ANSWERED)
        await called(hook)
        await desk.settle()
        told = "phone cannot be started: No such file or directory. Alerts may not reach you by it: try it by hand."
        assert desk.toasts() == [f"notify.command\n{told}"]
        assert len(rung) == 1
