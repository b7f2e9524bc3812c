"""Silences of marked alerts: one is made for all that Alertmanager holds; those of all end after a question."""

from dataclasses import replace

from oncall_tui.domain.action import Silence, Unsilence
from oncall_tui.domain.alert import Record, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.domain.silence import read_matchers
from oncall_tui.response.report import Outcome
from oncall_tui.sources.errors import Unreachable
from oncall_tui.ui.screens.silence_end import SilenceEnd
from oncall_tui.ui.screens.silence_form import SilenceForm
from tests.ui.desk import Desk, FakeRooms, FakeSilencer, at_desk
from tests.ui.silence_desk import FIRST, SECOND, Waiting, desk_with, field, heard, preview
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, alert, before, record

EU = SourceName("alertmanager-eu")


def firing(name: str, source: SourceName = ALERTMANAGER, **labels: str) -> Record:
    told = {"alertname": "Errors", "instance": f"{name}.example:1", **labels}
    return record(source, name, title=f"{name} fails", labels=told)


def muted(name: str, *silence_ids: str, source: SourceName = ALERTMANAGER) -> Record:
    return replace(firing(name, source), status=Status.SILENCED, silence_ids=silence_ids, silenced_by="ops")


A, B, C = firing("a", service="api"), firing("b"), firing("c")
PAGE = alert(record(PAGERDUTY, "Q1", title="page"))
MATCHERS = r'alertname="Errors" instance=~"a\\.example:1|b\\.example:1"'


async def asked(desk: Desk, command: str, *others: str) -> None:
    """The command on the marked rows: of all but ``others``."""
    await desk.press("2")
    desk.alerts.clear_marks()
    await desk.press("M")
    for title in others:
        desk.alerts.clear_marks([next(one.id for one in desk.app.situation.alerts if one.title == title)])
    desk.app.action_command(command)
    await desk.settle()
    await heard(desk)


async def test_one_silence_is_made_for_all_that_are_marked(waiting: Waiting) -> None:
    silencer = FakeSilencer(covered=[A, C, B])
    async with desk_with(silencer, alert(A), alert(B), PAGE, alert(C), size=(100, 30)) as desk:
        await asked(desk, "alert.silence", "c fails")
        told = desk.text()
        assert "Silence these 2 alerts at alertmanager" in told
        assert "1 marked alert is left alone, no Alertmanager knows of it: page" in told
        assert field(desk).text == MATCHERS
        assert silencer.asked == [read_matchers(MATCHERS)]
        assert "covers all 2 marked alerts now" in told
        assert "and 1 alert that is not marked:" in told
        assert "c fails" in preview(desk)
        await desk.press("tab", "tab", *"move", "enter")
        await desk.answer()
        ((source, action, _),) = desk.rooms.silenced
        assert source == ALERTMANAGER and isinstance(action, Silence)
        assert action.matchers == tuple(map(str, read_matchers(MATCHERS)))
        assert desk.toasts() == ["Silenced: 2 alerts (until 04:14)."]
        assert all("silenced" in desk.row(title) for title in ("a fails", "b fails"))
        assert [one.id for one in desk.view.selected_alerts()] == [PAGE.id], "what could not be done stays marked"


async def test_what_the_silence_does_not_cover_or_failed_stays_marked(waiting: Waiting) -> None:
    async with desk_with(FakeSilencer(covered=[A]), alert(A), alert(B)) as desk:
        await asked(desk, "alert.silence")
        assert "covers 1 of the 2 marked alerts now" in desk.text()
        assert "b fails" in preview(desk)
        desk.rooms.silence_outcome, desk.rooms.silence_reason = Outcome.FAILED, "Alertmanager answered 500"
        await desk.press("tab", "tab", *"why", "enter")
        await desk.answer()
        assert "not silenced" in desk.row("a fails")
        assert "silenced" not in desk.row("b fails"), "it was said not to be covered"
        assert [one.title for one in desk.view.selected_alerts()] == ["a fails", "b fails"]


