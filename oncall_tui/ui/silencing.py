"""Silences from the screen: begun for alerts, ended for them, extended or ended from the list."""

from collections.abc import Callable, Iterable, Sequence
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
from oncall_tui.ui.acts import SilenceKey, silences_of
from oncall_tui.ui.rooms import Rooms
from oncall_tui.ui.silence_scope import NoScope, scope_of

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

EXTENSION = timedelta(hours=1)
_TITLE = 60


async def propose(app: "OncallApp", alerts: Sequence[Alert]) -> None:
    """Ask what exactly is to be silenced, from when to when; nothing is made before an answer."""
    from oncall_tui.ui.screens.silence_form import Chosen, SilenceForm

    targets, rooms = app.acting.ready(alerts), app.acting.rooms
    if not targets or rooms is None:
        return
    try:
        scope = scope_of(targets)
    except NoScope as error:
        app.say(f"{error}", title="Nothing was done", is_bad=True)
        return
    silencer = rooms.silencers.get(scope.source)
    if silencer is None:
        app.say(f"{scope.source} takes no silences.", is_bad=True)
        return

    def begin(chosen: Chosen | None) -> None:
        if chosen is not None:
            create(app, chosen.covered, scope.source, chosen.action)

    await app.push_screen(SilenceForm(scope, silencer), begin)


def create(app: "OncallApp", alerts: Sequence[Alert], source: SourceName, action: Silence) -> None:
    """Make a silence; the rows of ``alerts``, which it covers, say how far it is."""

    async def send(rooms: Rooms) -> Sequence[ActReport]:
        report = await rooms.silence(source, action)
        told = [replace(report, alert_id=one.id, title=one.title) for one in alerts]
        return told or [_under(report, action.matchers)]

    app.acting.begin(Verb.SILENCE, alerts, send, what=_until(action.ends_at, app.now()), at=source)


async def propose_end(app: "OncallApp", alerts: Sequence[Alert], others: int = 0) -> None:
    """Name the silences that mute ``alerts`` and ask whether they are to end; ``others`` are marked and not muted."""
    from oncall_tui.ui.screens.silence_end import SilenceEnd

    targets, rooms = app.acting.ready(alerts), app.acting.rooms
    if not targets or rooms is None:
        return
    sources = {source for one in targets for source, _ in silences_of(one)}
    if sources.isdisjoint(rooms.silencers):
        app.say(f"{', '.join(sorted(sources))}: no silences to end there.", is_bad=True)
        return

    def begin(ended: Sequence[SilenceKey] | None) -> None:
        if ended:
            end_for(app, targets, ended)

    await app.push_screen(SilenceEnd(targets, rooms.silencers, others), begin)


def end_for(app: "OncallApp", alerts: Sequence[Alert], ended: Sequence[SilenceKey]) -> None:
    """End silences that mute ``alerts``, one after the other; the rows say how far it is."""
    muted = [one for one in alerts if not frozenset(ended).isdisjoint(silences_of(one))]
    first, *more = dict.fromkeys(source for source, _ in ended)

    async def send(rooms: Rooms) -> Sequence[ActReport]:
        parts = {key: _part(key, await rooms.silence(key[0], Unsilence(), key[1])) for key in ended}
        for source in more:
            rooms.monitor.refresh(source)
        return [
            merged(one.id, one.title, Verb.UNSILENCE, [parts[key] for key in silences_of(one) if key in parts])
            for one in muted
        ]

    app.acting.begin(Verb.UNSILENCE, muted, send, what=f"at {', '.join([first, *more])}", at=first)


def _part(key: SilenceKey, one: ActReport) -> Part:
    return Part(key[0], one.outcome, one.reason, one.by, one.may_have_arrived)


def extend(acting: Acting, source: SourceName, one: Muting, now: datetime, then: Callable[[], None]) -> None:
    """Let a silence last an hour longer, in its own place; call ``then`` once that has its answer."""
    action = Silence(tuple(map(str, one.matchers)), one.starts_at, one.ends_at + EXTENSION, one.comment)

    async def send(rooms: Rooms) -> Sequence[ActReport]:
        report = await rooms.silence(source, action, one.id)
        then()
        return [_under(report, map(str, one.matchers), one.id)]

    acting.begin(Verb.SILENCE, (), send, what=_until(action.ends_at, now), at=source)


def end(acting: Acting, source: SourceName, one: Muting, then: Callable[[], None]) -> None:
    """End a silence; call ``then`` once that has its answer."""

    async def send(rooms: Rooms) -> Sequence[ActReport]:
        report = await rooms.silence(source, Unsilence(), one.id)
        then()
        return [_under(report, map(str, one.matchers), one.id)]

    acting.begin(Verb.UNSILENCE, (), send, what=f"at {source}", at=source)


def _under(report: ActReport, matchers: Iterable[str], silence_id: str = "") -> ActReport:
    """The report of a silence under its matchers, which say more than its id."""
    return replace(report, alert_id=AlertId(silence_id), title=clean_line(", ".join(matchers), _TITLE))


def _until(end: datetime, now: datetime) -> str:
    return f"until {clock(end, now)}"
