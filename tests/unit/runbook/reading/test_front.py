"""The front matter: where it is, which mode it gives, and what is wrong in it."""

import pytest

from oncall_tui.runbook.model import Mode
from tests.unit.runbook.books import book, native


@pytest.mark.parametrize(
    ("text", "mode", "title"),
    [
        ("---\noncall: 1\ntitle: A\n---\n", Mode.NATIVE, "A"),
        ("\ufeff---\r\noncall: 1\r\ntitle: A\r\n---\r\n# B\r\n", Mode.NATIVE, "A"),
        ("---\ntitle: A\nweight: 20\n---\n# B\n", Mode.IMPORTED, "A"),
        ('+++\ntitle = "A"\n[menu]\nx = 1\n+++\n# B\n', Mode.IMPORTED, "A"),
        ("---\nrunme:\n  version: v3\n---\n# B\n", Mode.IMPORTED, "B"),
        ("# B `x` *y*\n", Mode.IMPORTED, "B x y"),
        ("text only\n", Mode.IMPORTED, "book"),
        ("", Mode.IMPORTED, "book"),
        ("---\n---\n# B\n", Mode.IMPORTED, "B"),
        ("---\nbroken: [\n---\n# B\n", Mode.IMPORTED, "B"),
        ("---\ntitle: [a, b]\n---\n# B\n", Mode.IMPORTED, "B"),
        ("+++\nbroken\n+++\n# B\n", Mode.IMPORTED, "B"),
        ("---\noncall: 1\nbroken: [\n---\n# B\n", Mode.NATIVE, "B"),
    ],
)
def test_mode_and_title(text: str, mode: Mode, title: str) -> None:
    found = book(text)
    assert (found.mode, found.title) == (mode, title)


def test_front_matter_without_an_end_is_prose_and_told() -> None:
    found = book("---\noncall: 1\n\n# A\n")
    assert found.mode is Mode.IMPORTED
    assert [(one.rule, one.level.value) for one in found.findings] == [("F1", "warn")]


@pytest.mark.parametrize(
    ("front", "rule", "line", "words"),
    [
        ("broken: [\n", "F1", 4, "no YAML"),
        ("id: a\nid: b\n", "F3", 4, "`id` is given twice"),
        ("titel: x\n", "F2", 3, "unknown key `titel`"),
        ("severity: P9\n", "F1", 3, "one of P1"),
        ("id: a b\n", "F1", 3, "letters, digits"),
        ("owner: [a]\n", "F1", 3, "has to be a text"),
        ("escalate: P1\n", "F1", 3, "a list of tables"),
        ("escalate: [{to: P1}]\n", "F1", 3, "needs `to` and `when`"),
        ("match: [alertname]\n", "F1", 3, "a list of tables"),
        ("match: [{alertname: '~('}]\n", "F1", 3, "no regular expression"),
        ("match: [{alertname: [a]}]\n", "F1", 3, "needs one text"),
        ("guards: [{check: x}]\n", "F1", 3, "`check` with `equals`"),
        ("guards: [{require: [a], check: x, equals: y}]\n", "F1", 3, "`check` with `equals`"),
        ("guards: [{require: [a], here: true}]\n", "F1", 3, "`here` is for a `check`"),
        ("let: [a]\n", "F1", 3, "a table of names"),
        ("let: {A: b}\n", "F1", 3, "a name with an expression"),
        ("let: {and: b}\n", "N3", 3, "a word of expressions"),
        ("params: [a]\n", "F1", 3, "a table of parameters"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(front: str, rule: str, line: int, words: str) -> None:
    first = native("# A\n", front).errors[0]
    assert (first.rule, first.line) == (rule, line)
    assert words in first.problem


def test_only_the_known_version_is_read() -> None:
    found = book("---\noncall: 2\n---\n")
    assert found.mode is Mode.NATIVE
    assert "only version 1" in found.errors[0].problem
