"""From the start to the end of the screen: what cannot be opened, what comes late, what rings, what is too small."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from textual.app import App

from oncall_tui.config.model import NotifySettings
from oncall_tui.domain.action import Acknowledge
from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.ids import record_ref
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import OnCall, SourceState
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.event import ACTION_INTENT, Event, Payload
from oncall_tui.journal.views import OutboxEntry
from oncall_tui.response.intent import Intent
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.response.unsent import Unsent
from oncall_tui.terminal import terminal_of
from oncall_tui.ui.messages import SituationChanged
from oncall_tui.ui.screens.alerts import Alerts
from oncall_tui.ui.screens.view import View
from tests.ui.desk import SIZES, Clock, FakeRooms, at_desk, build, config_of, situation_of, text_of
from tests.unit.builders import NOW, PAGERDUTY, PROMETHEUS, alert, freshness, record

TROUBLE = alert(record(PAGERDUTY, "Q1", title="trouble"))


# The start


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (JournalError("The journal is not ours.", "Give it back."), "The journal is not ours. Give it back."),
        (RuntimeError("[/] boom \x1b]0;evil\x07"), "[/] boom \ufffd]0;evil\ufffd"),
        (ValueError(), "ValueError"),
    ],
)
async def test_rooms_that_cannot_be_opened_end_the_screen_with_the_reason(
    failure: Exception, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = build(config_of(), FakeRooms(), failure=failure)
    async with app.run_test(notifications=True, tooltips=True) as pilot:
        await pilot.pause()
    assert app.return_code == 2
    assert capsys.readouterr().err.strip() == words


async def test_before_the_first_answer_nothing_looks_healthy() -> None:
    async with at_desk() as desk:
        assert "UNKNOWN" in desk.text()
        assert "Nothing is shouting" not in desk.text()


async def test_a_monitor_that_breaks_is_told_and_what_is_shown_is_called_old() -> None:
    rooms = FakeRooms()
    rooms.monitor.broken = RuntimeError("boom")
    async with at_desk(rooms=rooms) as desk:
        assert "Polling has stopped" in desk.text()
        assert any("Something broke inside oncall-tui" in toast for toast in desk.toasts())


def unsent(target: str) -> Unsent:
    """An acknowledge that the last session did not see answered."""
    intent = Intent("R1", Acknowledge(), TROUBLE.id, "trouble", PAGERDUTY, target)
    payload: Payload = {"request_id": "R1"}
    event = Event("E1", intent.stream, 1, NOW, NOW, "user:ann", "human", None, ACTION_INTENT, payload, "", "")
    return Unsent(OutboxEntry(event, 1, NOW), intent, NOW, is_too_old=False)


async def test_what_the_last_session_left_unsent_is_shown_and_then_resolved() -> None:
    rooms = FakeRooms()
    rooms.left_unsent = (unsent("Q1"),)
    rooms.may_recover.clear()
    rooms.recovered = [ActReport(TROUBLE.id, "trouble", Outcome.CONFIRMED, "sent again")]
    async with at_desk(TROUBLE, rooms=rooms) as desk:
        await desk.press("2")
        assert "not sent yet" in desk.row("trouble")
        rooms.may_recover.set()
        await desk.settle()
        await desk.settle()
        assert "not sent yet" not in desk.row("trouble")
        assert "acknowledged" in desk.row("trouble")


async def test_what_could_not_be_sent_again_is_told_with_its_reason() -> None:
    rooms = FakeRooms()
    rooms.left_unsent = (unsent("Q1"),)
    rooms.recovered = [ActReport(TROUBLE.id, "trouble", Outcome.EXPIRED, "the key was pressed 20 min ago")]
    async with at_desk(TROUBLE, rooms=rooms) as desk:
        await desk.press("2")
        assert "✗" in desk.row("trouble")
        (toast,) = [one for one in desk.toasts() if "left unsent by the last session" in one]
        assert "trouble" in toast
        assert "the key was pressed 20 min ago" in toast


# Pictures


async def test_an_older_picture_is_dropped() -> None:
    async with at_desk(TROUBLE) as desk:
        await desk.press("2")
        await desk.publish(situation_of(alert(record(title="newer")), generation=9))
        await desk.publish(situation_of(alert(record(title="older")), generation=8))
        assert "newer" in desk.text()
        assert "older" not in desk.text()


async def test_ages_move_with_the_clock_between_two_pictures() -> None:
    clock = Clock()
    async with at_desk(TROUBLE, clock=clock, sources=[freshness(PAGERDUTY)]) as desk:
        assert "pagerduty 0s" in desk.text()
        clock.forward(timedelta(minutes=3))
        desk.view.tick()
        desk.app.redraw_rows()
        await desk.settle()
        assert "pagerduty 3m" in desk.text()
        assert " 3m " in desk.row("trouble")


async def test_a_source_that_never_answers_leaves_the_others_drawn() -> None:
    down = replace(freshness(PAGERDUTY, SourceState.FAILED, fetched_at=None), failing_since=NOW)
    slow = freshness(PROMETHEUS, SourceState.WAITING, fetched_at=None)
    async with at_desk(TROUBLE, sources=[down, slow]) as desk:
        assert "trouble" in desk.text()
        assert "✗ pagerduty" in desk.text()


async def test_an_act_that_ends_while_the_screen_is_closing_draws_nothing() -> None:
    async with at_desk(TROUBLE) as desk:
        app = desk.app
    assert app.screen_stack == []
    app.redraw_rows()


async def test_a_picture_that_comes_while_the_screen_is_closing_ends_nothing_badly() -> None:
    async with at_desk(TROUBLE, sources=[freshness(PAGERDUTY)]) as desk:
        app, last = desk.app, situation_of(TROUBLE, generation=9, sources=[freshness(PAGERDUTY)])
    assert app.screen_stack == [] or not app.is_running
    app.on_situation_changed(SituationChanged(last))
    assert app.situation is last


# The bell


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that the bell rang."""
    times: list[int] = []
    monkeypatch.setattr(App, "bell", lambda _app: times.append(1))
    return times


