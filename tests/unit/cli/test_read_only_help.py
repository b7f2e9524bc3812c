"""Where nothing may be changed ``--help`` leaves out what would, whether an option or the configuration says so."""

import subprocess
import sys
from pathlib import Path

import pytest

from oncall_tui.cli.main import VERBS
from tests.unit.cli.fakes import FakeRooms, run

READ_ONLY = """
[display]
environment = "prod"
[environments.prod]
read_only = true
[sources.prom]
kind = "prometheus"
url = "http://localhost:9090"
"""
LAB = """
[environments.lab]
"""
LOOKING = {name for name, verb in VERBS.items() if not verb.is_act}


def offered(told: str) -> set[str]:
    return {name for name in VERBS if f"\n  {name} " in told}


def written(folder: Path, text: str) -> Path:
    path = folder / "oncall.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("line", [("--read-only", "--help"), ("--help", "--read-only")])
def test_it_offers_nothing_that_changes_anything(line: tuple[str, ...]) -> None:
    told = run(FakeRooms(), *line).stdout
    assert offered(told) == LOOKING
    assert not LOOKING & {"ack", "silence", "create", "merge"}
    assert "Read-only" in told
    assert offered(run(FakeRooms(), "--help").stdout) == set(VERBS)


@pytest.mark.parametrize("way", ["--config", "variable", "usual place"])
def test_nor_does_that_of_a_configuration_that_says_so(way: str, tmp_path: Path) -> None:
    path = tmp_path / "oncall-tui" / "oncall.toml"
    path.parent.mkdir()
    path.write_text(READ_ONLY)
    environ = {
        "variable": {"ONCALL_TUI_CONFIG": str(path)},
        "usual place": {"XDG_CONFIG_HOME": str(tmp_path)},
    }.get(way, {})
    options = ("--config", str(path)) if way == "--config" else ()
    told = run(FakeRooms(), "-h", options=options, environ=environ).stdout
    assert offered(told) == LOOKING
    assert "Read-only: the verbs that change something are left out." in told


def test_it_is_the_environment_that_is_watched_which_counts(tmp_path: Path) -> None:
    path = written(tmp_path, READ_ONLY.replace('environment = "prod"', 'environment = "lab"') + LAB)
    assert offered(run(FakeRooms(), "--help", options=("--config", str(path))).stdout) == set(VERBS)


@pytest.mark.parametrize("text", ["read_only [[", "[[", None, ""])
def test_a_file_that_cannot_be_read_keeps_nobody_from_the_help(text: str | None, tmp_path: Path) -> None:
    path = tmp_path / "oncall.toml" if text is None else written(tmp_path, text) if text else tmp_path
    result = run(FakeRooms(), "--help", options=("--config", str(path)))
    assert (result.exit_code, offered(result.stdout)) == (0, set(VERBS))


def test_an_address_takes_the_place_of_the_file(tmp_path: Path) -> None:
    environ = {"ONCALL_TUI_CONFIG": str(written(tmp_path, READ_ONLY))}
    assert offered(run(FakeRooms(), "--help", environ=environ).stdout) == set(VERBS)


@pytest.mark.parametrize("name", sorted(set(VERBS) - LOOKING))
def test_the_help_of_a_verb_says_that_it_is_refused_by_flag_and_by_file(name: str, tmp_path: Path) -> None:
    file = ("--config", str(written(tmp_path, READ_ONLY)))
    for options in (("--read-only",), file):
        told = run(FakeRooms(), name, "--help", options=options)
        assert told.exit_code == 0
        assert "Read-only: nothing is sent from here." in told.stdout
    assert "Read-only" not in run(FakeRooms(), name, "--help").stdout


@pytest.mark.parametrize(
    ("text", "is_loaded"), [("[environments.prod]\nproduction = true\n", False), (READ_ONLY, True)]
)
def test_a_file_without_the_key_is_not_understood_for_the_help(text: str, is_loaded: bool, tmp_path: Path) -> None:
    code = """
import sys
from oncall_tui.cli.main import main
try:
    main()
finally:
    print("oncall_tui.config.load" in sys.modules)
"""
    command = [sys.executable, "-c", code, "--config", str(written(tmp_path, text)), "--help"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.endswith(f"{is_loaded}\n")


def test_no_file_is_read_for_anything_but_the_help(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read: list[Path] = []
    monkeypatch.setattr("oncall_tui.config.load.load_anyway", read.append)
    path = written(tmp_path, READ_ONLY)
    assert run(FakeRooms(), "--version", options=("--config", str(path))).exit_code == 0
    assert run(FakeRooms(), "ack", "--no-such-option", options=("--config", str(path))).exit_code == 2
    assert read == []
