"""One table, key by key: types, what is wrong with a value, and what nobody asked for."""

from datetime import timedelta

import pytest

from oncall_tui.runbook.options import OnFail
from oncall_tui.runbook.reading.keys import Keys, Notes, told_of
from oncall_tui.runbook.reading.nodes import Place, Table, node_of


def keys(text: str) -> tuple[Keys, Notes]:
    node = node_of(text, Place(1, 1))
    assert isinstance(node, Table)
    notes = Notes()
    return Keys(told_of(node, notes), notes, " of it"), notes


def problems(notes: Notes) -> list[str]:
    return [one.problem for one in notes.findings]


def test_values_by_type() -> None:
    found, notes = keys("a: x\nb: [1, two]\nc: true\nd: -3\ne: 1.5e2\nf: 1h30m\ng: continue\nh: some_id\ni: {j: k}\n")
    assert found.text("a") == "x"
    assert found.texts("b") == ("1", "two")
    assert found.flag("c") is True
    assert found.whole("d") == -3
    assert found.number("e") == 150.0
    assert found.span("f") == timedelta(minutes=90)
    assert found.word("g", OnFail) is OnFail.CONTINUE
    assert found.id("h") == "some_id"
    inner = found.table("i")
    assert inner is not None
    assert inner.text("j") == "k"
    found.finish()
    inner.finish()
    assert notes.findings == []


def test_what_is_not_given_is_nothing_and_no_mistake() -> None:
    found, notes = keys("z: 1\n")
    assert (found.text("a"), found.texts("a"), found.flag("a"), found.id("a")) == ("", (), False, "")
    assert (found.whole("a"), found.number("a"), found.span("a"), found.word("a", OnFail), found.table("a")) == (
        None,
    ) * 5
    assert notes.findings == []
    assert "a" not in found
    assert "z" in found


@pytest.mark.parametrize(
    ("method", "value", "problem"),
    [
        ("text", "[a]", "has to be a text"),
        ("text", "' '", "is empty"),
        ("texts", "{a: b}", "has to be a list of texts"),
        ("texts", "[[a]]", "has to be a list of texts"),
        ("texts", "'a,,b'", "has an empty entry"),
        ("texts", "[]", "has an empty entry"),
        ("flag", "'on'", "has to be true or false"),
        ("whole", "1.5", "has to be a whole number"),
        ("whole", "0x1f", "has to be a whole number"),
        ("whole", "[1]", "has to be a whole number"),
        ("number", "nan", "has to be a number"),
        ("number", "1e9999", "has to be a number"),
        ("span", "5", "has to be a span of time"),
        ("span", "1d1d", "has to be a span of time"),
        ("id", "A", "has to be a name"),
        ("table", "x", "has to be a table"),
    ],
)
def test_a_value_of_another_type_is_told_at_its_place(method: str, value: str, problem: str) -> None:
    found, notes = keys(f"zzz: 1\nkey: {value}\n")
    getattr(found, method)("key")
    (finding,) = notes.findings
    assert (finding.rule, finding.line, finding.column) == ("F1", 2, 6)
    assert finding.problem.startswith(f"`key` of it: {problem}")


def test_what_nobody_asked_for_is_told_with_the_nearest_word() -> None:
    found, notes = keys("tittle: x\nqq: y\n")
    found.text("title")
    found.finish()
    assert problems(notes) == ["unknown key `tittle` of it", "unknown key `qq` of it"]
    assert [one.advice for one in notes.findings] == ['did you mean "title"?', "known here: title"]


def test_a_key_given_twice_is_told_once_and_the_first_one_holds() -> None:
    found, notes = keys("a: 1\na: 2\na: 3\n")
    assert found.text("a") == "1"
    assert [(one.rule, one.line) for one in notes.findings] == [("F3", 2), ("F3", 3)]
    assert found.place("a") == Place(1, 1)
