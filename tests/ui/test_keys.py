"""Keys as they are bound: the defaults, and the user's own, everywhere where a key is pressed or named."""

import subprocess
import sys

import msgspec
import pytest
from textual.app import App

from oncall_tui.config.model import Config
from oncall_tui.domain.alert import Alert
from oncall_tui.ui.keymap import read_keymap
from tests.ui.desk import at_desk, config_of
from tests.unit.builders import PAGERDUTY, alert, before, record


def alerts(count: int) -> list[Alert]:
    return [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}", since=before(60))) for i in range(count)]


def with_keys(**keys: str) -> Config:
    """A configuration with these keys; ``__`` stands for the dot of a command id."""
    return msgspec.structs.replace(config_of(), keys={name.replace("__", "."): key for name, key in keys.items()})


@pytest.mark.parametrize("keys", [{}, {"alert.acknowledge": "A", "list.sort": "f5,S", "alert.copy": ""}], ids=str)
async def test_the_app_binds_the_key_map_and_nothing_else(keys: dict[str, str]) -> None:
    async with at_desk(*alerts(2), config=msgspec.structs.replace(config_of(), keys=keys)) as desk:
        bound = {
            key: bindings
            for key, bindings in desk.app._bindings.key_to_bindings.items()
            if key not in ("ctrl+q", "ctrl+c", "ctrl+z", "ctrl+l")  # fixed: they change nothing outside the screen
        }
        expected = read_keymap(keys).commands
        assert {key: [one.action for one in bindings] for key, bindings in bound.items()} == {
            key: [f"command('{command_id}')"] for key, command_id in expected.items()
        }
        assert not any(one.priority for bindings in bound.values() for one in bindings), "none fires over a question"


async def test_a_key_of_ones_own_acts_and_the_default_does_no_more() -> None:
    async with at_desk(*alerts(2), config=with_keys(alert__acknowledge="A, f8"), size=(200, 60)) as desk:
        await desk.press("2", "a")
        assert desk.rooms.sent == []
        await desk.press("A", "j", "f8")
        assert desk.rooms.ids_sent == [["pagerduty/Q0"], ["pagerduty/Q1"]]
        assert "A acknowledge" in desk.text().splitlines()[-1]


@pytest.mark.parametrize("over", [(), ("b",), ("2", "space", "a"), ("slash",)], ids=str)
async def test_ctrl_z_goes_to_the_shell_from_anywhere(monkeypatch: pytest.MonkeyPatch, over: tuple[str, ...]) -> None:
    gone: list[object] = []
    monkeypatch.setattr(App, "action_suspend_process", lambda app: gone.append(app))
    monkeypatch.setattr("oncall_tui.ui.fixed_keys.has_shell", lambda: True)
    async with at_desk(*alerts(2)) as desk:
        await desk.press(*over, "ctrl+z")
        assert gone == [desk.app]
        assert desk.toasts() == []


async def test_ctrl_z_never_stops_a_screen_that_nobody_could_bring_back(monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[object] = []
    monkeypatch.setattr(App, "action_suspend_process", lambda app: gone.append(app))
    monkeypatch.setattr("oncall_tui.ui.fixed_keys.has_shell", lambda: False)
    async with at_desk(*alerts(2)) as desk:
        await desk.press("ctrl+z")
        assert gone == []
        assert "ctrl+z does nothing here" in desk.toasts()[0]


@pytest.mark.parametrize("argv", [["--job"], []], ids=["a job of a shell", "the leader of its session"])
def test_a_shell_is_known_by_the_group_that_it_gives_its_jobs(argv: list[str]) -> None:
    code = (
        "import os, sys; os.setsid()\n"
        "from oncall_tui.ui.to_shell import has_shell\n"
        "child = os.fork()\n"
        "if child: sys.exit(os.waitpid(child, 0)[1] >> 8)\n"
        "if sys.argv[1:]: os.setpgid(0, 0)\n"
        "os._exit(has_shell())"
    )
    run = subprocess.run([sys.executable, "-c", code, *argv], start_new_session=False, check=False)
    assert run.returncode == bool(argv)


async def test_ctrl_c_says_what_ends_the_screen() -> None:
    async with at_desk(*alerts(2), config=with_keys(screen__quit="Q")) as desk:
        await desk.press("ctrl+c")
        assert desk.toasts() == ["ctrl+c does not end the screen: Q does, and ctrl+q from anywhere."]


async def test_a_command_without_a_key_is_not_in_the_key_line() -> None:
    async with at_desk(*alerts(2), config=with_keys(alert__acknowledge=""), size=(200, 60)) as desk:
        await desk.press("2", "a")
        assert desk.rooms.sent == []
        assert "acknowledge" not in desk.text().splitlines()[-1]


async def test_a_bad_key_map_is_one_message_and_the_defaults_hold() -> None:
    bad = with_keys(alert__acknowledge="enter", screen__pause="F8", list__sort="zz", alert__markup="[red]")
    async with at_desk(*alerts(2), config=bad) as desk:
        (toast,) = desk.toasts()
        for said in ("[keys] is not used", "alert.acknowledge", '"zz" is no key', "alert.markup", "unknown command"):
            assert said in toast
        paused = []
        for key in ("2", "f8", "P", "a"):
            await desk.press(key)
            paused.append(desk.rooms.monitor.is_paused)
        assert paused == [False, False, True, True]
        assert desk.rooms.ids_sent == [["pagerduty/Q0"]]
