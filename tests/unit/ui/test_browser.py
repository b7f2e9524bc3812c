"""A browser is started apart from this terminal, and never waited for."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from oncall_tui.ui import browser
from oncall_tui.ui.browser import has_display, open_apart

ADDRESS = "https://pd.example/incidents/1?a=b&c=$(touch x)"


@pytest.mark.parametrize(
    ("environ", "platform", "has_one"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"SSH_CONNECTION": "1 2 3 4", "DISPLAY": "localhost:10"}, "linux", True),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "1 2 3 4"}, "darwin", False),
    ],
)
def test_a_page_is_opened_only_where_it_can_be_seen(environ: Mapping[str, str], platform: str, has_one: bool) -> None:
    assert has_display(environ, platform) is has_one


def program(text: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-c", text)


def test_it_gets_the_address_as_it_is_and_nothing_of_this_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "told"
    telling = (
        "import os, pathlib, sys; print('Gtk-WARNING'); print('Gtk-WARNING', file=sys.stderr);"
        f"told = [sys.argv[1], sys.stdin.read(), str(os.getsid(0) == os.getpid())];"
        f"pathlib.Path({str(out)!r}).write_text('|'.join(told))"
    )
    assert open_apart(ADDRESS, program(telling))
    assert out.read_text() == f"{ADDRESS}||True"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("argv", [("no-such-program-of-any-kind",), program("raise SystemExit(1)")])
def test_what_is_absent_or_fails_has_opened_nothing(argv: tuple[str, ...]) -> None:
    assert not open_apart(ADDRESS, argv)


def test_a_browser_that_stays_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_LIMIT_S", 0.2)
    monkeypatch.setattr(browser, "_running", running := list(browser._running))
    assert open_apart(ADDRESS, program("import threading; threading.Event().wait()"))
    (stayed,) = running
    stayed.kill()
    stayed.wait()


def test_a_browser_that_the_environment_names_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told, stub = tmp_path / "told", tmp_path / "browser"
    stub.write_text(f'#!/bin/sh\nprintf %s "$1" > {told}\n')
    stub.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{stub} %s")
    assert open_apart(ADDRESS)
    assert told.read_text() == ADDRESS
