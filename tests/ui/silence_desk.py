"""A desk with an Alertmanager that has silences, and what its tests ask of the form."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.widgets import Static, TextArea

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.silence import Matcher, SilenceState
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.ui.screens.silence_form import MatchersField, SilenceForm
from tests.ui.desk import Desk, FakeRooms, FakeSilencer, at_desk
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, alert, before, record

LABELS = {"alertname": "HighErrorRate", "service": "api", "team": "core"}
WRITTEN = 'alertname="HighErrorRate" service="api" team="core"'
HELD = record(ALERTMANAGER, "f1", title="errors", labels=LABELS, since=before(9))
FIRING = alert(HELD, record(PAGERDUTY, "Q1", title="errors", since=before(9)))
PAGE = alert(record(PAGERDUTY, "Q2", title="page", since=before(8)))
MUTED = alert(
    replace(
        record(ALERTMANAGER, "f2", title="memory", status=Status.SILENCED, since=before(7)),
        silence_ids=("s1",),
        silenced_by="ops",
        silenced_until=before(-60),
    )
)
ROWS = (FIRING, PAGE, MUTED)

FIRST = Muting(
    (Matcher("alertname", "Memory"), Matcher("env", "prod|staging", is_regex=True)),
    before(30),
    before(-60),
    "the cluster is moved",
    "ops",
    "s1",
    SilenceState.ACTIVE,
)
SECOND = Muting((Matcher("team", "data"),), before(-30), before(-300), "nightly load", "Ann", "s2")


class Waiting:
    """Timers that ring when the test says so."""

    def __init__(self) -> None:
        self.set = 0
        self._ring: Callable[[], None] | None = None

    def install(self, monkeypatch: pytest.MonkeyPatch) -> "Waiting":
        waiting = self

        def after_rest(form: SilenceForm) -> Any:
            waiting.set += 1
            waiting._ring = form._ask_now
            return waiting

        monkeypatch.setattr(SilenceForm, "_after_rest", after_rest)
        return waiting

    def stop(self) -> None:
        self._ring = None

    def ring(self) -> None:
        """Let the time pass for which the form waits."""
        ring, self._ring = self._ring, None
        assert ring is not None, "nothing is waited for"
        ring()


def rooms_with(silencer: FakeSilencer) -> FakeRooms:
    rooms = FakeRooms()
    rooms.silencers = {ALERTMANAGER: silencer}
    return rooms


def desk_with(silencer: FakeSilencer, *alerts: Alert, **rest: Any) -> Any:
    return at_desk(*(alerts or ROWS), rooms=rooms_with(silencer), **rest)


async def heard(desk: Desk) -> None:
    """Let what a dialog asked of a vendor be drawn."""
    asked = [one for one in desk.app.workers if one.group in ("preview", "silences") and not one.is_finished]
    if asked:
        await desk.app.workers.wait_for_complete(asked)
    await desk.settle()


async def opened(desk: Desk, *, row: int = 0) -> None:
    """The form for the alert in that row."""
    await desk.press("2", "g", *["j"] * row, "S")
    await desk.settle()


def preview(desk: Desk) -> str:
    """All that the form says of what is covered, seen or not."""
    return str(desk.app.screen.query_one("#covered", Static).content)


def field(desk: Desk) -> TextArea:
    return desk.app.screen.query_one(MatchersField)


async def write(desk: Desk, text: str) -> None:
    """Write these matchers in the place of those that stand there."""
    field(desk).text = text
    await desk.settle()
