"""The folder of the user's own themes, looked at again and again while files in it come, change and go."""

import errno
import os
from pathlib import Path

import pytest

from oncall_tui.config.paths import shipped
from oncall_tui.ui.theme_choice import choose, named
from oncall_tui.ui.theme_depth import Depth
from oncall_tui.ui.theme_folder import ThemeFolder

SHIPPED = shipped("themes")


def text(name: str = "night", primary: str = "#7aa2f7") -> str:
    return f'name = "{name}"\n[colors]\nprimary = "{primary}"\nforeground = "#ffffff"\nbackground = "#000000"\n'


def write(path: Path, content: str, moment: list[int] = [1_000]) -> None:  # noqa: B006  # one clock for all files
    """Write a file, each time with a later time of change."""
    moment[0] += 1
    path.write_text(content)
    os.utime(path, (moment[0], moment[0]))


def names(folder: ThemeFolder) -> list[str]:
    return sorted(folder.themes)


def primary(folder: ThemeFolder, name: str = "night") -> str:
    return folder.themes[name].primary


def test_no_folder_is_an_empty_one(tmp_path: Path) -> None:
    folder = ThemeFolder(tmp_path / "none").look(at_once=True)
    assert (folder.themes, folder.problems) == ({}, {})


def test_the_first_look_reads_at_once(tmp_path: Path) -> None:
    write(tmp_path / "night.toml", text())
    write(tmp_path / "notes.txt", "no theme")
    assert names(ThemeFolder(tmp_path).look(at_once=True)) == ["night"]


def test_a_file_is_read_once_it_stands_still(tmp_path: Path) -> None:
    folder = ThemeFolder(tmp_path).look(at_once=True)
    write(tmp_path / "night.toml", "name = ")
    folder = folder.look()
    assert (names(folder), folder.problems) == ([], {})
    write(tmp_path / "night.toml", text())
    folder = folder.look()
    assert (names(folder), folder.problems) == ([], {}), "what an editor has half written is no problem of anybody"
    folder = folder.look()
    assert names(folder) == ["night"]


def test_a_changed_file_is_another_theme(tmp_path: Path) -> None:
    write(tmp_path / "night.toml", text())
    folder = ThemeFolder(tmp_path).look(at_once=True)
    write(tmp_path / "night.toml", text(primary="#ff0000"))
    assert primary(folder.look()) == "#7AA2F7"
    assert primary(folder.look().look()) == "#FF0000"


def test_a_broken_edit_keeps_the_last_good_theme(tmp_path: Path) -> None:
    path = tmp_path / "night.toml"
    write(path, text())
    folder = ThemeFolder(tmp_path).look(at_once=True)
    write(path, text(primary="bluish"))
    folder = folder.look().look()
    assert primary(folder) == "#7AA2F7"
    assert "colors.primary" in folder.problems[path]
    assert folder.look().look() == folder, "what stands still is not read again"
    write(path, text(primary="#00ff00"))
    folder = folder.look().look()
    assert (primary(folder), folder.problems) == ("#00FF00", {})


def test_a_file_is_gone_at_the_second_look(tmp_path: Path) -> None:
    """Editors replace a file: for a moment there is none."""
    path = tmp_path / "night.toml"
    write(path, text())
    folder = ThemeFolder(tmp_path).look(at_once=True)
    path.unlink()
    folder = folder.look()
    assert names(folder) == ["night"]
    assert names(folder.look()) == []
    write(path, text(primary="#ff0000"))
    assert primary(folder.look().look()) == "#FF0000"


def test_a_problem_goes_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    write(path, "name = ")
    folder = ThemeFolder(tmp_path).look(at_once=True)
    assert list(folder.problems) == [path]
    path.unlink()
    assert folder.look().look().problems == {}


