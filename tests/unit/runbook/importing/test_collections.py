"""Files in the styles that public runbook collections use: all open, no fence is lost or altered by a byte."""

from pathlib import Path

import pytest

from oncall_tui.runbook.model import Mode, Runbook, StepKind
from oncall_tui.runbook.reading.read import read_file
from oncall_tui.runbook.reading.text import bytes_of

FOLDER = Path(__file__).parents[3] / "data" / "runbooks" / "imported"
RUNS, OPEN, NEVER, HAND, TEXT = "runs", "open", "never", "by hand", "text"

EXPECTED: dict[str, list[str]] = {
    "console_session": [NEVER, RUNS, TEXT],
    "hugo_alert": [OPEN, OPEN, OPEN],
    "lying_tags": [OPEN, TEXT, TEXT, RUNS, NEVER, RUNS, RUNS, RUNS],
    "nested_fences": [TEXT, TEXT, RUNS, RUNS, NEVER],
    "numbered_prose": [HAND, HAND, HAND, RUNS, HAND, HAND],
    "openshift_alert": [OPEN, RUNS, NEVER, OPEN, NEVER],
    "quotes_and_details": [RUNS, RUNS, OPEN, RUNS],
    "runme_notebook": [RUNS, RUNS, NEVER, TEXT, RUNS],
    "wiki_export": [RUNS, RUNS, NEVER, NEVER, RUNS],
    "windows": [TEXT, RUNS, RUNS],
}
"""What becomes of each step, in the order of the file."""

TITLES = {
    "console_session": "High load on a node",
    "hugo_alert": "Kube Pod Crash Looping",
    "lying_tags": "Error budget burn",
    "nested_fences": "How to write a runbook",
    "numbered_prose": "Incident checklist",
    "openshift_alert": "KubePersistentVolumeFillingUp",
    "quotes_and_details": "Queue is growing",
    "runme_notebook": "Restart the API",
    "wiki_export": "Disk space on database hosts",
    "windows": "Windows and tabs",
}


def runbook(name: str) -> Runbook:
    return read_file(FOLDER / f"{name}.md")


def fates(found: Runbook) -> list[str]:
    words = []
    for step in found.steps:
        if step.kind in (StepKind.MANUAL, StepKind.TEXT):
            words.append(HAND if step.kind is StepKind.MANUAL else TEXT)
        elif step.blocked:
            words.append(NEVER)
        else:
            words.append(RUNS if step.is_runnable else OPEN)
    return words


def marks_of(line: str) -> str:
    """The mark of a fence at the beginning of a line, behind what lists and quotes put before it."""
    text = line.lstrip(" \t>")
    char = text[:1]
    return char * (len(text) - len(text.lstrip(char))) if char in ("`", "~") and text.startswith(char * 3) else ""


def fences_by_hand(source: str) -> list[list[str]]:
    """The lines of each fence of a well-behaved file, found without a parser and without what stands before them."""
    found: list[list[str]] = []
    mark = ""
    for line in source.removesuffix("\n").split("\n"):
        here = marks_of(line)
        if mark and here.startswith(mark) and not line.strip(" \t>\r").strip(mark[0]):
            mark = ""
        elif mark:
            found[-1].append(line.strip())
        elif here:
            mark = here
            found.append([])
    return found


def test_every_file_is_expected() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(EXPECTED) == set(TITLES)
    assert len(EXPECTED) >= 10


@pytest.mark.parametrize("name", EXPECTED)
def test_it_opens_and_says_what_becomes_of_each_step(name: str) -> None:
    found = runbook(name)
    assert found.mode is Mode.IMPORTED
    assert found.title == TITLES[name]
    assert fates(found) == EXPECTED[name]
    assert {one.step for one in found.errors} <= {one.id for one in found.steps if one.blocked}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_fence_is_kept_byte_for_byte(name: str) -> None:
    found = runbook(name)
    assert bytes_of(found.source) == (FOLDER / f"{name}.md").read_bytes()
    lines = found.source.removeprefix("\ufeff").split("\n")
    bodies = [one for one in found.steps if one.lang or (one.kind is not StepKind.MANUAL and not one.is_inline)]
    fenced = [one for one in bodies if marks_of(lines[one.line - 1])]
    by_hand = fences_by_hand(found.source)
    assert len(fenced) == len(by_hand)
    for step, raw in zip(fenced, by_hand, strict=True):
        body = step.body.split("\n")[:-1] if step.body.endswith("\n") else step.body.split("\n")
        assert [one.strip().removeprefix(">").strip() for one in body] == [one.lstrip("> ").strip() for one in raw]
        for number, line in enumerate(body, start=step.line):
            assert lines[number].endswith(line)


def test_the_labels_of_the_alert_fill_what_the_page_asks_for() -> None:
    found = runbook("openshift_alert")
    assert {name: one.origins[0] for name, one in found.params.items()} == {
        "namespace": "labels.namespace",
        "persistentvolumeclaim": "labels.persistentvolumeclaim",
        "pod": "labels.pod",
        "path_to_data": "labels.path_to_data",
        "pvc": "labels.pvc",
    }


def test_a_value_that_would_reach_another_shell_is_found_through_a_variable() -> None:
    step = runbook("wiki_export").step("s4")
    assert step is not None
    assert step.unresolved == ("db_host",)
    assert all("program text by ssh" in one for one in step.blocked)
