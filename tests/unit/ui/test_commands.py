"""The registry: one place for keys, labels, palette and help."""

import re

import pytest
from textual.keys import format_key

from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.commands import REGISTRY, Command, Group
from oncall_tui.ui.commands.command import shown

ALL = tuple(REGISTRY.values())


def keys(command: Command) -> list[str]:
    return [key.strip() for key in command.key.split(",")]


def test_every_command_has_an_id_and_a_key_of_its_own() -> None:
    assert [one.id for one in ALL] == list(REGISTRY)
    every = [key for one in ALL for key in keys(one)]
    assert sorted(every) == sorted(set(every))


def test_palette_entries_are_unique() -> None:
    assert len({one.palette for one in ALL}) == len(ALL)


@pytest.mark.parametrize("command", ALL, ids=lambda one: one.id)
def test_a_command_is_complete(command: Command) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", command.id)
    assert re.fullmatch(r"[a-z]+: [a-z ]+", command.palette), "noun: verb"
    assert command.label
    assert len(command.label) <= 12
    assert type(command).__doc__
    assert command.summary().endswith(".")
    assert len(command.summary()) <= 74, "the help dialog has one line for it at 80 columns"
    assert isinstance(command.group, Group)
    for key in keys(command):
        assert format_key(key)


def test_the_most_likely_comes_first_in_the_key_line() -> None:
    ranked = sorted((one for one in ALL if one.rank is not None), key=lambda one: one.rank or 0)
    assert len({one.rank for one in ranked}) == len(ranked)
    assert ranked[0].id == "alert.acknowledge"
    assert ranked[-1].id == "screen.quit"


def test_only_acknowledge_changes_anything_outside() -> None:
    assert [one.id for one in ALL if one.mutates] == ["alert.acknowledge"]


def test_no_command_fires_behind_a_question() -> None:
    bindings = [binding for one in ALL for binding in one.bindings()]
    assert not any(binding.priority for binding in bindings)
    assert {binding.id for binding in bindings} == set(REGISTRY)
    assert all(binding.tooltip for binding in bindings)


def test_the_app_binds_the_registry_and_nothing_else() -> None:
    assert [binding.action for binding in OncallApp.BINDINGS] == [  # type: ignore[union-attr]  # Binding, every one
        f"command('{one.id}')" for one in ALL for _ in keys(one)
    ]


@pytest.mark.parametrize(("key", "people"), [("slash", "/"), ("ctrl+p", "^p"), ("escape", "esc"), ("G", "G")])
def test_keys_are_shown_as_people_write_them(key: str, people: str) -> None:
    assert shown(key) == people
