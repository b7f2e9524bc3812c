"""The runbooks that ship do what they promise."""

import asyncio
from pathlib import Path

import pytest

from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.lint.files import files_under, lint_files
from oncall_tui.runbook.reading.read import read_file
from oncall_tui.runbook.trying.files import case_files, try_file
from oncall_tui.runbook.trying.reading import read_cases
from tests.unit.runbook.trying.books import SHIPPED

FILES = case_files([SHIPPED])
FIVE = {
    f"{name}_test"
    for name in (
        "api-latency-high",
        "database-connections-exhausted",
        "error-rate-high",
        "qr-code-failure",
        "security-incident",
    )
}
"""Those that act."""


def test_no_rule_finds_an_error() -> None:
    found = lint_files(files_under([SHIPPED]))
    assert [f"{file}:{one}" for file, one in found if one.level.value == "error"] == []
    # The scripts are those of the reader's site; nothing else is to be warned of.
    others = [one for _, one in found if not one.problem.startswith("the script ./scripts/")]
    assert others == []


def test_each_of_the_five_has_its_cases() -> None:
    assert {one.stem for one in FILES} >= FIVE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_is_as_it_says(path: Path) -> None:
    file = read_cases(path, lambda one: read_file(one, judge))
    assert file.troubles == ()
    tried = asyncio.run(try_file(file))
    assert {one.case.name: one.problems for one in tried if one.problems} == {}
    assert len(tried) >= 3 or path.stem not in FIVE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_parameter_of_what_changes_something_is_fed_with_hostile_values(path: Path) -> None:
    file = read_cases(path, lambda one: read_file(one, judge))
    assert file.runbook is not None
    named = {
        name
        for step in file.runbook.steps
        if step.danger > Danger.READ and not step.options.is_undo_only
        for name in step.uses.values()
        if (parameter := file.runbook.params.get(name)) is not None and parameter.type.value == "string"
    }
    assert named <= {name for case in file.cases for name in case.fuzz}
