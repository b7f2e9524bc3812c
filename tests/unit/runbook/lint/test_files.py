"""Lint beside other files: which files are meant, and what only shows there."""

from pathlib import Path

import pytest

from oncall_tui.runbook.lint.files import files_under, lint_files
from tests.unit.runbook.catalogue.library import written

HEAD = "---\noncall: 1\nowner: me\nmatch: [{alertname: A}]\n---\n"


def told(folder: Path, *names: str) -> list[tuple[str, str, int]]:
    return [(path.name, one.rule, one.line) for path, one in lint_files([folder / name for name in names])]


def test_files_and_folders_each_once_in_their_order(tmp_path: Path) -> None:
    folder = written(tmp_path, {"b/x.md": "", "a.md": "", "b/y.markdown": "", "b/README.md": "", "b/n.txt": ""})
    assert files_under([folder / "b", folder / "a.md", folder / "b" / "x.md"]) == [
        folder / "b/x.md",
        folder / "b/y.markdown",
        folder / "a.md",
    ]
    assert files_under([folder / "b/n.txt"]) == [folder / "b/n.txt"]


def test_a_native_file_alone(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.md": "---\noncall: 1\n---\n# A\n"})
    assert told(folder, "a.md") == [("a.md", "X1", 1), ("a.md", "X1", 1), ("a.md", "X2", 1)]


def test_an_imported_file_lacks_nothing(tmp_path: Path) -> None:
    assert told(written(tmp_path, {"a.md": "# A\n[x](gone.md)\n"}), "a.md") == []


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("[x](gone.md)", True),
        ("[x](gone.md#y)", True),
        ("[x](b.md)", False),
        ("[x](b.md#y)", False),
        ("[x](#y)", False),
        ("[x](https://x/y)", False),
        ("[x](mailto:me@x)", False),
        ("[x](a%20b.md)", False),
        ("```promql {#c}\nsum(up) # [x](gone.md)\n```", False),
    ],
)
def test_links_that_lead_nowhere(tmp_path: Path, line: str, is_told: bool) -> None:
    files = {"a.md": f"{HEAD}{line}\n", "a_test.yml": "", "b.md": "", "a b.md": ""}
    assert told(written(tmp_path, files), "a.md") == ([("a.md", "X2", 6)] if is_told else [])


@pytest.mark.parametrize(("script", "is_told"), [("./gone.sh", True), ("./here.sh", False), ("./up/there.sh", False)])
def test_scripts_beside_the_file_or_a_folder_above(tmp_path: Path, script: str, is_told: bool) -> None:
    text = f"{HEAD}```bash {{#x danger=read danger_reason=looks}}\n{script} -a\n```\n"
    folder = written(tmp_path, {"r/a.md": text, "r/a_test.yml": "", "r/here.sh": "", "up/there.sh": ""})
    assert told(folder / "r", "a.md") == ([("a.md", "X2", 7)] if is_told else [])


def test_scripts_below_the_directory_of_steps(tmp_path: Path) -> None:
    text = f"{HEAD}```bash {{#x danger=read danger_reason=looks}}\n./scripts/a.sh\n```\n"
    folder = written(tmp_path, {"r/s/a.md": text, "r/s/a_test.yml": "", "ops/scripts/a.sh": ""})
    assert lint_files([folder / "r/s/a.md"], folder / "ops") == []
    [(_, one)] = lint_files([folder / "r/s/a.md"], folder)
    assert (one.rule, one.line) == ("X2", 7)


@pytest.mark.parametrize(
    ("files", "is_told"),
    [
        ({}, False),
        ({"r/scripts/b.sh": ""}, True),
        ({"scripts/b.sh": ""}, True),
        ({"scripts": ""}, False),
        ({"r/scripts/b.sh": "", "scripts/a.sh": ""}, False),
    ],
)
def test_scripts_that_live_elsewhere_are_not_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], is_told: bool
) -> None:
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    text = f"{HEAD}```bash {{#x danger=read danger_reason=looks}}\n./scripts/a.sh\n```\n"
    folder = written(tmp_path, {"r/a.md": text, "r/a_test.yml": "", **files})
    assert told(folder / "r", "a.md") == ([("a.md", "X2", 7)] if is_told else [])


def test_two_files_for_one_alert(tmp_path: Path) -> None:
    files = {"a.md": HEAD, "b.md": HEAD, "c.md": HEAD.replace("A}", "A, team: x}")}
    folder = written(tmp_path, files | {f"{name}_test.yml": "" for name in "abc"})
    assert told(folder, "a.md", "b.md", "c.md") == [("a.md", "X1", 4), ("b.md", "X1", 4)]
    assert told(folder, "a.md", "c.md") == []
