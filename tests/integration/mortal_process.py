"""A process that forks children, each of which acts at a pager and is killed (SIGKILL) at the point it is told to.

``python -m tests.integration.mortal_process ANNOUNCEMENT`` with the JSON in which the simulator says where it is.
Everything is imported once; a line of JSON on stdin is one life: ``{"journal": …, "verb": …, "ids": […], "point": …,
"after_ms": …}``. The answer is a line with what the child printed, and whether it was killed. A child prints what a
person would see: each outcome as it is told.
"""

import asyncio
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from oncall_tui.config.model import AlertmanagerSettings, PagerDutySettings, SentrySettings
from oncall_tui.domain.action import (
    Acknowledge,
    Action,
    Archive,
    Assign,
    Create,
    Escalate,
    Merge,
    Note,
    Reassign,
    Resolve,
    SetPriority,
    Silence,
    Snooze,
    Unsilence,
)
from oncall_tui.domain.alert import Alert, Record, SourceKind, Status
from oncall_tui.domain.ids import AlertId, SourceName, record_ref
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.event import Event, NewEvent
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.response.report import ActReport
from oncall_tui.response.responder import Responder
from oncall_tui.response.wiring import responder_of
from oncall_tui.simulator.catalogue import PEOPLE
from oncall_tui.sources.alertmanager import Alertmanager
from oncall_tui.sources.pagerduty import PagerDuty
from oncall_tui.sources.sentry import Sentry
from oncall_tui.sources.wire import Answer, Wire

BEFORE_INTENT = "before the intent"
BEFORE_REQUEST = "before the request"
BEFORE_ANSWER = "before the answer"
BEFORE_RESULT = "before the result"
AFTER_RESULT = "after the result, before it is told"
ANY_TIME = "at any time"
POINTS = (BEFORE_INTENT, BEFORE_REQUEST, BEFORE_ANSWER, BEFORE_RESULT, AFTER_RESULT, ANY_TIME)

PAGER = SourceName("pagerduty")
ERRORS = SourceName("sentry")
MUTES = SourceName("alertmanager")
ACTIONS: Mapping[str, Action] = {
    "acknowledge": Acknowledge(),
    "note": Note("rolled back"),
    "resolve": Resolve("rolled back"),
    "snooze": Snooze(timedelta(hours=1)),
    "escalate": Escalate(2),
    "reassign": Reassign((PEOPLE[3].id,)),
    "priority": SetPriority("P1"),
    "sentry resolve": Resolve(),
    "archive": Archive(timedelta(hours=1)),
    "assign": Assign(PEOPLE[1].email),
}
OF_SENTRY = ("sentry resolve", "archive", "assign")
COMMENT = "deploy of the evening"


def now() -> datetime:
    return datetime.now(UTC)


def die() -> None:
    """As a kernel ends a process that has no say in it."""
    os.kill(os.getpid(), signal.SIGKILL)


class MortalKeeper(JournalKeeper):
    """Dies before its first or its second write, or right after the second."""

    point = ""
    writes = 0

    async def append_all(
        self, events: Sequence[tuple[str, NewEvent]], after: Mapping[str, int] | None = None
    ) -> tuple[Event, ...]:
        self.writes += 1
        if (self.point, self.writes) in ((BEFORE_INTENT, 1), (BEFORE_RESULT, 2)):
            die()
        written = await super().append_all(events, after)
        if (self.point, self.writes) == (AFTER_RESULT, 2):
            die()
        return written


class Follower:
    """What a screen shows: each outcome is printed when it is told."""

    def hear(self, reports: Sequence[ActReport]) -> None:
        for one in reports:
            is_of_alert = one.verb not in (Verb.CREATE, Verb.SILENCE, Verb.UNSILENCE)
            name = one.alert_id.partition("/")[2] if is_of_alert else one.title
            print(json.dumps([name, one.outcome.value]), flush=True)

    def rest(self, source: SourceName, seconds: float) -> None:
        """Nothing to show."""


class Token:
    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text


