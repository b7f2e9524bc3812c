"""A process of its own that acknowledges at a small vendor, and stops where it is told to, to be killed there.

``python -m tests.integration.acknowledging_process JOURNAL PORT STOP VERB [ID…]``, VERB acknowledge, unsent or recover.
Prints one line of JSON per fact; ``"stopped"`` when it has come to the point ``STOP``.
"""

import asyncio
import http.client
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from oncall_tui.domain.action import Action
from oncall_tui.domain.alert import Alert, Record, SourceKind, Status
from oncall_tui.domain.ids import AlertId, SourceName, record_ref
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.event import Event, NewEvent
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.ulid import Ulids
from oncall_tui.response.report import ActReport
from oncall_tui.response.responder import Responder
from oncall_tui.sources.actors import ActOutcome, ActResult, Course
from oncall_tui.threads import DaemonThreads

BEFORE_INTENT = "before the intent"
BEFORE_REQUEST = "after the intent, before the request"
BEFORE_ANSWER = "after the request, before the answer"
BEFORE_RESULT = "after the answer, before the result"
NOWHERE = "nowhere"

VENDOR = SourceName("vendor")


def now() -> datetime:
    return datetime.now(UTC)


def say(fact: object) -> None:
    print(json.dumps(fact), flush=True)


async def stop() -> None:
    """Stay here until the process is killed."""
    say("stopped")
    await asyncio.Event().wait()


class StoppingKeeper(JournalKeeper):
    """Stops before the first or the second write of this process."""

    stop_before = 0
    writes = 0

    async def append_all(
        self, events: Sequence[tuple[str, NewEvent]], after: Mapping[str, int] | None = None
    ) -> tuple[Event, ...]:
        self.writes += 1
        if self.writes == self.stop_before:
            await stop()
        return await super().append_all(events, after)


class SmallClient:
    """Speaks to the small vendor: reads the state first, as every acknowledger must."""

    def __init__(self, port: int, stops: bool) -> None:
        self._port = port
        self._stops = stops
        self._threads = DaemonThreads("vendor")

    verbs = frozenset({Verb.ACKNOWLEDGE})

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        if self._stops:
            await stop()
        states = await self._threads.run(lambda: self._call("GET", ids))
        wanted = [one for one in ids if states[one] == "triggered"]
        if wanted:
            await self._threads.run(lambda: self._call("PUT", wanted))
        outcomes = {"triggered": ActOutcome.CONFIRMED, "acknowledged": ActOutcome.ALREADY, "resolved": ActOutcome.GONE}
        return {one: ActResult(one, outcomes[states[one]]) for one in ids}

    def _call(self, method: str, ids: Sequence[str]) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(method, "/" + ",".join(ids))
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return answer


def alert_of(vendor_id: str) -> Alert:
    ref = record_ref(VENDOR, vendor_id)
    title = f"{vendor_id} is down"
    record = Record(VENDOR, SourceKind.PAGERDUTY, vendor_id, ref, title, Severity.P1, Status.FIRING, now())
    return Alert(AlertId(ref), title, Severity.P1, Status.FIRING, "checkout", now(), (record,))


async def main(journal: str, port: str, stop_at: str, verb: str, *ids: str) -> None:
    keeper = StoppingKeeper(journal, now)
    keeper.stop_before = {BEFORE_INTENT: 1, BEFORE_RESULT: 2}.get(stop_at, 0)
    client = SmallClient(int(port), stop_at == BEFORE_REQUEST)
    responder = Responder(keeper, {VENDOR: client}, now, "user:alice", Ulids(now, lambda count: b"\x07" * count))
    if verb == "unsent":
        say([one.intent.target for one in await responder.outbox.unsent(now())])
    elif verb == "recover":
        say(in_words(await responder.outbox.recover()))
    else:
        say(in_words(await responder.acknowledge([alert_of(one) for one in ids])))
    await keeper.close()


def in_words(reports: Sequence[ActReport]) -> dict[str, str]:
    return {one.alert_id.partition("/")[2]: one.outcome.value for one in reports}


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
