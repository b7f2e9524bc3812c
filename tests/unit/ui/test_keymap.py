"""Key maps: what the user writes holds as a whole or not at all, and every mistake is named with what to do."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.config.model import FilterSettings
from oncall_tui.ui.commands import REGISTRY
from oncall_tui.ui.keymap import Keymap, in_words, read_keymap, without_changes

DEFAULT = read_keymap({})


def words(keys: dict[str, str]) -> str:
    """The one problem of a key map, which has changed nothing."""
    found = read_keymap(keys)
    assert found.bindings == DEFAULT.bindings, "all or nothing"
    assert len(found.problems) == 1, found.problems
    return in_words(found.problems[0])


def test_the_defaults_are_a_good_key_map_that_fits_its_own_rules() -> None:
    assert not DEFAULT.problems
    assert list(DEFAULT.bindings) == list(REGISTRY)
    again = read_keymap({one: DEFAULT.every_shown(one).replace(" ", ",") for one in REGISTRY})
    assert again == DEFAULT


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("A", ("A",)),
        ("f5, ctrl+r", ("f5", "ctrl+r")),
        (",", ("comma",)),
        ("comma,F5", ("comma", "f5")),
        ("X, X", ("X",)),
        ("", ()),
        ("none", ()),
        ("False", ()),
    ],
)
def test_a_command_has_the_keys_that_are_written(written: str, keys: tuple[str, ...]) -> None:
    found = read_keymap({"screen.refresh": written})
    assert not found.problems
    assert found.bindings["screen.refresh"] == keys
    assert {one: found.bindings[one] for one in REGISTRY if one != "screen.refresh"} == {
        one: DEFAULT.bindings[one] for one in REGISTRY if one != "screen.refresh"
    }


def test_two_commands_may_change_their_keys_with_each_other() -> None:
    found = read_keymap({"alert.mark": "s", "list.sort": "space"})
    assert not found.problems
    assert found.commands["s"] == "alert.mark"
    assert found.commands["space"] == "list.sort"


@pytest.mark.parametrize("written", ["", "backspace", "backspace, esc"])
def test_escape_always_goes_back(written: str) -> None:
    found = read_keymap({"view.back": written})
    assert not found.problems
    assert "escape" in found.bindings["view.back"]
    assert found.bindings["view.back"][0] == ("backspace" if written else "escape"), "the user's own is shown first"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"alert.acknowlege": "A"}, 'keys."alert.acknowlege": unknown command; did you mean "alert.acknowledge"?'),
        ({"zzz": "A"}, "keys.zzz: unknown command; docs/keys.md lists every command"),
        ({"alert.copy": "spce"}, '"spce" is no key; did you mean "space"?'),
        ({"alert.copy": "ctrl+spce"}, 'did you mean "space"?'),
        ({"alert.copy": "zz"}, '"zz" is no key; write a key such as'),
        ({"alert.copy": "c,,d"}, 'a key is missing beside a comma; the key itself is "comma"'),
        ({"alert.copy": "\x1b[2J"}, "is no key"),
        ({"alert.copy": "a"}, '"a" is also the default key of "alert.acknowledge"'),
        ({"alert.copy": "B", "alert.browse": "B"}, '"B" is also given to "alert.copy"'),
        ({"screen.quit": ""}, "cannot go without a key"),
        ({"screen.help": "none"}, "cannot go without a key"),
        ({"alert.copy": "up"}, '"up" moves in lists and texts'),
        ({"alert.copy": "pgdn"}, "moves in lists"),
        ({"alert.copy": "tab"}, "goes from list to list"),
        ({"alert.copy": "esc"}, "always goes back"),
        ({"alert.copy": "ctrl+q"}, "always quits"),
        ({"alert.copy": "ctrl+i"}, "is sent by terminals as tab"),
        ({"alert.copy": "ctrl+m"}, "is sent by terminals as enter"),
    ],
)
def test_a_mistake_is_named_and_the_defaults_hold(keys: dict[str, str], said: str) -> None:
    assert said in words(keys)


@pytest.mark.parametrize("key", ["enter", "space", "y", "n", "q"])
def test_what_changes_something_outside_is_on_no_key_that_is_pressed_by_habit(key: str) -> None:
    taken = {"enter": "alert.open", "space": "alert.mark", "y": "alert.copy", "q": "screen.quit"}
    free = {taken[key]: "F"} if key in taken else {}
    assert "is pressed by habit" in words({"alert.acknowledge": key, **free})
    free = {**free, "alert.note": ""} if key == "n" else free
    assert not read_keymap({"screen.refresh": key, **free}).problems, "others may have it"


def test_every_problem_is_listed_at_its_key() -> None:
    found = read_keymap({"alert.copy": "zz, up", "nothing.here": "x", "screen.quit": "", "list.sort": "s"})
    keys = [problem.key for problem in found.problems]
    assert keys == [("keys", "alert.copy"), ("keys", "alert.copy"), ("keys", "nothing.here"), ("keys", "screen.quit")]
    assert found.bindings == DEFAULT.bindings


def test_an_entry_that_cannot_be_used_is_in_the_way_of_no_other() -> None:
    assert "zz" in words({"alert.acknowledge": "zz", "screen.refresh": "a"})


def test_texts_name_the_keys_as_they_are_bound() -> None:
    text = "{screen.pause} goes on, {view.alerts} goes to their list."
    assert DEFAULT.fill(text) == "P goes on, 2 goes to their list."
    found = read_keymap({"screen.pause": "ctrl+o", "view.alerts": ""})
    assert found.fill(text) == "^o goes on, “view: alerts” goes to their list."


KEYS = st.sampled_from(["a", "A", "/", "esc", "f5", "up", "", "zz", ",", "x,y", "ctrl+p", "enter", "none", "a,a"])


@given(st.dictionaries(st.sampled_from([*REGISTRY, "un.known"]), KEYS, max_size=12))
def test_whatever_is_written_no_key_is_on_two_commands_and_help_and_quit_have_one(keys: dict[str, str]) -> None:
    found: Keymap = read_keymap(keys)
    every = [key for one in found.bindings.values() for key in one]
    assert len(every) == len(set(every))
    assert list(found.bindings) == list(REGISTRY)
    for kept in ("screen.help", "screen.quit", "view.back"):
        assert found.bindings[kept]
    if found.problems:
        assert found.bindings == DEFAULT.bindings


def test_a_key_map_is_read_without_textual() -> None:
    code = "import sys, oncall_tui.ui.keymap; sys.exit(bool({'textual', 'rich'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Saved filters


def saved(*keys: str) -> list[FilterSettings]:
    return [FilterSettings(name=f"f{number}", filter="x", key=key) for number, key in enumerate(keys)]


def test_a_saved_filter_is_a_command_with_the_key_that_stands_beside_it() -> None:
    found = read_keymap({}, saved("f2, F3", ""))
    assert not found.problems
    assert (found.commands["f2"], found.commands["f3"]) == ("filter.1", "filter.1")
    assert found.keys_of("filter.2") == ()
    assert [found.registry[one].palette for one in ("filter.1", "filter.2")] == ["filter: f0", "filter: f1"]
    assert found.registry["filter.1"].summary() == "f0: x"
    assert "filter.1" in without_changes(found).registry


def test_without_saved_filters_the_registry_is_the_usual_one() -> None:
    assert read_keymap({}).registry is REGISTRY


@pytest.mark.parametrize(
    ("keys", "filters", "said"),
    [
        ({}, ["s"], 'filters[0].key: "s" is a key that "list.sort" has; write another key'),
        ({"list.sort": "f9"}, ["f9"], 'filters[0].key: "f9" is a key that "list.sort" has'),
        ({}, ["f2", "f2"], 'filters[1].key: "f2" is a key that the filter "f0" has'),
        ({}, ["f2,esc"], 'filters[0].key: "esc" always goes back'),
        ({}, ["zz"], 'filters[0].key: "zz" is no key'),
    ],
)
def test_a_key_in_conflict_is_named_and_nothing_holds_by_halves(
    keys: dict[str, str], filters: list[str], said: str
) -> None:
    found = read_keymap({**keys, "screen.pause": "f8"}, saved("f4", *filters))
    assert said.replace("filters[1]", "filters[2]").replace("filters[0]", "filters[1]").replace("f0", "f1") in (
        found.complaint
    )
    assert len(found.problems) == 1
    assert "f4" not in found.commands
    assert found.keys_of("screen.pause") == ("P",), "the default keys hold, all of them"
    assert "filter.1" in found.registry, "the palette has them all the same"


def test_a_key_that_the_user_has_taken_from_a_command_is_free_for_a_filter() -> None:
    found = read_keymap({"list.sort": "f9"}, saved("s"))
    assert not found.problems
    assert found.commands["s"] == "filter.1"
