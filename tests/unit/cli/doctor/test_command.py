"""``oncall-tui doctor`` as it is called: never asks a vendor here."""

import json
from pathlib import Path

import pytest

from oncall_tui.cli.doctor import examination
from oncall_tui.config.model import AnySource
from oncall_tui.sources.base import Source
from tests.unit.cli.fakes import FakeRooms, run

GOOD = '[sources.prom]\nkind = "prometheus"\nurl = "http://127.0.0.1:9"\n'
PAGER = '[sources.pd]\nkind = "pagerduty"\ntoken = "env:PD_TOKEN"\n'


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "xterm"}


def options(folder: Path, text: str) -> tuple[str, str]:
    path = folder / "oncall.toml"
    path.write_text(text)
    return ("--config", str(path))


def test_without_a_configuration_it_says_how_to_begin_and_looks_at_the_terminal(environ: dict[str, str]) -> None:
    result = run(FakeRooms(), "doctor", environ=environ, options=())
    assert result.exit_code == 6
    assert "oncall-tui demo" in " ".join(result.stdout.split())
    assert "terminal  none here\n" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 failure: configuration."


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path, environ: dict[str, str]) -> None:
    result = run(FakeRooms(), "doctor", environ=environ, options=options(tmp_path, "[sources"))
    assert result.exit_code == 6
    assert "line 1: not valid TOML" in " ".join(result.stdout.split())
    assert "terminal" in result.stdout


def test_offline_nobody_is_asked(tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> Source:
        raise AssertionError("nobody is to be asked")

    monkeypatch.setattr(examination, "build", never)
    chosen = options(tmp_path, GOOD + PAGER)
    result = run(FakeRooms(), "doctor", "--offline", "--json", environ=environ, options=chosen)
    assert result.exit_code == 6
    answer = json.loads(result.stdout)
    states = {one["source"] or one["area"]: one["state"] for one in answer["areas"]}
    assert states == {
        "configuration": "ok",
        "prom": "ok",
        "pd": "failed",
        "runbooks": "ok",
        "journal": "ok",
        "terminal": "ok",
    }
    good = run(FakeRooms(), "doctor", "--offline", environ={**environ, "PD_TOKEN": "x"}, options=chosen)
    assert (good.exit_code, good.stdout.splitlines()[-1]) == (0, "Nothing keeps the screen from working.")


def test_one_broken_source_stops_neither_the_others_nor_the_rest(tmp_path: Path, environ: dict[str, str]) -> None:
    text = GOOD + PAGER + '[sources.bad]\nkind = "alertmanager"\nurl = "nowhere"\n[display]\nutcc = true\n'
    result = run(FakeRooms(), "doctor", environ=environ, options=options(tmp_path, text))
    assert result.exit_code == 6
    said = " ".join(result.stdout.split())
    assert "127.0.0.1:9 refuses the connection." in said
    assert "PD_TOKEN is not set" in said
    assert "Not asked: its settings are wrong." in said
    assert "display.utcc: unknown key" in said
    assert said.endswith("4 failures and 1 warning: configuration, prom, pd.")


def test_settings_that_are_wrong_elsewhere_keep_no_source_from_being_asked(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    wrong = '[severity]\nunknown = "P9"\n[[services.api.checks]]\nname = "a"\nquery = "q"\ncritical_severity = "x"\n'
    result = run(FakeRooms(), "doctor", environ=environ, options=options(tmp_path, GOOD + wrong))
    said = " ".join(result.stdout.split())
    assert "127.0.0.1:9 refuses the connection." in said
    assert "fault of its own" not in said
    assert result.exit_code == 6


def test_a_fault_of_our_own_in_one_source_is_told_and_the_rest_goes_on(
    tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str, settings: AnySource, **_: object) -> Source:
        raise ZeroDivisionError("by a token")

    monkeypatch.setattr(examination, "build", broken)
    result = run(FakeRooms(), "doctor", environ=environ, options=options(tmp_path, GOOD))
    assert result.exit_code == 6
    assert "ZeroDivisionError in test_command.py" in " ".join(result.stdout.split())
    assert "by a token" not in result.output
    assert "journal" in result.stdout


def test_only_the_named_source_is_asked(tmp_path: Path, environ: dict[str, str]) -> None:
    chosen = options(tmp_path, GOOD + PAGER)
    result = run(FakeRooms(), "doctor", "--source", "pd", "--json", environ=environ, options=chosen)
    areas = json.loads(result.stdout)["areas"]
    assert [one["source"] for one in areas if one["area"] == "source"] == ["pd"]


def test_a_source_that_does_not_exist_is_bad_usage(tmp_path: Path, environ: dict[str, str]) -> None:
    chosen = options(tmp_path, GOOD)
    result = run(FakeRooms(), "doctor", "--source", "prmo", environ=environ, options=chosen)
    assert result.exit_code == 2
    assert "prmo" in result.stderr and "prom" in result.stderr


def test_a_bad_address_on_the_command_line_is_told() -> None:
    result = run(FakeRooms(), "doctor", options=("--prometheus", "ftp://nowhere"))
    assert result.exit_code == 6
    assert "not an http" in " ".join(result.stdout.split())
