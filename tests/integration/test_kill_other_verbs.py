"""SIGKILL at every point of the verbs that no test beside this one kills: nothing is lost, nothing is done twice."""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.simulator.alertmanager.matchers import Matcher
from oncall_tui.simulator.catalogue import BY_NAME, PEOPLE
from oncall_tui.simulator.pagerduty.model import Incident
from oncall_tui.simulator.sentry.model import Issue
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.simulator.wire import LoggedRequest
from tests.integration.mortal_process import (
    AFTER_RESULT,
    ANY_TIME,
    BEFORE_INTENT,
    BEFORE_REQUEST,
    COMMENT,
    POINTS,
)
from tests.integration.test_kill_every_verb import DEADLINE_S, beginning
from tests.unit.journal.helpers import opened

pytestmark = pytest.mark.integration

ROUNDS = int(os.environ.get("ONCALL_KILLS", "3"))
"""Each with one life for every point and verb. ``ONCALL_KILLS=50`` kills fifty times at each point of each verb."""

LOOKED_FOR = ("create", "silence", "extend", "expire")
"""The next start says what became of these; of the others that it is not known, and where to look."""


@dataclass
class Thing:
    """What one life acts on, and how the vendor's own books tell what came of it."""

    name: str
    """As it is told of."""
    life: Mapping[str, Any]
    received: Callable[[LoggedRequest], bool]
    """Whether a request is the act."""
    is_done: Callable[[], bool]
    count: Callable[[], int] = lambda: 0
    """How many there are of what is made; 0 for what is only changed."""
    point: str = ""
    told: list[str] = field(default_factory=list)


def incident_of(simulator: Simulator, verb: str, number: int) -> Thing:
    """An incident of PagerDuty to be changed."""
    account = simulator.world.pagerduty
    one = account.open_incident(f"Host {number} is down", BY_NAME["api"], priority="P3")
    into = account.open_incident("All hosts are down", BY_NAME["api"], priority="P2") if verb == "merge" else one
    done: Mapping[str, Callable[[Incident], bool]] = {
        "escalate": lambda found: len(_kinds(found, "escalate")) == 1,
        "reassign": lambda found: [person.id for _, person in found.assignees] == [PEOPLE[3].id],
        "priority": lambda found: found.priority == "P1",
        "merge": lambda found: found.merged_into is into,
    }
    life = {"ids": [one.id], "into": into.id}
    return Thing(one.id, life, lambda sent: one.id in sent.body, lambda: done[verb](one))


def _kinds(incident: Incident, kind: str) -> list[str]:
    return [entry.kind for entry in incident.log if entry.kind == kind]


def issue_of(simulator: Simulator, verb: str, number: int) -> Thing:
    """An issue of Sentry to be changed."""
    one = simulator.world.sentry.add_issue(
        BY_NAME["api"],
        kind="ValueError",
        value=f"number {number}",
        culprit="api.views",
        level="error",
        priority="high",
        substatus="ongoing",
        events=5,
        users=2,
        first_seen=time.time() - 60,
        last_seen=time.time(),
        first_release="api@1.0.0",
        frames=(("api/views.py", "show", 12, "  raise"),),
    )
    done: Mapping[str, Callable[[Issue], bool]] = {
        "sentry resolve": lambda found: found.status == "resolved",
        "archive": lambda found: found.status == "ignored",
        "assign": lambda found: found.assigned_to is not None,
    }
    return Thing(one.id, {"ids": [one.id]}, lambda sent: f"id={one.id}" in sent.query, lambda: done[verb](one))


def incident_to_be(simulator: Simulator, _: str, number: int) -> Thing:
    """An incident that is declared."""
    title = f"The lifts of house {number} stand still"
    account, service = simulator.world.pagerduty, BY_NAME["api"].pagerduty_id

    def count() -> int:
        return sum(one.title == title for one in account.incidents.values())

    life = {"ids": [title], "service": service}
    return Thing(title, life, lambda sent: title in sent.body, lambda: count() == 1, count)


