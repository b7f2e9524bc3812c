"""What the doctor says of the program that is told of alerts."""

from pathlib import Path

import pytest

from oncall_tui.cli.doctor.notification import notification_findings
from oncall_tui.config.model import CommandSettings, NotifySettings
from tests.unit.cli.doctor.findings import FAILED, OK, only


def of(program: str) -> NotifySettings:
    return NotifySettings(command=CommandSettings(run=(program, "--loud")))


def program(folder: Path, mode: int = 0o755) -> Path:
    path = folder / "phone"
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def test_nothing_is_said_without_one() -> None:
    assert notification_findings(NotifySettings(), {}) == []
    assert notification_findings(NotifySettings(command=CommandSettings(run=())), {}) == []


def test_one_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = program(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (str(path), "phone", "~/phone"):
        finding = only(notification_findings(of(name), {"PATH": f"/nowhere:{tmp_path}"}))
        assert (finding.state, finding.what) == (OK, f"notify.command: {name} is there.")


@pytest.mark.parametrize(
    ("name", "words"),
    [("phone", "is not in PATH"), ("/nowhere/phone", "cannot be run"), ("~nobody-here/phone", "cannot be run")],
)
def test_one_that_is_missing(name: str, words: str, tmp_path: Path) -> None:
    finding = only(notification_findings(of(name), {"PATH": str(tmp_path)}))
    assert (finding.state, finding.what) == (FAILED, f"notify.command.run: {name} {words}: no alert is told by it.")
    assert "chmod +x" in finding.advice


def test_one_that_may_not_be_run(tmp_path: Path) -> None:
    finding = only(notification_findings(of(str(program(tmp_path, 0o644))), {"PATH": ""}))
    assert finding.state is FAILED