async def test_where_no_one_silence_is_of_them_that_is_said_with_what_to_do() -> None:
    rows = [alert(A), alert(firing("e", EU)), alert(replace(C, labels={"zone": "1"}))]
    async with desk_with(FakeSilencer(), *rows) as desk:
        await asked(desk, "alert.silence")
        assert "of several Alertmanagers" in desk.toasts()[-1]
        await asked(desk, "alert.silence", "e fails")
        assert "no label in common" in desk.toasts()[-1]
        assert not isinstance(desk.app.screen, SilenceForm)
        assert desk.rooms.silenced == []


def eu_and_usual(eu: FakeSilencer, usual: FakeSilencer) -> FakeRooms:
    rooms = FakeRooms()
    rooms.silencers = {ALERTMANAGER: usual, EU: eu}
    return rooms


THIRD: Muting = replace(FIRST, id="s3", comment="the other cluster")


async def test_the_silences_of_all_that_are_marked_end_after_one_question() -> None:
    rows = [alert(muted("a", "s1")), alert(muted("b", "s1", "s2")), alert(muted("c", "s2")), PAGE]
    rows.append(alert(muted("e", "s3", source=EU)))
    rooms = eu_and_usual(FakeSilencer(THIRD), FakeSilencer(FIRST, SECOND))
    async with at_desk(*rows, rooms=rooms, size=(120, 45)) as desk:
        await asked(desk, "alert.unsilence", "c fails")
        told = desk.text()
        assert "End the 3 silences of these 3 alerts?" in told
        for words in ("the cluster is moved", "nightly load", "the other cluster", "at alertmanager-eu"):
            assert words in told
        assert "1 other alert is muted by this as well" in told, "c is not marked"
        assert "1 marked alert is not silenced, and left alone." in told, "the page"
        await desk.press("y")
        await desk.answer()
        assert sorted((source, ended) for source, _, ended in rooms.silenced) == [
            (ALERTMANAGER, "s1"),
            (ALERTMANAGER, "s2"),
            (EU, "s3"),
        ]
        assert all(isinstance(action, Unsilence) for _, action, _ in rooms.silenced)
        assert desk.toasts() == ["Unsilenced: 3 alerts (at alertmanager, alertmanager-eu)."]
        assert desk.rooms.monitor.refreshed == 2, "both are asked anew"
        assert [one.title for one in desk.view.selected_alerts()] == ["page"]


async def test_what_one_source_does_not_tell_is_not_ended_and_the_rest_is() -> None:
    silent = FakeSilencer()
    silent.error = Unreachable("eu.example refuses the connection.", "Is the VPN up?")
    rooms = eu_and_usual(silent, FakeSilencer(FIRST))
    rows = [alert(muted("a", "s1")), alert(muted("e", "s3", source=EU))]
    async with at_desk(*rows, rooms=rooms) as desk:
        await asked(desk, "alert.unsilence")
        assert "refuses the connection. Is the VPN up?" in desk.text()
        assert "the cluster is moved" in desk.text()
        await desk.press("y")
        await desk.answer()
        assert [(source, ended) for source, _, ended in rooms.silenced] == [(ALERTMANAGER, "s1")]
        assert [one.title for one in desk.view.selected_alerts()] == ["e fails"]


async def test_a_change_meanwhile_is_said_in_both_and_what_is_asked_stays() -> None:
    silencer = FakeSilencer(FIRST, covered=[A, B])
    page = record(PAGERDUTY, "Q7", title="a fails", since=before(3))
    paged, rest = alert(page, A), alert(B)
    async with desk_with(silencer, paged, rest) as desk:
        await asked(desk, "alert.silence")
        assert "Meanwhile" not in desk.text()
        await desk.show(alert(page, replace(A, silence_ids=("s9",), silenced_by="Ann")), rest)
        assert "Meanwhile: “a fails” is silenced now by Ann" in desk.text()
        await desk.show(replace(paged, status=Status.ACKNOWLEDGED, acknowledged_by="Ann"), rest)
        assert "Meanwhile: “a fails” is acknowledged now by Ann" in desk.text()
        assert field(desk).text == MATCHERS
        await desk.press("escape", "U")
        await desk.show(alert(muted("a", "s1")), rest)
        await asked(desk, "alert.unsilence")
        assert isinstance(desk.app.screen, SilenceEnd)
        await desk.show(alert(A), rest)
        assert "Meanwhile: “a fails” is firing now" in desk.text()
