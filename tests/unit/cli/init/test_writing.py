"""The file on the disk: whole or not at all, and never in place of anything without a copy."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall_tui.cli.init.writing import cannot_write, what_is_there, write_config, write_private
from oncall_tui.config.errors import ConfigError

NOW = datetime(2026, 11, 21, 3, 0, 0, tzinfo=UTC)
GOOD = '[sources.prometheus]\nkind = "prometheus"\nurl = "http://localhost:9090"\n'


def test_a_text_with_problems_takes_the_place_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "oncall.toml"
    path.write_text(GOOD)
    with pytest.raises(ConfigError, match="nothing would be watched") as caught:
        write_config(path, "[display]\n", NOW)
    assert caught.value.problems[0].file == str(path)
    assert path.read_text() == GOOD
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_into_a_folder_of_dotfiles_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "oncall.toml"
    real.parent.mkdir()
    real.write_text(GOOD)
    link = tmp_path / "oncall.toml"
    link.symlink_to(real)
    _, backup = write_config(link, GOOD + "# new\n", NOW)
    assert link.is_symlink()
    assert real.read_text().endswith("# new\n")
    assert backup == real.with_name("oncall.toml.20261121-030000.bak")


def test_what_is_written_is_private_whatever_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "token", b"secret")
        write_config(tmp_path / "new" / "folder" / "oncall.toml", GOOD, NOW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new" / "folder" / "oncall.toml").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "folder").stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "oncall.toml"
    path.write_text(GOOD)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_config(path, GOOD + "# new\n", NOW)
    assert path.read_text() == GOOD
    assert list(tmp_path.iterdir()) == [path]


def test_what_stands_there_is_told_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "oncall.toml"
    assert what_is_there(path) == ""
    path.write_text(GOOD + "[services.a]\n[services.b]\n")
    assert what_is_there(path) == "a configuration with the sources prometheus and 2 services"
    path.write_text(GOOD + "[services.a]\n")
    assert what_is_there(path) == "a configuration with the sources prometheus and 1 service"
    path.write_bytes(b"\xff\xfe")
    assert what_is_there(path) == "a configuration with 1 problem"


def test_a_place_that_cannot_be_written_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cannot_write(tmp_path / "a" / "b" / "oncall.toml") == ""
    assert cannot_write(tmp_path) == f"{tmp_path} is a folder."
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert cannot_write(tmp_path / "a" / "oncall.toml") == f"Nothing can be written in {tmp_path}."
