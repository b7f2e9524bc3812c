"""Labels and inputs that want to be code: they arrive verbatim in the environment, are refused, or are left out."""

from pathlib import Path

import pytest

from oncall_tui.config.model import ActionSettings, InputSettings
from oncall_tui.runbook.actions.environment import LABEL, told_by, variable_of_label
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.values.check import objection
from tests.unit.builders import alert, record
from tests.unit.runbook.actions.bench import alert_with, bench
from tests.unit.runbook.hostile_values import EFFECT, HOSTILE

DUMP = "env -0 > seen"
LABELS = {f"l{number}": value for number, value in enumerate(HOSTILE)}


def seen(folder: Path) -> dict[str, str]:
    """The environment that an action has written down."""
    parts = (folder / "seen").read_bytes().decode().split("\0")
    return {name: value for name, _, value in (part.partition("=") for part in parts if part)}


def no_effect(folder: Path) -> bool:
    return not [one for one in folder.rglob("*") if EFFECT in one.name]


@pytest.mark.parametrize("is_program", [True, False])
async def test_hostile_labels_arrive_verbatim_and_are_never_code(is_program: bool, tmp_path: Path) -> None:
    settings = ActionSettings(name="x", **({"run": ("bash", "-c", DUMP)} if is_program else {"script": DUMP}))
    held = alert_with(LABELS)
    async with bench(tmp_path) as desk:
        run = await desk.begin(settings, held)
        left_out = dict(run.left_out)
        assert (await desk.run(settings, held)).judged.state is State.DONE
        got = seen(desk.folder)
    for name, value in LABELS.items():
        variable = variable_of_label(name)
        if variable in left_out:
            assert variable not in got
            assert "\0" in value
        else:
            assert got[variable] == value
    assert len(left_out) < 10
    assert no_effect(tmp_path)


async def test_hostile_labels_are_no_code_where_a_script_names_them(tmp_path: Path) -> None:
    held = alert_with(LABELS)
    names = [one.name for one in told_by(held).variables if one.name.startswith(LABEL)]
    uses = [f'printf "%s" "${name}" > /dev/null; : ${name}; x="${name}"; [[ "$x" == a ]] || true' for name in names]
    async with bench(tmp_path) as desk:
        ended = await desk.run(ActionSettings(name="x", script="\n".join(uses)), held)
        assert ended.judged.state is State.DONE, ended.executed.stderr
    assert no_effect(tmp_path)


async def test_hostile_names_of_labels_become_names_of_variables(tmp_path: Path) -> None:
    held = alert_with({value: "v" for value in HOSTILE})
    async with bench(tmp_path) as desk:
        assert (await desk.run(ActionSettings(name="x", script=DUMP), held)).judged.state is State.DONE
        names = [name for name in seen(desk.folder) if name.startswith(LABEL)]
    assert all(name.isascii() and name.replace("_", "A").isalnum() for name in names)
    assert no_effect(tmp_path)


async def test_hostile_titles_and_services_are_values_too(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        for value in (f"$(touch {EFFECT})", f"'; touch {EFFECT}; '", "{size}", "-rf"):
            held = alert(record(title=value, service=value))
            destroys = await desk.begin(ActionSettings(name="x", script="rm -r ./old"), held)
            assert destroys.plan.blocked == (), "braces in a service name no input"
            assert (await desk.run(ActionSettings(name="x", script=DUMP), held)).judged.state is State.DONE
            assert seen(desk.folder)["ONCALL_ALERT_TITLE"] == value
    assert no_effect(tmp_path)


@pytest.mark.parametrize("is_program", [True, False])
async def test_hostile_inputs_are_refused_or_arrive_verbatim(is_program: bool, tmp_path: Path) -> None:
    taken = [value for value in HOSTILE if not objection(Parameter("x", pattern=r"(?s).*"), value)]
    refused = [value for value in HOSTILE if value not in taken]
    inputs = tuple(InputSettings(name=f"i{number}", pattern="(?s).*") for number in range(len(taken)))
    body = {"run": ("bash", "-c", DUMP)} if is_program else {"script": DUMP}
    async with bench(tmp_path) as desk:
        typed = {one.name: value for one, value in zip(inputs, taken, strict=True)}
        ended = await desk.run(ActionSettings(name="x", inputs=inputs, **body), None, **typed)
        assert ended.judged.state is State.DONE, ended.judged.reason
        got = seen(desk.folder)
        for name, value in typed.items():
            assert got[f"ONCALL_INPUT_{name.upper()}"] == got[name] == value
        one = ActionSettings(name="x", inputs=inputs[:1], **body)
        for value in refused:
            with pytest.raises(NotStarted):
                await desk.begin(one, None, i0=value)
    assert len(taken) > 100
    assert len(refused) > 30
    assert no_effect(tmp_path)


async def test_an_input_without_a_pattern_is_neither_an_option_nor_a_path(tmp_path: Path) -> None:
    settings = ActionSettings(name="x", script=DUMP, inputs=(InputSettings(name="pod"),))
    async with bench(tmp_path) as desk:
        for value in ("-rf", "a b", "../x", "file:///etc/passwd", "$(id)"):
            with pytest.raises(NotStarted):
                await desk.begin(settings, None, pod=value)


def test_labels_that_stand_for_the_same_variable_are_left_out_unless_they_say_the_same() -> None:
    told = told_by(alert_with({"a.b": "1", "a-b": "2", "c.d": "3", "c-d": "3"}))
    assert told.left_out == (("ONCALL_LABEL_A_B", "stands for two labels"),)
    assert {one.name: one.value for one in told.variables if one.name.startswith(LABEL)} == {"ONCALL_LABEL_C_D": "3"}


def test_what_no_environment_can_hold_is_left_out_and_said() -> None:
    told = told_by(alert_with({"nul": "a\0b", "long": "x" * 40_000, "half": "\ud800", "fine": "y"}))
    assert dict(told.left_out) == {
        "ONCALL_LABEL_NUL": "holds a byte 0, which no environment can",
        "ONCALL_LABEL_LONG": "is too long",
        "ONCALL_LABEL_HALF": "is no valid Unicode text",
    }
    assert "ONCALL_LABEL_FINE" in [one.name for one in told.variables]


def test_all_labels_together_are_bounded() -> None:
    told = told_by(alert_with({f"l{number}": "x" * 30_000 for number in range(20)}))
    assert sum(len(one.value) for one in told.variables) <= 262_144
    assert len(told.left_out) == 12
