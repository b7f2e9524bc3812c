"""``[[actions]]``: what is wrong with them is told where it stands, each once."""

from pathlib import Path

import pytest

from oncall_tui.config.errors import ConfigError
from oncall_tui.config.load import load
from oncall_tui.config.model import ActionSettings, InputSettings
from oncall_tui.runbook.actions.check import action_problems
from tests.unit.config.files import file_with
from tests.unit.config.test_filters import SOURCE, problems

GOOD = """
[[actions]]
name = "Restart pods"
key = "f6"
run = ["kubectl", "rollout", "restart", "deployment/api"]
on = "service:api sev<=2"
danger = "change"
timeout = "1h"
confirm = "restart {size}"
help = "Begin anew."
[[actions.inputs]]
name = "size"
type = "int"
min = 1
max = 9
default = 3
"""


def action(body: str = 'run = ["true"]', *rest: str) -> str:
    return "\n".join(["[[actions]]", 'name = "A b"', body, *rest, ""])


def wanted(*lines: str) -> str:
    return "\n".join(["[[actions.inputs]]", *lines, ""])


def test_an_action_is_read_with_all_that_it_has(tmp_path: Path) -> None:
    (found,) = load(file_with(tmp_path, SOURCE + GOOD)).actions
    assert found == ActionSettings(
        name="Restart pods",
        key="f6",
        run=("kubectl", "rollout", "restart", "deployment/api"),
        on="service:api sev<=2",
        danger="change",
        timeout="1h",
        confirm="restart {size}",
        help="Begin anew.",
        inputs=(InputSettings(name="size", type="int", min=1, max=9, default=3),),
    )
    assert found.id == "action.restart_pods"
    assert list(action_problems((found,))) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (action("script = 'x'", "frobnicate = 1"), "actions[0].frobnicate: unknown key"),
        (action() + wanted('name = "a"', "defualt = 1"), "actions[0].inputs[0].defualt: unknown key"),
        (action(""), "actions[0].run: missing: nothing would be done"),
        (action('run = ["x"]', 'script = "y"'), "actions[0].script: stands beside run"),
        (action('run = [" "]'), "actions[0].run[0]: is empty"),
        (action() + action(), 'actions[1].name: "A b" names another action too'),
        (action().replace("A b", "?!"), "actions[0].name: has neither letters nor digits"),
        (action().replace("A b", " "), "actions[0].name: is empty"),
        (action('run = ["x"]', 'on = "sev:9"'), "actions[0].on: sev:9: severities are 1 to 5, or P1 to P5"),
        (action('run = ["x"]', 'danger = "none"'), "actions[0].danger: unknown word"),
        (action('run = ["x"]', 'timeout = "7h"'), 'actions[0].timeout: "7h" is out of bounds'),
        (action('run = ["x"]', 'confirm = "do {pod}"'), 'actions[0].confirm: "{pod}" is no input that can be shown'),
        (action() + wanted('name = "A"'), "actions[0].inputs[0].name: cannot be the name of an input"),
        (action() + wanted('name = "a"', 'pattern = "("'), "actions[0].inputs[0].pattern: is no regular expression"),
        (action() + wanted('name = "a"') + wanted('name = "a"'), 'actions[0].inputs[1].name: "a" names another input'),
        (action() + wanted('name = "a"', "min = 3", "max = 1"), "actions[0].inputs[0].max: 1 is less than min 3"),
        (
            action() + wanted('name = "a"', 'type = "secret"', 'default = "x"'),
            "actions[0].inputs[0].default: would be a secret in this file",
        ),
    ],
)
def test_what_is_wrong_is_told_once_at_its_key(text: str, said: str, tmp_path: Path) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1, found
    assert found[0].startswith(said)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(file_with(tmp_path, SOURCE + action("") + action('run = ["x"]', 'on = "sev:9"')))
    assert [one.key for one in refused.value.problems] == ["actions[0].run", "actions[1].name", "actions[1].on"]


@pytest.mark.parametrize(
    ("settings", "key", "said"),
    [
        (
            ActionSettings(name="x", run=("x",), inputs=(InputSettings(name="a", type="int", max=3, default=7),)),
            ("actions", 0, "inputs", 0, "default"),
            "is more than 3",
        ),
        (
            ActionSettings(name="x", run=("x",), inputs=(InputSettings(name="a", choices=("b",), default="c"),)),
            ("actions", 0, "inputs", 0, "default"),
            "is none of b",
        ),
        (
            ActionSettings(name="x", run=("x",), inputs=(InputSettings(name="a", pattern="[a-z]+", default="7"),)),
            ("actions", 0, "inputs", 0, "default"),
            "does not fit the pattern [a-z]+",
        ),
        (
            ActionSettings(name="x", run=("tail", "-f", "/var/log/syslog")),
            ("actions", 0, "run"),
            "needs a terminal of its own, which an action has not",
        ),
    ],
)
def test_the_check_knows_what_the_runbook_room_would_refuse(
    settings: ActionSettings, key: tuple[str | int, ...], said: str
) -> None:
    (found,) = action_problems((settings,))
    assert (found.key, found.problem) == (key, said)


def test_a_text_that_reads_a_value_as_code_is_told() -> None:
    (found,) = action_problems((ActionSettings(name="x", script='eval "$ONCALL_LABEL_POD"'),))
    assert found.key == ("actions", 0, "script")
    assert "eval" in found.problem
