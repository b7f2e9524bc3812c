"""Which programs are asked to take a text, and what a program that fails or hangs comes to."""

import sys
from pathlib import Path

import pytest

from oncall_tui.ui import clipboard
from oncall_tui.ui.clipboard import run_tool, tools_for


@pytest.mark.parametrize(
    ("environ", "platform", "is_over_ssh", "programs"),
    [
        ({}, "linux", False, []),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False, ["wl-copy"]),
        ({"DISPLAY": ":0"}, "linux", False, ["xclip", "xsel"]),
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "linux", False, ["wl-copy", "xclip", "xsel"]),
        ({}, "darwin", False, ["pbcopy"]),
        ({"DISPLAY": ":0", "TMUX": "/s"}, "linux", False, ["xclip", "xsel", "tmux"]),
        ({"DISPLAY": "localhost:10", "TMUX": "/s"}, "linux", True, ["tmux"]),
        ({"DISPLAY": "localhost:10"}, "linux", True, []),
        ({}, "darwin", True, []),
    ],
)
def test_the_programs_of_this_machine_are_asked_only_where_its_clipboard_is_the_engineers(
    environ: dict[str, str], platform: str, is_over_ssh: bool, programs: list[str]
) -> None:
    tools = tools_for(environ, platform, is_over_ssh=is_over_ssh)
    assert [tool.argv[0] for tool in tools] == programs


def test_only_what_a_program_took_is_called_copied() -> None:
    tools = list(tools_for({"DISPLAY": ":0", "TMUX": "/s"}, "linux", is_over_ssh=False))
    assert [tool.words for tool in tools] == ["Copied to the clipboard"] * 2 + [
        "Copied to tmux, and sent to the terminal's clipboard"
    ]


def program(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


def test_a_program_gets_the_text_on_its_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "taken"
    taking = program(f"import sys, pathlib; pathlib.Path({str(out)!r}).write_bytes(sys.stdin.buffer.read())")
    assert run_tool(taking, "P1 café: $(touch x); `y`\nz".encode())
    assert out.read_text() == "P1 café: $(touch x); `y`\nz"


@pytest.mark.parametrize(
    "argv", [("no-such-program-of-any-kind",), program("raise SystemExit(1)"), program("import os; os.abort()")]
)
def test_a_program_that_is_absent_or_fails_did_not_take_it(argv: tuple[str, ...]) -> None:
    assert not run_tool(argv, b"x")


def test_a_program_that_hangs_did_not_take_it_and_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "_LIMIT_S", 0.2)
    assert not run_tool(program("import threading; threading.Event().wait()"), b"x")


def test_a_child_that_stays_behind_is_not_waited_for() -> None:
    staying = "import os, threading\nif os.fork() == 0: threading.Event().wait(20)"
    assert run_tool(program(staying), b"x")
