"""A process that forks children, each of which acts at a pager and is killed (SIGKILL) at the point it is told to.

``python -m tests.integration.mortal_process URL TOKEN``. Everything is imported once; a line of JSON on stdin is one
life: ``{"journal": …, "verb": …, "ids": […], "point": …, "after_ms": …}``. The answer is a line with what the child
printed, and whether it was killed. A child prints what a person would see: each outcome as it is told.
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

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.action import Acknowledge, Action, Note, Resolve, Snooze
from oncall_tui.domain.alert import Alert, Record, SourceKind, Status
from oncall_tui.domain.ids import AlertId, SourceName, record_ref
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.journal.event import Event, NewEvent
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.ulid import Ulids
from oncall_tui.response.report import ActReport
from oncall_tui.response.responder import Responder
from oncall_tui.sources.pagerduty import PagerDuty
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.exchange import Question
from oncall_tui.sources.values import JsonObject

BEFORE_INTENT = "before the intent"
BEFORE_REQUEST = "before the request"
BEFORE_ANSWER = "before the answer"
BEFORE_RESULT = "before the result"
AFTER_RESULT = "after the result, before it is told"
ANY_TIME = "at any time"
POINTS = (BEFORE_INTENT, BEFORE_REQUEST, BEFORE_ANSWER, BEFORE_RESULT, AFTER_RESULT, ANY_TIME)

PAGER = SourceName("pagerduty")
ACTIONS: Mapping[str, Action] = {
    "acknowledge": Acknowledge(),
    "note": Note("rolled back"),
    "resolve": Resolve("rolled back"),
    "snooze": Snooze(timedelta(hours=1)),
}


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
            print(json.dumps([one.alert_id.partition("/")[2], one.outcome.value]), flush=True)

    def rest(self, source: SourceName, seconds: float) -> None:
        """Nothing to show."""


class Token:
    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text


def alert_of(vendor_id: str) -> Alert:
    ref = record_ref(PAGER, vendor_id)
    record = Record(PAGER, SourceKind.PAGERDUTY, vendor_id, ref, "Host is down", Severity.P2, Status.FIRING, now())
    return Alert(AlertId(ref), "Host is down", Severity.P2, Status.FIRING, "api", now(), (record,))


def mortal_calls(point: str) -> None:
    """Let the first change that is sent be the last thing that this process does, or nearly so."""
    ask: Callable[[Calls, Question], Any] = Calls._ask

    async def asked(self: Calls, question: Question) -> JsonObject:
        if question.method != "GET" and point == BEFORE_REQUEST:
            die()
        answer: JsonObject = await ask(self, question)
        if question.method != "GET" and point == BEFORE_ANSWER:
            die()  # It has come over the wire; nobody in this process has looked at it.
        return answer

    Calls._ask = asked  # type: ignore[method-assign]


async def live(url: str, token: str, life: Mapping[str, Any]) -> None:
    """One life: an act, or the next start that looks at what the dead have left."""
    point = life.get("point", "")
    mortal_calls(point)
    keeper = MortalKeeper(life["journal"], now)
    keeper.point = point
    pager = PagerDuty(
        PAGER,
        PagerDutySettings(url=url, budget=10_000),
        token=Token(token),
        headers={},
        severities=SeverityMap(),
        clock=now,
    )
    responder = Responder(keeper, {PAGER: pager}, now, "user:ann", Ulids(now, os.urandom))
    if point == ANY_TIME:
        threading.Timer(life["after_ms"] / 1_000, die).start()
    if life["verb"] == "recover":
        Follower().hear(await responder.outbox.recover())
        print(json.dumps(["open", len(await responder.outbox.unsent(now()))]), flush=True)
    else:
        await responder.act(ACTIONS[life["verb"]], [alert_of(one) for one in life["ids"]], Follower())
    await pager.close()
    await keeper.close()


def one_life(url: str, token: str, life: Mapping[str, Any]) -> Mapping[str, Any]:
    """Fork a child for it, wait for its end, and tell what it printed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writing, 1)
        os.close(reading)
        try:
            asyncio.run(live(url, token, life))
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        told = [json.loads(line) for line in pipe]
    _, status = os.waitpid(pid, 0)
    return {"told": told, "is_killed": os.WIFSIGNALED(status)}


def main() -> None:
    import httpx  # noqa: F401  # Imported before the forks: each child has it then.
    import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401

    from oncall_tui.sources.pagerduty import vendor  # noqa: F401

    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(one_life(sys.argv[1], sys.argv[2], json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