def new(severity: Severity, status: Status = Status.FIRING) -> Alert:
    return alert(record(PAGERDUTY, "Q9", title="new", severity=severity, status=status))


ANSWERED = [freshness(PAGERDUTY)]


@pytest.mark.parametrize(("severity", "times"), [(1, 1), (2, 1), (3, 0), (4, 0), (5, 0)])
async def test_only_a_new_p1_or_p2_rings(severity: int, times: int, rung: list[int]) -> None:
    async with at_desk(TROUBLE, sources=ANSWERED) as desk:
        await desk.show(TROUBLE, new(Severity(severity)), sources=ANSWERED)
        assert len(rung) == times
        await desk.show(TROUBLE, new(Severity(severity)), sources=ANSWERED)
        assert len(rung) == times, "once"


async def test_the_first_trouble_of_a_quiet_night_rings(rung: list[int]) -> None:
    async with at_desk(sources=ANSWERED) as desk:
        assert rung == []
        await desk.show(new(Severity.P1), sources=ANSWERED)
        assert len(rung) == 1


@pytest.mark.parametrize("status", [Status.ACKNOWLEDGED, Status.SILENCED, Status.PENDING])
async def test_what_nobody_needs_to_look_at_does_not_ring(status: Status, rung: list[int]) -> None:
    async with at_desk(TROUBLE, sources=ANSWERED) as desk:
        await desk.show(TROUBLE, new(Severity.P1, status), sources=ANSWERED)
        assert rung == []


async def test_what_was_there_at_the_start_does_not_ring(rung: list[int]) -> None:
    waiting = [freshness(PROMETHEUS), freshness(PAGERDUTY, SourceState.WAITING, fetched_at=None)]
    async with at_desk(alert(record(PROMETHEUS, "p1")), sources=waiting) as desk:
        await desk.show(alert(record(PROMETHEUS, "p1")), new(Severity.P1), sources=ANSWERED)
        assert rung == [], "it is the first answer of this source"