def test_two_files_of_one_name(tmp_path: Path) -> None:
    write(tmp_path / "b.toml", text(primary="#ff0000"))
    write(tmp_path / "a.toml", text(primary="#00ff00"))
    folder = ThemeFolder(tmp_path).look(at_once=True)
    assert primary(folder) == "#00FF00"
    assert list(folder.problems.values()) == ['b.toml: name: "night" is the name of the theme in a.toml already']
    (tmp_path / "a.toml").unlink()
    folder = folder.look().look()
    assert (primary(folder), folder.problems) == ("#FF0000", {})


def test_a_hostile_name_of_a_file_is_told_as_text(tmp_path: Path) -> None:
    for name in ("a\x1b]0;PWNED\x07.toml", "b\u202e.toml"):
        write(tmp_path / name, text())
    (problem,) = ThemeFolder(tmp_path).look(at_once=True).problems.values()
    assert problem == 'b\ufffd.toml: name: "night" is the name of the theme in a\ufffd]0;PWNED\ufffd.toml already'


def test_a_link_to_nothing_is_no_theme(tmp_path: Path) -> None:
    (tmp_path / "night.toml").symlink_to(tmp_path / "gone")
    assert ThemeFolder(tmp_path).look(at_once=True).problems == {}


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    folder = ThemeFolder(tmp_path).look(at_once=True)
    assert (folder.themes, folder.problems) == ({}, {})


def test_a_folder_that_is_away_for_a_moment_takes_no_theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "night.toml", text())
    folder = ThemeFolder(tmp_path).look(at_once=True)

    def is_stale(self: Path) -> bool:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(Path, "is_dir", is_stale)
    assert folder.look().look() == folder


def test_before_the_first_paint_one_shipped_theme_is_read(tmp_path: Path) -> None:
    choice = choose("fjord", SHIPPED, ThemeFolder(tmp_path), Depth.TRUE)
    assert (choice.name, [one.name for one in choice.themes], choice.problems) == ("fjord", ["fjord"], ())


def test_the_users_own_theme_holds_in_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    write(tmp_path / "mine.toml", text("fjord", primary="#123456"))
    choice = choose("fjord", SHIPPED, ThemeFolder(tmp_path).look(at_once=True), Depth.TRUE)
    assert choice.name == "fjord"
    assert choice.themes[-1].primary == "#123456"
    assert choice.problems == ()


@pytest.mark.parametrize("wanted", ["no-such", "../oncall-dark", ""])
def test_a_theme_that_is_not_there_is_one_problem(wanted: str, tmp_path: Path) -> None:
    write(tmp_path / "bad.toml", "name = ")
    choice = choose(wanted, SHIPPED, ThemeFolder(tmp_path).look(at_once=True), Depth.TRUE)
    assert choice.name == "oncall-dark"
    assert [one.name for one in choice.themes] == ["oncall-dark"]
    broken, missing = choice.problems
    assert broken.startswith("bad.toml: ")
    assert f"there is no theme {wanted}. There are: contrast-dark, " in missing


@pytest.mark.parametrize(
    ("wanted", "depth", "name"),
    [
        ("oncall-dark", Depth.TRUE, "oncall-dark"),
        ("oncall-dark", Depth.PALETTE, "oncall-dark"),
        ("oncall-dark", Depth.SIXTEEN, "sixteen"),
        ("fjord", Depth.SIXTEEN, "fjord"),
        ("no-such", Depth.SIXTEEN, "sixteen"),
        ("fjord", Depth.NONE, "sixteen"),
    ],
)
def test_a_terminal_of_few_colours_gets_the_theme_made_for_it(
    wanted: str, depth: Depth, name: str, tmp_path: Path
) -> None:
    choice = choose(wanted, SHIPPED, ThemeFolder(tmp_path), depth)
    assert (choice.name, choice.themes[0].name) == (name, name)


def test_every_shipped_theme_is_known_by_the_name_of_its_file() -> None:
    assert set(named(SHIPPED)) == {path.stem for path in SHIPPED.glob("*.toml")}
