"""The keys of actions: beside the action or under ``[keys]``, in conflict with nothing, and none pressed by habit."""

import pytest

from oncall_tui.config.model import ActionSettings, FilterSettings
from oncall_tui.ui.commands import REGISTRY
from oncall_tui.ui.keymap import in_words, read_keymap, without_changes

LOOK = ActionSettings(name="Look at it", key="f6", run=("uptime",), help="Ask the host.")
MEND = ActionSettings(name="Mend", key="f7", run=("kubectl", "rollout", "restart", "deployment/api"))


def test_every_action_is_a_command_with_its_key() -> None:
    keymap = read_keymap({}, (), (LOOK, MEND))
    assert keymap.problems == ()
    assert (keymap.commands["f6"], keymap.commands["f7"]) == ("action.look_at_it", "action.mend")
    command = keymap.registry["action.look_at_it"]
    assert (command.palette, command.summary()) == ("action: Look at it", "Look at it: Ask the host.")
    assert keymap.registry["action.mend"].summary() == "Mend: kubectl rollout restart deployment/api"


def test_the_key_map_has_the_last_word() -> None:
    keymap = read_keymap({"action.mend": "f8", "action.look_at_it": ""}, (), (LOOK, MEND))
    assert keymap.problems == ()
    assert (keymap.keys_of("action.mend"), keymap.keys_of("action.look_at_it")) == (("f8",), ())


@pytest.mark.parametrize(
    ("keys", "actions", "filters", "said"),
    [
        ({}, (ActionSettings(name="x", key="s"),), (), 'actions[0].key: "s" is a key that "list.sort" has'),
        (
            {},
            (LOOK, ActionSettings(name="x", key="f6")),
            (),
            'actions[1].key: "f6" is a key that the action "Look at it"',
        ),
        ({}, (LOOK,), (FilterSettings(name="n", key="f6"),), 'actions[0].key: "f6" is a key that the filter "n" has'),
        ({"action.mend": "s"}, (MEND,), (), 'keys."action.mend": "s" is also the default key of "list.sort"'),
        ({"action.mned": "f8"}, (MEND,), (), 'keys."action.mned": unknown command; did you mean "action.mend"?'),
        ({"action.mend": "y"}, (MEND,), (), 'keys."action.mend": "y" is pressed by habit'),
        ({}, (ActionSettings(name="x", key="enter"),), (), 'actions[0].key: "enter" is pressed by habit'),
        ({}, (ActionSettings(name="x", key="ctrl+c"),), (), 'actions[0].key: "^c" copies a selection'),
        ({}, (ActionSettings(name="x", key="f66"),), (), 'actions[0].key: "f66" is no key'),
    ],
)
def test_a_key_that_cannot_be_is_told_once_and_no_action_has_one(
    keys: dict[str, str], actions: tuple[ActionSettings, ...], filters: tuple[FilterSettings, ...], said: str
) -> None:
    keymap = read_keymap(keys, filters, actions)
    (problem,) = keymap.problems
    assert in_words(problem).startswith(said)
    assert all(keymap.keys_of(one.id) == () for one in actions)
    assert all(one.id in keymap.registry for one in actions), "the palette has it all the same"


def test_what_changes_is_not_offered_on_a_read_only_screen_and_what_reads_is() -> None:
    keymap = without_changes(read_keymap({}, (), (LOOK, MEND)))
    assert "action.mend" not in keymap.registry
    assert "f7" not in keymap.commands
    assert keymap.commands["f6"] == "action.look_at_it"


def test_without_actions_the_registry_is_the_usual_one() -> None:
    assert read_keymap({}).registry is REGISTRY
