"""Silences from the screen: begun for an alert, ended for one, extended or ended from the list."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oncall_tui.domain.action import Silence, Unsilence
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import clock
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.domain.text import clean_line
from oncall_tui.domain.verb import Verb
from oncall_tui.response.report import ActReport, merged
from oncall_tui.response.report import Settled as Part
from oncall_tui.ui.acting import Acting
from oncall_tui.ui.acts import silenceable, silenced
from oncall_tui.ui.rooms import Rooms

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

EXTENSION = timedelta(hours=1)
_TITLE = 60


async def propose(app: "OncallApp", alert: Alert) -> None:
    """Ask what exactly is to be silenced, from when to when; nothing is made before an answer."""
    from oncall_tui.ui.screens.silence_form import SilenceForm

    record, rooms = silenceable(alert), app.acting.rooms
    if not app.acting.ready([alert]) or rooms is None or record is None:
        return
    silencer = rooms.silencers.get(record.source)
    if silencer is None:
        app.say(f"{record.source} takes no silences.", is_bad=True)
        return

    def begin(action: Silence | None) -> None:
        if action is not None:
            create(app, alert, record.source, action)

    await app.push_screen(SilenceForm(alert, record, silencer), begin)


def create(app: "OncallApp", alert: Alert, source: SourceName, action: Silence) -> None:
    """Make a silence; the row of ``alert`` says how far it is."""

    async def send(rooms: Rooms) -> Sequence[ActReport]:
        report = await rooms.silence(source, action)
        return [replace(report, alert_id=alert.id, title=alert.title)]

    app.acting.begin(Verb.SILENCE, [alert], send, what=_until(action.ends_at, app.now()), at=source)


async def propose_end(app: "OncallApp", alert: Alert) -> None:
    """Name the silences that mute ``alert`` and ask whether they are to end."""
    from oncall_tui.ui.screens.silence_end import SilenceEnd

    record, rooms = silenced(alert), app.acting.rooms
    if not app.acting.ready([alert]) or rooms is None or record is None:
        return
    silencer = rooms.silencers.get(record.source)
    if silencer is None:
        app.say(f"{record.source} has no silences to end.", is_bad=True)
        return

    def begin(ids: Sequence[str] | None) -> None:
        if ids:
            end_for(app, alert, record.source, ids)

    await app.push_screen(SilenceEnd(alert, record, silencer), begin)


def end_for(app: "OncallApp", alert: Alert, source: SourceName, silence_ids: Sequence[str]) -> None:
    """End the silences that mute ``alert``; its row says how far it is."""

    async def send(rooms: Rooms) -> Sequence[ActReport]:
        reports = [await rooms.silence(source, Unsilence(), one) for one in silence_ids]
        parts = [Part(source, one.outcome, one.reason, one.by, one.may_have_arrived) for one in reports]
        return [merged(alert.id, alert.title, Verb.UNSILENCE, parts)]

    app.acting.begin(Verb.UNSILENCE, [alert], send, what=f"at {source}", at=source)


def extend(acting: Acting, source: SourceName, one: Muting, now: datetime, then: Callable[[], None]) -> None:
    """Let a silence last an hour longer, in its own place; call ``then`` once that has its answer."""
    action = Silence(tuple(map(str, one.matchers)), one.starts_at, one.ends_at + EXTENSION, one.comment)

    async def send(rooms: Rooms) -> Sequence[ActReport]:
        report = await rooms.silence(source, action, one.id)
        then()
        return [_titled(report, one)]

    acting.begin(Verb.SILENCE, (), send, what=_until(action.ends_at, now), at=source)


def end(acting: Acting, source: SourceName, one: Muting, then: Callable[[], None]) -> None:
    """End a silence; call ``then`` once that has its answer."""

    async def send(rooms: Rooms) -> Sequence[ActReport]:
        report = await rooms.silence(source, Unsilence(), one.id)
        then()
        return [_titled(report, one)]

    acting.begin(Verb.UNSILENCE, (), send, what=f"at {source}", at=source)


def _titled(report: ActReport, one: Muting) -> ActReport:
    """The report of a silence under its matchers, which say more than its id."""
    return replace(report, alert_id=AlertId(one.id), title=clean_line(", ".join(map(str, one.matchers)), _TITLE))


def _until(end: datetime, now: datetime) -> str:
    return f"until {clock(end, now)}"