def alert_of(vendor_id: str, source: SourceName = PAGER) -> Alert:
    ref, kind = record_ref(source, vendor_id), SourceKind.SENTRY if source == ERRORS else SourceKind.PAGERDUTY
    record = Record(source, kind, vendor_id, ref, "Host is down", Severity.P2, Status.FIRING, now())
    return Alert(AlertId(ref), "Host is down", Severity.P2, Status.FIRING, "api", now(), (record,))


def mortal_calls(point: str) -> None:
    """Let the first change that is sent be the last thing that this process does, or nearly so."""
    send: Callable[..., Any] = Wire.send

    async def sent(self: Wire, *args: Any, **named: Any) -> Answer:
        if point == BEFORE_REQUEST:
            die()
        answer: Answer = await send(self, *args, **named)
        if point == BEFORE_ANSWER:
            die()  # It has come over the wire; nobody in this process has looked at it.
        return answer

    Wire.send = sent  # type: ignore[method-assign]


def sources(told: Mapping[str, Any]) -> Sequence[Any]:
    """Clients of the three vendors of a simulator that can be told to change something."""

    def common(vendor: str) -> dict[str, Any]:
        return {"token": Token(told[vendor]["token"]), "headers": {}, "severities": SeverityMap(), "clock": now}

    place, organization = told["sentry"]["url"], told["sentry"]["organization"]
    return (
        PagerDuty(PAGER, PagerDutySettings(url=told["pagerduty"]["url"], budget=10_000), **common("pagerduty")),
        Alertmanager(MUTES, AlertmanagerSettings(url=told["alertmanager"]["url"]), **common("alertmanager")),
        Sentry(ERRORS, SentrySettings(url=place, organization=organization), **common("sentry")),
    )


async def done(responder: Responder, life: Mapping[str, Any]) -> Sequence[ActReport]:
    """What is decided in one life; what is told while it goes on is printed."""
    verb, ids, follower = life["verb"], life["ids"], Follower()
    if verb == "create":
        return [await responder.create(PAGER, Create(ids[0], life["service"], details="since three"))]
    if verb in ("silence", "extend"):
        starts_at, ends_at = (datetime.fromisoformat(life[one]) for one in ("starts_at", "ends_at"))
        action = Silence((ids[0],), starts_at, ends_at, COMMENT)
        return [await responder.silence(MUTES, action, life.get("silence", ""))]
    if verb == "expire":
        return [await responder.silence(MUTES, Unsilence(), ids[0])]
    source = ERRORS if verb in OF_SENTRY else PAGER
    action_of_alerts = Merge(life["into"]) if verb == "merge" else ACTIONS[verb]
    await responder.act(action_of_alerts, [alert_of(one, source) for one in ids], follower)
    return ()


async def live(told: Mapping[str, Any], life: Mapping[str, Any]) -> None:
    """One life: an act, or the next start that looks at what the dead have left."""
    point = life.get("point", "")
    mortal_calls(point)
    keeper = MortalKeeper(life["journal"], now)
    keeper.point = point
    clients = sources(told)
    responder = responder_of(clients, keeper, now, "user:ann")
    if point == ANY_TIME:
        threading.Timer(life["after_ms"] / 1_000, die).start()
    if life["verb"] == "recover":
        Follower().hear(await responder.outbox.recover())
        print(json.dumps(["open", len(await responder.outbox.unsent(now()))]), flush=True)
    else:
        Follower().hear(await done(responder, life))
    for one in clients:
        await one.close()
    await keeper.close()


def one_life(told: Mapping[str, Any], life: Mapping[str, Any]) -> Mapping[str, Any]:
    """Fork a child for it, wait for its end, and tell what it printed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writing, 1)
        os.close(reading)
        try:
            asyncio.run(live(told, life))
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        printed = [json.loads(line) for line in pipe]
    _, status = os.waitpid(pid, 0)
    return {"told": printed, "is_killed": os.WIFSIGNALED(status)}


def main() -> None:
    import httpx  # noqa: F401  # Imported before the forks: each child has it then.
    import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401

    from oncall_tui.sources.pagerduty import vendor  # noqa: F401

    gc.freeze()
    told = json.loads(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(one_life(told, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
