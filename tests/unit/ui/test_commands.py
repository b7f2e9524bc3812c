"""The registry: one place for keys, labels, palette and help."""

import re
from dataclasses import replace

import pytest

from oncall_tui.ui.commands import REGISTRY, Command, Group
from oncall_tui.ui.commands.alerts import pasted
from oncall_tui.ui.keynames import key_name
from tests.unit.builders import alert, record

ALL = tuple(REGISTRY.values())


def keys(command: Command) -> list[str]:
    return [key.strip() for key in command.key.split(",") if key.strip()]


def test_every_command_has_an_id_and_a_key_of_its_own() -> None:
    assert [one.id for one in ALL] == list(REGISTRY)
    every = [key for one in ALL for key in keys(one)]
    assert sorted(every) == sorted(set(every))


def test_palette_entries_are_unique() -> None:
    assert len({one.palette for one in ALL}) == len(ALL)


@pytest.mark.parametrize("command", ALL, ids=lambda one: one.id)
def test_a_command_is_complete(command: Command) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", command.id)
    assert re.fullmatch(r"[a-z]+: [a-zS ]+", command.palette), "noun: verb"
    assert command.label
    assert len(command.label) <= 12
    assert type(command).__doc__
    assert command.summary().endswith(".")
    assert len(command.summary()) <= 74, "the help dialog has one line for it at 80 columns"
    assert isinstance(command.group, Group)
    for key in keys(command):
        assert key_name(key) == key


def test_the_most_likely_comes_first_in_the_key_line() -> None:
    ranked = sorted((one for one in ALL if one.rank is not None), key=lambda one: one.rank or 0)
    assert len({one.rank for one in ranked}) == len(ranked)
    assert ranked[0].id == "alert.acknowledge"
    assert ranked[-1].id == "screen.quit"


def test_only_acknowledge_changes_anything_outside_before_it_has_asked() -> None:
    assert [one.id for one in ALL if one.mutates and not one.asks_first] == [
        "alert.acknowledge",
        "alert.retry",  # What was asked for before, and failed.
        "alert.stop",
    ]
    asking = [
        f"alert.{verb}"
        for verb in (
            "resolve",
            "snooze",
            "note",
            "archive",
            "assign",
            "escalate",
            "reassign",
            "priority",
            "merge",
            "silence",
            "unsilence",
        )
    ]
    assert [one.id for one in ALL if one.mutates and one.asks_first] == [*asking, "incident.create"]


@pytest.mark.parametrize(
    ("service", "title", "told"),
    [
        ("api", "api: 5xx above 1 %", "P2 api: 5xx above 1 %"),
        ("api", "5xx above 1 %", "P2 api: 5xx above 1 %"),
        ("", "Disk full", "P2 Disk full"),
    ],
)
def test_what_is_pasted_names_the_service_once(service: str, title: str, told: str) -> None:
    one = record(title=title, service=service)
    assert pasted(alert(one)) == told
    assert pasted(alert(replace(one, url="https://pd.example/1"))) == f"{told}\nhttps://pd.example/1"