async def test_the_bell_can_be_switched_off(rung: list[int]) -> None:
    async with at_desk(TROUBLE, config=config_of(notify=NotifySettings(bell="off")), sources=ANSWERED) as desk:
        await desk.show(TROUBLE, new(Severity.P1), sources=ANSWERED)
        assert rung == []


async def test_a_storm_is_one_bell(rung: list[int]) -> None:
    async with at_desk(TROUBLE, sources=ANSWERED) as desk:
        storm = [alert(record(PAGERDUTY, f"S{number}", severity=Severity.P1)) for number in range(50)]
        await desk.show(TROUBLE, *storm, sources=ANSWERED)
        assert len(rung) == 1


ON_CALL_ONLY = config_of(notify=NotifySettings(only_on_call=True))


@pytest.mark.parametrize(
    ("is_me", "becomes_me", "times"),
    [(True, True, 1), (True, False, 0), (False, False, 1)],
    ids=["on call", "known and off duty", "not known who I am"],
)
async def test_off_duty_only_what_is_known_to_be_off_duty_keeps_silent(
    is_me: bool, becomes_me: bool, times: int, rung: list[int]
) -> None:
    def shift(is_mine: bool) -> list[OnCall]:
        return [OnCall("ann", "default", 1, is_me=is_mine)]

    async with at_desk(TROUBLE, config=ON_CALL_ONLY, sources=ANSWERED, on_call=shift(is_me)) as desk:
        await desk.show(TROUBLE, new(Severity.P1), sources=ANSWERED, on_call=shift(becomes_me))
        assert len(rung) == times


