"""Where files are."""

from pathlib import Path

import platformdirs
import pytest

from oncall_tui.config import paths


def test_xdg_variables_hold(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "c"), "XDG_STATE_HOME": str(tmp_path / "s")}
    assert paths.config_file(environ) == tmp_path / "c/oncall-tui/oncall.toml"
    assert paths.themes_dir(environ) == tmp_path / "c/oncall-tui/themes"
    assert paths.journal_file(environ) == tmp_path / "s/oncall-tui/journal.sqlite3"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_without_a_usable_variable_the_systems_own_places_hold(value: str) -> None:
    environ = {"XDG_CONFIG_HOME": value, "XDG_STATE_HOME": value}
    assert paths.config_dir(environ) == platformdirs.user_config_path("oncall-tui", appauthor=False)
    assert paths.state_dir(environ) == platformdirs.user_state_path("oncall-tui", appauthor=False)


def test_every_folder_that_is_made_is_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    made = paths.private_directory(tmp_path / "state/oncall-tui")
    assert made.is_dir()
    assert [folder.stat().st_mode & 0o777 for folder in (made, made.parent, tmp_path)] == [0o700, 0o700, 0o755]
    assert paths.private_directory(made) == made


def test_shipped_data_lies_beside_the_package_or_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site/oncall_tui"
    (package / "config").mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(package / "config/paths.py"))
    with pytest.raises(FileNotFoundError, match="lacks its themes: install it again"):
        paths.shipped("themes")
    (tmp_path / "site/themes").mkdir()
    assert paths.shipped("themes") == tmp_path / "site/themes"
    (package / "_data/themes").mkdir(parents=True)
    assert paths.shipped("themes") == package / "_data/themes"
