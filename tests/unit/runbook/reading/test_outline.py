"""Sections: anchors, phases, ranges of lines, plain words."""

import pytest

from oncall_tui.runbook.model import Lines, Phase
from oncall_tui.runbook.reading.outline import plain, slug_of
from tests.unit.runbook.books import book


@pytest.mark.parametrize(
    ("heading", "phase"),
    [
        ("Meaning", Phase.READ),
        ("Impact and overview", Phase.READ),
        ("Diagnosis", Phase.DIAGNOSE),
        ("How to troubleshoot", Phase.DIAGNOSE),
        ("Symptoms", Phase.DIAGNOSE),
        ("Mitigation", Phase.MITIGATE),
        ("Resolution:", Phase.MITIGATE),
        ("Recovering the cluster", Phase.MITIGATE),
        ("Notes", Phase.NONE),
        ("Prefix of fixed things", Phase.NONE),
    ],
)
def test_the_phase_of_a_heading(heading: str, phase: Phase) -> None:
    assert book(f"## {heading}\n").sections[1].phase is phase


def test_a_phase_holds_for_what_is_below_and_ends_with_its_level() -> None:
    found = book("# A\n## Diagnosis\n### x\n#### y\n### Mitigation\n#### z\n## Other\n### w\n")
    phases = {one.heading: one.phase.value for one in found.sections[1:]}
    assert phases == {
        "A": "",
        "Diagnosis": "diagnose",
        "x": "diagnose",
        "y": "diagnose",
        "Mitigation": "mitigate",
        "z": "mitigate",
        "Other": "",
        "w": "",
    }


def test_every_line_belongs_to_one_section() -> None:
    found = book("before\n\n# A\ntext\n## B\n\nB\n===\nend\n")
    assert [(one.heading, one.lines) for one in found.sections] == [
        ("", Lines(1, 2)),
        ("A", Lines(3, 4)),
        ("B", Lines(5, 6)),
        ("B", Lines(7, 9)),
    ]
    assert [one.slug for one in found.sections] == ["", "a", "b", "b-1"]


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("a *b* **c** `d`", "a b c d"),
        ("[link](https://x) ![image](y)", "link image"),
        ("a \\* b &amp; c", "a * b & c"),
        ("two\nlines", "two lines"),
        ("\x1b[1m", "\ufffd[1m"),
        ("<b>x</b>", "<b>x</b>"),
    ],
)
def test_markdown_as_a_reader_sees_it(markdown: str, words: str) -> None:
    assert plain(markdown) == words


@pytest.mark.parametrize(
    ("heading", "slug"), [("Pod's down!", "pods-down"), ("A  B", "a--b"), ("Élan_x-1", "élan_x-1"), ("?!", "")]
)
def test_anchors_as_code_hosts_make_them(heading: str, slug: str) -> None:
    assert slug_of(heading) == slug
