"""What an action needs comes back from the journal as it was, or not at all."""

from datetime import timedelta

import pytest

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
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.event import Json
from oncall_tui.response.payload import action_of, options_of
from tests.unit.journal.helpers import NIGHT

ACTIONS: list[tuple[Action, dict[str, Json]]] = [
    (Acknowledge(), {}),
    (Resolve(), {}),
    (Resolve("rolled back", in_next_release=True), {"resolution": "rolled back", "in_next_release": True}),
    (Snooze(timedelta(hours=4)), {"duration": 14_400.0}),
    (Note("x" * 5_000), {"text": "x" * 5_000}),
    (SetPriority("P2"), {"name": "P2"}),
    (Escalate(2), {"level": 2}),
    (Reassign(("PA", "PB")), {"users": ["PA", "PB"]}),
    (Merge("Q9"), {"into": "Q9"}),
    (
        Silence(('team="data"',), NIGHT, NIGHT + timedelta(hours=2), "deploy"),
        {
            "matchers": ['team="data"'],
            "starts_at": "2026-11-03T03:14:05.678901Z",
            "ends_at": "2026-11-03T05:14:05.678901Z",
            "comment": "deploy",
        },
    ),
    (Unsilence(), {}),
    (Archive(), {}),
    (Archive(timedelta(days=1)), {"duration": 86_400.0}),
    (Assign("marie@w.example"), {"to": "marie@w.example"}),
    (Create("It burns", "PS1", priority="P1"), {"title": "It burns", "service": "PS1", "priority": "P1"}),
]


@pytest.mark.parametrize(("action", "options"), ACTIONS)
def test_an_action_comes_back(action: Action, options: dict[str, Json]) -> None:
    assert options_of(action) == options
    assert action_of(action.verb, options) == action


def test_every_verb_is_here() -> None:
    assert {action.verb for action, _ in ACTIONS} == set(Verb)


@pytest.mark.parametrize(
    ("verb", "options"),
    [
        ("teleport", {}),
        ("note", {}),
        ("note", {"text": 5}),
        ("note", None),
        ("note", ["text"]),
        ("escalate", {"level": True}),
        ("escalate", {"level": "2"}),
        ("snooze", {"duration": "4h"}),
        ("snooze", {"duration": 1e300}),
        ("snooze", {"duration": True}),
        ("silence", {"matchers": ["a=b"], "starts_at": "soon", "ends_at": "later", "comment": ""}),
        ("reassign", {"users": "PA"}),
        ("reassign", {"users": [1]}),
        ("resolve", {"in_next_release": 1}),
    ],
)
def test_what_others_have_written_is_not_guessed(verb: str, options: Json) -> None:
    assert action_of(verb, options) is None