async def test_who_is_not_told_who_is_on_call_is_rung_for(rung: list[int]) -> None:
    async with at_desk(TROUBLE, config=ON_CALL_ONLY, sources=ANSWERED) as desk:
        await desk.show(TROUBLE, new(Severity.P1), sources=ANSWERED)
        assert len(rung) == 1


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent past the drawing."""
    sequences: list[str] = []
    monkeypatch.setattr("oncall_tui.ui.notify.send", lambda _app, data: sequences.append(data))
    return sequences


KITTY = terminal_of({"TERM": "xterm-kitty"}, is_tty=True, size=(120, 36), encoding="utf-8")


async def test_bell_and_desktop_have_thresholds_of_their_own(rung: list[int], sent: list[str]) -> None:
    config = config_of(notify=NotifySettings(bell="P1", desktop="P3"))
    async with at_desk(TROUBLE, config=config, sources=ANSWERED, terminal=KITTY) as desk:
        await desk.show(TROUBLE, new(Severity.P3), sources=ANSWERED)
        assert (len(rung), sent) == (0, ["\x1b]9;oncall-tui rewapp: P3 api: new\x1b\\"])
        await desk.show(TROUBLE, new(Severity.P1), sources=ANSWERED)
        assert (len(rung), len(sent)) == (1, 2), "raised"


@pytest.mark.parametrize("settings", [NotifySettings(desktop="off"), NotifySettings(protocol="off")])
async def test_without_the_desktop_the_bell_still_rings(
    settings: NotifySettings, rung: list[int], sent: list[str]
) -> None:
    async with at_desk(TROUBLE, config=config_of(notify=settings), sources=ANSWERED, terminal=KITTY) as desk:
        await desk.show(TROUBLE, new(Severity.P1), sources=ANSWERED)
        assert (len(rung), sent) == (1, [])


# The terminal


@pytest.mark.parametrize(
    "keys", [["1"], ["2"], ["5"], ["2", "slash", "x"], ["2", "M", "a"], ["question_mark"], ["colon"]]
)
async def test_the_terminal_may_change_its_size_at_any_moment(keys: list[str]) -> None:
    rows = [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble x {i}")) for i in range(30)]
    async with at_desk(*rows, size=(120, 36)) as desk:
        await desk.press(*keys)
        for size in [
            (80, 24),
            (200, 60),
            (40, 10),
            (109, 31),
            (110, 32),
            (159, 49),
            (160, 50),
            (10, 3),
            (1, 1),
            (120, 36),
        ]:
            await desk.pilot.resize_terminal(*size)
            await desk.pilot.pause()
            assert all(len(line) <= size[0] for line in text_of(desk.app).splitlines())
        await desk.press("escape", "escape", "escape", "2", "j", "a")
        assert desk.rooms.ids_sent == [["pagerduty/Q1"]]


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (30, 8)], ids=str)
@pytest.mark.parametrize("view", ["1", "2", "5"])
async def test_below_80x24_a_view_says_so_and_can_be_left(size: tuple[int, int], view: str) -> None:
    async with at_desk(TROUBLE, size=size) as desk:
        await desk.press(view)
        assert f"{size[0]}x{size[1]}" in desk.text()
        assert "trouble" not in desk.text()
        await desk.press("a", "M", "slash")
        assert desk.rooms.sent == [], "nothing is acted on that cannot be seen"
        await desk.press("q")
        assert not desk.app.is_running


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("view", ["1", "2"])
async def test_at_every_size_at_least_one_alert_is_in_sight(size: tuple[int, int], view: str) -> None:
    failing = [replace(freshness(name, SourceState.FAILED), failing_since=NOW) for name in (PAGERDUTY, PROMETHEUS)]
    async with at_desk(TROUBLE, size=size, sources=failing) as desk:
        await desk.press(view)
        assert "trouble" in desk.row("trouble")


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting_closes_the_rooms_and_waits_for_nobody(key: str) -> None:
    rooms = FakeRooms()
    rooms.may_answer.clear()
    async with asyncio.timeout(60), at_desk(TROUBLE, rooms=rooms) as desk:
        await desk.press("2", "a", key)
        assert not desk.app.is_running
    assert rooms.is_closed
    assert rooms.ids_sent == [[record_ref(PAGERDUTY, "Q1")]]


@pytest.mark.parametrize("problem", ["night.toml: colors.p1: [/] is not a colour", "x.toml: [@click=app.quit]x[/]"])
async def test_a_problem_with_a_theme_is_one_message(problem: str) -> None:
    async with at_desk(TROUBLE, problems=[problem]) as desk:
        assert desk.toasts() == [f"Theme\n{problem}"]


async def test_an_unknown_theme_falls_back_with_a_word_about_it() -> None:
    async with at_desk(TROUBLE, config=config_of(theme="no-such")) as desk:
        assert desk.app.theme == "oncall-dark"
        assert any("no-such" in toast for toast in desk.toasts())


@pytest.mark.parametrize("theme", ["oncall-dark", "oncall-light"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_shipped_theme_draws_every_view_and_dialog(theme: str, size: tuple[int, int]) -> None:
    async with at_desk(TROUBLE, config=config_of(theme=theme), size=size) as desk:
        for keys in (["1"], ["2"], ["5"], ["question_mark"], ["escape", "b"], ["escape", "2", "M", "a"]):
            await desk.press(*keys)
            assert desk.text().strip()
        assert desk.app.theme == theme


async def test_a_view_that_comes_while_the_screen_ends_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parts may have gone before it: what asks for them would end the screen as broken."""
    mount = View.on_mount

    def mounted_at_the_end(view: View) -> None:
        view.app._exit = True
        mount(view)
        view.app._exit = False

    async with at_desk(TROUBLE) as desk:
        monkeypatch.setattr(Alerts, "compose_body", lambda _view: ())
        monkeypatch.setattr(View, "on_mount", mounted_at_the_end)
        view = Alerts()
        await desk.app.push_screen(view)
        assert view.is_mounted
        assert not view.can_draw
        await desk.app.pop_screen()