def silence_to_be(simulator: Simulator, _: str, number: int) -> Thing:
    """A silence that is made."""
    text, (starts_at, ends_at) = f'host="h{number}"', _hours(2)

    def count() -> int:
        return _silences(simulator, number)

    life = {"ids": [text], "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    return Thing(text, life, lambda sent: f'"h{number}"' in sent.body, lambda: count() == 1, count)


def silence_of(simulator: Simulator, verb: str, number: int) -> Thing:
    """A silence that is there, and is extended or ended."""
    text, (starts_at, ends_at) = f'host="h{number}"', _hours(2)
    silences = simulator.world.alertmanager.silences
    one = silences.add([Matcher("host", f"h{number}")], starts_at.timestamp(), ends_at.timestamp(), "ann", COMMENT)
    if verb == "expire":
        ended = lambda: one.ends_at <= time.time()  # noqa: E731
        return Thing(one.id, {"ids": [one.id]}, lambda sent: sent.path.endswith(one.id), ended)
    later = ends_at + timedelta(hours=1)
    life = {"ids": [text], "silence": one.id, "starts_at": starts_at.isoformat(), "ends_at": later.isoformat()}

    def is_done() -> bool:
        return abs(one.ends_at - later.timestamp()) < 0.01

    return Thing(text, life, lambda sent: one.id in sent.body, is_done, lambda: _silences(simulator, number))


def _silences(simulator: Simulator, number: int) -> int:
    """How many there are of one host, the ended ones too."""
    wanted = (Matcher("host", f"h{number}"),)
    return sum(one.matchers == wanted for one in simulator.world.alertmanager.silences.listed(()))


def _hours(count: int) -> tuple[datetime, datetime]:
    now = datetime.now(UTC).replace(microsecond=0)
    return now, now + timedelta(hours=count)


Making = Callable[[Simulator, str, int], Thing]
VERBS: Mapping[str, tuple[str, Making]] = {
    **dict.fromkeys(("escalate", "reassign", "priority", "merge"), ("pagerduty", incident_of)),
    **dict.fromkeys(("sentry resolve", "archive", "assign"), ("sentry", issue_of)),
    "create": ("pagerduty", incident_to_be),
    "silence": ("alertmanager", silence_to_be),
    **dict.fromkeys(("extend", "expire"), ("alertmanager", silence_of)),
}


@pytest.mark.parametrize("verb", VERBS)
async def test_a_kill_at_any_point_of_any_verb_loses_nothing_and_doubles_nothing(tmp_path: Path, verb: str) -> None:
    vendor, make = VERBS[verb]
    journal, chance = str(tmp_path / "journal.db"), random.Random(verb)
    options = SimulatorOptions(time.time, is_quiet=True, is_ticking=False, history_s=3_600, pagerduty_limit=100_000)
    things: dict[str, Thing] = {}
    kills: Counter[str] = Counter()
    async with asyncio.timeout(DEADLINE_S), running(options) as simulator, beginning(simulator) as lives:
        for _ in range(ROUNDS):
            for point in POINTS:
                one = make(simulator, verb, len(things))
                one.point, things[one.name] = point, one
                after_ms = chance.uniform(1, 80)
                life = await lives.live(**one.life, journal=journal, verb=verb, point=point, after_ms=after_ms)
                kills[point] += life["is_killed"]
                for name, outcome in life["told"]:
                    things[name].told.append(outcome)
            next_start = await lives.live(journal=journal, verb="recover")
            assert next_start["told"][-1] == ["open", 0], "each is told of once"
            for name, outcome in next_start["told"][:-1]:
                things[name].told.append(outcome)
        received = [one for one in simulator.wire.received(vendor) if one.method != "GET" and one.status < 300]
        assert all(kills[one] == ROUNDS for one in POINTS if one != ANY_TIME), kills
        for one in things.values():
            look_at(verb, one, sum(one.received(sent) for sent in received))
    with opened(Path(journal)) as kept:
        assert kept.verify() is None


def look_at(verb: str, one: Thing, sent: int) -> None:
    """What was told of it, what was sent, and how it stands at the vendor, belong together."""
    context = (one.point, one.told, sent, one.count())
    assert sent <= 1, f"doubled: {context}"
    assert one.count() <= 1, f"there is a second one: {context}"
    assert one.is_done() == (sent == 1), f"what was received was not done: {context}"
    assert len(one.told) <= 1, f"told of twice: {context}"
    if "confirmed" in one.told:
        assert one.is_done(), f"lost: {context}"
    if "failed" in one.told:
        assert not one.is_done(), f"done, and told as failed: {context}"
    expected = {
        BEFORE_INTENT: ([], 0),
        BEFORE_REQUEST: (["failed" if verb in LOOKED_FOR else "unknown"], 0),
        AFTER_RESULT: ([], 1),
    }
    after = (["confirmed" if verb in LOOKED_FOR else "unknown"], 1)
    if one.point != ANY_TIME:
        assert (one.told, sent) == expected.get(one.point, after), context
