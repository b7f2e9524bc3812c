"""``docs/guarantees.md`` and the tests hold each other: no promise without its test, no fault without its promise."""

import re
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from oncall_tui.domain.alert import SourceKind
from tests.contract.faults import FAULTS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")

_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)(?:\[([^`]+)\])?`")
_ROW = re.compile(r"^\|(?!\s*-{3})(.+)\|$", re.MULTILINE)
_HEADINGS = ("What", "What happens")


def _named() -> list[tuple[str, str, str]]:
    """File, function and parameters of every test that the page names."""
    return [(match[1], match[2], match[3] or "") for match in _NAMED.finditer(PAGE)]


@cache
def _tests() -> frozenset[str]:
    """The ids of all tests in the files that the page names."""
    # In a process of its own: the plugin for snapshots keeps global state for one session.
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    files = sorted({file for file, _, _ in _named()})
    done = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return frozenset(line for line in done.stdout.splitlines() if "::" in line)


def _meant(file: str, function: str, parameters: str) -> Sequence[str]:
    """The ids that the page means: ``*`` is each of the four sources; without parameters any will do."""
    if not parameters:
        begin = f"{file}::{function}"
        return [one for one in _tests() if one == begin or one.startswith(f"{begin}[")][:1] or [begin]
    return [f"{file}::{function}[{parameters.replace('*', kind)}]" for kind in SourceKind]


def test_every_test_that_the_page_names_exists() -> None:
    missing = [one for named in _named() for one in _meant(*named) if one not in _tests()]
    assert missing == []


def test_every_row_names_its_test() -> None:
    rows = [row for row in _ROW.findall(PAGE) if row.split("|")[0].strip() not in _HEADINGS]
    assert rows
    assert [row for row in rows if not _NAMED.search(row)] == []


@pytest.mark.parametrize("name", [fault.name for fault in FAULTS])
def test_every_fault_that_the_sources_are_tested_against_has_its_row(name: str) -> None:
    promised = {parameters for file, _, parameters in _named() if file == "tests/contract/test_faults.py"}
    assert f"{name}-*" in promised
